"""What is taken from somebody without an account, by when it is answered, and in which ways.

What keeps programs out asks no third party and costs a person nothing: a form that was open for a
moment and not for days, a field that nobody sees, few links, no words twice.
"""

import hashlib
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from statistics import median

from mutuali.core.errors import Reason
from mutuali.core.folding import folded
from mutuali.core.period import local
from mutuali.inventory.rules import LASTS, Keep
from mutuali.messages.rules import Contact, contacts

#: Characters of what is said, of a heading, of an answer, of what changed because of it.
SHORTEST, LONGEST = 10, 2000
LONGEST_HEADING, LONGEST_ANSWER, LONGEST_CHANGE = 120, 4000, 300
LONGEST_PATH = 200
#: More links than these are an advertisement.
MOST_LINKS = 2
#: A form is sent no sooner and no later after it was shown: programs are faster, or keep forms.
QUICKEST, LONGEST_OPEN = timedelta(seconds=4), timedelta(days=1)
#: What the whole network takes in a day: a person reads each of them.
MOST_A_DAY = 100
ANSWER_WITHIN = timedelta(days=30)
#: So many days before the end those who answer are reminded: on the 20th day and on the 28th.
#: A day past it, the stewards hear of it.
REMINDERS, OVERDUE = (10, 2), -1
#: What is no question stays so long, in case somebody was wrong about it.
JUNK_KEPT = LASTS[Keep.DAYS]
#: So long after the answer the words go that were not published; an address, after so long without
#: an answer.
WORDS_KEPT = LASTS[Keep.VOICE]


class Topic(StrEnum):
    """What it is about."""

    KEPT = "kept"
    LEAVES = "leaves"
    CONSENT = "consent"
    PAGE = "page"
    IDEA = "idea"
    OTHER = "other"


class Leave(StrEnum):
    """Whether the words may stand beside the answer, on a page that everybody reads."""

    NO = "no"
    YES = "yes"


class State(StrEnum):
    """Where it stands; everything but the first is an end."""

    WAITING = "waiting"
    #: The words and the answer stand on the public page.
    PUBLISHED = "published"
    #: Its author alone was answered.
    ANSWERED = "answered"
    #: Somebody read it; there was no way to answer.
    READ = "read"
    #: It was no question to anybody.
    SET_ASIDE = "set_aside"


#: Ends that count as an answer to somebody.
HEARD = frozenset({State.PUBLISHED, State.ANSWERED, State.READ})


class Junk(StrEnum):
    """Why something is set aside."""

    ADVERTISING = "advertising"
    ABUSE = "abuse"
    NONSENSE = "nonsense"


@dataclass(frozen=True, slots=True)
class Draft:
    """A public answer: its heading and its words, in one language or in both, and what changed
    because of it, with the page where that can be seen."""

    heading_fr: str = ""
    words_fr: str = ""
    heading_en: str = ""
    words_en: str = ""
    changed_fr: str = ""
    changed_en: str = ""
    changed_link: str = ""


_LINK = re.compile(r"https?:|\bwww\.|\[url|<a\s", re.IGNORECASE)
_PATH = re.compile(r"/(?!/)[A-Za-z0-9/._~%+-]*")


def local_path(text: str) -> str:
    """``text`` when it is the path of a page here, else nothing."""
    return text if len(text) <= LONGEST_PATH and _PATH.fullmatch(text) else ""


def fingerprint(words: str) -> str:
    """The same for the same words, however they are spaced and capitalized: SHA-256, hex."""
    return hashlib.sha256(" ".join(folded(words).split()).encode()).hexdigest()


def objections(
    words: str, trap: str, opened_at: datetime | None, now: datetime
) -> tuple[Reason, ...]:
    """Why what was sent is not taken, each with what an honest person does about it.

    ``trap`` is what stands in the field that nobody sees; ``opened_at`` is when the form was shown,
    None when nobody here showed it.
    """
    found = []
    if trap:
        found.append(Reason("voice.trap_filled"))
    if opened_at is None or now - opened_at > LONGEST_OPEN:
        found.append(Reason("voice.page_too_old"))
    elif now - opened_at < QUICKEST:
        found.append(Reason("voice.too_fast"))
    if len(_LINK.findall(words)) > MOST_LINKS:
        found.append(Reason("voice.too_many_links", {"most": MOST_LINKS}, "words"))
    return tuple(found)


def due_on(said_at: datetime) -> date:
    """The last day for an answer."""
    return local(said_at).date() + ANSWER_WITHIN


def reminders_owed(due: date, today: date) -> int:
    """How many times somebody had to be told of it by now; the last time it is overdue."""
    left = (due - today).days
    return sum(left <= days for days in (*REMINDERS, OVERDUE))


def ways(leave: Leave, *, has_email: bool) -> frozenset[State]:
    """The ends that are open to something that waits: nothing is published without a yes, and
    nobody is answered who left no way to."""
    found = {State.SET_ASIDE, State.ANSWERED if has_email else State.READ}
    return frozenset(found | ({State.PUBLISHED} if leave is Leave.YES else set()))


def details(words: str) -> frozenset[Contact]:
    """What in the words leads to somebody."""
    return contacts(words)


def shown_objections(shown: str) -> tuple[Reason, ...]:
    """Why words cannot be published: there are none, or an address or a number stands in them."""
    if not shown:
        return (Reason("field.missing", {}, "shown"),)
    if details(shown) & {Contact.EMAIL, Contact.PHONE}:
        return (Reason("voice.details_left", {}, "shown"),)
    return ()


def draft_objections(draft: Draft, languages: Collection[str]) -> tuple[Reason, ...]:
    """What a public answer lacks: a heading and words in the ``languages`` of its questions; in the
    other one, both or neither. What changed is seen on a page of ours."""
    found = []
    for language in ("fr", "en"):
        parts = {name: getattr(draft, f"{name}_{language}") for name in ("heading", "words")}
        if language in languages or any(parts.values()):
            found += [
                Reason("field.missing", {}, f"{name}_{language}")
                for name, value in parts.items()
                if not value
            ]
    if draft.changed_link and not local_path(draft.changed_link):
        found.append(Reason("voice.link_foreign", {}, "changed_link"))
    if draft.changed_link and not (draft.changed_fr or draft.changed_en):
        found.append(Reason("voice.change_unsaid", {}, "changed_fr"))
    return tuple(found)


def median_days(lengths: Sequence[timedelta]) -> int | None:
    """How many whole days half of the answers took at most; None without any."""
    return round(median(each / timedelta(days=1) for each in lengths)) if lengths else None
