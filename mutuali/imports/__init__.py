"""Files about organizations, listings and past loans, read by command."""
