"""What the datasets are made of: bands, calendar, catalogue, the life of an export."""
