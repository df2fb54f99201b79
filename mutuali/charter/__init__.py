"""The Digital Data Charter: what it asks, what is done, and how far an organization has come."""
