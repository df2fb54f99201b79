"""What the public sees: what is kept, what leaves, what never leaves, and how to check it."""
