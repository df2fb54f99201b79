"""What a person may ask about what is kept of them, and by when it is answered."""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum

from mutuali.core.errors import Reason
from mutuali.inventory.rules import Entry, Origin


class RequestKind(StrEnum):
    """The rights of a person (P-39.1): s. 27, s. 28, s. 28.1."""

    ACCESS = "access"
    RECTIFICATION = "rectification"
    ERASURE = "erasure"
    PORTABILITY = "portability"
    #: To stop showing or spreading something.
    CESSATION = "cessation"


class Answer(StrEnum):
    """What was answered; silence past the day counts as a refusal (s. 32)."""

    GRANTED = "granted"
    PARTLY = "partly"
    REFUSED = "refused"


class Identity(StrEnum):
    """How the steward made sure who asks."""

    #: Asked from their own account, signed in.
    ACCOUNT = "account"
    IN_PERSON = "in_person"
    CALL_BACK = "call_back"
    DOCUMENT = "document"


class Field(StrEnum):
    """What a steward corrects on request (s. 28), named as the inventory names it."""

    #: It opens the account, so somebody makes sure first whose it is.
    EMAIL = "person.email"
    #: Left for a call that is still to come.
    PHONE = "call_request.phone"


#: What a person corrects themselves, at once, and where.
AT_ONCE: Mapping[str, str] = {
    "person.name": "/compte",
    "person.language": "/compte",
    "second_factor.name": "/compte",
    "api_token.name": "/compte",
    "api_token.scopes": "/compte",
    "signatory.capacity": "/organisme/participation",
    "signatory.resolution": "/organisme/participation",
    "signatory.resolved_on": "/organisme/participation",
    "consent_event.event": "/compte/consentements",
    "consent_event.capacity": "/organisme/participation",
}
#: Rights that an organization or the network gave: who gave them changes them.
GIVEN = frozenset(
    {"network_role.role", "membership.role", "delegation.starts_at", "delegation.ends_at"}
)

#: s. 32.
ANSWER_WITHIN = timedelta(days=30)
#: So many days before the end, those who answer are reminded.
REMINDERS = (10, 2)

#: What nobody takes along: it opens a door, or is a number that means nothing elsewhere.
_SECRETS = frozenset(
    {
        "password_hash",
        "token_hash",
        "email_hash",
        "code_hash",
        "content_hash",
        "sealed_secret",
        "public_key",
    }
)


def due_on(received: date) -> date:
    """The last day for an answer; past it the request counts as refused."""
    return received + ANSWER_WITHIN


def answer_objections(
    kind: RequestKind, answer: Answer, words: str, provision: str, *, applies: bool
) -> tuple[Reason, ...]:
    """Why this is no answer: a refusal, whole or in part, gives its reasons and the provision of
    law on which it rests (s. 34).

    What is granted in words only (a copy, another correction) says what was done; an erasure, and
    a correction that ``applies`` by itself, need none.
    """
    is_granted = answer is Answer.GRANTED
    found = []
    if not words and not (is_granted and (applies or kind is RequestKind.ERASURE)):
        found.append(Reason("request.answer_unsaid", {}, "answer_words"))
    if not provision and not is_granted:
        found.append(Reason("request.provision_unsaid", {}, "provision"))
    return tuple(found)


def is_told(entry: Entry, *, everything: bool) -> bool:
    """Whether a column goes into a person's file: what was collected from them (s. 27).

    ``everything`` adds what was made or inferred here, for access. Numbers of rows and of other
    people, organizations and things are left out of both, and so are secrets.
    """
    if entry.column in _SECRETS or entry.column == "id" or entry.column.endswith(("_id", "_by")):
        return False
    return everything or entry.origin is Origin.COLLECTED
