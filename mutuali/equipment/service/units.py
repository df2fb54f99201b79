"""The physical things of a listing, by name: a code that somebody can read on them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mutuali.audit import service as audit
from mutuali.core.errors import Conflict, NotFound, Reason
from mutuali.core.permissions import Actor
from mutuali.equipment.models import Unit
from mutuali.equipment.rules import UnitCondition
from mutuali.equipment.service.records import editable


@dataclass(frozen=True, slots=True)
class UnitDraft:
    """What a lender says about one thing: its ``code`` (1 to 20 characters) is its own among the
    units of the listing."""

    code: str
    condition: UnitCondition = UnitCondition.GOOD
    note: str = ""


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """One thing of a listing; a retired one is gone and only named in past loans."""

    id: int
    public_id: str
    listing_id: int
    code: str
    condition: UnitCondition
    note: str
    retired: bool


def add_unit(
    session: Session,
    actor: Actor,
    listing_id: int,
    draft: UnitDraft,
    *,
    public_id: str,
    now: datetime,
) -> UnitFacts:
    """Name one more thing of a listing; as many can be named as it has units.

    Raises:
        NotFound; Conflict: all units have names, or the code is another's.
    """
    listing = editable(session, actor, listing_id)
    named = select(func.count(Unit.id)).where(
        Unit.listing_id == listing_id, Unit.retired_at.is_(None)
    )
    if (session.scalar(named) or 0) >= listing.units:
        raise Conflict(Reason("unit.all_named", {"units": listing.units}, "code"))
    row = Unit(
        public_id=public_id,
        listing_id=listing_id,
        code=draft.code,
        condition=draft.condition,
        note=draft.note,
        created_at=now,
    )
    session.add(row)
    _flush_code(session)
    audit.record(session, actor, "unit.added", "unit", row.id, now=now)
    return _facts(row)


def edit_unit(
    session: Session, actor: Actor, public_id: str, draft: UnitDraft, *, now: datetime
) -> UnitFacts:
    """Say something else about a thing. Raises NotFound; Conflict: the code is another's."""
    row = _editable_unit(session, actor, public_id)
    row.code, row.condition, row.note = draft.code, draft.condition, draft.note
    _flush_code(session)
    audit.record(session, actor, "unit.edited", "unit", row.id, now=now)
    return _facts(row)


def retire_unit(session: Session, actor: Actor, public_id: str, *, now: datetime) -> UnitFacts:
    """The thing is gone for good: it cannot be handed over any more. How many units the listing
    has is for its owner to lower. Raises NotFound."""
    row = _editable_unit(session, actor, public_id)
    if row.retired_at is None:
        row.retired_at = now
        session.flush()
        audit.record(session, actor, "unit.retired", "unit", row.id, now=now)
    return _facts(row)


def units_of(
    session: Session, listing_ids: Iterable[int], *, retired: bool = False
) -> dict[int, list[UnitFacts]]:
    """The things of each listing by code; those that are gone only if ``retired``."""
    query = select(Unit).where(Unit.listing_id.in_(set(listing_ids)))
    if not retired:
        query = query.where(Unit.retired_at.is_(None))
    found: dict[int, list[UnitFacts]] = {}
    for row in session.scalars(query.order_by(Unit.listing_id, Unit.code)):
        found.setdefault(row.listing_id, []).append(_facts(row))
    return found


def unit(session: Session, public_id: str) -> UnitFacts:
    """One thing, by what its label says; the caller decides who may see it. Raises NotFound."""
    return _facts(_row(session, public_id))


def units(session: Session, ids: Sequence[int]) -> dict[int, UnitFacts]:
    """Those of ``ids`` that exist, retired or not."""
    rows = session.scalars(select(Unit).where(Unit.id.in_(set(ids))))
    return {row.id: _facts(row) for row in rows}


def _row(session: Session, public_id: str) -> Unit:
    row = session.scalars(select(Unit).where(Unit.public_id == public_id)).one_or_none()
    if row is None:
        raise NotFound
    return row


def _editable_unit(session: Session, actor: Actor, public_id: str) -> Unit:
    row = _row(session, public_id)
    editable(session, actor, row.listing_id)
    return row


def _flush_code(session: Session) -> None:
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict(Reason("unit.code_taken", {}, "code")) from error


def _facts(row: Unit) -> UnitFacts:
    return UnitFacts(
        row.id,
        row.public_id,
        row.listing_id,
        row.code,
        UnitCondition(row.condition),
        row.note,
        row.retired_at is not None,
    )
