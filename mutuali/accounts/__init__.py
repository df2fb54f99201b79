"""People: sign-up, sign-in, network roles, API tokens."""
