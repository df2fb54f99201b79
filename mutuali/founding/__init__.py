"""Starting a network, and handing what one has learned to another: a governance kit."""
