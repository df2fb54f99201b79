"""What is being arranged in the made-up network: another day proposed, a loan asked to last
longer, things with names, one out of order, a kit, and several things asked for at once."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, time, timedelta

from sqlalchemy.orm import Session

from mutuali.bookings import service as bookings
from mutuali.bookings.rules import Purpose, State
from mutuali.core.errors import Conflict, Refused
from mutuali.core.period import LOCAL_ZONE, Period, local
from mutuali.core.permissions import SYSTEM, Actor
from mutuali.demo.service.people import actor_of, member_of
from mutuali.equipment import service as equipment
from mutuali.equipment.rules import Approver, Kind, OpenHours, PricePer
from mutuali.equipment.service import ListingDraft, OutageDraft, UnitDraft
from mutuali.organizations import service as organizations

_FEAST = "Fête de quartier."
_EVERY_DAY = tuple(OpenHours(day, 8 * 60, 20 * 60) for day in range(7))


def arrange(session: Session, *, new_public_id: Callable[[], str], now: datetime) -> None:
    """The lender that one can sign in for has all of this under way."""
    giver = actor_of(session, "gestion")
    lender_id = giver.organization_id or 0
    _propose_another_day(session, giver, new_public_id, now)
    _ask_for_longer(session, lender_id, new_public_id, now)
    _share_a_kit(session, giver, new_public_id, now)
    _ask_for_several(session, giver, new_public_id, now)


def _propose_another_day(
    session: Session, giver: Actor, new_public_id: Callable[[], str], now: datetime
) -> None:
    lender_id = giver.organization_id or 0
    waiting = [
        each
        for each in bookings.open_bookings_of(session, SYSTEM, lender_id, now=now)
        if each.state is State.REQUESTED and each.lender.id == lender_id
    ]
    for each in waiting:
        later = Period(each.period.start + timedelta(days=7), each.period.end + timedelta(days=7))
        word = "Le camion est au garage ce jour-là. La semaine d’après, même heure?"
        draft = bookings.ProposalDraft(each.listing.public_id, each.units, later, word)
        with suppress(Refused, Conflict):
            bookings.propose(
                session, giver, each.public_id, draft, public_id=new_public_id(), now=now
            )
            return


def _ask_for_longer(
    session: Session, lender_id: int, new_public_id: Callable[[], str], now: datetime
) -> None:
    coming = [
        each
        for each in bookings.open_bookings_of(session, SYSTEM, lender_id, now=now)
        if each.state is State.APPROVED
        and each.lender.id == lender_id
        and each.listing.draft.approver is not Approver.NOBODY
    ]
    for each in coming:
        taker = member_of(session, each.borrower.id)
        with suppress(Refused, Conflict):
            bookings.change_end(
                session,
                taker,
                each.public_id,
                each.period.end + timedelta(hours=1),
                word="On a une palette de plus à livrer.",
                public_id=new_public_id(),
                now=now,
            )
            return


def _share_a_kit(
    session: Session, giver: Actor, new_public_id: Callable[[], str], now: datetime
) -> None:
    lender_id = giver.organization_id or 0
    site_id = organizations.sites_of(session, lender_id)[0].id

    def share(units: int, fr: tuple[str, str], en: tuple[str, str]) -> int:
        draft = ListingDraft(
            site_id,
            Kind.OTHER,
            units,
            title_fr=fr[0],
            title_en=en[0],
            description_fr=fr[1],
            description_en=en[1],
            approver=Approver.NOBODY,
            price_per=PricePer.LOAN,
            hours=_EVERY_DAY,
        )
        return equipment.create_listing(
            session, giver, lender_id, draft, public_id=new_public_id(), now=now, publish=True
        )

    tents = share(
        4,
        ("Tentes de marché, 3 m sur 3 m", "Toile blanche, poids de lestage compris."),
        ("Market tents, 3 m by 3 m", "White canvas, with ballast weights."),
    )
    tables = share(
        10,
        ("Tables pliantes de 6 pieds", "Plateau lavable, qualité alimentaire."),
        ("Folding tables, 6 feet", "Washable, food-grade top."),
    )
    kit = share(
        2,
        ("Marché de quartier complet", "Deux tentes et quatre tables, prêtes à partir."),
        ("A whole street market", "Two tents and four tables, ready to go."),
    )
    public = {each.id: each.public_id for each in equipment.listings_of(session, giver, lender_id)}
    equipment.set_parts(session, giver, kit, [(public[tents], 2), (public[tables], 4)], now=now)
    units = [
        equipment.add_unit(
            session,
            giver,
            tents,
            UnitDraft(f"CH-{number:02}"),
            public_id=new_public_id(),
            now=now,
        )
        for number in range(1, 5)
    ]
    torn = OutageDraft(
        1,
        now,
        now + timedelta(days=12),
        units[3].public_id,
        "Toile déchirée, chez la couturière.",
    )
    equipment.take_out(session, giver, tents, torn, public_id=new_public_id(), now=now)


def _ask_for_several(
    session: Session, giver: Actor, new_public_id: Callable[[], str], now: datetime
) -> None:
    """A borrower asks for tables of this lender and for something of another, in one go."""
    lender_id = giver.organization_id or 0
    taker = actor_of(session, "membre")
    borrower_id = taker.organization_id or 0
    start = datetime.combine(local(now).date() + timedelta(days=20), time(10), tzinfo=LOCAL_ZONE)
    period = Period(start, start + timedelta(hours=4))
    tables = equipment.published(session, lender_id=lender_id, kind=Kind.OTHER)[-1]
    for other in equipment.published(session):
        if other.lender_id in {lender_id, borrower_id} or other.draft.approver is Approver.NOBODY:
            continue
        drafts = [
            bookings.BookingDraft(each.public_id, 1, period, Purpose.EVENT, note=_FEAST)
            for each in (tables, other)
        ]
        with suppress(Refused, Conflict), session.begin_nested():
            bookings.request_basket(
                session,
                taker,
                borrower_id,
                drafts,
                public_ids=[new_public_id() for _ in drafts],
                basket=new_public_id(),
                now=now,
            )
            return
