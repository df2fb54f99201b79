"""Messages: what two organizations say to each other about a thing or a loan."""
