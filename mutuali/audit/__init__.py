"""What was done, by whom, when; sealed into a hash chain."""
