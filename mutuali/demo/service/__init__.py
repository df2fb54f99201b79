"""Fill an empty instance with the made-up network."""

from mutuali.demo.service.fill import ACCOUNTS, Filled, fill, is_empty

__all__ = ["ACCOUNTS", "Filled", "fill", "is_empty"]
