"""Calendars: what an organization lends and borrows in its own agenda, and its agenda in here."""
