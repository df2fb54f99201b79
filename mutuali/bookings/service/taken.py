"""What occupies a listing: booking by booking, to the second, or as a request meets it."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Integer,
    Result,
    Select,
    String,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    null,
    select,
    text,
    true,
    union_all,
)
from sqlalchemy.orm import Session

from mutuali.bookings.models import IS_OUT, IS_UNDECIDED, OCCUPIES, Booking
from mutuali.bookings.rules import (
    OCCUPYING,
    OVERDUE_ALLOWANCE,
    UNDECIDED,
    Hold,
    State,
    Taken,
    Use,
    expected_back,
    holds_on,
    quota_span,
    seconds,
)
from mutuali.bookings.service.documents import read_held
from mutuali.bookings.service.lent_broken import counted_twice
from mutuali.core.period import Period
from mutuali.equipment.rules import Offer
from mutuali.organizations import service as organizations
from mutuali.organizations.rules import Held
from mutuali.organizations.service import Party
from mutuali.storage import (
    Ids,
    UtcDateTime,
    ask,
    epoch_seconds,
    gathered,
    is_one_of,
    is_one_of_spanned,
    spans_overlap,
    table_of,
)


def read_all_holds(
    session: Session,
    listing_ids: Sequence[int] | None,
    span: Period,
    *,
    now: datetime,
    besides: Collection[int] = (),
) -> dict[int, list[Hold]]:
    """What occupies listings (None: all) within ``span``, by listing id, in one query; lapsed
    holds are free, overdue loans are not. To be counted beside the listings' outages."""
    found: dict[int, list[Hold]] = {}
    for id_, listing_id, units, start, until, mark in _occupying(session, listing_ids, span, now):
        if id_ not in besides:
            found.setdefault(listing_id, []).append(_hold(units, start, until, mark, now))
    return found


def read_offer_holds(
    session: Session,
    offer: Offer,
    span: Period,
    *,
    now: datetime,
    besides: Collection[int] = (),
) -> list[Hold]:
    """What keeps units of an offer from others within ``span``: of a kit, through its parts."""
    ids = [part.listing_id for part in offer.parts] or [offer.listing_id]
    return holds_on(offer, read_all_holds(session, ids, span, now=now, besides=besides))


@dataclass(frozen=True, slots=True)
class Occupant:
    """A booking that occupies units; one that ``can_lapse`` gives them back by silence."""

    booking_id: int
    hold: Hold
    can_lapse: bool


def read_occupants(
    session: Session, listing_ids: Sequence[int], span: Period, *, now: datetime
) -> dict[int, list[Occupant]]:
    """What :func:`read_all_holds` finds, each with its booking."""
    found: dict[int, list[Occupant]] = {}
    for id_, listing_id, units, start, until, mark in _occupying(session, listing_ids, span, now):
        occupant = Occupant(id_, _hold(units, start, until, mark, now), mark == _HELD)
        found.setdefault(listing_id, []).append(occupant)
    return found


@dataclass(frozen=True, slots=True)
class Situation:
    """What an asker's request meets: holds within its span, and who the two parties are.

    ``lapsed``: holds of the listing wait to be written off. ``rivals``: others asked for some of it
    within the span and wait for an answer; of a kit only those who ask for the kit itself.
    """

    holds: list[Hold]
    lapsed: bool
    rivals: bool
    lender: Party
    borrower: Party
    uses: Sequence[Use] = ()
    #: What the borrower holds, where the listing demands documents.
    held: Sequence[Held] = ()


def read_uses(
    session: Session, offer: Offer, borrower_id: int | None, period: Period, *, now: datetime
) -> list[Use]:
    """What a borrower has of the lender that may count for quotas when it asks for starts within
    ``period``; no question where there is no quota."""
    span = quota_span(offer, period)
    if span is None or borrower_id is None:
        return []
    return read_uses_of_many(session, [offer.lender_id], borrower_id, span, now=now)[
        offer.lender_id
    ]


def read_uses_of_many(
    session: Session, lender_ids: Sequence[int], borrower_id: int, span: Period, *, now: datetime
) -> Mapping[int, list[Use]]:
    """What a borrower has of each lender that starts within ``span``, asked for or promised."""
    lapsed = and_(Booking.state.in_(UNDECIDED), Booking.decide_by <= now)
    rows = session.execute(
        select(
            *(Booking.lender_id, Booking.listing_id, Booking.units),
            *(Booking.starts_at, Booking.ends_at),
        ).where(
            Booking.borrower_id == borrower_id,
            is_one_of(Booking.lender_id, lender_ids),
            Booking.state.in_((State.REQUESTED, *OCCUPYING)),
            func.coalesce(~lapsed, true()),
            Booking.starts_at >= span.start,
            Booking.starts_at < span.end,
            Booking.whole_id.is_(None),
            ~Booking.is_history,
        )
    )
    found: defaultdict[int, list[Use]] = defaultdict(list)
    for lender_id, listing_id, units, start, end in rows:
        found[lender_id].append(Use(listing_id, units, Period(start, end)))
    return found


def read_situation(
    session: Session, offer: Offer, borrower_id: int, span: Period, *, now: datetime
) -> Situation:
    """What occupies the listing within ``span`` and all else that a request has to know, in one
    question; one more where quotas count what the borrower has already, and one where documents
    are demanded."""
    rows = ask(
        session,
        _SITUATION,
        ids=offer.listing_id,
        lender=offer.lender_id,
        borrower=borrower_id,
        now=now,
        back_by=now + OVERDUE_ALLOWANCE,
        low=span.start,
        high=span.end,
    ).all()
    parties: dict[int, Party] = {}
    holds: list[Hold] = []
    marks = set()
    for id_, _, number, start, until, mark, public_id in rows:
        marks.add(mark)
        if mark == _PARTY:
            parties[id_] = Party(public_id, bool(number))
        elif mark not in (_LAPSED, _RIVAL):
            holds.append(_hold(number, start, until, mark, now))
    uses = read_uses(session, offer, borrower_id, span, now=now)
    held = read_held(session, offer, borrower_id)
    return Situation(
        holds,
        _LAPSED in marks,
        _RIVAL in marks,
        parties[offer.lender_id],
        parties[borrower_id],
        uses,
        held,
    )


def read_taken(
    session: Session, listing_ids: Sequence[int] | None, span: Period, *, now: datetime
) -> dict[int, list[Taken]]:
    """What :func:`read_all_holds` finds, to the second, as a month of many listings reckons."""
    rows = ask(
        session,
        _ALL_IN_SECONDS if listing_ids is None else _IN_SECONDS,
        **({} if listing_ids is None else {"ids": listing_ids}),
        now=now,
        back_by=now + OVERDUE_ALLOWANCE,
        low=span.start,
        high=span.end,
        late_until=seconds(now + OVERDUE_ALLOWANCE),
    ).all()
    return {
        listing_id: list(zip(units, starts, untils, strict=True))
        for listing_id, units, starts, untils in rows
    }


def _hold(units: int, start: datetime, until: datetime, mark: int, now: datetime) -> Hold:
    period = Period(start, until)
    return Hold(units, expected_back(period, now) if mark == _LATE else period)


#: What a row of the questions below says of itself.
_IN_TIME, _LATE, _LAPSED, _PARTY, _HELD, _RIVAL = 0, 1, 2, 3, 4, 5


def _question(
    of: Callable[[ColumnElement[int]], ColumnElement[bool]],
    of_spanned: Callable[[ColumnElement[int]], ColumnElement[bool]] | None = None,
) -> CompoundSelect[*tuple[Any, ...]]:
    """Rows of what occupies from ``:low`` to ``:high``: id, listing, units, from, until, mark.

    The conditions are those of the indexes, word for word. An overdue loan occupies until it is
    back, so the ones that should have been back before are asked for beside what meets the span.
    What outages of the listing count too is among them with fewer than no units, as nobody's.
    ``of_spanned`` says the same as ``of`` for the part that an index of spans serves.
    """
    return union_all(*_parts(of, of_spanned or of))


def _parts(
    of: Callable[[ColumnElement[int]], ColumnElement[bool]],
    of_spanned: Callable[[ColumnElement[int]], ColumnElement[bool]],
    *,
    waiting_too: bool = False,
) -> list[Select[*tuple[Any, ...]]]:
    booking = table_of(Booking).c
    now, low, high = (bindparam(name, type_=UtcDateTime()) for name in ("now", "low", "high"))
    # A part is the business of its whole: who asks besides a booking means its parts as well.
    id_ = func.coalesce(booking.whole_id, booking.id)
    columns = (id_.label("id"), booking.listing_id, booking.units, booking.starts_at)
    meets = spans_overlap(booking.starts_at, booking.occupied_until, low, high)
    late = and_(booking.state == literal_column(f"'{State.ON_LOAN.value}'"), booking.ends_at < now)
    held = booking.state == literal_column(f"'{State.HELD.value}'")
    lapsed = and_(held, booking.decide_by <= now)
    marks = {
        mark: literal_column(str(mark), Integer)
        for mark in (_IN_TIME, _LATE, _LAPSED, _HELD, _RIVAL)
    }
    until = booking.occupied_until
    twice = counted_twice().c
    nobody, in_time = literal_column("0", Integer), marks[_IN_TIME]
    parts = [
        select(
            *columns, until, case((late, marks[_LATE]), (held, marks[_HELD]), else_=marks[_IN_TIME])
        ).where(
            text(OCCUPIES), of_spanned(booking.listing_id), meets, func.coalesce(~lapsed, true())
        ),
        select(*columns, until, marks[_LATE]).where(
            text(IS_OUT), of(booking.listing_id), booking.ends_at < now, ~meets
        ),
        select(nobody, twice.listing_id, twice.units, twice.starts_at, twice.until, in_time).where(
            of(twice.listing_id), twice.starts_at < high, twice.until > low
        ),
    ]
    if waiting_too:
        parts.append(select(*columns, until, marks[_LAPSED]).where(of(booking.listing_id), lapsed))
        asked = is_rival(now, low, high)
        parts.append(select(*columns, until, marks[_RIVAL]).where(of(booking.listing_id), asked))
    return parts


def is_rival(
    now: BindParameter[datetime], low: BindParameter[datetime], high: BindParameter[datetime]
) -> ColumnElement[bool]:
    """Whether a row waits for an answer and wants units from ``low`` to ``high``, holding none."""
    booking = table_of(Booking).c
    return and_(
        IS_UNDECIDED,
        booking.state == literal_column(repr(State.REQUESTED.value)),
        booking.decide_by > now,
        booking.starts_at < high,
        booking.occupied_until > low,
    )


def _situation() -> CompoundSelect[*tuple[Any, ...]]:
    """The rows of :func:`_question`, of lapsed holds, of rivals, and of the parties: id, accepted,
    public id.

    Every row has a public id at its end, empty but for the parties.
    """
    of_listing = [
        part.add_columns(literal_column("''", String).label("public_id"))
        for part in _parts(_is_one, _is_one, waiting_too=True)
    ]
    sides = organizations.parties(
        bindparam("lender", type_=Integer()), bindparam("borrower", type_=Integer())
    ).subquery("sides")
    id_, public_id, accepted = sides.c
    number = case((accepted, literal_column("1", Integer)), else_=literal_column("0", Integer))
    nothing, no_instant = literal_column("0", Integer), cast(null(), UtcDateTime)
    mark = literal_column(str(_PARTY), Integer)
    return union_all(
        *of_listing, select(id_, nothing, number, no_instant, no_instant, mark, public_id)
    )


def _in_seconds(
    question: CompoundSelect[*tuple[Any, ...]],
) -> Select[*tuple[Any, ...]]:
    """The same, a row per listing: units, starts and ends in whole seconds, late ones lengthened.

    Thousands of bookings are cheap to carry as two hundred rows of numbers.
    """
    _, listing_id, units, start, until, mark = question.subquery().c
    low, high = (epoch_seconds(each) for each in (start, until))
    late_until: BindParameter[int] = bindparam("late_until", type_=BigInteger())
    end = case((and_(mark == _LATE, high < late_until), late_until), else_=high)
    return select(listing_id, gathered(units), gathered(low), gathered(end)).group_by(listing_id)


def _is_one(listing_id: ColumnElement[int]) -> ColumnElement[bool]:
    return listing_id == bindparam("ids", type_=Integer())


def _is_among(listing_id: ColumnElement[int]) -> ColumnElement[bool]:
    return is_one_of(listing_id, bindparam("ids", type_=Ids()))


def _is_among_spanned(listing_id: ColumnElement[int]) -> ColumnElement[bool]:
    return is_one_of_spanned(listing_id, bindparam("ids", type_=Ids()))


_OF_ONE, _OF_ALL = _question(_is_one), _question(lambda _: true())
_OF_MANY = _question(_is_among, _is_among_spanned)
_IN_SECONDS, _ALL_IN_SECONDS = _in_seconds(_OF_MANY), _in_seconds(_OF_ALL)
_SITUATION = _situation()


def _occupying(
    session: Session, listing_ids: Sequence[int] | None, span: Period, now: datetime
) -> Result[*tuple[Any, ...]]:
    back_by = now + OVERDUE_ALLOWANCE
    bounds = {"now": now, "back_by": back_by, "low": span.start, "high": span.end}
    if listing_ids is None:
        return ask(session, _OF_ALL, **bounds)
    if len(listing_ids) == 1:
        return ask(session, _OF_ONE, ids=listing_ids[0], **bounds)
    return ask(session, _OF_MANY, ids=listing_ids, **bounds)
