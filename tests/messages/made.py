"""Two organizations with something to say to each other."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from mutuali.core.period import Period
from mutuali.core.permissions import Actor, Role
from mutuali.equipment.rules import Approver
from mutuali.messages import service
from mutuali.web.secrets import new_public_id
from tests.factories import World


@dataclass
class Pair:
    """A lender with a listing, somebody of another organization, and the coordination."""

    session: Session
    world: World
    lender: tuple[int, int]
    listing: str
    giver: Actor
    taker: Actor
    coordinator: Actor

    def asks(
        self, text: str = "L’équipement a-t-il un hayon?", *, now: datetime, anyway: bool = False
    ) -> str:
        """The taker writes about the listing; returns the thread."""
        about = service.about_listing(self.session, self.taker, self.listing)
        draft = service.MessageDraft(text, anyway=anyway)
        return service.begin(
            self.session, self.taker, about, draft, public_id=new_public_id(), now=now
        )

    def answers(self, thread: str, text: str, *, by: Actor, now: datetime) -> int:
        return service.answer(self.session, by, thread, service.MessageDraft(text), now=now)

    def books(self) -> str:
        """The taker asks to borrow it; returns the booking's public id."""
        start = self.world.now + timedelta(days=2)
        period = Period(start, start + timedelta(hours=2))
        return self.world.booking(self.listing, period, borrower=self.taker).public_id

    def writes_about(self, booking: str, text: str, *, by: Actor, now: datetime) -> str:
        about = service.about_booking(self.session, by, booking, now=now)
        return service.begin(
            self.session,
            by,
            about,
            service.MessageDraft(text),
            public_id=new_public_id(),
            now=now,
        )


def pair(world: World, *, approver: Approver = Approver.LENDER) -> Pair:
    lender = world.organization("La Corbeille")
    listing = world.listing(lender, approver=approver)
    return Pair(
        world.session,
        world,
        lender,
        listing,
        world.member(lender[0]),
        world.member(world.organization("Cuisine Midi")[0]),
        world.person(role=Role.COORDINATOR),
    )
