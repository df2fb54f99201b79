"""Every retention that the inventory promises is carried out, and nothing goes before its time."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mutuali.accounts.models import (
    ApiToken,
    FactorLockout,
    Lockout,
    Login,
    OneTimeLink,
    Person,
    RecoveryCode,
    SecondFactor,
)
from mutuali.agreements.models import AgreementParty, AgreementSuspension
from mutuali.agreements.rules import Dataset
from mutuali.bookings.models import (
    Booking,
    BookingApproval,
    BookingSeries,
    BookingStep,
    BookingUnit,
    Proposal,
    UnmetDemand,
    UnmetDemandNotice,
)
from mutuali.bookings.rules.demand import quarter_of
from mutuali.calendars.models import CalendarFeed, ExternalCalendar
from mutuali.charter.models import ActionAnswer, CharterMark, CharterSize
from mutuali.checkin.models import CheckIn, CheckInCard, CheckInLink, CheckInSilence
from mutuali.consent.models import CallRequest, ConsentEvent, Notice
from mutuali.core.permissions import Actor, Role
from mutuali.equipment.models import (
    Closure,
    HoursException,
    KitPart,
    Listing,
    Outage,
    Photo,
    Quota,
    Unit,
    WeeklyHours,
)
from mutuali.exports import service as exports
from mutuali.exports.models import (
    Export,
    ExportContributor,
    ExportDownload,
    ExportLink,
    ExportOpinion,
    ExportRecall,
    RecallNotice,
)
from mutuali.governance import service
from mutuali.governance.models import Incident, PersonRequest
from mutuali.governance.rules import BY_JOB, RULES, Rule, is_carried_out
from mutuali.inventory.rules import HOLDINGS, LASTS, STANDS, Keep, entries
from mutuali.jobs.jobs import HANDLERS_KEY, PERIODS_KEY
from mutuali.learning.models import LearnedCard
from mutuali.loans.models import (
    ConditionDispute,
    ConditionPhoto,
    ConditionReport,
    LoanAgreement,
    LoanEnglish,
    LoanPayment,
    LoanSignature,
)
from mutuali.messages.models import (
    Message,
    MessageBlock,
    MessageFile,
    MessageReport,
    MessageThread,
    ThreadReader,
)
from mutuali.mishaps.models import Mishap, MishapEntry, MishapPhoto
from mutuali.mobility.models import VehicleAnswer
from mutuali.organizations.models import (
    Delegation,
    Document,
    Invitation,
    OfficeHolder,
    Organization,
    Participation,
    Signatory,
    Site,
    TrustedBorrower,
)
from mutuali.owndata.models import OwnHolding, OwnOfficer, OwnPolicy
from mutuali.reviews.models import LoanReview, LoanReviewReport
from mutuali.storage import Base
from mutuali.trips.models import Trip, TripPlace, TripStop
from mutuali.web.clock import utc_now
from mutuali.web.secrets import new_public_id
from mutuali.webhooks.models import Webhook, WebhookDelivery
from tests.exports.stored import ANSWERS, Network, shared_year
from tests.factories import World
from tests.governance.test_retention import applies

#: Longer ago than anything is kept.
LONG_AGO = timedelta(days=11 * 365)
TABLES = {table.name: table for table in Base.metadata.sorted_tables}


def test_every_stored_column_ends_by_a_rule_or_stays_for_a_reason_of_law() -> None:
    promised = [(each.table, each.column) for each in entries() if not is_carried_out(each)]
    assert promised == []


def test_every_promise_is_a_length_a_reason_or_an_instant() -> None:
    assert set(Keep) == set(LASTS) | STANDS | {Keep.QUARTER, Keep.MOMENT}
    ended = {table for terms in RULES.values() for table in (*terms.destroys, *terms.empties)}
    assert ended | set(BY_JOB) <= set(HOLDINGS)
    assert all(
        column in TABLES[table].columns
        for terms in RULES.values()
        for table, columns in terms.empties.items()
        for column in columns
    )


def test_what_ends_by_itself_has_a_job_that_comes_back(app: Flask) -> None:
    assert set(BY_JOB.values()) <= set(app.extensions[PERIODS_KEY])
    assert set(BY_JOB.values()) <= set(app.extensions[HANDLERS_KEY])


@pytest.fixture
def steward(session: Session) -> Actor:
    return World(session, utc_now()).person(role=Role.STEWARD, email="registres@exemple.org")


def filled(session: Session, then: datetime) -> Network:
    """A network in which something of every kind was kept at one time, and ended soon after."""
    world = World(session, then)
    net = shared_year(session, world, Dataset.LOANS, now=then, loans=40)
    soon = then + timedelta(days=1)
    person = world.person(name="Zoé Partie").person_id or 0
    first = net.organizations[0]
    listing = session.scalars(sa.select(Listing).where(Listing.lender_id == first)).first()
    notice = session.scalars(sa.select(Notice.id).limit(1)).one()
    assert listing is not None
    listing.week = "w" * 32
    other = session.scalars(sa.select(Listing.id).where(Listing.id != listing.id)).first() or 0
    session.add_all(
        [
            Login(token_hash="l" * 64, person_id=person, created_at=then, expires_at=soon),
            OneTimeLink(purpose="reset", person_id=person, expires_at=soon),
            Lockout(email_hash="e" * 64, failures=3, last_failure_at=then),
            FactorLockout(person_id=person, failures=3, last_failure_at=then),
            Invitation(
                organization_id=first, email="z@exemple.org", role="member", expires_at=soon
            ),
            ExternalCalendar(
                public_id=new_public_id(), organization_id=first, name="Camion", created_at=then
            ),
            hook := Webhook(
                public_id=new_public_id(),
                organization_id=first,
                host="logiciel.example",
                sealed_address="x",
                sealed_secret="x",
                events=["booking"],
                created_at=then,
            ),
            CalendarFeed(
                token_hash="f" * 64,
                kind="person",
                person_id=person,
                organization_id=first,
                name="téléphone",
                language="fr",
                created_at=then,
                revoked_at=soon,
                changed_at=then,
            ),
            CallRequest(
                public_id=new_public_id(),
                notice_id=notice,
                person_id=person,
                phone="514 555-0199",
                created_at=then,
            ),
            ApiToken(
                token_hash="t" * 64,
                person_id=person,
                name="vieux",
                scopes=[],
                created_at=then,
                expires_at=soon,
            ),
            SecondFactor(
                person_id=person,
                kind="totp",
                name="tél.",
                sealed_secret="x",
                counter=0,
                created_at=then,
            ),
            RecoveryCode(code_hash="c" * 64, person_id=person, created_at=then),
            VehicleAnswer(
                listing_id=listing.id,
                lender_id=first,
                answer="yes",
                shape="van",
                propulsion="electric",
                range_km=200,
                said_by=person,
                said_at=then,
                until=soon,
            ),
            LearnedCard(person_id=person, card="no-name", outcome="right", at=then),
            Delegation(
                organization_id=first,
                person_id=net.managers[1].person_id,
                starts_at=then,
                ends_at=soon,
            ),
            Photo(
                public_id=new_public_id(),
                listing_id=listing.id,
                position=1,
                alt_fr="Un camion",
                width=3,
                height=2,
                large=b"x",
                small=b"x",
            ),
            WeeklyHours(week=listing.week, weekday=1, opens=480, closes=600),
            ActionAnswer(organization_id=first, code="a", answer="done", sentence="Oui.", at=then),
            CharterSize(organization_id=first, size="few", at=then),
            CharterMark(
                organization_id=first,
                month=then.date(),
                principle="privacy",
                done=1,
                concerned=2,
            ),
            Closure(listing_id=listing.id, starts_at=then, ends_at=soon),
            Outage(
                public_id=new_public_id(),
                listing_id=listing.id,
                units=1,
                starts_at=then,
                ends_at=soon,
                created_at=then,
            ),
            KitPart(kit_id=listing.id, part_id=other, units=1),
            thing := Unit(
                public_id=new_public_id(), listing_id=listing.id, code="C-1", created_at=then
            ),
            Closure(organization_id=first, starts_at=then, ends_at=soon),
            Document(
                public_id=new_public_id(),
                organization_id=first,
                kind="insurance",
                reference="POL-1",
                expires_on=then.date(),
                file=b"%PDF-",
                file_type="application/pdf",
                added_at=then,
            ),
            Quota(lender_id=first, per="week", counts="bookings", most=2),
            HoursException(listing_id=listing.id, day=then.date(), spans=[]),
            HoursException(organization_id=first, day=then.date(), spans=[[540, 720]]),
            TrustedBorrower(organization_id=first, borrower_id=net.organizations[1], since=then),
            UnmetDemand(
                quarter=quarter_of(then),
                family="any",
                zone="elsewhere",
                token="t" * 64,
                searches=2,
            ),
            PersonRequest(
                public_id=new_public_id(),
                person_id=person,
                kind="access",
                words="Tout",
                received_at=then,
                due_on=soon.date(),
            ),
            Incident(
                public_id=new_public_id(),
                information="Courriels",
                circumstances="Mauvaise liste.",
                started_on=then.date(),
                aware_on=then.date(),
                sensitivity="low",
                consequences="low",
                likelihood="low",
                serious=False,
                created_at=then,
                keep_until=then.date() + timedelta(days=5 * 365 + 2),
            ),
        ]
    )
    loan = session.execute(sa.select(sa.func.min(Booking.id))).scalar_one()
    hour = timedelta(hours=1)
    session.execute(
        sa.update(Booking).values(starts_at=then, ends_at=then + hour, occupied_until=then + hour)
    )
    lent = session.get_one(Booking, loan)
    series = BookingSeries(
        public_id=new_public_id(),
        listing_id=lent.listing_id,
        lender_id=lent.lender_id,
        borrower_id=lent.borrower_id,
        rule="RRULE:FREQ=WEEKLY;COUNT=2",
        starts=then.replace(tzinfo=None),
        ends=then.replace(tzinfo=None) + hour,
        units=1,
        purpose="other",
        note="Demandez Zoé",
        requested_by=person,
        created_at=then,
    )
    session.add(series)
    session.flush()
    lent.series_id, lent.series_date = series.id, series.starts
    session.add(BookingUnit(booking_id=loan, unit_id=thing.id, out_at=then, back_at=then + hour))
    session.add(
        Proposal(
            public_id=new_public_id(),
            booking_id=loan,
            kind="other",
            from_listing_id=listing.id,
            listing_id=listing.id,
            units=1,
            starts_at=then,
            ends_at=soon,
            price_cents=0,
            word="Demandez Zoé",
            made_by=person,
            made_at=then,
            answer_by=soon,
            state="expired",
            ended_at=soon,
        )
    )
    session.add(BookingApproval(booking_id=loan, person_id=person, at=then))
    session.add(BookingStep(booking_id=loan, step="request", at=then, person_id=person, note="Zoé"))
    session.execute(
        sa.text("UPDATE booking SET note = 'Demandez Zoé' WHERE id = :id"), {"id": loan}
    )
    _reported(session, loan, person, then)
    _wrote(session, lent, person, then)
    _reviewed(session, lent, person, then)
    _mishap(session, lent, person, then)
    _shared_trip(session, lent, person, then)
    _checked_in(session, first, person, then)
    _held(session, first, person, then)
    session.flush()
    session.add(
        WebhookDelivery(
            public_id=new_public_id(),
            webhook_id=hook.id,
            event="booking.request",
            body="{}",
            state="waiting",
            created_at=then,
            due_at=then,
        )
    )
    demand = session.scalars(sa.select(UnmetDemand.id)).one()
    session.add(UnmetDemandNotice(demand_id=demand, notice_id=notice))
    _took(session, net, then)
    _left(session, soon)
    session.commit()
    return net


def _checked_in(session: Session, organization_id: int, person: int, then: datetime) -> None:
    """An organization went through a month of cards; one of its people wants no letter."""
    month = then.date().replace(day=1)
    of_month = {"organization_id": organization_id, "month": month}
    session.add_all(
        [
            CheckIn(**of_month, until=then, seconds=360, finished_at=then),
            CheckInCard(**of_month, kind="member", about="z" * 22, choice="seen", at=then),
            CheckInLink(
                **of_month,
                person_id=person,
                kind="question",
                about="q" * 22,
                expires_at=then + timedelta(days=1),
            ),
            CheckInSilence(organization_id=organization_id, person_id=person, since=then),
        ]
    )


def _mishap(session: Session, lent: Booking, person: int, then: datetime) -> None:
    """Something went wrong with a loan, was followed and closed."""
    row = Mishap(
        public_id=new_public_id(),
        kind="damage",
        severity="minor",
        happened_at=then,
        words="Zoé a vu la porte",
        listing_id=lent.listing_id,
        lender_id=lent.lender_id,
        booking_id=lent.id,
        borrower_id=lent.borrower_id,
        reported_for=lent.lender_id,
        reported_by=person,
        reported_at=then,
        closed_at=then,
        closed_by=person,
        closed_word="Zoé a réparé",
    )
    session.add(row)
    session.flush()
    session.add_all(
        [
            MishapEntry(
                mishap_id=row.id,
                said_for=lent.borrower_id,
                person_id=person,
                words="Zoé répond",
                said_at=then,
            ),
            MishapPhoto(
                public_id=new_public_id(),
                mishap_id=row.id,
                added_at=then,
                width=3,
                height=2,
                large=b"x",
                small=b"x",
            ),
        ]
    )


def _reported(session: Session, loan: int, person: int, then: datetime) -> None:
    """The state of a thing was noted, photographed, disputed and settled."""
    report = ConditionReport(
        public_id=new_public_id(),
        booking_id=loan,
        direction="out",
        side="lender",
        items=[{"item": "fuel", "ok": False, "word": "demandez Zoé"}],
        cleaned=False,
        note="Vu par Zoé",
        signed_by="Zoé Partie",
        person_id=person,
        noted_at=then,
        agreed_at=then,
        agreed_name="Zoé Partie",
        agreed_by=person,
    )
    session.add(report)
    session.flush()
    session.add_all(
        [
            ConditionPhoto(
                public_id=new_public_id(),
                report_id=report.id,
                added_at=then,
                width=3,
                height=2,
                large=b"x",
                small=b"x",
            ),
            ConditionDispute(
                booking_id=loan,
                direction="out",
                side="lender",
                difference="Zoé dit non",
                person_id=person,
                disputed_at=then,
                settlement="Zoé dit oui",
                settlement_by=person,
            ),
            LoanEnglish(
                booking_id=loan,
                side="lender",
                after_sha256="s" * 64,
                person_id=person,
                chosen_at=then,
            ),
            LoanPayment(
                public_id=new_public_id(),
                booking_id=loan,
                kind="price",
                cents=100,
                means="cash",
                paid_on=then.date(),
                note="de Zoé",
                noted_by=person,
                noted_at=then,
            ),
        ]
    )
    agreement = LoanAgreement(
        booking_id=loan,
        version=1,
        text_fr="Entente",
        text_en="Agreement",
        text_sha256="s" * 64,
        english_sha256="s" * 64,
        written_at=then,
    )
    session.add(agreement)
    session.flush()
    session.add(
        LoanSignature(
            agreement_id=agreement.id,
            side="lender",
            signed_by="Zoé Partie",
            person_id=person,
            signed_at=then,
        )
    )


def _wrote(session: Session, lent: Booking, person: int, then: datetime) -> None:
    """Two organizations wrote about a booking and about its listing; a message was reported; one
    wants no more."""
    for about in ({"booking_id": lent.id}, {"listing_id": lent.listing_id}):
        thread = MessageThread(
            public_id=new_public_id(),
            **about,
            lender_id=lent.lender_id,
            borrower_id=lent.borrower_id,
            created_at=then,
            last_number=1,
            last_side="borrower",
            last_at=then,
        )
        session.add(thread)
        session.flush()
        message = Message(
            thread_id=thread.id,
            number=1,
            side="borrower",
            person_id=person,
            text="Demandez Zoé",
            sent_at=then,
        )
        session.add(message)
        session.flush()
        session.add_all(
            [
                MessageFile(
                    public_id=new_public_id(),
                    message_id=message.id,
                    kind="pdf",
                    name="Zoé.pdf",
                    size=1,
                    content=b"x",
                ),
                ThreadReader(thread_id=thread.id, person_id=person, read_number=1, read_at=then),
                MessageReport(
                    public_id=new_public_id(),
                    message_id=message.id,
                    person_id=person,
                    grounds="other",
                    reported_at=then,
                ),
            ]
        )
    session.add(
        MessageBlock(
            organization_id=lent.lender_id,
            blocked_id=lent.borrower_id,
            person_id=person,
            since=then,
        )
    )


def _reviewed(session: Session, lent: Booking, person: int, then: datetime) -> None:
    """The borrower said how it went; somebody reported the sentence."""
    review = LoanReview(
        public_id=new_public_id(),
        booking_id=lent.id,
        listing_id=lent.listing_id,
        author_id=lent.borrower_id,
        about_id=lent.lender_id,
        side="borrower",
        as_described=4,
        quality=4,
        respect=4,
        communication=4,
        sentence="Merci à Zoé",
        private_word="Zoé a aidé",
        person_id=person,
        written_at=then,
        open_until=then,
    )
    session.add(review)
    session.flush()
    session.add(
        LoanReviewReport(review_id=review.id, person_id=person, words="Nommée", reported_at=then)
    )


def _shared_trip(session: Session, lent: Booking, person: int, then: datetime) -> None:
    """The vehicle took something of somebody else along."""
    trip = Trip(
        public_id=new_public_id(),
        booking_id=lent.id,
        listing_id=lent.listing_id,
        organization_id=lent.borrower_id,
        pallets=2,
        kg=0,
        departs_at=then,
        arrives_at=then + timedelta(hours=1),
        join_by=then,
        note="Demandez Zoé",
        offered_by=person,
        created_at=then,
    )
    session.add(trip)
    session.flush()
    session.add_all(
        [
            TripStop(trip_id=trip.id, position=0, borough="verdun", at=then),
            TripPlace(
                public_id=new_public_id(),
                trip_id=trip.id,
                organization_id=lent.lender_id,
                from_stop=0,
                to_stop=1,
                pallets=1,
                kg=0,
                state="accepted",
                load_at="Chez Zoé",
                unload_at="Chez Zoé",
                note="Demandez Zoé",
                asked_by=person,
                asked_at=then,
                answer_by=then,
                decided_by=person,
                decided_at=then,
            ),
        ]
    )


def _held(session: Session, organization: int, person: int, then: datetime) -> None:
    """An organization said what it holds elsewhere, and published it."""
    session.add_all(
        [
            OwnHolding(
                public_id=new_public_id(),
                organization_id=organization,
                template="volunteers",
                about_whom=["volunteers"],
                came_by=["phone"],
                kept_in=["device"],
                seen_by=["staff"],
                term="year_1",
                counted_from="leaving",
                sensitivity="private",
                ending="delete",
                created_at=then,
                looked_at=then,
            ),
            OwnOfficer(
                organization_id=organization,
                title="Direction",
                how_to_reach="zoe@exemple.org",
                since=then,
                person_id=person,
            ),
            OwnPolicy(
                organization_id=organization,
                version=1,
                text_fr="# Politique",
                text_en="# Policy",
                published_at=then,
                published_by=person,
            ),
        ]
    )


def _took(session: Session, net: Network, then: datetime) -> None:
    """An export was asked for, judged, taken, recalled."""
    public_id = new_public_id()
    request = exports.DataRequest(
        net.agreement_id, net.dataset, net.purpose, "Où manque-t-il des camions?", ANSWERS
    )
    exports.request_export(session, net.table.analyst, request, public_id=public_id, now=then)
    export = session.scalars(sa.select(Export)).one()
    export.decision_note = "Demandé par Ana"
    taker = net.table.analyst.person_id or 0
    session.add_all(
        [
            ExportContributor(export_id=export.id, side="lender", fingerprint="f" * 64),
            ExportLink(
                export_id=export.id,
                person_id=taker,
                holder="h" * 64,
                created_at=then,
                expires_at=then,
            ),
            ExportDownload(export_id=export.id, person_id=taker, at=then),
            ExportOpinion(
                export_id=export.id,
                requested_by=export.requested_by,
                person_id=net.table.steward.person_id,
                for_operator=True,
                file_sha256="s" * 64,
                verdict="sign",
                note="",
                at=then,
            ),
            ExportRecall(export_id=export.id, opened_at=then, due_at=then),
        ]
    )
    session.flush()
    session.add(
        RecallNotice(
            public_id=new_public_id(), export_id=export.id, person_id=taker, notified_at=then
        )
    )
    agreement = export.agreement_id
    session.add(
        AgreementSuspension(
            agreement_id=agreement,
            cause="breach",
            reason="Un courriel de Zoé",
            person_id=taker,
            at=then,
            lifted_at=then,
            lifted_by=taker,
        )
    )
    session.flush()
    session.execute(
        sa.text("UPDATE agreement SET state = 'ended', ended_at = :at WHERE id = :id").bindparams(
            sa.bindparam("at", type_=Participation.accepted_at.type)
        ),
        {"at": then + timedelta(days=1), "id": agreement},
    )


def _left(session: Session, soon: datetime) -> None:
    """Every organization left; whoever held an office or a mandate ended it."""
    for row in session.scalars(sa.select(Organization)):
        row.state = "left" if row.kind not in ("partner", "operator") else row.state
        row.phone, row.enterprise_number = "514 555-0100", None
    for participation in session.scalars(sa.select(Participation)):
        participation.notice_at, participation.ends_at = soon - timedelta(hours=1), soon
    for ended in (
        *session.scalars(sa.select(Signatory)),
        *session.scalars(sa.select(OfficeHolder)),
    ):
        ended.ended_at = soon
    session.flush()


#: In this order a rule never takes away what another is to be tried on.
IN_ORDER = (
    *(Rule.LOGINS, Rule.LINKS, Rule.ATTEMPTS, Rule.INVITATIONS, Rule.CALLS, Rule.LOAN_PEOPLE),
    *(
        Rule.TALK,
        Rule.LOANS,
        Rule.DEMAND,
        Rule.CONSENTS,
        Rule.AGREEMENTS,
        Rule.ASSESSMENTS,
        Rule.PLACES,
    ),
    *(Rule.WRITINGS, Rule.PARTIES, Rule.REQUESTS, Rule.INCIDENTS, Rule.DOCUMENTS, Rule.ACCOUNTS),
)
#: Of accounts that are erased; others' stay.
OF_STAYING = {"organization", "site"}
OF_ACCOUNTS = {
    *("network_role", "api_token", "second_factor", "recovery_code", "learned_card", "person")
}


def test_each_rule_ends_all_that_it_says_and_the_pages_of_what_stays_still_open(
    app: Flask, session: Session, client: FlaskClient, steward: Actor
) -> None:
    now = utc_now()
    net = filled(session, now - LONG_AGO)
    stays = {net.table.operator_id, net.table.partner_id}
    assert set(IN_ORDER) == set(RULES) - {Rule.UNCONFIRMED}
    for rule in IN_ORDER:
        terms = RULES[rule]
        for table in {*terms.destroys, *terms.empties} - {"network_role"}:
            assert _rows(session, table), (rule, table)
        assert service.count_due(session, steward, now=now)[rule] > 0, rule
        applies(session, steward, rule, now)
        assert service.count_due(session, steward, now=now)[rule] == 0, rule
        for table in set(terms.destroys) - OF_ACCOUNTS - {"membership"}:
            assert _rows(session, table) == [], (rule, table)
        for table in set(terms.empties) - OF_ACCOUNTS:
            for row in _rows(session, table):
                if {row["id"], row.get("organization_id")} & stays and table in OF_STAYING:
                    continue
                left = {row[column] for column in terms.empties[table] if row[column]}
                assert left <= {"Organisme parti"} or table == "export", (rule, table, left)
    names = dict(session.execute(sa.select(Person.id, Person.name)).all())
    still = {
        row["person_id"] for row in (*_rows(session, "network_role"), *_rows(session, "membership"))
    }
    assert {id_ for id_, name in names.items() if name != "Personne effacée"} == still
    assert {row["organization_id"] for row in _rows(session, "membership")} == stays
    for table in ("api_token", "second_factor", "recovery_code", "learned_card"):
        assert _rows(session, table) == []
    export = session.scalars(sa.select(Export)).one()
    assert (export.question, export.answers, export.decision_note) == ("", {}, "")
    site = session.scalars(sa.select(Site)).first()
    assert site is not None
    assert site.borough == "le-plateau-mont-royal"
    public_id = export.public_id
    World(session, now).sign_in(client, steward)
    for address in (
        *("/ententes", f"/ententes/{net.agreement_id}", f"/exportations/{public_id}"),
        *("/intendance/registres", "/intendance/registres/conservation", "/registre"),
    ):
        assert client.get(address).status_code == 200, address


def test_what_was_written_about_a_booking_ends_with_the_people_of_the_loan(
    session: Session, steward: Actor
) -> None:
    now = utc_now()
    filled(session, now - timedelta(days=3 * 365 + 2))
    applies(session, steward, Rule.LOAN_PEOPLE, now)
    (thread,) = _rows(session, "message_thread")
    assert thread["booking_id"] is None
    assert len(_rows(session, "message")) == len(_rows(session, "message_file")) == 1
    applies(session, steward, Rule.TALK, now)
    assert _rows(session, "message_thread") == []


def test_nothing_goes_before_its_time(session: Session, steward: Actor) -> None:
    """The day before the shortest of them is over, nothing at all is due."""
    now = utc_now()
    filled(session, now - timedelta(days=29))
    assert {
        rule for rule, count in service.count_due(session, steward, now=now).items() if count
    } == (set())


@pytest.mark.parametrize("days", [2 * 365 - 2, 7 * 365 - 2])
def test_each_rule_waits_for_its_own_time(session: Session, steward: Actor, days: int) -> None:
    now = utc_now()
    filled(session, now - timedelta(days=days))
    due = {rule for rule, count in service.count_due(session, steward, now=now).items() if count}
    assert due == {
        rule
        for rule, terms in RULES.items()
        if terms.after < timedelta(days=days) and rule is not Rule.UNCONFIRMED
    }


def test_the_database_keeps_young_answers_and_agreements_whatever_the_code_does(
    session: Session,
) -> None:
    filled(session, utc_now() - timedelta(days=7 * 365 - 10))
    for statement in (
        sa.delete(ConsentEvent),
        sa.delete(AgreementParty),
        sa.text("UPDATE agreement SET text_fr = ''"),
    ):
        with pytest.raises(IntegrityError):
            session.execute(statement)
        session.rollback()


def test_somebody_who_still_comes_or_acts_for_others_keeps_their_account(
    session: Session, steward: Actor
) -> None:
    now = utc_now()
    before = World(session, now - timedelta(days=3 * 365))
    gone, seen, member = before.person(), before.person(), before.member(before.organization()[0])
    session.add(
        Login(
            token_hash="s" * 64,
            person_id=seen.person_id or 0,
            created_at=now,
            expires_at=now + timedelta(days=1),
        )
    )
    session.flush()
    applies(session, steward, Rule.ACCOUNTS, now)
    names = dict(session.execute(sa.select(Person.id, Person.name)).all())
    erased = {id_ for id_, name in names.items() if name == "Personne effacée"}
    assert erased == {gone.person_id}
    assert member.person_id in names


def _rows(session: Session, table: str) -> list[dict[str, object]]:
    session.expire_all()
    return [dict(row) for row in session.execute(sa.select(TABLES[table])).mappings()]
