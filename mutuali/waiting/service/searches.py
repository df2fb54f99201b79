"""Searches that somebody keeps: save one, see what is new, look for it, stop."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from mutuali.audit import service as audit
from mutuali.bookings import service as bookings
from mutuali.core.errors import Forbidden, NotFound, Reason, Refused
from mutuali.core.period import Period
from mutuali.core.permissions import SYSTEM, Actor
from mutuali.core.places import locate
from mutuali.counts import NOW, AtMost, Count
from mutuali.equipment import service as equipment
from mutuali.equipment.rules import Kind, ListingState, Permit
from mutuali.jobs import service as jobs
from mutuali.waiting.models import SavedSearch
from mutuali.waiting.rules import (
    MOST_SEARCHES,
    Pace,
    SearchDraft,
    ends_at,
    news,
    next_look,
    search_objections,
)

#: So many searches one looks for in a run, those due longest first.
_SEARCHES_AT_ONCE = 100
#: So many listings, the nearest, are held against what was found before.
_MOST_FOUND = 60


@dataclass(frozen=True, slots=True)
class SavedFacts:
    """A search as its person sees it; ``fresh`` is what is new since they looked."""

    id: int
    public_id: str
    person_id: int
    draft: SearchDraft
    kept_until: datetime
    look_at: datetime
    fresh: tuple[equipment.ListingFacts, ...]


def save_search(
    session: Session, actor: Actor, draft: SearchDraft, *, public_id: str, now: datetime
) -> None:
    """Keep a search; what is there now is not news.

    Raises:
        Forbidden: nobody in particular.
        Refused: it makes no sense, or one keeps enough.
    """
    if actor.person_id is None:
        raise Forbidden
    wrong = search_objections(draft, now)
    if draft.place and locate(draft.place) is None:
        wrong.append(Reason("site.place_unknown", {}, "place"))
    query = select(func.count(SavedSearch.id)).where(SavedSearch.person_id == actor.person_id)
    if (session.scalar(query) or 0) >= MOST_SEARCHES:
        wrong.append(Reason("search.too_many", {"most": MOST_SEARCHES}))
    if wrong:
        raise Refused.because(wrong)
    period = draft.period
    row = SavedSearch(
        public_id=public_id,
        person_id=actor.person_id,
        name=draft.name,
        starts_at=period.start if period else None,
        ends_at=period.end if period else None,
        units=draft.units,
        kinds=[each.value for each in draft.kinds],
        place=draft.place,
        radius_km=draft.radius_km,
        refrigerated=draft.refrigerated,
        driver_included=draft.driver_included,
        free_of_charge=draft.free_of_charge,
        payload_kg=draft.payload_kg,
        permits=[each.value for each in draft.permits],
        words=draft.words,
        pace=draft.pace,
        by_mail=draft.by_mail,
        created_at=now,
        kept_until=ends_at(draft, now),
        look_at=next_look(draft.pace, now),
        looked_at=now,
        seen=[*_found(session, draft, now)],
        fresh=[],
    )
    session.add(row)
    session.flush()
    _record(session, actor, row, "saved", now)


def searches(session: Session, actor: Actor, *, now: datetime) -> list[SavedFacts]:
    """One's own searches, newest first."""
    rows = session.scalars(
        select(SavedSearch)
        .where(SavedSearch.person_id == actor.person_id, SavedSearch.kept_until > now)
        .order_by(SavedSearch.id.desc())
    ).all()
    return _facts(session, rows)


def search_by_id(session: Session, search_id: int, *, now: datetime) -> SavedFacts | None:
    """One search by its inner id, for its letter; None when it is gone or over."""
    row = session.get(SavedSearch, search_id)
    return None if row is None or row.kept_until <= now else _facts(session, [row])[0]


def count_news(actor: Actor) -> Count:
    """For how many of one's searches, told in the application, something is new."""
    if actor.person_id is None:
        return None
    told_here = select(func.count(SavedSearch.id)).where(
        SavedSearch.person_id == actor.person_id,
        SavedSearch.kept_until > NOW,
        SavedSearch.by_mail.is_(False),
    )
    return AtMost(told_here, _count_fresh)


def _count_fresh(session: Session, actor: Actor, now: datetime) -> int:
    return sum(
        bool(each.fresh) and not each.draft.by_mail for each in searches(session, actor, now=now)
    )


def see_news(session: Session, actor: Actor, public_id: str) -> None:
    """One has looked at what is new. Raises NotFound."""
    _own(session, actor, public_id).fresh = []
    session.flush()


def forget_search(session: Session, actor: Actor, public_id: str, *, now: datetime) -> None:
    """Destroy one's own search. Raises NotFound."""
    _forget(session, actor, _own(session, actor, public_id), now)


def stop_by_letter(session: Session, public_id: str, *, now: datetime) -> None:
    """Destroy the search that a letter was about; the caller made sure that the letter is ours.

    It is no fault when it is gone already.
    """
    row = session.scalars(select(SavedSearch).where(SavedSearch.public_id == public_id)).first()
    if row is not None:
        _forget(session, SYSTEM, row, now)


def look_for_news(session: Session, *, limit: int = _SEARCHES_AT_ONCE, now: datetime) -> int:
    """Look for what is new for the searches that are due, and have their people told; those that
    are over end. ``limit``: of how many, those due longest first. Returns for how many something is
    new."""
    session.execute(delete(SavedSearch).where(SavedSearch.kept_until <= now))
    rows = session.scalars(
        select(SavedSearch)
        .where(SavedSearch.look_at <= now)
        .order_by(SavedSearch.look_at, SavedSearch.id)
        .limit(limit)
    ).all()
    count = 0
    for row in rows:
        draft = _draft(row)
        found = _found(session, draft, now)
        new = news(found, row.seen)
        row.seen, row.looked_at, row.look_at = [*found], now, next_look(draft.pace, now)
        # What is taken again meanwhile is no news any more.
        kept = [id_ for id_ in row.fresh if id_ in found and id_ not in new]
        row.fresh = [*new, *kept]
        if new:
            count += 1
            if draft.by_mail:
                arguments = {"search": row.id, "new": [*new]}
                jobs.enqueue(session, "waiting.tell_news", arguments, now=now)
    session.flush()
    return count


def _found(session: Session, draft: SearchDraft, now: datetime) -> tuple[int, ...]:
    """What fits now, nearest first, by the search that everybody uses."""
    located = locate(draft.place) if draft.place else None
    wish = bookings.Wish(
        draft.period or Period(now, now + bookings.ANY_SPAN),
        draft.units,
        draft.kinds,
        located[0] if located else None,
        draft.refrigerated,
        draft.driver_included,
        draft.free_of_charge,
        draft.payload_kg,
        draft.permits,
        draft.words,
    )
    return bookings.found_ids(
        session,
        wish,
        whenever=draft.period is None,
        within_km=draft.radius_km,
        limit=_MOST_FOUND,
        now=now,
    )


def _facts(session: Session, rows: Sequence[SavedSearch]) -> list[SavedFacts]:
    listings = equipment.listings(session, sorted({id_ for row in rows for id_ in row.fresh}))
    shown = {i: each for i, each in listings.items() if each.state is ListingState.PUBLISHED}
    return [
        SavedFacts(
            row.id,
            row.public_id,
            row.person_id,
            _draft(row),
            row.kept_until,
            row.look_at,
            tuple(shown[id_] for id_ in row.fresh if id_ in shown),
        )
        for row in rows
    ]


def _draft(row: SavedSearch) -> SearchDraft:
    dated = row.starts_at is not None and row.ends_at is not None
    return SearchDraft(
        row.name,
        Period(row.starts_at, row.ends_at) if dated else None,  # type: ignore[arg-type]
        row.units,
        tuple(Kind(each) for each in row.kinds),
        row.place,
        row.radius_km,
        row.refrigerated,
        row.driver_included,
        row.free_of_charge,
        row.payload_kg,
        tuple(Permit(each) for each in row.permits),
        row.words,
        Pace(row.pace),
        row.by_mail,
    )


def _row(session: Session, public_id: str) -> SavedSearch:
    row = session.scalars(
        select(SavedSearch).where(SavedSearch.public_id == public_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return row


def _own(session: Session, actor: Actor, public_id: str) -> SavedSearch:
    row = _row(session, public_id)
    if actor.person_id is None or row.person_id != actor.person_id:
        raise NotFound
    return row


def _forget(session: Session, actor: Actor, row: SavedSearch, now: datetime) -> None:
    _record(session, actor, row, "forgotten", now)
    session.delete(row)
    session.flush()


def _record(session: Session, actor: Actor, row: SavedSearch, deed: str, now: datetime) -> None:
    audit.record(session, actor, f"search.{deed}", "saved_search", row.id, now=now)
