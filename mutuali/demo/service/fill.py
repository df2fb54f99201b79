"""Fill an empty instance with the made-up network, through the features' own services."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.audit import service as audit
from mutuali.bookings import service as bookings
from mutuali.bookings.rules import first_state
from mutuali.core.period import Period
from mutuali.core.permissions import SYSTEM, Actor, Role
from mutuali.core.places import Point
from mutuali.demo.rules.dice import Dice
from mutuali.demo.rules.names import (
    DOMAIN,
    OPERATOR,
    ORGANIZATIONS,
    PARTNER,
    person,
    phone,
    place,
)
from mutuali.demo.rules.thing import Thing, lends
from mutuali.demo.rules.things import THINGS
from mutuali.demo.rules.year import Borrower, Shared, Told, Year
from mutuali.demo.service.agreed import Voices
from mutuali.demo.service.applied import apply_to_join, site_at
from mutuali.demo.service.assessed import assess
from mutuali.demo.service.governed import govern
from mutuali.demo.service.searched import look_in_vain
from mutuali.equipment import service as equipment
from mutuali.equipment.rules import Approver, Kind
from mutuali.jobs import service as jobs
from mutuali.organizations import service as organizations
from mutuali.organizations.rules import OrganizationKind, Sector

LISTINGS = 150
BOOKINGS = 2500
PHOTOS = 40

#: Who to sign in as: the local part of the address, the name, the role.
ACCOUNTS: tuple[tuple[str, str, str], ...] = (
    ("coordination", "Coralie Vachon", "coordination du réseau"),
    ("gestion", "Gilles Beaudoin", "gestionnaire d’un organisme prêteur"),
    ("membre", "Mégane Pelletier", "membre d’un organisme emprunteur"),
    ("intendance", "Inès Haddad", "intendance des données"),
    ("analyste", "Adèle Nguyen", "analyste chez un partenaire"),
    ("evaluation", "Évelyne Tran", "évaluation externe d’exportations"),
    ("administration", "Aimé Rousseau", "administration de l’instance"),
)


@dataclass(frozen=True, slots=True)
class Filled:
    """How much was written."""

    organizations: int
    people: int
    listings: int
    photos: int
    bookings: int


@dataclass(slots=True)
class _Party:
    """An organization as the fill knows it: its sites and its people."""

    id: int
    kind: OrganizationKind
    sites: list[tuple[int, Point]]
    people: list[int] = field(default_factory=list)
    managers: list[int] = field(default_factory=list)


def is_empty(session: Session) -> bool:
    """Whether nobody uses this instance yet."""
    return not accounts.has_demo_people(session) and not organizations.accepted_organizations(
        session
    )


def fill(
    session: Session,
    dice: Dice,
    *,
    new_public_id: Callable[[], str],
    password_hash: str,
    seal: Callable[[int], str],
    pictures: Callable[[Kind, int], equipment.EncodedPhoto],
    now: datetime,
    listings: int = LISTINGS,
    booked: int = BOOKINGS,
    photos: int = PHOTOS,
    operator_name: str = OPERATOR[0],
) -> Filled:
    """Write the network and its year; every person has the password behind ``password_hash``.

    ``seal`` makes the sealed secret of a person's application of codes; ``pictures`` draws the
    n-th photo of a kind. The same ``dice`` and ``now`` make the same network, but for public ids
    and secrets.
    """
    return _Fill(session, dice, new_public_id, password_hash, operator_name, seal, now).run(
        pictures, listings, booked, photos
    )


@dataclass(slots=True)
class _Fill:
    session: Session
    dice: Dice
    new_public_id: Callable[[], str]
    password_hash: str
    operator_name: str
    seal: Callable[[int], str]
    now: datetime
    written_people: int = 0
    named: dict[str, int] = field(default_factory=dict)

    def run(
        self,
        pictures: Callable[[Kind, int], equipment.EncodedPhoto],
        listings: int,
        booked: int,
        photos: int,
    ) -> Filled:
        since = self.now - timedelta(days=400)
        for part, name, _ in ACCOUNTS:
            self.named[part] = self._person(name, f"{part}@{DOMAIN}", since)
        parties = [self._party(n, *each) for n, each in enumerate(ORGANIZATIONS)]
        operator, partner = self._network(since)
        shared = self._listings(parties, listings, photos, pictures)
        borrowers = [
            Borrower(party.id, party.sites[0][1], 1 / (1 + abs(n - 1)) ** 0.7)
            for n, party in enumerate(parties)
        ]
        told = Year(self.dice, shared, borrowers, self.now).tell(booked)
        self._write_year(told, {party.id: party for party in parties})
        self._closures(shared)
        since = self.now - timedelta(days=2)
        applicant = self._person(*person(self.dice, self.written_people), since)
        apply_to_join(
            self.session, self.dice, applicant, new_public_id=self.new_public_id, now=since
        )
        self._governed(parties, operator, partner)
        looking = [party.id for party in parties]
        look_in_vain(self.session, self.dice, looking, new_key=self.new_public_id, now=self.now)
        while audit.seal_events(self.session, new_blind=self.new_public_id, now=self.now):
            pass
        return Filled(len(parties) + 2, self.written_people, len(shared), photos, len(told))

    def _person(self, name: str, email: str, since: datetime) -> int:
        self.written_people += 1
        return accounts.add_person(
            self.session,
            public_id=self.new_public_id(),
            email=email,
            name=name,
            password_hash=self.password_hash,
            language="en" if self.written_people % 9 == 0 else "fr",
            is_demo=True,
            now=since,
        )

    def _organization(
        self, name: str, kind: OrganizationKind, sector: Sector, borough: str, since: datetime
    ) -> _Party:
        draft = organizations.OrganizationDraft(
            name,
            kind,
            sector,
            ("fr", "en") if self.dice.random() < 0.4 else ("fr",),
            phone=phone(self.dice),
        )
        id_ = organizations.add_accepted(
            self.session, SYSTEM, draft, public_id=self.new_public_id(), now=since
        )
        party = _Party(id_, kind, [])
        for second in (False, True)[: 1 + (self.dice.random() < 0.3)]:
            where = place(self.dice, kind, borough, second=second)
            site_id = organizations.add_site(
                self.session,
                SYSTEM,
                id_,
                site_at(where),
                public_id=self.new_public_id(),
                now=since,
            )
            party.sites.append((site_id, where.point))
        return party

    def _party(
        self, number: int, name: str, kind: OrganizationKind, sector: Sector, borough: str
    ) -> _Party:
        since = self.now - timedelta(days=self.dice.randint(380, 700))
        party = self._organization(name, kind, sector, borough, since)
        leading = {0: ("gestion", Role.MANAGER), 1: ("membre", Role.MEMBER)}.get(number)
        if leading is not None:
            self._joins(party, self.named[leading[0]], leading[1], since)
        for n in range(self.dice.randint(1, 3)):
            role = Role.MANAGER if n == 0 and number != 0 else Role.MEMBER
            self._joins(
                party,
                self._person(*person(self.dice, self.written_people), since),
                role,
                since,
            )
        return party

    def _joins(self, party: _Party, person_id: int, role: Role, since: datetime) -> None:
        organizations.add_member(self.session, party.id, person_id, role, now=since)
        party.people.append(person_id)
        if role is Role.MANAGER:
            party.managers.append(person_id)

    def _network(self, since: datetime) -> tuple[_Party, _Party]:
        """The operator and the partner, and the roles over the whole network."""
        operator = self._organization(*OPERATOR, since)
        partner = self._organization(*PARTNER, since)
        for part in ("coordination", "intendance", "administration"):
            role = Role.MEMBER if part == "coordination" else Role.MANAGER
            self._joins(operator, self.named[part], role, since)
        self._joins(partner, self.named["analyste"], Role.MANAGER, since)
        for part, network_role in (
            ("coordination", Role.COORDINATOR),
            ("intendance", Role.STEWARD),
            ("analyste", Role.ANALYST),
            ("evaluation", Role.REVIEWER),
            ("administration", Role.ADMINISTRATOR),
        ):
            id_ = self.named[part]
            accounts.grant_role(self.session, SYSTEM, id_, network_role, now=since)
            telephone = accounts.NewFactor("Téléphone", 0, sealed_secret=self.seal(id_))
            accounts.write_factor(self.session, SYSTEM, id_, telephone, now=since)
        return operator, partner

    def _governed(self, parties: Sequence[_Party], operator: _Party, partner: _Party) -> None:
        voices = Voices(
            [(party.id, party.managers[0]) for party in parties],
            [party.people for party in parties],
            self.named["administration"],
            self.operator_name,
            self.named["intendance"],
            operator.id,
            partner.id,
            self.named["analyste"],
            f"analyste@{DOMAIN}",
        )
        govern(self.session, self.dice, voices, new_public_id=self.new_public_id, now=self.now)
        steward = Actor(person_id=self.named["intendance"], roles=frozenset({Role.STEWARD}))
        assess(
            self.session,
            steward,
            new_public_id=self.new_public_id,
            now=self.now - timedelta(days=170),
        )
        # Nobody is written to about the past.
        jobs.take_back(self.session, due_before=self.now - timedelta(days=100))

    def _listings(
        self,
        parties: Sequence[_Party],
        count: int,
        photos: int,
        pictures: Callable[[Kind, int], equipment.EncodedPhoto],
    ) -> list[Shared]:
        """``count`` listings, the refrigerated truck of the first organization before all."""
        shared: list[Shared] = []
        taken: set[tuple[int, str]] = set()
        weights = [thing.weight for thing in THINGS]
        while len(shared) < count:
            first = not shared
            thing = THINGS[0] if first else self.dice.choices(THINGS, weights)[0]
            party = parties[0] if first else self._lender(parties, thing)
            title = thing.titles[0] if first else self.dice.choice(thing.titles)
            if (party.id, title[0]) in taken:
                continue
            taken.add((party.id, title[0]))
            photo = pictures(thing.kind, len(shared)) if len(shared) < photos else None
            weight = 12.0 if first else thing.weight * 3 / (2 + len(shared)) ** 0.5
            shared.append(self._listing(party, thing, title, photo, weight))
        return shared

    def _lender(self, parties: Sequence[_Party], thing: Thing) -> _Party:
        able = [n for n, party in enumerate(parties) if lends(party.kind, thing.kind)]
        return parties[self.dice.choices(able, [1 / (3 + n) ** 0.5 for n in able])[0]]

    def _listing(
        self,
        party: _Party,
        thing: Thing,
        title: tuple[str, str],
        photo: equipment.EncodedPhoto | None,
        weight: float,
    ) -> Shared:
        since = self.now - timedelta(days=self.dice.randint(370, 378))
        site_id, point = self.dice.choice(party.sites)
        units = self.dice.randint(*thing.units)
        both = weight >= 12 or self.dice.random() < 0.5
        roll = self.dice.random()
        rules = dict(thing.draft)
        if "approver" not in rules and weight < 12:
            rules["approver"] = (
                Approver.NOBODY
                if roll < 0.12
                else Approver.COORDINATOR
                if roll < 0.35
                else Approver.LENDER
            )
            if roll > 0.9:
                rules["hold_minutes"] = 2880
        draft = equipment.ListingDraft(
            site_id=site_id,
            kind=thing.kind,
            units=units,
            title_fr=title[0],
            title_en=title[1] if both else "",
            description_fr=thing.description[0],
            description_en=thing.description[1] if both else "",
            conditions_fr=thing.conditions[0],
            conditions_en=thing.conditions[1] if both else "",
            driver_included=any(word in title[0].lower() for word in ("conduct", "cariste")),
            **rules,
        )
        public_id = self.new_public_id()
        id_ = equipment.create_listing(
            self.session, SYSTEM, party.id, draft, public_id=public_id, now=since, publish=True
        )
        if photo is not None:
            equipment.add_photo(
                self.session,
                SYSTEM,
                id_,
                photo,
                public_id=self.new_public_id(),
                alt_fr=f"Illustration: {title[0]}",
                alt_en=f"Illustration: {title[1]}",
                now=since,
            )
        offer = equipment.offer(self.session, id_, Period(since, self.now))
        return Shared(offer, thing.kind, point, weight, thing.hours_out, draft.refrigerated)

    def _write_year(self, told: Sequence[Told], parties: Mapping[int, _Party]) -> None:
        past = []
        for each in told:
            offer = each.listing.offer
            who = {
                "borrower": self._somebody(parties[each.borrower_id], 1),
                "lender": self._somebody(parties[offer.lender_id], 0),
                "network": self.named["coordination"],
            }
            steps = tuple(
                bookings.PastStep(
                    happened.step,
                    happened.at,
                    who.get(happened.side),
                    happened.note,
                    happened.temperature,
                )
                for happened in each.steps
            )
            past.append(
                bookings.PastBooking(
                    self.new_public_id(),
                    offer.listing_id,
                    offer.lender_id,
                    each.borrower_id,
                    each.units,
                    each.period,
                    offer.turnaround,
                    first_state(offer),
                    each.decide_by,
                    each.purpose,
                    each.meals,
                    each.note,
                    each.price_cents,
                    steps,
                )
            )
        past.sort(key=lambda each: each.steps[0].at)
        bookings.record_past_bookings(self.session, SYSTEM, past)

    def _somebody(self, party: _Party, often: int) -> int:
        """One of the party's people; mostly the first, who has an account to try."""
        return (
            party.people[0]
            if self.dice.random() < 0.6 + often / 10
            else self.dice.choice(party.people)
        )

    def _closures(self, shared: Sequence[Shared]) -> None:
        """A few listings are away for a while, after everything that is promised."""
        for each in shared[3:40:7]:
            start = self.now + timedelta(days=60 + self.dice.randint(0, 10))
            period = Period(start, start + timedelta(days=self.dice.randint(2, 9)))
            scope = equipment.Scope(each.offer.lender_id, each.offer.listing_id)
            equipment.close(self.session, SYSTEM, scope, period, now=self.now)
