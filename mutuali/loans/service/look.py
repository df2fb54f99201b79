"""Looking at what was said of a thing: both reports side by side, and what waits for an answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select
from sqlalchemy.orm import Session, aliased

from mutuali.bookings import service as bookings
from mutuali.bookings.service import BookingFacts
from mutuali.core.errors import NotFound
from mutuali.core.permissions import SYSTEM, Actor, Permission, reach_of
from mutuali.counts import Count, When, ago
from mutuali.loans.models import ConditionDispute, ConditionPhoto, ConditionReport
from mutuali.loans.rules import (
    CONFIRM_WITHIN,
    MOST_REPORT_PHOTOS,
    Bounds,
    Condition,
    Direction,
    Settled,
    Side,
    Standing,
    differences,
    other,
    standing,
)
from mutuali.loans.service.records import (
    PhotoFacts,
    bounds_of,
    condition_of,
    dispute_of,
    is_between,
    parties_of,
    reports_of,
    sides_of,
)
from mutuali.storage import Base, is_one_of

_BOOKING = Base.metadata.tables["booking"]


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """What one side said; ``bounds`` are the temperatures that were asked for on that day."""

    public_id: str
    side: Side
    condition: Condition
    bounds: Bounds | None
    noted_at: datetime
    agreed_at: datetime | None
    agreed_name: str | None
    by_driver: bool
    photos: tuple[PhotoFacts, ...]

    @property
    def too_warm_or_cold(self) -> bool:
        """Whether the temperature was out of bounds."""
        temperature = self.condition.temperature
        return (
            temperature is not None
            and self.bounds is not None
            and not self.bounds.holds(temperature)
        )


@dataclass(frozen=True, slots=True)
class DisputeFacts:
    """What the parties do not say alike, and how it is or might be settled."""

    side: Side
    difference: str
    disputed_at: datetime
    settlement: str
    settlement_side: Side | None
    settled_as: Settled | None
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class Passage:
    """One change of hands: what each side said, and what this actor may still say.

    ``differs`` names what the two reports do not say alike. ``answer_by`` is until when the side
    that did not write may answer the one that did.
    """

    direction: Direction
    standing: Standing
    reports: dict[Side, ReportFacts]
    differs: frozenset[str]
    dispute: DisputeFacts | None
    answer_by: datetime | None
    may_write_for: frozenset[Side]
    may_add_photos_for: frozenset[Side]
    may_confirm: bool
    may_settle: bool
    may_agree: bool

    @property
    def only(self) -> ReportFacts | None:
        """The report, where there is one alone."""
        return next(iter(self.reports.values())) if len(self.reports) == 1 else None


def passage(
    session: Session, actor: Actor, facts: BookingFacts, direction: Direction, *, now: datetime
) -> Passage:
    """One change of hands of a booking that the actor may see."""
    rows = reports_of(session, facts.id, direction)
    row = dispute_of(session, facts.id, direction)
    photos = _photos(session, [each.id for each in rows.values()])
    reports = {side: _report(side, each, photos) for side, each in rows.items()}
    alone = next(iter(reports.values())) if len(reports) == 1 else None
    answer_by = None
    if alone is not None and alone.agreed_at is None:
        answer_by = alone.noted_at + CONFIRM_WITHIN
    open_ = answer_by is not None and now < answer_by
    parties, sides = parties_of(actor, facts), sides_of(actor, facts)
    disputed = row is not None and row.settled_at is None
    proposed = Side(row.settlement_side) if row is not None and row.settlement_side else None
    return Passage(
        direction=direction,
        standing=standing(
            [each.noted_at for each in reports.values()],
            confirmed=alone is not None and alone.agreed_at is not None,
            disputed=disputed,
            settled=row is not None and not disputed,
            now=now,
        ),
        reports=reports,
        differs=differences(*(each.condition for each in reports.values()))
        if len(reports) > 1
        else frozenset(),
        dispute=_dispute(row) if row is not None else None,
        answer_by=answer_by,
        may_write_for=sides - set(reports) if not reports or open_ else frozenset(),
        may_add_photos_for=frozenset(
            side
            for side, each in reports.items()
            if side in sides
            and now < each.noted_at + CONFIRM_WITHIN
            and len(each.photos) < MOST_REPORT_PHOTOS
        ),
        may_confirm=open_ and alone is not None and other(alone.side) in parties,
        may_settle=disputed and bool(parties or is_between(actor, facts)),
        may_agree=disputed and proposed is not None and other(proposed) in parties,
    )


def passages(
    session: Session, actor: Actor, booking_public_id: str, *, now: datetime
) -> list[Passage]:
    """Both changes of hands of a booking. Raises NotFound."""
    facts = bookings.booking(session, actor, booking_public_id, now=now)
    return [passage(session, actor, facts, each, now=now) for each in Direction]


def photo_bytes(
    session: Session, actor: Actor, public_id: str, *, small: bool, now: datetime
) -> bytes:
    """The WebP file of a photo of a report, for the parties and the coordination.

    Raises:
        NotFound: there is none, or it is none of the actor's business.
    """
    column = ConditionPhoto.small if small else ConditionPhoto.large
    found = session.execute(
        select(column, ConditionReport.booking_id)
        .join(ConditionReport, ConditionReport.id == ConditionPhoto.report_id)
        .where(ConditionPhoto.public_id == public_id)
    ).one_or_none()
    if found is None:
        raise NotFound
    content, booking_id = found
    bookings.booking_by_id(session, actor, booking_id, now=now)
    return bytes(content)


@dataclass(frozen=True, slots=True)
class DisputeTold:
    """A disagreement with its booking, for letters."""

    booking: BookingFacts
    direction: Direction
    dispute: DisputeFacts


def dispute_by_id(session: Session, dispute_id: int, *, now: datetime) -> DisputeTold:
    """A disagreement by its inner id, for jobs. Raises NotFound."""
    row = session.get(ConditionDispute, dispute_id)
    if row is None:
        raise NotFound
    facts = bookings.booking_by_id(session, SYSTEM, row.booking_id, now=now)
    return DisputeTold(facts, Direction(row.direction), _dispute(row))


@dataclass(frozen=True, slots=True)
class Waiting:
    """A change of hands that waits for this person: an answer by an instant, or a settlement."""

    booking: BookingFacts
    direction: Direction
    answer_by: datetime | None


def waiting(session: Session, actor: Actor, *, now: datetime) -> list[Waiting]:
    """What waits for this person: answers, the soonest first, then what is disputed."""
    reports = session.execute(
        _to_confirm(actor, now - CONFIRM_WITHIN)
        .with_only_columns(
            ConditionReport.booking_id, ConditionReport.direction, ConditionReport.noted_at
        )
        .order_by(ConditionReport.noted_at)
    ).all()
    disputes = session.execute(
        _disputed(actor)
        .with_only_columns(ConditionDispute.booking_id, ConditionDispute.direction)
        .order_by(ConditionDispute.disputed_at)
    ).all()
    found: list[tuple[int, str, datetime | None]] = [
        (id_, direction, at + CONFIRM_WITHIN) for id_, direction, at in reports
    ]
    found += [(id_, direction, None) for id_, direction in disputes]
    return [
        Waiting(
            bookings.booking_by_id(session, actor, id_, now=now), Direction(direction), answer_by
        )
        for id_, direction, answer_by in found
    ]


def count_to_confirm(actor: Actor) -> Count:
    """How many reports wait for this person's answer."""
    return _to_confirm(actor, ago(CONFIRM_WITHIN)).with_only_columns(func.count(ConditionReport.id))


def count_disputed(actor: Actor) -> Count:
    """How many disputes this person has to settle."""
    return _disputed(actor).with_only_columns(func.count(ConditionDispute.id))


def _to_confirm(actor: Actor, since: When) -> Select[ConditionReport]:
    """Reports that the other side wrote since then, alone and still to be answered."""
    own = _own(actor)
    twin = aliased(ConditionReport)
    answered = exists().where(
        twin.booking_id == ConditionReport.booking_id,
        twin.direction == ConditionReport.direction,
        twin.side != ConditionReport.side,
    )
    theirs = or_(
        and_(ConditionReport.side == Side.LENDER, is_one_of(_BOOKING.c.borrower_id, own)),
        and_(ConditionReport.side == Side.BORROWER, is_one_of(_BOOKING.c.lender_id, own)),
    )
    return (
        select(ConditionReport)
        .join(_BOOKING, _BOOKING.c.id == ConditionReport.booking_id)
        .where(
            ConditionReport.noted_at > since,
            ConditionReport.agreed_at.is_(None),
            ~answered,
            theirs if own else false(),
        )
    )


def _disputed(actor: Actor) -> Select[ConditionDispute]:
    """What is disputed in this person's own bookings; for the coordination, in all."""
    return (
        select(ConditionDispute)
        .join(_BOOKING, _BOOKING.c.id == ConditionDispute.booking_id)
        .where(ConditionDispute.settled_at.is_(None), or_(_of_own(actor), _of_network(actor)))
    )


def _own(actor: Actor) -> frozenset[int]:
    """The organizations that the actor belongs to and carries out bookings for."""
    reach = reach_of(actor, Permission.BOOKING_CARRY_OUT)
    own = frozenset(actor.memberships)
    return own if reach is None else own & reach


def _of_own(actor: Actor) -> ColumnElement[bool]:
    own = _own(actor)
    if not own:
        return false()
    return or_(is_one_of(_BOOKING.c.lender_id, own), is_one_of(_BOOKING.c.borrower_id, own))


def _of_network(actor: Actor) -> ColumnElement[bool]:
    reach = reach_of(actor, Permission.BOOKING_DECIDE_FOR_NETWORK)
    if reach is None:
        return _BOOKING.c.id.is_not(None)
    return is_one_of(_BOOKING.c.lender_id, reach) if reach else false()


def _photos(session: Session, report_ids: Sequence[int]) -> dict[int, list[PhotoFacts]]:
    found: dict[int, list[PhotoFacts]] = {}
    for row in session.scalars(
        select(ConditionPhoto)
        .where(is_one_of(ConditionPhoto.report_id, report_ids))
        .order_by(ConditionPhoto.id)
    ):
        facts = PhotoFacts(row.public_id, row.width, row.height, row.added_at)
        found.setdefault(row.report_id, []).append(facts)
    return found


def _report(side: Side, row: ConditionReport, photos: dict[int, list[PhotoFacts]]) -> ReportFacts:
    return ReportFacts(
        row.public_id,
        side,
        condition_of(row),
        bounds_of(row),
        row.noted_at,
        row.agreed_at,
        row.agreed_name,
        row.by_driver,
        tuple(photos.get(row.id, ())),
    )


def _dispute(row: ConditionDispute) -> DisputeFacts:
    return DisputeFacts(
        Side(row.side),
        row.difference,
        row.disputed_at,
        row.settlement,
        Side(row.settlement_side) if row.settlement_side else None,
        Settled(row.settled_as) if row.settled_as else None,
        row.settled_at,
    )
