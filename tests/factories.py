"""Valid people, organizations and listings; a test overrides what it is about."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.accounts.models import Login
from mutuali.bookings import service as bookings
from mutuali.bookings.models import Booking
from mutuali.bookings.rules import Purpose
from mutuali.core.period import Period
from mutuali.core.permissions import SYSTEM, Actor, Role
from mutuali.core.places import Point
from mutuali.equipment import service as equipment
from mutuali.equipment.rules import Kind
from mutuali.organizations import service as organizations
from mutuali.organizations.rules import (
    ABOUT_A_PERSON,
    Capacity,
    DocumentDraft,
    DocumentKind,
    Mandate,
    OrganizationKind,
    Sector,
    takes_part,
)
from mutuali.web.secrets import new_public_id, new_token, token_hash

#: A Tuesday at eight in the morning in Montréal, in winter.
NOW = datetime(2026, 3, 3, 13, 0, tzinfo=UTC)
PLATEAU = Point(45.53, -73.6)
PASSWORD = "une phrase bien longue"
#: Who runs the test instance: see ``settings`` in conftest.
OPERATOR = "Réseau d’essai"


def at(day: float, hour: float = 0) -> datetime:
    """``day`` days and ``hour`` hours after NOW."""
    return NOW + timedelta(days=day, hours=hour)


def span(day: float, hours: float = 2) -> Period:
    """``hours`` hours from ``day`` days after NOW."""
    return Period(at(day), at(day, hours))


class World:
    """Writes through the services, so that what it makes is what the product makes."""

    def __init__(self, session: Session, now: datetime = NOW) -> None:
        self.session, self.now = session, now
        self._numbers = count(1)

    def person(self, *, role: Role | None = None, name: str = "", email: str = "") -> Actor:
        """A confirmed person, with a network role if asked."""
        n = next(self._numbers)
        id_ = accounts.add_person(
            self.session,
            public_id=new_public_id(),
            email=email or f"personne{n}@exemple.org",
            name=name or f"Personne {n}",
            password_hash="",
            language="fr",
            is_demo=False,
            now=self.now,
        )
        if role is not None:
            accounts.grant_role(self.session, SYSTEM, id_, role, now=self.now)
        return Actor(person_id=id_, roles=frozenset({role} if role else ()), second_factor=True)

    def organization(
        self,
        name: str = "",
        *,
        accepted: bool = True,
        point: Point = PLATEAU,
        kind: OrganizationKind = OrganizationKind.FOOD_BANK,
    ) -> tuple[int, int]:
        """An organization with one site: (organization id, site id)."""
        draft = organizations.OrganizationDraft(
            name or f"Organisme {next(self._numbers)}",
            kind,
            Sector.COMMUNITY,
            ("fr",),
        )
        id_ = organizations.add_accepted(
            self.session, SYSTEM, draft, public_id=new_public_id(), now=self.now
        )
        site = organizations.SiteDraft(
            "Entrepôt", "123, rue des Érables", "H2X 1Y4", "le-plateau-mont-royal", point
        )
        site_id = organizations.add_site(
            self.session, SYSTEM, id_, site, public_id=new_public_id(), now=self.now
        )
        if not accepted:
            from mutuali.organizations.models import Organization

            self.session.get_one(Organization, id_).state = "applied"
            self.session.flush()
        return id_, site_id

    def member(
        self, organization_id: int, role: Role = Role.MANAGER, *, participates: bool = True
    ) -> Actor:
        """A person who acts for the organization; a manager also says that it takes part."""
        person = self.person()
        organizations.add_member(
            self.session, organization_id, person.person_id or 0, role, now=self.now
        )
        self.session.flush()
        actor = Actor(
            person_id=person.person_id,
            memberships={organization_id: role},
            organization_id=organization_id,
        )
        if role is Role.MANAGER and participates:
            self.participates(actor)
        return actor

    def speaks_for(self, organization_id: int, person: Actor) -> None:
        """Somebody who is in it already, or with a role, also manages an organization and says by
        what right."""
        organizations.add_member(
            self.session, organization_id, person.person_id or 0, Role.MANAGER, now=self.now
        )
        self.session.flush()
        actor = Actor(person.person_id, memberships={organization_id: Role.MANAGER})
        mandate = Mandate(Capacity.EXECUTIVE_DIRECTION)
        organizations.state_mandate(self.session, actor, organization_id, mandate, now=self.now)

    def participates(self, manager: Actor) -> None:
        """The manager accepts the agreement of participation, where there is one to accept."""
        id_ = manager.organization_id or 0
        found = organizations.organization(self.session, id_)
        mandate = Mandate(Capacity.EXECUTIVE_DIRECTION)
        if found.kind in {OrganizationKind.PARTNER, OrganizationKind.OPERATOR}:
            organizations.state_mandate(self.session, manager, id_, mandate, now=self.now)
            return
        if not takes_part(found.kind, found.state):
            return
        if organizations.participates(self.session, id_, now=self.now):
            organizations.state_mandate(self.session, manager, id_, mandate, now=self.now)
            return
        offered = organizations.participation_text(self.session, id_, OPERATOR)
        organizations.accept_participation(
            self.session,
            manager,
            id_,
            offered.hash,
            mandate,
            operator_name=OPERATOR,
            public_id=new_public_id(),
            now=self.now,
        )

    def listing(self, lender: tuple[int, int] | None = None, **overrides: Any) -> str:
        """A published listing; returns its public id."""
        lender_id, site_id = lender or self.organization()
        values: dict[str, Any] = {
            "site_id": site_id,
            "kind": Kind.VEHICLE,
            "units": 1,
            "title_fr": "Camion réfrigéré",
            "shortest_minutes": 30,
        }
        public_id = new_public_id()
        equipment.create_listing(
            self.session,
            SYSTEM,
            lender_id,
            equipment.ListingDraft(**(values | overrides)),
            public_id=public_id,
            now=self.now,
            publish=True,
        )
        return public_id

    def document(
        self,
        organization_id: int,
        kind: DocumentKind = DocumentKind.MAPAQ_PERMIT,
        detail: str = "",
        last: date | None = date(2027, 3, 3),
        *,
        checked: bool = True,
    ) -> str:
        """A document, looked at unless asked not to be; returns its public id."""
        public_id = new_public_id()
        name = "Camille Roy" if kind in ABOUT_A_PERSON else ""
        organizations.add_document(
            self.session,
            Actor(memberships={organization_id: Role.MANAGER}),
            organization_id,
            DocumentDraft(kind, detail, name, expires_on=last),
            None,
            public_id=public_id,
            now=self.now,
        )
        if checked:
            coordinator = Actor(roles=frozenset({Role.COORDINATOR}), second_factor=True)
            organizations.check_document(self.session, coordinator, public_id, now=self.now)
        return public_id

    def booking(
        self, listing: str, period: Period, *, borrower: Actor | None = None, units: int = 1
    ) -> Booking:
        """A request through the service, by ``borrower`` or a new organization."""
        actor = borrower or self.member(self.organization()[0])
        draft = bookings.BookingDraft(listing, units, period, Purpose.FOOD_DELIVERY)
        return bookings.request_booking(
            self.session,
            actor,
            actor.organization_id or 0,
            draft,
            public_id=new_public_id(),
            now=self.now,
        )

    def sign_in(
        self,
        client: FlaskClient,
        actor: Actor,
        *,
        now: datetime | None = None,
        second_factor: bool = True,
    ) -> None:
        """Put a signed-in session of ``actor`` into the client's cookies, and commit.

        It passed a second factor, as a role over the network asks, unless the test says otherwise.
        """
        token = new_token()
        start = now or datetime.now(UTC)
        self.session.add(
            Login(
                token_hash=token_hash(token),
                person_id=actor.person_id or 0,
                organization_id=actor.organization_id,
                created_at=start,
                expires_at=start + timedelta(days=1),
                second_factor_at=start if second_factor else None,
            )
        )
        self.session.commit()
        with client.session_transaction() as cookies:
            cookies["_user_id"] = token
            cookies["_fresh"] = True

    def api_token(self, actor: Actor, *scopes: str) -> str:
        """An API token of ``actor``, committed; every scope they hold when none is named.

        It is made in a login that passed a second factor.
        """
        from mutuali.core.permissions import Permission, may

        token = new_token()
        held = scopes or tuple(p.value for p in Permission if may(actor, p))
        accounts.create_api_token(
            self.session,
            replace(actor, second_factor=True),
            name="essai",
            scopes=frozenset(held),
            token_hash=token_hash(token),
            now=datetime.now(UTC),
        )
        self.session.commit()
        return token
