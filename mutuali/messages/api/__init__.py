"""JSON doors of messages."""

from mutuali.messages.api import blocking, threads
from mutuali.messages.api.door import bp

__all__ = ["blocking", "bp", "threads"]
