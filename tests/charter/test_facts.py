"""Each fact is seen true and false, and the answer to its action follows."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from mutuali.accounts.models import ApiToken, Login, Person, SecondFactor
from mutuali.agreements.models import Agreement
from mutuali.agreements.rules import DEFAULT_RESTRICTIONS, Restriction
from mutuali.audit.models import AuditEvent
from mutuali.bookings.models import Booking, BookingStep
from mutuali.bookings.rules import Step
from mutuali.charter import service
from mutuali.charter.rules import Answer, Depth, Fact, Family, Who, stand
from mutuali.charter.rules.actions import Action
from mutuali.consent import service as consent
from mutuali.consent.models import CallRequest
from mutuali.consent.rules import Answer as Consent
from mutuali.core.charter import Principle
from mutuali.core.period import Period
from mutuali.core.permissions import Actor, Role
from mutuali.equipment.models import Listing, Outage, Photo
from mutuali.equipment.rules import ListingState
from mutuali.exports.models import Assessment, Export
from mutuali.facts import FACTS
from mutuali.governance.models import AnonymizationEntry, Incident, PersonRequest
from mutuali.messages.models import MessageThread
from mutuali.mishaps.models import Mishap
from mutuali.organizations.models import (
    Delegation,
    Document,
    Invitation,
    OfficeHolder,
    Organization,
    Signatory,
    Site,
)
from mutuali.owndata import service as owndata
from mutuali.owndata.rules import Everyday, OfficerDraft
from mutuali.trips.models import Trip
from mutuali.web.secrets import new_public_id
from mutuali.webhooks.models import Webhook
from tests.agreements.made import in_force, set_table
from tests.consent.made import published
from tests.consent.made import set_table as asking
from tests.factories import NOW, World

_DAY = timedelta(days=1)


@dataclass
class Stage:
    """An organization of which nothing is known to be amiss, and what changes around it."""

    session: Session
    world: World
    id: int
    site: int
    manager: Actor
    listing: int
    public_listing: str
    now: datetime = NOW

    def add(self, row: Any) -> None:
        self.session.add(row)
        self.session.flush()

    def set(self, model: type[Any], id_: int, **values: Any) -> None:
        self.session.execute(sa.update(model).where(model.id == id_).values(**values))
        self.session.expire_all()

    def later(self, days: int) -> None:
        self.now = NOW + timedelta(days=days)

    def asked(self, fact: Fact) -> int | None:
        return service.amiss(self.session, FACTS, [fact], self.id, now=self.now)[fact]

    def booking(self, days: float = 1) -> Booking:
        """A request for the listing by somebody else."""
        start = NOW + timedelta(days=days)
        return self.world.booking(self.public_listing, Period(start, start + timedelta(hours=2)))

    def agreement(self, **overrides: Any) -> int:
        known = self.session.scalars(sa.select(Agreement.id)).first()
        if known is not None:
            return known
        public_id = in_force(self.session, set_table(self.world), **overrides)
        rows = sa.select(Agreement.id).where(Agreement.public_id == public_id)
        return self.session.scalars(rows).one()

    def export(self) -> int:
        """A release of anonymized data."""
        row = Export(
            public_id=new_public_id(),
            agreement_id=self.agreement(),
            dataset="equipment-use",
            purpose="network_statistics",
            question="",
            answers={},
            state="expired",
            requested_by=self.manager.person_id,
            created_at=NOW,
            regime="named_recipient",
            expires_at=NOW + 30 * _DAY,
            opinions_needed=1,
            released_at=NOW,
        )
        self.add(row)
        return row.id


def _factor(stage: Stage, person_id: int) -> None:
    stage.add(
        SecondFactor(
            person_id=person_id,
            kind="totp",
            name="tél.",
            sealed_secret="x",
            counter=0,
            created_at=NOW,
        )
    )


@pytest.fixture
def stage(session: Session, world: World) -> Stage:
    id_, site = world.organization()
    manager, other = world.member(id_), world.member(id_)
    public_listing = world.listing(
        (id_, site),
        title_en="Refrigerated truck",
        conditions_fr="Le rendre propre.",
        payload_kg=900,
    )
    listing = session.scalars(
        sa.select(Listing.id).where(Listing.public_id == public_listing)
    ).one()
    made = Stage(session, world, id_, site, manager, listing, public_listing)
    for each in (manager, other):
        _factor(made, each.person_id or 0)
    made.set(Organization, id_, enterprise_number="1143920115", phone="514 555-0123")
    made.set(Site, site, access_notes="La porte de côté.")
    for office in ("person_in_charge", "qualified_person"):
        made.add(
            OfficeHolder(
                office=office,
                name="Camille Roy",
                title="Direction",
                contact="514 555-0199",
                competence="Statistique",
                since=NOW,
            )
        )
    return made


def _booked(stage: Stage, state: str, **values: Any) -> None:
    row = stage.booking()
    stage.set(Booking, row.id, state=state, **values)


def _photo(alt: str) -> Callable[[Stage], None]:
    def add(stage: Stage) -> None:
        stage.add(
            Photo(
                public_id=new_public_id(),
                listing_id=stage.listing,
                position=1,
                alt_fr=alt,
                width=3,
                height=2,
                large=b"x",
                small=b"x",
            )
        )

    return add


def _token(days: int) -> Callable[[Stage], None]:
    def add(stage: Stage) -> None:
        stage.add(
            ApiToken(
                token_hash=str(days) * 20,
                person_id=stage.manager.person_id,
                organization_id=stage.id,
                name="tableur",
                scopes=[],
                created_at=NOW,
                expires_at=NOW + days * _DAY,
            )
        )

    return add


def _delegation(days: int) -> Callable[[Stage], None]:
    def add(stage: Stage) -> None:
        stage.add(
            Delegation(
                organization_id=stage.id,
                person_id=stage.world.person().person_id,
                starts_at=NOW - _DAY,
                ends_at=NOW + days * _DAY,
            )
        )

    return add


def _hook(because: str | None) -> Callable[[Stage], None]:
    def add(stage: Stage) -> None:
        stage.add(
            Webhook(
                public_id=new_public_id(),
                organization_id=stage.id,
                host="exemple.org",
                sealed_address="x",
                sealed_secret="x",
                events=[],
                created_at=NOW,
                paused_at=NOW if because else None,
                paused_because=because,
            )
        )

    return add


def _sleeps(stage: Stage) -> None:
    stage.set(Person, stage.manager.person_id or 0, created_at=NOW - 400 * _DAY)
    stage.add(
        Login(
            token_hash="l" * 64,
            person_id=stage.manager.person_id,
            created_at=NOW - 380 * _DAY,
            expires_at=NOW - 379 * _DAY,
        )
    )


def _invited(stage: Stage) -> None:
    stage.add(
        Invitation(
            organization_id=stage.id,
            email="quelqu.un@exemple.org",
            role=Role.MEMBER,
            expires_at=NOW - _DAY,
        )
    )


def _leaves_alone(stage: Stage) -> None:
    stage.session.execute(
        sa.text("DELETE FROM membership WHERE person_id = :id"), {"id": stage.manager.person_id}
    )


def _without_factor(stage: Stage) -> None:
    stage.world.member(stage.id)


def _says_yes(stage: Stage) -> None:
    notice = published(stage.session, asking(stage.world))
    consent.answer(stage.session, stage.manager, stage.id, notice, Consent.GIVEN, now=NOW)


def _old_yes(stage: Stage) -> None:
    stage.later(370)


def _yes_ends(stage: Stage) -> None:
    until = stage.session.execute(sa.text("SELECT max(until) FROM consent_event")).scalar()
    assert until is not None
    rows = sa.text("SELECT lasts_months FROM notice")
    months = stage.session.execute(rows).scalars().first() or 0
    stage.later(months * 30 - 30)


def _asked(stage: Stage) -> None:
    published(stage.session, asking(stage.world))


def _call(stage: Stage) -> None:
    published(stage.session, asking(stage.world))
    notice = stage.session.execute(sa.text("SELECT id FROM notice")).scalars().first()
    stage.add(
        CallRequest(
            public_id=new_public_id(),
            notice_id=notice,
            person_id=stage.manager.person_id,
            phone="514 555-0100",
            created_at=NOW - 8 * _DAY,
        )
    )


def _person_request(stage: Stage) -> None:
    stage.add(
        PersonRequest(
            public_id=new_public_id(),
            person_id=stage.manager.person_id,
            kind="access",
            received_at=NOW - 40 * _DAY,
            due_on=(NOW - 10 * _DAY).date(),
        )
    )


def _incident(stage: Stage) -> None:
    stage.add(
        Incident(
            public_id=new_public_id(),
            information="Des noms",
            circumstances="Une clé perdue",
            started_on=NOW.date(),
            aware_on=NOW.date(),
            sensitivity="high",
            consequences="high",
            likelihood="high",
            serious=True,
            created_at=NOW,
            keep_until=date(2040, 1, 1),
        )
    )


def _ran_out(stage: Stage) -> None:
    row = stage.booking()
    stage.add(BookingStep(booking_id=row.id, step=Step.EXPIRE, at=NOW))


def _refused(note: str) -> Callable[[Stage], None]:
    def refuse(stage: Stage) -> None:
        row = stage.booking()
        stage.add(BookingStep(booking_id=row.id, step=Step.DECLINE, at=NOW, note=note))

    return refuse


def _document(stage: Stage) -> None:
    stage.add(
        Document(
            public_id=new_public_id(),
            organization_id=stage.id,
            kind="insurance",
            expires_on=(NOW - 40 * _DAY).date(),
            added_at=NOW - 400 * _DAY,
        )
    )


def _draft(stage: Stage) -> None:
    public_id = stage.world.listing((stage.id, stage.site))
    stage.session.execute(
        sa.update(Listing)
        .where(Listing.public_id == public_id)
        .values(state=ListingState.DRAFT, created_at=NOW - 400 * _DAY)
    )


def _withdrawn(stage: Stage) -> None:
    stage.set(Listing, stage.listing, state=ListingState.WITHDRAWN)


def _lent(stage: Stage) -> None:
    _booked(stage, "closed")


def _kept(stage: Stage) -> None:
    row = stage.booking()
    stage.set(Booking, row.id, state="on_loan", borrower_id=stage.id)
    stage.later(3)


def _notice_given(stage: Stage) -> None:
    stage.session.execute(
        sa.text("UPDATE participation SET notice_at = accepted_at WHERE organization_id = :id"),
        {"id": stage.id},
    )


def _no_signatory(stage: Stage) -> None:
    stage.session.execute(
        sa.update(Signatory).where(Signatory.organization_id == stage.id).values(ended_at=NOW)
    )


def _leaves_quebec(stage: Stage) -> None:
    stage.agreement(
        outside_quebec=True,
        assessment_ref="EFVP 12",
        restrictions=DEFAULT_RESTRICTIONS - {Restriction.KEPT_IN_QUEBEC},
    )


def _agreement_over(stage: Stage) -> None:
    stage.agreement()
    stage.later(3650)


def _nobody(office: str) -> Callable[[Stage], None]:
    def end(stage: Stage) -> None:
        stage.session.execute(
            sa.update(OfficeHolder).where(OfficeHolder.office == office).values(ended_at=NOW)
        )

    return end


def _unsealed(stage: Stage) -> None:
    stage.add(
        AuditEvent(
            occurred_at=NOW - 2 * timedelta(hours=1),
            name="x.y",
            subject_kind="x",
            subject_id=1,
            facts={},
        )
    )


def _entry(stage: Stage, export_id: int, again: date) -> None:
    stage.add(
        AnonymizationEntry(
            export_id=export_id,
            what="released",
            at=NOW,
            told={},
            tier="medium",
            analysed_on=NOW.date(),
            next_analysis_on=again,
        )
    )


def _registered(stage: Stage) -> None:
    _entry(stage, stage.export(), date(2040, 1, 1))


def _released(stage: Stage) -> None:
    stage.export()


def _due_again(stage: Stage) -> None:
    _entry(stage, stage.export(), (NOW - 3 * _DAY).date())


def _assessed(stage: Stage) -> None:
    stage.add(
        Assessment(
            public_id=new_public_id(),
            dataset="equipment-use",
            place="Montréal",
            form="short",
            levels={},
            answers={},
            written_by=stage.manager.person_id,
            written_at=NOW,
            opinion="favourable",
            opinion_by="Camille Roy",
            opinion_on=NOW.date(),
            recorded_by=stage.manager.person_id,
            valid_until=date(2040, 1, 1),
        )
    )
    stage.export()


def _assessment_over(stage: Stage) -> None:
    stage.session.execute(
        sa.update(Assessment).values(opinion_on=date(2019, 1, 1), valid_until=date(2020, 1, 1))
    )


def _outage(days: int) -> Callable[[Stage], None]:
    def add(stage: Stage) -> None:
        stage.add(
            Outage(
                public_id=new_public_id(),
                listing_id=stage.listing,
                units=1,
                starts_at=NOW - days * _DAY,
                created_at=NOW,
            )
        )

    return add


def _mishap(days: int) -> Callable[[Stage], None]:
    def add(stage: Stage) -> None:
        stage.add(
            Mishap(
                public_id=new_public_id(),
                kind="damage",
                severity="minor",
                happened_at=NOW,
                words="Une aile",
                listing_id=stage.listing,
                lender_id=stage.id,
                reported_at=NOW - days * _DAY,
            )
        )

    return add


def _trip(stage: Stage) -> None:
    row = stage.booking()
    stage.add(
        Trip(
            public_id=new_public_id(),
            booking_id=row.id,
            listing_id=stage.listing,
            organization_id=stage.id,
            pallets=1,
            kg=100,
            departs_at=NOW + _DAY,
            arrives_at=NOW + 2 * _DAY,
            join_by=NOW + _DAY,
            created_at=NOW,
        )
    )


def _year_on(stage: Stage) -> None:
    stage.later(400)


def _message(stage: Stage) -> None:
    stage.add(
        MessageThread(
            public_id=new_public_id(),
            listing_id=stage.listing,
            lender_id=stage.id,
            borrower_id=stage.world.organization()[0],
            created_at=NOW - 9 * _DAY,
            last_number=1,
            last_side="borrower",
            last_at=NOW - 8 * _DAY,
        )
    )


def _officer(stage: Stage) -> None:
    draft = OfficerDraft("", "Direction", "514 555-0123")
    owndata.name_officer(stage.session, stage.manager, stage.id, draft, now=NOW)


def _no_officer(stage: Stage) -> None:
    stage.session.execute(sa.text("DELETE FROM own_officer"))


def _inventory(stage: Stage) -> None:
    for template in (Everyday.VOLUNTEERS, Everyday.KEYS, Everyday.STAFF):
        owndata.take(
            *(stage.session, stage.manager, stage.id, template),
            public_id=new_public_id(),
            now=NOW,
        )


def _policy(stage: Stage) -> None:
    _officer(stage)
    _inventory(stage)
    owndata.publish(stage.session, stage.manager, stage.id, now=NOW)


def _withdraws_policy(stage: Stage) -> None:
    owndata.withdraw(stage.session, stage.manager, stage.id, now=NOW)


def _changed(model: type[Any], **values: Any) -> Callable[[Stage], None]:
    def change(stage: Stage) -> None:
        ids = {Listing: stage.listing, Organization: stage.id, Site: stage.site}
        stage.set(model, ids[model], **values)

    return change


#: What makes each fact true where nothing is known at first (or None), and what makes it false.
CASES: dict[Fact, tuple[Callable[[Stage], None] | None, Callable[[Stage], None]]] = {
    Fact.MANAGERS_SECOND_FACTOR: (None, _without_factor),
    Fact.NO_SLEEPING_MEMBERS: (None, _sleeps),
    Fact.TOKENS_SHORT: (_token(30), _token(300)),
    Fact.INVITATIONS_OPEN: (None, _invited),
    Fact.TWO_MANAGERS: (None, _leaves_alone),
    Fact.DELEGATIONS_SHORT: (_delegation(10), _delegation(100)),
    Fact.WEBHOOKS_WORK: (_hook(None), _hook("failing")),
    Fact.QUESTIONS_ANSWERED: (None, _asked),
    Fact.YES_LOOKED_AT_AGAIN: (_says_yes, _old_yes),
    Fact.YES_NOT_ENDING: (_says_yes, _yes_ends),
    Fact.LISTINGS_NAME_NOBODY: (None, _changed(Listing, description_fr="a@exemple.org")),
    Fact.ACCESS_NOTES_NAME_NOBODY: (None, _changed(Site, access_notes="a@exemple.org")),
    Fact.REQUESTS_OF_PERSONS_IN_TIME: (None, _person_request),
    Fact.INCIDENTS_TOLD: (None, _incident),
    Fact.LISTINGS_BILINGUAL: (None, _changed(Listing, title_en="")),
    Fact.REQUESTS_ANSWERED: (None, _ran_out),
    Fact.REFUSALS_EXPLAINED: (_refused("Trop loin."), _refused("")),
    Fact.DOCUMENTS_CURRENT: (None, _document),
    Fact.DRAFTS_TIDY: (None, _draft),
    Fact.SOMETHING_SHARED: (None, _withdrawn),
    Fact.LENT_LATELY: (_lent, _year_on),
    Fact.OVERDUE_NONE: (None, _kept),
    Fact.PARTICIPATION_SIGNED: (None, _notice_given),
    Fact.SIGNATORY_NAMED: (None, _no_signatory),
    Fact.DATA_STAYS_IN_QUEBEC: (None, _leaves_quebec),
    Fact.AGREEMENTS_CURRENT: (None, _agreement_over),
    Fact.ENTERPRISE_NUMBER: (None, _changed(Organization, enterprise_number=None)),
    Fact.FACTS_OF_THE_KIND: (None, _changed(Listing, payload_kg=None)),
    Fact.OFFICER_NAMED: (None, _nobody("person_in_charge")),
    Fact.LOG_SEALED: (None, _unsealed),
    Fact.RELEASES_REGISTERED: (_registered, _released),
    Fact.PHONE_GIVEN: (None, _changed(Organization, phone="")),
    Fact.PHOTOS_DESCRIBED: (_photo("Un camion"), _photo("")),
    Fact.CONDITIONS_SAID: (None, _changed(Listing, conditions_fr="")),
    Fact.ACCESS_NOTES_SAID: (None, _changed(Site, access_notes="")),
    Fact.MESSAGES_READ: (None, _message),
    Fact.CALLS_RETURNED: (None, _call),
    Fact.ASSESSED_BEFORE: (_assessed, _assessment_over),
    Fact.QUALIFIED_PERSON_NAMED: (None, _nobody("qualified_person")),
    Fact.RELEASES_LOOKED_AT_AGAIN: (_registered, _due_again),
    Fact.DEFECTS_MENDED: (_outage(3), _outage(40)),
    Fact.MISHAPS_FOLLOWED: (_mishap(3), _mishap(40)),
    Fact.TRIPS_SHARED: (_trip, _year_on),
    Fact.OWN_OFFICER_NAMED: (_officer, _no_officer),
    Fact.OWN_POLICY_PUBLISHED: (_policy, _withdraws_policy),
    Fact.OWN_INVENTORY_DONE: (_inventory, _year_on),
}


def _action(fact: Fact) -> Action:
    return Action(
        *("a", Principle.PRIVACY, "", "", Family.RISK, Depth.FIRST, 5, Who.MANAGER),
        *("Faites.", "", "", "", "", "", fact),
    )


@pytest.mark.parametrize("fact", CASES, ids=lambda each: each.value)
def test_a_fact_is_seen_true_and_false_and_the_answer_follows(stage: Stage, fact: Fact) -> None:
    right, wrong = CASES[fact]
    if right is not None:
        right(stage)
    amiss = stage.asked(fact)
    assert amiss == 0
    assert stand(_action(fact), amiss, None).answer is Answer.DONE
    wrong(stage)
    stage.session.flush()
    amiss = stage.asked(fact)
    assert amiss is not None
    assert amiss > 0
    assert stand(_action(fact), amiss, None).answer is Answer.NOT_YET


def test_every_fact_is_tried_but_the_one_that_the_software_itself_keeps(stage: Stage) -> None:
    assert set(Fact) - set(CASES) == {Fact.EVERY_COLUMN_HAS_AN_END}
    assert stage.asked(Fact.EVERY_COLUMN_HAS_AN_END) == 0
    assert set(FACTS) == set(Fact)


def test_what_there_is_none_of_concerns_nobody(session: Session, world: World) -> None:
    alone = world.organization()[0]
    found = service.amiss(session, FACTS, Fact, alone, now=NOW)
    nobody = {fact for fact, amiss in found.items() if amiss is None}
    assert {Fact.PHOTOS_DESCRIBED, Fact.TOKENS_SHORT, Fact.TRIPS_SHARED, Fact.LENT_LATELY} <= nobody
    assert Fact.SOMETHING_SHARED not in nobody
    assert stand(_action(Fact.TOKENS_SHORT), None, None).answer is Answer.NOT_OURS


def test_all_facts_are_one_question(session: Session, world: World) -> None:
    id_ = world.organization()[0]
    asked: list[str] = []
    engine = session.get_bind()
    sa.event.listen(engine, "before_cursor_execute", lambda *each: asked.append(each[2]))
    service.amiss(session, FACTS, Fact, id_, now=NOW)
    assert len(asked) == 1


def test_who_signed_in_this_year_is_awake_when_the_login_is_destroyed_long_since(
    stage: Stage,
) -> None:
    _sleeps(stage)
    assert stage.asked(Fact.NO_SLEEPING_MEMBERS) == 1
    stage.add(
        AuditEvent(
            occurred_at=NOW - 90 * _DAY,
            person_id=stage.manager.person_id,
            name="account.signed_in",
            subject_kind="person",
            subject_id=stage.manager.person_id,
            facts={},
        )
    )
    assert stage.asked(Fact.NO_SLEEPING_MEMBERS) == 0
