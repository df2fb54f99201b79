"""Listings: what can be shared, by whom, under which rules."""
