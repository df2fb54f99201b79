"""What may be written between organizations, and when somebody is told of it."""

from mutuali.messages.rules.contacts import Contact, contacts, masked
from mutuali.messages.rules.talk import (
    LONGEST,
    LONGEST_NAME,
    MOST_FILE_MB,
    MOST_FILES,
    TELL_EVERY,
    Decision,
    FileKind,
    Grounds,
    Told,
    file_name,
    tell_at,
)

__all__ = [
    "LONGEST",
    "LONGEST_NAME",
    "MOST_FILES",
    "MOST_FILE_MB",
    "TELL_EVERY",
    "Contact",
    "Decision",
    "FileKind",
    "Grounds",
    "Told",
    "contacts",
    "file_name",
    "masked",
    "tell_at",
]
