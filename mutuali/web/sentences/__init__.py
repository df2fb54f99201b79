"""The sentence of each refusal: what is wrong and what to do next, a file per feature, French there,
English in the catalogue. All of them together are ``SENTENCES``; ``tests/architecture`` holds them
against every code that the features raise."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext

from mutuali.core.errors import Reason
from mutuali.web.sentences.accounts import ACCOUNTS
from mutuali.web.sentences.agreements import AGREEMENTS
from mutuali.web.sentences.bookings import BOOKINGS
from mutuali.web.sentences.calendars import CALENDARS
from mutuali.web.sentences.charter import CHARTER
from mutuali.web.sentences.checkin import CHECKIN
from mutuali.web.sentences.collecting import COLLECTING
from mutuali.web.sentences.consent import CONSENT
from mutuali.web.sentences.equipment import EQUIPMENT
from mutuali.web.sentences.everywhere import EVERYWHERE
from mutuali.web.sentences.exports import EXPORTS
from mutuali.web.sentences.founding import FOUNDING
from mutuali.web.sentences.imports import IMPORTS
from mutuali.web.sentences.loans import LOANS
from mutuali.web.sentences.messages import MESSAGES
from mutuali.web.sentences.mishaps import MISHAPS
from mutuali.web.sentences.mobility import MOBILITY
from mutuali.web.sentences.organizations import ORGANIZATIONS
from mutuali.web.sentences.outside import OUTSIDE
from mutuali.web.sentences.owndata import OWNDATA
from mutuali.web.sentences.registers import REGISTERS
from mutuali.web.sentences.reviews import REVIEWS
from mutuali.web.sentences.trips import TRIPS
from mutuali.web.sentences.voices import VOICES
from mutuali.web.sentences.waiting import WAITING
from mutuali.web.sentences.webhooks import WEBHOOKS
from mutuali.web.wording import said

PARTS: tuple[Mapping[str, Any], ...] = (
    EVERYWHERE,
    ACCOUNTS,
    MOBILITY,
    ORGANIZATIONS,
    EQUIPMENT,
    BOOKINGS,
    LOANS,
    CALENDARS,
    MESSAGES,
    MISHAPS,
    REVIEWS,
    WAITING,
    TRIPS,
    WEBHOOKS,
    IMPORTS,
    CONSENT,
    AGREEMENTS,
    EXPORTS,
    REGISTERS,
    CHARTER,
    VOICES,
    CHECKIN,
    OWNDATA,
    COLLECTING,
    FOUNDING,
    OUTSIDE,
)

SENTENCES: Mapping[str, Any] = {code: words for part in PARTS for code, words in part.items()}


def sentence(reason: Reason) -> str:
    """What a person reads for ``reason``, in the language of the request."""
    words = SENTENCES.get(reason.code)
    if words is None:
        return gettext("Cette action est refusée (%(code)s).", code=reason.code)
    params = {name: said(value) for name, value in reason.params.items()}
    return str(words) % params if params else str(words)
