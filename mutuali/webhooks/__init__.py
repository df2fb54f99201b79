"""Webhooks: what happens is told, signed, to the address of an organization's own program."""
