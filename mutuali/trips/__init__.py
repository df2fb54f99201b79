"""Shared trips: the room left in a borrowed vehicle, offered borough by borough to others."""
