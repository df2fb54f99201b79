"""What enum values are called on the pages: a file per feature, one dictionary per enum, French
there. All of them together are ``WORDS``."""

from collections.abc import Mapping
from typing import Any

from mutuali.web.words.accounts import ACCOUNTS
from mutuali.web.words.agreements import AGREEMENTS
from mutuali.web.words.assessments import ASSESSMENTS
from mutuali.web.words.bookings import BOOKINGS
from mutuali.web.words.catalogue import CATALOGUE
from mutuali.web.words.charter import CHARTER
from mutuali.web.words.checkin import CHECKIN
from mutuali.web.words.collecting import COLLECTING
from mutuali.web.words.consent import CONSENT
from mutuali.web.words.equipment import EQUIPMENT
from mutuali.web.words.everywhere import EVERYWHERE
from mutuali.web.words.exports import EXPORTS
from mutuali.web.words.founding import FOUNDING
from mutuali.web.words.governance import GOVERNANCE
from mutuali.web.words.imports import IMPORTS
from mutuali.web.words.inventory import INVENTORY
from mutuali.web.words.inventory_columns import INVENTORY_COLUMNS
from mutuali.web.words.learning import LEARNING
from mutuali.web.words.loans import LOANS
from mutuali.web.words.messages import MESSAGES
from mutuali.web.words.mishaps import MISHAPS
from mutuali.web.words.mobility import MOBILITY
from mutuali.web.words.numbers import NUMBERS
from mutuali.web.words.organizations import ORGANIZATIONS
from mutuali.web.words.owndata import OWNDATA
from mutuali.web.words.reviews import REVIEWS
from mutuali.web.words.sharing_columns import SHARING_COLUMNS
from mutuali.web.words.trips import TRIPS
from mutuali.web.words.voices import VOICES
from mutuali.web.words.waiting import WAITING
from mutuali.web.words.webhooks import WEBHOOKS

PARTS: tuple[Mapping[str, Mapping[str, Any]], ...] = (
    EVERYWHERE,
    ACCOUNTS,
    NUMBERS,
    ORGANIZATIONS,
    EQUIPMENT,
    BOOKINGS,
    IMPORTS,
    LOANS,
    MESSAGES,
    CHARTER,
    CHECKIN,
    OWNDATA,
    FOUNDING,
    MISHAPS,
    MOBILITY,
    REVIEWS,
    WAITING,
    TRIPS,
    WEBHOOKS,
    INVENTORY,
    INVENTORY_COLUMNS,
    SHARING_COLUMNS,
    CONSENT,
    AGREEMENTS,
    CATALOGUE,
    EXPORTS,
    ASSESSMENTS,
    LEARNING,
    GOVERNANCE,
    COLLECTING,
    VOICES,
)

WORDS: dict[str, dict[str, Any]] = {}
for _part in PARTS:
    for _kind, _words in _part.items():
        WORDS.setdefault(_kind, {}).update(_words)


def label(kind: str, value: object) -> str:
    """What ``value`` of the enum ``kind`` is called in the language of the request."""
    return str(WORDS[kind][str(value)])


def choices(kind: str, *values: object) -> list[tuple[str, str]]:
    """(value, label) pairs for a form; all of the enum's when none are named."""
    wanted = [str(value) for value in values] or list(WORDS[kind])
    return [(value, label(kind, value)) for value in wanted]
