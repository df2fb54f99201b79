"""What goes wrong in the made-up network: a loan that is late, a thing that broke, nobody who came,
an accident that is followed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.bookings import service as bookings
from mutuali.bookings.rules import Purpose
from mutuali.core.period import Period, local, local_midnight
from mutuali.core.permissions import SYSTEM, Actor, Role
from mutuali.demo.rules.names import DOMAIN
from mutuali.equipment import service as equipment
from mutuali.equipment.rules import Approver, Kind
from mutuali.mishaps import rules
from mutuali.mishaps import service as mishaps
from mutuali.organizations import service as organizations

_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)


def go_wrong(session: Session, *, new_public_id: Callable[[], str], now: datetime) -> None:
    """The lender that one can sign in for has a trailer that is not back while the borrower that
    one can sign in for waits for it, a freezer that broke before a loan, a booking that nobody came
    for; one accident is open and one is closed."""
    there = _There(session, new_public_id, now)
    there.late_trailer()
    broken = there.broken_freezer()
    there.nobody_came()
    there.accidents(broken)


@dataclass(slots=True)
class _There:
    """Who acts, and when."""

    session: Session
    new_public_id: Callable[[], str]
    now: datetime

    def late_trailer(self) -> None:
        """Out since yesterday, due this morning; somebody has it tomorrow."""
        trailer = self._listing(
            Kind.VEHICLE, "Remorque isotherme de 10 pieds", "10-foot insulated trailer"
        )
        out = self._span(-2, 9, -1, 17)
        late = self._book(self._third, trailer, out, self.now - 4 * _DAY)
        bookings.hand_over(self.session, self._giver, late, now=out.start)
        self._book(self._taker, trailer, self._span(1, 9, 1, 15), self.now - 3 * _DAY)

    def broken_freezer(self) -> str:
        """Two of three freezers; the last to ask has none any more."""
        freezers = self._listing(
            Kind.REFRIGERATION, "Congélateurs coffres de 500 litres", "500-litre chest freezers", 3
        )
        out = self._book(self._third, freezers, self._span(-1, 9, 2, 12), self.now - 5 * _DAY, 1)
        self._book(self._third, freezers, self._span(3, 9, 5, 12), self.now - 4 * _DAY, 2)
        self._book(self._taker, freezers, self._span(3, 10, 4, 16), self.now - 3 * _DAY, 1)
        start = self._span(-1, 9, 2, 12).start
        bookings.hand_over(self.session, self._giver, out, now=start)
        bookings.report_defect(
            self.session,
            self._third,
            out,
            bookings.DefectDraft(1, None, None, "Le compresseur ne démarre plus."),
            public_id=self.new_public_id(),
            now=self.now - _HOUR,
        )
        return out

    def nobody_came(self) -> None:
        """A mixer that is released two hours after its start."""
        mixer = self._listing(Kind.PREPARATION, "Mélangeur de 40 litres", "40-litre mixer")
        missed = self._span(-3, 9, -3, 16)
        self._book(self._third, mixer, missed, self.now - 6 * _DAY)
        bookings.release_no_shows(self.session, now=missed.start + 2 * _HOUR)

    def accidents(self, booking: str) -> None:
        """One with follow-up of both sides, still open; one that is closed."""
        open_one, closed = self.new_public_id(), self.new_public_id()
        mishaps.report_of_booking(
            self.session,
            self._third,
            booking,
            mishaps.MishapDraft(
                rules.Kind.FOOD_SAFETY,
                rules.Severity.SERIOUS,
                self.now - 2 * _HOUR,
                "Le congélateur est monté à 4 °C pendant la nuit. Douze kilos de viande sont mis "
                "de côté, rien n’a été distribué.",
            ),
            public_id=open_one,
            now=self.now - _HOUR,
        )
        said = "Merci de l’avoir vu. Un technicien passe demain; on vous prête des glacières."
        mishaps.add_entry(self.session, self._giver, open_one, said, now=self.now - _HOUR / 2)
        listing = equipment.listings_of(self.session, self._giver, self._giver.organization_id or 0)
        mishaps.report_of_listing(
            self.session,
            self._giver,
            listing[0].public_id,
            mishaps.MishapDraft(
                rules.Kind.DAMAGE,
                rules.Severity.MINOR,
                self.now - 9 * _DAY,
                "Pare-chocs accroché dans la cour.",
            ),
            public_id=closed,
            now=self.now - 9 * _DAY,
        )
        words = "Débosselé, rien à réclamer."
        mishaps.close(self.session, self._giver, closed, words, now=self.now - 6 * _DAY)

    @property
    def _giver(self) -> Actor:
        return self._named("gestion", Role.MANAGER)

    @property
    def _taker(self) -> Actor:
        return self._named("membre", Role.MEMBER)

    @property
    def _third(self) -> Actor:
        """Somebody of another borrowing organization."""
        known = {self._giver.organization_id, self._taker.organization_id}
        other = next(
            each
            for each in organizations.accepted_organizations(self.session)
            if each.id not in known and organizations.member_ids(self.session, each.id)
        )
        person = min(organizations.member_ids(self.session, other.id))
        return Actor(person, memberships={other.id: Role.MEMBER}, organization_id=other.id)

    def _named(self, part: str, role: Role) -> Actor:
        found = accounts.find_person(self.session, f"{part}@{DOMAIN}")
        assert found is not None  # noqa: S101 - the network was filled just before
        id_ = next(iter(organizations.memberships(self.session, found.id)))
        return Actor(found.id, memberships={id_: role}, organization_id=id_)

    def _listing(self, kind: Kind, fr: str, en: str, units: int = 1) -> str:
        lender_id, public_id = self._giver.organization_id or 0, self.new_public_id()
        site = organizations.sites_of(self.session, lender_id)[0]
        draft = equipment.ListingDraft(
            site_id=site.id,
            kind=kind,
            units=units,
            title_fr=fr,
            title_en=en,
            approver=Approver.NOBODY,
            refrigerated=kind is Kind.REFRIGERATION,
            no_show_hours=2,
            longest_minutes=7 * 1440,
        )
        equipment.create_listing(
            self.session,
            SYSTEM,
            lender_id,
            draft,
            public_id=public_id,
            now=self.now - 30 * _DAY,
            publish=True,
        )
        return public_id

    def _span(self, first: int, starts: int, last: int, ends: int) -> Period:
        """From an hour of one day to an hour of another; days from today."""
        today = local(self.now).date()
        start, end = (local_midnight(today + n * _DAY) for n in (first, last))
        return Period(start + starts * _HOUR, end + ends * _HOUR)

    def _book(
        self, who: Actor, listing: str, period: Period, asked_at: datetime, units: int = 1
    ) -> str:
        draft = bookings.BookingDraft(listing, units, period, Purpose.FOOD_RESCUE)
        made = bookings.request_booking(
            self.session,
            who,
            who.organization_id or 0,
            draft,
            public_id=self.new_public_id(),
            now=asked_at,
        )
        return made.public_id
