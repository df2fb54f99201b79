"""How much is written, what may be attached, when somebody is told of it, what can be decided."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

#: Characters of one message.
LONGEST = 2000
#: Files of one message, and megabytes of each as it is sent.
MOST_FILES, MOST_FILE_MB = 4, 5
#: A person gets at most one letter about a thread in this time.
TELL_EVERY = timedelta(hours=1)


class FileKind(StrEnum):
    """What is attached to a message, as it is kept."""

    PDF = "pdf"
    #: A photo, re-encoded (WebP).
    PHOTO = "photo"


#: What each kind is called at its end, whatever it was called when it was sent.
_ENDS = {FileKind.PDF: ".pdf", FileKind.PHOTO: ".webp"}
#: Characters of a file's name, its end included.
LONGEST_NAME = 120


def file_name(sent: str, kind: FileKind) -> str:
    """What a file is called here: its own name without folders and without characters that
    nobody sees (they can turn a name around), with the end that says what it is."""
    last = re.split(r"[/\\]", sent)[-1]
    seen = "".join(c for c in last if unicodedata.category(c)[0] != "C")
    stem = " ".join(re.sub(r"\.[^.]{1,5}$", "", seen).split()).strip(" .")
    return (stem[: LONGEST_NAME - 5] or "fichier") + _ENDS[kind]


class Grounds(StrEnum):
    """Why a message is reported."""

    #: It hurts, insults, threatens.
    HURTFUL = "hurtful"
    #: It says something of a person that is nobody's business.
    PRIVATE = "private"
    #: It sells, begs, or has nothing to do with lending.
    UNRELATED = "unrelated"
    OTHER = "other"


class Decision(StrEnum):
    """What the coordination does about a reported message."""

    NOTHING = "nothing"
    #: Nobody reads it any more.
    HIDE = "hide"
    #: It stays, and the organization that wrote it is told what is expected.
    WARN = "warn"


@dataclass(frozen=True, slots=True)
class Told:
    """How far a person knows a thread: up to which message they read, and were written to."""

    read: int = 0
    told: int = 0
    told_at: datetime | None = None


def tell_at(last: int, known: Told, now: datetime) -> datetime | None:
    """When to write to somebody about the messages of the other side up to number ``last``.

    None: they read it, or were written to about it. A letter within :data:`TELL_EVERY` of the last
    one waits until that time is over.
    """
    if last <= max(known.read, known.told):
        return None
    if known.told_at is None:
        return now
    return max(now, known.told_at + TELL_EVERY)
