"""JSON doors of organizations.

To apply, to accept an invitation and to sign up are a person's first steps, before any right that
a token could carry: they have pages only.
"""

from mutuali.organizations.api import answering, documents, organizations, people
from mutuali.organizations.api.door import bp

__all__ = ["answering", "bp", "documents", "organizations", "people"]
