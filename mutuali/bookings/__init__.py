"""Bookings: from request to return, never more units out than exist."""
