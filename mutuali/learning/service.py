"""Use cases of learning: answer a card, set it aside, see what comes next and how far one is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.audit import service as audit
from mutuali.consent import service as consent
from mutuali.consent.rules import Event
from mutuali.core.charter import Principle
from mutuali.core.errors import Forbidden, NotFound, Reason, Refused
from mutuali.core.permissions import Actor, Permission, may
from mutuali.learning.models import LearnedCard
from mutuali.learning.rules import (
    ANSWERED,
    CARDS,
    OFFERED,
    Card,
    Choice,
    Moment,
    Outcome,
    next_of,
    outcome_of,
)
from mutuali.storage import HeldRows, held_rows


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a person is; ``outcomes`` by the code of each card that they answered or set
    aside, ``last_at`` when they answered last."""

    outcomes: Mapping[str, Outcome]
    last_at: datetime | None

    @property
    def answered(self) -> tuple[Card, ...]:
        """The cards that were read and answered."""
        return tuple(card for code, card in CARDS.items() if self.outcomes.get(code) in ANSWERED)

    @property
    def right(self) -> int:
        """How many of them were answered rightly."""
        return sum(each is Outcome.RIGHT for each in self.outcomes.values())

    @property
    def total(self) -> int:
        """How many cards there are."""
        return len(CARDS)

    @property
    def principles(self) -> tuple[Principle, ...]:
        """The principles of which at least one card was answered."""
        return tuple(dict.fromkeys(card.principle for card in self.answered))


@dataclass(frozen=True, slots=True)
class Answered:
    """What answering a card came to; ``kept`` says whether somebody was there to keep it for."""

    card: Card
    choice: int
    outcome: Outcome
    kept: bool


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a person can show of the cards they answered."""

    name: str
    progress: Progress


#: Of somebody who is not signed in, or of a program that may not read it.
NOTHING = Progress({}, None)


def card(code: str) -> Card:
    """The card of this code. Raises NotFound."""
    if code not in CARDS:
        raise NotFound
    return CARDS[code]


def chosen(card: Card, choice: int, language: str) -> Choice:
    """The choice at a place from 1, in ``language``, ``fr`` or ``en``.

    Raises:
        Refused: there is none at that place.
    """
    choices = card.texts[language].choices
    if not 1 <= choice <= len(choices):
        raise Refused(Reason("field.not_a_choice", {}, "choice"))
    return choices[choice - 1]


def progress(session: Session, actor: Actor) -> Progress:
    """How far the actor is; a visitor, and a program that may not read it, have nothing."""
    if actor.person_id is None or not _may_keep(actor):
        return NOTHING
    rows = session.execute(
        select(LearnedCard.card, LearnedCard.outcome, LearnedCard.at).where(
            LearnedCard.person_id == actor.person_id
        )
    ).all()
    # A card that was taken out of the set since counts no more.
    known = {code: Outcome(outcome) for code, outcome, _at in rows if code in CARDS}
    last = max((at for code, _o, at in rows if known.get(code) in ANSWERED), default=None)
    return Progress(known, last)


def next_card(session: Session, actor: Actor) -> Card | None:
    """The card that the actor reads next; None once all are answered."""
    return next_of(progress(session, actor).outcomes)


def offered(session: Session, actor: Actor, moment: Moment) -> Card | None:
    """The card that helps the actor at this moment, until they answer it or set it aside.

    Before the first consent: it is also over once the organization has answered a question.
    """
    if actor.person_id is None:
        return None
    found = CARDS[OFFERED[moment]]
    if found.code in progress(session, actor).outcomes:
        return None
    if moment is Moment.CONSENT and _has_answered(session, actor):
        return None
    return found


def answer(session: Session, actor: Actor, code: str, choice: int, *, now: datetime) -> Answered:
    """Answer a card's question; of somebody who is signed in it is kept, in place of what they
    answered before.

    Raises:
        NotFound: no such card. Refused: no such choice.
        Forbidden: a program may not write this.
    """
    found = card(code)
    chosen(found, choice, "fr")
    outcome = outcome_of(found, choice)
    if actor.person_id is None:
        return Answered(found, choice, outcome, kept=False)
    _keep(session, actor, found, outcome, now)
    return Answered(found, choice, outcome, kept=True)


def set_aside(session: Session, actor: Actor, code: str, *, now: datetime) -> None:
    """Say "later" to a card: it is offered no more, and waits with the others. What was answered
    stays answered.

    Raises:
        NotFound: no such card. Forbidden: nobody is signed in, or a program may not write this.
    """
    found = card(code)
    if found.code in progress(session, actor).outcomes:
        return
    _keep(session, actor, found, Outcome.LATER, now)


def certificate(session: Session, actor: Actor) -> Certificate:
    """What the actor can show. Raises Forbidden: nobody is signed in."""
    if actor.person_id is None:
        raise Forbidden
    name = accounts.names(session, [actor.person_id])[actor.person_id]
    return Certificate(name, progress(session, actor))


def held_about_person(session: Session, person_id: int) -> list[HeldRows]:
    """What this feature keeps about a person: their cards."""
    return [held_rows(session, LearnedCard, LearnedCard.person_id == person_id)]


def forget_person(session: Session, person_id: int) -> None:
    """Destroy the cards of a person."""
    session.execute(delete(LearnedCard).where(LearnedCard.person_id == person_id))


def _may_keep(actor: Actor) -> bool:
    return actor.scopes is None or Permission.DATA_OWN.value in actor.scopes


def _has_answered(session: Session, actor: Actor) -> bool:
    """Whether the organization that the actor may answer for has done so once; when it is asked
    nothing, or the actor only reads, there is nothing left to prepare for either."""
    id_ = actor.organization_id
    if id_ is None or not may(actor, Permission.CONSENT_ANSWER, over=id_):
        return True
    said = {each.event for each in consent.history(session, actor, id_)}
    return not said.isdisjoint({Event.GIVEN, Event.REFUSED})


def _keep(session: Session, actor: Actor, found: Card, outcome: Outcome, now: datetime) -> None:
    if actor.person_id is None or not _may_keep(actor):
        raise Forbidden(permission=Permission.DATA_OWN.value)
    dialect = {"postgresql": postgresql, "sqlite": sqlite}[session.connection().dialect.name]
    said = {"outcome": outcome, "at": now}
    # Two tabs may answer at one moment: the later one counts.
    session.execute(
        dialect.insert(LearnedCard)
        .values(person_id=actor.person_id, card=found.code, **said)
        .on_conflict_do_update(index_elements=["person_id", "card"], set_=said)
    )
    # Which card it was stays out of the log: what somebody learns is theirs to erase.
    deed = "set_aside" if outcome is Outcome.LATER else "answered"
    audit.record(session, actor, f"learning.{deed}", "person", actor.person_id, now=now)
