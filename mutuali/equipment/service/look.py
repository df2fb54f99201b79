"""Looking at listings: one, many, a lender’s own, lines of a long table."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from mutuali.core.errors import NotFound
from mutuali.core.period import Period
from mutuali.core.permissions import Actor, Permission, may, require
from mutuali.equipment.models import Listing
from mutuali.equipment.rules import Kind, ListingState, Outage, Part, Timetable
from mutuali.equipment.service.opening import openings
from mutuali.equipment.service.parts import parts_of
from mutuali.equipment.service.records import ListingFacts, facts_of
from mutuali.organizations import service as organizations

#: The order of one's own listings.
_SHOWN_FIRST = {
    ListingState.PUBLISHED.value: 0,
    ListingState.DRAFT.value: 1,
    ListingState.WITHDRAWN.value: 2,
}


@dataclass(frozen=True, slots=True)
class ListingLine:
    """A published listing in a line of a long table, with what may matter there of its closures,
    outages and parts."""

    id: int
    public_id: str
    title_fr: str
    title_en: str
    lender_name: str
    units: int
    timetable: Timetable
    closures: tuple[Period, ...]
    outages: tuple[Outage, ...]
    parts: tuple[Part, ...]

    def title(self, language: str) -> str:
        """As :meth:`ListingFacts.title`."""
        fr, en = self.title_fr, self.title_en
        return (en or fr) if language == "en" else (fr or en)


def listing(session: Session, actor: Actor, public_id: str) -> ListingFacts:
    """One listing; an unpublished one only for its lender.

    Raises:
        NotFound: there is none, or the actor may not know.
    """
    row = session.scalars(select(Listing).where(Listing.public_id == public_id)).one_or_none()
    hidden = row is not None and row.state != ListingState.PUBLISHED
    if row is None or (hidden and not may(actor, Permission.LISTING_EDIT, over=row.lender_id)):
        raise NotFound
    return facts_of(session, [row])[0]


def lender_id_of(session: Session, public_id: str) -> int | None:
    """The organization that lends a listing, whatever its state; None: there is none."""
    return session.scalar(select(Listing.lender_id).where(Listing.public_id == public_id))


def listings(session: Session, ids: Sequence[int]) -> dict[int, ListingFacts]:
    """Those of ``ids`` that exist, whatever their state; the caller may show them."""
    if not ids:
        return {}
    rows = session.scalars(select(Listing).where(Listing.id.in_(set(ids)))).all()
    return {facts.id: facts for facts in facts_of(session, rows)}


def listings_of(session: Session, actor: Actor, lender_id: int) -> list[ListingFacts]:
    """All listings of a lender for its own people, published first. Raises Forbidden."""
    require(actor, Permission.LISTING_EDIT, over=lender_id)
    rows = session.scalars(
        select(Listing)
        .where(Listing.lender_id == lender_id)
        .order_by(case(_SHOWN_FIRST, value=Listing.state), Listing.id)
    ).all()
    return facts_of(session, rows)


def published(
    session: Session, *, lender_id: int | None = None, kind: Kind | None = None
) -> list[ListingFacts]:
    """What can be found of one lender (None: of all), of one kind (None: of any), by title."""
    query = select(Listing).where(*is_published(kind, ""))
    if lender_id is not None:
        query = query.where(Listing.lender_id == lender_id)
    rows = session.scalars(query.order_by(Listing.title_fr, Listing.title_en, Listing.id)).all()
    return facts_of(session, rows)


def count_published(session: Session, *, kind: Kind | None = None, borough: str = "") -> int:
    """How many listings of ``kind`` (None: any) in ``borough`` (empty: any) can be found."""
    return session.scalar(select(func.count(Listing.id)).where(*is_published(kind, borough))) or 0


def count_bilingual(session: Session) -> int:
    """How many listings that can be found have their title in both languages."""
    both = (Listing.title_fr != "", Listing.title_en != "")
    return session.scalar(select(func.count(Listing.id)).where(*is_published(None, ""), *both)) or 0


def published_lines(
    session: Session,
    *,
    kind: Kind | None = None,
    borough: str = "",
    period: Period,
    offset: int,
    limit: int,
) -> list[ListingLine]:
    """Those of :func:`count_published`, by kind and title, with the closures that meet ``period``.

    Three queries however many they are, five with kits among them.
    """
    query = select(
        Listing.id,
        Listing.public_id,
        Listing.title_fr,
        Listing.title_en,
        Listing.lender_id,
        Listing.units,
        Listing.is_kit,
    )
    in_order = (Listing.kind, Listing.title_fr, Listing.title_en, Listing.id)
    rows = session.execute(
        query.where(*is_published(kind, borough)).order_by(*in_order).offset(offset).limit(limit)
    ).all()
    ids = [row.id for row in rows]
    names = organizations.names(session, {row.lender_id for row in rows})
    found = openings(session, ids, period)
    kits = parts_of(session, [row.id for row in rows if row.is_kit], period)
    return [
        ListingLine(
            *(id_, public_id, fr, en, names[lender_id], kits[id_].units(units)),
            kits[id_].open_when(found.timetables[id_]),
            *(found.closures[id_] + kits[id_].closures, found.outages[id_], kits[id_].parts),
        )
        for id_, public_id, fr, en, lender_id, units, _ in rows
    ]


def listing_id_of(session: Session, public_id: str) -> int:
    """The id behind a public id. Raises NotFound."""
    found = session.scalar(select(Listing.id).where(Listing.public_id == public_id))
    if found is None:
        raise NotFound
    return found


def site_of(session: Session, listing_id: int) -> organizations.SiteFacts:
    """The exact place of a listing; the caller makes sure a booking allows it."""
    site_id = session.scalar(select(Listing.site_id).where(Listing.id == listing_id))
    return organizations.sites(session, frozenset({site_id or 0}))[site_id or 0]


def is_published(kind: Kind | None, borough: str) -> list[ColumnElement[bool]]:
    """What makes a listing show up, with the filters of a kind and a borough."""
    conditions = [Listing.state == ListingState.PUBLISHED]
    if kind is not None:
        conditions.append(Listing.kind == kind)
    if borough:
        conditions.append(Listing.site_id.in_(organizations.sites_in(borough)))
    return conditions
