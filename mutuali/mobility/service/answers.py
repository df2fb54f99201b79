"""The lender's own yes for a vehicle, and its no: each kept with who said it and when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.audit import service as audit
from mutuali.core.errors import Conflict, NotFound, Refused
from mutuali.core.permissions import Actor, Permission, may, require
from mutuali.equipment import service as equipment
from mutuali.equipment.rules import Kind, ListingState
from mutuali.mobility.models import VehicleAnswer
from mutuali.mobility.rules import (
    Answer,
    Description,
    Propulsion,
    Shape,
    ends_at,
    objections,
)


@dataclass(frozen=True, slots=True)
class AnswerFacts:
    """One answer: by whom, when, and of a yes until when and what it says of the vehicle."""

    answer: Answer
    said_by_name: str
    said_at: datetime
    until: datetime | None
    said: Description | None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a vehicle stands: whether it is shown by a yes that holds, and all that was said,
    the latest first."""

    listing: equipment.ListingFacts
    is_given: bool
    answers: tuple[AnswerFacts, ...]
    may_answer: bool

    @property
    def latest(self) -> AnswerFacts | None:
        """What was said last."""
        return self.answers[0] if self.answers else None


def standing(session: Session, actor: Actor, public_id: str, *, now: datetime) -> Standing:
    """Where a vehicle stands, for its lender's people.

    Raises:
        NotFound: there is no such vehicle, or it is not theirs.
    """
    listing = _vehicle(session, actor, public_id)
    rows = session.scalars(
        select(VehicleAnswer)
        .where(VehicleAnswer.listing_id == listing.id)
        .order_by(VehicleAnswer.id.desc())
    ).all()
    names = accounts.names(session, {row.said_by for row in rows if row.said_by})
    return Standing(
        listing,
        bool(rows) and _holds(rows[0], now),
        tuple(
            AnswerFacts(
                Answer(row.answer),
                names.get(row.said_by or 0, ""),
                row.said_at,
                row.until,
                described(row),
            )
            for row in rows
        ),
        may(actor, Permission.CONSENT_ANSWER, over=listing.lender_id),
    )


def say_yes(
    session: Session, actor: Actor, public_id: str, said: Description, *, now: datetime
) -> datetime:
    """Show a vehicle to everybody from now on; returns when the yes ends by itself.

    Raises:
        NotFound, Forbidden: it is not theirs, or they do not manage its lender.
        Refused: the description lacks something. Conflict: the listing is not published.
    """
    listing = _vehicle(session, actor, public_id)
    require(actor, Permission.CONSENT_ANSWER, over=listing.lender_id)
    if reasons := tuple(objections(said)):
        raise Refused(*reasons)
    if listing.state is not ListingState.PUBLISHED:
        raise Conflict("mobility.not_published")
    until = ends_at(now)
    _add(session, actor, listing.id, listing.lender_id, Answer.YES, said, until, now=now)
    return until


def say_no(session: Session, actor: Actor, public_id: str, *, now: datetime) -> None:
    """Show a vehicle no more, at once; of one that was not shown, note the no.

    Raises:
        NotFound, Forbidden: it is not theirs, or they do not manage its lender.
    """
    listing = _vehicle(session, actor, public_id)
    require(actor, Permission.CONSENT_ANSWER, over=listing.lender_id)
    _add(session, actor, listing.id, listing.lender_id, Answer.NO, None, None, now=now)


def withdraw_of(session: Session, actor: Actor, lender_id: int, *, now: datetime) -> None:
    """End every yes of a lender that leaves; the caller asked whether the actor may."""
    for row in holding(session, VehicleAnswer.lender_id == lender_id, now=now):
        _add(session, actor, row.listing_id, lender_id, Answer.NO, None, None, now=now)


def shown_of(
    session: Session, actor: Actor, lender_id: int, *, now: datetime
) -> Sequence[tuple[equipment.ListingFacts, datetime]]:
    """The vehicles that a lender shows to everybody, each with the end of its yes.

    Raises:
        Forbidden: the actor is none of its people.
    """
    require(actor, Permission.CONSENT_READ, over=lender_id)
    rows = holding(session, VehicleAnswer.lender_id == lender_id, now=now)
    listings = equipment.listings(session, [row.listing_id for row in rows])
    return [
        (listings[row.listing_id], row.until)
        for row in rows
        if row.until is not None and row.listing_id in listings
    ]


def holding(
    session: Session, *where: ColumnElement[bool], now: datetime
) -> Sequence[VehicleAnswer]:
    """The latest answers that are a yes and not over, in the order of the listings."""
    latest = select(func.max(VehicleAnswer.id)).group_by(VehicleAnswer.listing_id)
    return session.scalars(
        select(VehicleAnswer)
        .where(
            VehicleAnswer.id.in_(latest),
            VehicleAnswer.answer == Answer.YES,
            VehicleAnswer.until > now,
            *where,
        )
        .order_by(VehicleAnswer.listing_id)
    ).all()


def described(row: VehicleAnswer) -> Description | None:
    """What a yes says of its vehicle."""
    if row.shape is None or row.propulsion is None:
        return None
    return Description(Shape(row.shape), Propulsion(row.propulsion), row.range_km)


def _holds(row: VehicleAnswer, now: datetime) -> bool:
    return row.answer == Answer.YES and row.until is not None and row.until > now


def _vehicle(session: Session, actor: Actor, public_id: str) -> equipment.ListingFacts:
    listing = equipment.listing(session, actor, public_id)
    own = may(actor, Permission.CONSENT_READ, over=listing.lender_id)
    if not own or listing.draft.kind is not Kind.VEHICLE or listing.is_kit:
        raise NotFound
    return listing


def _add(
    session: Session,
    actor: Actor,
    listing_id: int,
    lender_id: int,
    answer: Answer,
    said: Description | None,
    until: datetime | None,
    *,
    now: datetime,
) -> None:
    row = VehicleAnswer(
        listing_id=listing_id,
        lender_id=lender_id,
        answer=answer,
        shape=said.shape if said else None,
        propulsion=said.propulsion if said else None,
        range_km=said.range_km if said else None,
        said_by=actor.person_id,
        said_at=now,
        until=until,
    )
    session.add(row)
    session.flush()
    facts: Mapping[str, object] = {
        "answer": row.id,
        "until": until.isoformat() if until is not None else None,
    }
    name = f"vehicle.{answer.value}"
    audit.record(session, actor, name, "listing", listing_id, now=now, facts=facts)
