"""What was found, told to people: a few lines, or a page with pictures."""
