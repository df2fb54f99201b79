"""What the made-up network writes: a question, an arrangement, a message too many."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from mutuali.bookings import service as bookings
from mutuali.bookings.rules import State
from mutuali.core.permissions import SYSTEM, Actor
from mutuali.demo.service.people import actor_of, member_of
from mutuali.equipment import service as equipment
from mutuali.messages import service as messages
from mutuali.messages.rules import Grounds
from mutuali.organizations import service as organizations
from mutuali.organizations.rules import OrganizationKind

#: Who neither lends nor borrows.
_RECEIVE = frozenset({OrganizationKind.PARTNER, OrganizationKind.OPERATOR})
#: Who says it (0 asks, 1 lends), how many hours ago, and what.
_QUESTION = (
    (0, 51, "Bonjour! Le camion a-t-il un hayon? On attend douze palettes d’un don imprévu."),
    (
        1,
        49,
        "Bonjour, oui: un hayon de 1 000 kg, et un diable à l’intérieur. Le plan du quai est ici: "
        "https://exemple.org/quai",
    ),
    (0, 3, "Parfait. Et peut-on le garder branché la nuit?\nSinon on revient avant 18 h."),
)
_ARRANGED = (
    (0, 20, "Notre bénévole arrive avec le permis de classe 5. Ça suffit?"),
    (1, 18, "Oui, et les clés sont à l’accueil. Sonnez deux fois."),
)
_TOO_MANY = "Achetez nos boîtes de carton, rabais cette semaine seulement!!!"


def talk(session: Session, *, new_public_id: Callable[[], str], now: datetime) -> None:
    """Members write about the first listing of the lender that one can sign in for, and about a
    booking of it; somebody writes what has no place there, and it is reported."""
    giver, taker = (actor_of(session, name) for name in ("gestion", "membre"))
    lender_id = giver.organization_id or 0
    listing = min(equipment.listings_of(session, SYSTEM, lender_id), key=lambda each: each.id)
    about = messages.about_listing(session, taker, listing.public_id)
    _say(session, about, (taker, giver), _QUESTION, new_public_id(), now)
    coming = [
        each
        for each in bookings.open_bookings_of(session, SYSTEM, lender_id, now=now)
        if each.state is State.APPROVED and each.lender.id == lender_id
    ]
    if coming:
        lent = coming[0]
        borrower = member_of(session, lent.borrower.id)
        about = messages.about_booking(session, giver, lent.public_id, now=now)
        _say(session, about, (borrower, giver), _ARRANGED, new_public_id(), now)
    others = [
        each.id
        for each in organizations.accepted_organizations(session)
        if each.id not in {lender_id, taker.organization_id} and each.kind not in _RECEIVE
    ]
    seller = member_of(session, others[0])
    about = messages.about_listing(session, seller, listing.public_id)
    thread = _say(session, about, (seller, giver), ((0, 30, _TOO_MANY),), new_public_id(), now)
    messages.report(
        session,
        giver,
        thread,
        1,
        Grounds.UNRELATED,
        "Troisième fois ce mois-ci.",
        public_id=new_public_id(),
        now=now - timedelta(hours=2),
    )


def _say(
    session: Session,
    about: messages.About,
    sides: tuple[Actor, Actor],
    lines: Sequence[tuple[int, int, str]],
    public_id: str,
    now: datetime,
) -> str:
    thread = ""
    for who, hours, text in lines:
        at = now - timedelta(hours=hours)
        draft = messages.MessageDraft(text, anyway=True)
        thread = messages.begin(session, sides[who], about, draft, public_id=public_id, now=at)
    return thread
