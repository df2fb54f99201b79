"""Time that a lender takes away, and days that differ: of one listing, or of all that it shares."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, insert, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from mutuali.audit import service as audit
from mutuali.core.errors import Conflict, NotFound, Reason, Refused
from mutuali.core.period import Period, local
from mutuali.core.permissions import Actor, Permission, may, require
from mutuali.equipment.models import Closure, HoursException, Listing
from mutuali.equipment.rules import ListingState, OtherHours, other_hours_objections
from mutuali.equipment.service.offers import lock_turn
from mutuali.equipment.service.opening import other_hours
from mutuali.equipment.service.records import editable
from mutuali.storage import spans_overlap


@dataclass(frozen=True, slots=True)
class Scope:
    """One listing of a lender, or (no ``listing_id``) all that it shares, now and later."""

    lender_id: int
    listing_id: int | None = None

    @property
    def columns(self) -> dict[str, int | None]:
        """Whose a row is, as the tables hold it."""
        whole = self.listing_id is None
        return {
            "listing_id": self.listing_id,
            "organization_id": self.lender_id if whole else None,
        }


@dataclass(frozen=True, slots=True)
class ClosedSpan:
    """A span that a lender took away; without titles, from all that it shares."""

    period: Period
    title_fr: str
    title_en: str

    def title(self, language: str) -> str:
        """The title in ``language``, or in the other when that one is missing."""
        fr, en = self.title_fr, self.title_en
        return (en or fr) if language == "en" else (fr or en)


def closed_over(session: Session, lender_id: int, span: Period) -> list[ClosedSpan]:
    """All that is closed within ``span`` of what a lender shares, in order; the caller may see it.

    Of listings that were withdrawn, nothing.
    """
    rows = session.execute(
        select(Closure.starts_at, Closure.ends_at, Listing.title_fr, Listing.title_en)
        .outerjoin(Listing, Listing.id == Closure.listing_id)
        .where(
            or_(
                Closure.organization_id == lender_id,
                and_(Listing.lender_id == lender_id, Listing.state != ListingState.WITHDRAWN),
            ),
            spans_overlap(Closure.starts_at, Closure.ends_at, span.start, span.end),
        )
        .order_by(Closure.starts_at, Closure.id)
    )
    return [ClosedSpan(Period(start, end), fr or "", en or "") for start, end, fr, en in rows]


def close(session: Session, actor: Actor, scope: Scope, period: Period, *, now: datetime) -> None:
    """Take a span away from new bookings; those promised before stay, for the owner to move.

    Raises:
        NotFound, Forbidden; Refused: it is over already.
    """
    hold(session, actor, scope)
    if period.end <= now:
        raise Refused(Reason("closure.in_the_past", {}, "ends"))
    session.add(Closure(starts_at=period.start, ends_at=period.end, **scope.columns))
    record(session, actor, scope, "closed", now)


def reopen(session: Session, actor: Actor, closure_id: int, *, now: datetime) -> Scope:
    """Give a closed span back; returns whose it was.

    Raises:
        NotFound; Conflict: an agenda elsewhere says so, and would say it again.
    """
    row = session.get(Closure, closure_id)
    scope = _drop(session, actor, row, "reopened", now)
    if row is not None and row.source is not None:
        raise Conflict("closure.of_an_agenda")
    return scope


def closures(session: Session, scope: Scope, *, after: datetime) -> list[tuple[int, Period]]:
    """What the lender closed that ends later than ``after``, with its ids, in order."""
    return _closures(session, scope, Closure.source.is_(None), after)


def external_closures(
    session: Session, scope: Scope, *, after: datetime
) -> list[tuple[int, Period]]:
    """What agendas elsewhere close that ends later than ``after``, with its ids, in order."""
    return _closures(session, scope, Closure.source.is_not(None), after)


def replace_external(session: Session, scope: Scope, source: str, busy: Sequence[Period]) -> bool:
    """Let an agenda elsewhere close ``busy`` and nothing else of what it closed before; whether
    that changed anything. The caller has the right, and says what happened.

    Of one listing its turn is taken: who asks for it at that moment sees all of it or none.
    """
    if scope.listing_id is not None:
        lock_turn(session, scope.listing_id)
    rows = session.execute(
        select(Closure.starts_at, Closure.ends_at).where(Closure.source == source)
    )
    if sorted(Period(start, end) for start, end in rows) == sorted(busy):
        return False
    session.execute(
        delete(Closure).where(Closure.source == source).execution_options(synchronize_session=False)
    )
    if busy:
        whose = {**scope.columns, "source": source}
        session.execute(
            insert(Closure),
            [{"starts_at": each.start, "ends_at": each.end, **whose} for each in busy],
        )
    return True


def _closures(
    session: Session, scope: Scope, which: ColumnElement[bool], after: datetime
) -> list[tuple[int, Period]]:
    rows = session.execute(
        select(Closure.id, Closure.starts_at, Closure.ends_at)
        .where(_is_of(Closure, scope), which, Closure.ends_at > after)
        .order_by(Closure.starts_at, Closure.id)
    )
    return [(id_, Period(start, end)) for id_, start, end in rows]


def differ(
    session: Session, actor: Actor, scope: Scope, other: OtherHours, *, now: datetime
) -> None:
    """Let a day have these hours, whatever it had; bookings promised before stay.

    Raises:
        NotFound, Forbidden; Refused: the day is over, or the spans make no sense.
    """
    hold(session, actor, scope)
    if objections := other_hours_objections(other, local(now).date()):
        raise Refused.because(objections)
    spans = [[span.opens, span.closes] for span in sorted(other.spans)]
    dialect = {"postgresql": postgresql, "sqlite": sqlite}[session.connection().dialect.name]
    whose = "organization_id" if scope.listing_id is None else "listing_id"
    session.execute(
        dialect.insert(HoursException)
        .values(day=other.day, spans=spans, **scope.columns)
        .on_conflict_do_update(index_elements=[whose, "day"], set_={"spans": spans})
    )
    record(session, actor, scope, "hours_differ", now)


def as_usual(session: Session, actor: Actor, exception_id: int, *, now: datetime) -> Scope:
    """Let a day follow the weekly hours again; returns whose it was. Raises NotFound."""
    return _drop(session, actor, session.get(HoursException, exception_id), "hours_as_usual", now)


def differing_days(
    session: Session, scope: Scope, *, after: datetime
) -> list[tuple[int, OtherHours]]:
    """The days from ``after`` on that differ from the weekly hours, with their ids, in order."""
    rows = session.execute(
        select(HoursException.id, HoursException.day, HoursException.spans)
        .where(_is_of(HoursException, scope), HoursException.day >= local(after).date())
        .order_by(HoursException.day)
    )
    return [(id_, other_hours(day, spans)) for id_, day, spans in rows]


def hold(session: Session, actor: Actor, scope: Scope) -> None:
    """Let the actor change what holds for ``scope``, its listing locked. Raises NotFound,
    Forbidden."""
    if scope.listing_id is None:
        require(actor, Permission.LISTING_EDIT, over=scope.lender_id)
    elif editable(session, actor, scope.listing_id).lender_id != scope.lender_id:
        raise NotFound


def _is_of(model: type[Closure | HoursException], scope: Scope) -> ColumnElement[bool]:
    if scope.listing_id is None:
        return model.organization_id == scope.lender_id
    return model.listing_id == scope.listing_id


def _drop(
    session: Session, actor: Actor, row: Closure | HoursException | None, deed: str, now: datetime
) -> Scope:
    if row is None:
        raise NotFound
    lender_id = row.organization_id or session.get_one(Listing, row.listing_id).lender_id
    scope = Scope(lender_id, row.listing_id)
    if not may(actor, Permission.LISTING_EDIT, over=lender_id):
        raise NotFound
    hold(session, actor, scope)
    session.delete(row)
    record(session, actor, scope, deed, now)
    return scope


def record(session: Session, actor: Actor, scope: Scope, deed: str, now: datetime) -> None:
    """Leave the trace of a deed: about the listing, or about the organization for all it shares."""
    if scope.listing_id is None:
        audit.record(session, actor, f"listings.{deed}", "organization", scope.lender_id, now=now)
    else:
        audit.record(session, actor, f"listing.{deed}", "listing", scope.listing_id, now=now)
