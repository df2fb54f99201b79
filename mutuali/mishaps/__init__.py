"""What went wrong around a loan: a record with its follow-up, until it is closed."""
