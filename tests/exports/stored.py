"""A small network with a year of loans in the database, its agreement and consents, and the life
of one export: asked, prepared, built, signed."""

import hmac
import random
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from mutuali.agreements.rules import Dataset, OnWithdrawal
from mutuali.bookings.models import Booking
from mutuali.consent import service as consent
from mutuali.consent.rules import PURPOSES_OF, Answer, Purpose, Subject
from mutuali.core.period import local
from mutuali.core.permissions import SYSTEM, Actor
from mutuali.equipment.models import Listing
from mutuali.equipment.rules import Kind as Thing
from mutuali.exports import service
from mutuali.exports.models import Export
from mutuali.exports.rules.answers import Answers
from mutuali.exports.rules.assessments import (
    QUESTIONS,
    AssessmentDraft,
    Factor,
    Level,
    Opinion,
    OpinionDraft,
)
from mutuali.exports.rules.ladder import rung_for
from mutuali.exports.rules.lineage import Kind, fingerprints
from mutuali.exports.rules.opinions import Outcome
from mutuali.exports.service.lineage import holding
from mutuali.exports.service.snapshot import window_of
from mutuali.jobs.jobs import HANDLERS_KEY, run_once
from mutuali.organizations import service as operator
from mutuali.organizations.rules import Office, OfficeDraft
from mutuali.web.clock import utc_now
from mutuali.web.secrets import new_public_id
from tests.agreements.made import Table, in_force, set_table
from tests.factories import World

#: The key of fingerprints that follows from the secret of the tests.
KEY = hmac.digest(b"only-for-tests-only-for-tests-only", b"mutuali.fingerprints", "sha256")

PURPOSE_OF = {
    Dataset.EQUIPMENT_USE: Purpose.NETWORK_STATISTICS,
    Dataset.LOANS: Purpose.SHARING_STUDY,
    Dataset.UNMET_DEMAND: Purpose.NETWORK_STATISTICS,
    Dataset.LENDING_FLOWS: Purpose.MOBILITY_PLANNING,
    Dataset.ORGANIZATIONS_CAPACITY: Purpose.NAMED_PUBLICLY,
}

ANSWERS = Answers(
    activities="Comparer, trimestre par trimestre, ce qui est offert et ce qui est prêté.",
    need="Sans ces chiffres, on achète des camions là où il y en a déjà assez.",
    people="Ana Lyse",
    technologies="Un tableur",
    place="À Montréal",
    detail="Le trimestre suffit; le mois serait trop fin.",
    outputs="Un rapport public de deux pages, au printemps.",
)


@dataclass(frozen=True, slots=True)
class Network:
    """Everybody around one export."""

    table: Table
    agreement_id: str
    organizations: tuple[int, ...]
    managers: tuple[Actor, ...]
    notice_id: str
    people_notice_id: str
    dataset: Dataset

    @property
    def purpose(self) -> Purpose:
        """What the consents were asked for."""
        return PURPOSE_OF[self.dataset]


def shared_year(
    session: Session,
    world: World,
    dataset: Dataset,
    *,
    now: datetime,
    organizations: int | None = None,
    loans: int = 700,
    saying_yes: int | None = None,
    on_withdrawal: OnWithdrawal = OnWithdrawal.REPLACE,
    download_days: int = 30,
) -> Network:
    """``organizations`` (enough for the dataset) that lent and borrowed within its window; the
    first ``saying_yes`` of them (all by default) said yes, and so did the manager of each, who
    asked for its loans; one agreement is in force."""
    organizations = organizations or (52 if dataset is Dataset.LENDING_FLOWS else 16)
    dice = random.Random(11)
    table = set_table(world)
    ids, managers, listings = [], [], []
    window = window_of(dataset, now, rung_for(organizations))
    for _ in range(organizations):
        id_, site_id = world.organization()
        ids.append(id_)
        managers.append(world.member(id_))
        kind = dice.choice((Thing.VEHICLE, Thing.KITCHEN))
        public_id = world.listing((id_, site_id), kind=kind, units=40)
        row = session.scalars(sa.select(Listing).where(Listing.public_id == public_id)).one()
        row.published_at = window.start
        listings.append(row)
    ended = "declined" if dataset is Dataset.UNMET_DEMAND else "cancelled"
    rows = []
    for _ in range(loans):
        listing = dice.choice(listings)
        borrower = dice.choice([id_ for id_ in ids if id_ != listing.lender_id])
        start = window.start + dice.random() * (window.length - timedelta(days=3))
        length = timedelta(hours=dice.choice((2, 6, 10)))
        late = timedelta(hours=dice.choice((0, 0, 3)))
        closed = dice.random() < 0.8
        rows.append(
            {
                "public_id": new_public_id(),
                "listing_id": listing.id,
                "lender_id": listing.lender_id,
                "borrower_id": borrower,
                "requested_by": managers[ids.index(borrower)].person_id,
                "units": 1,
                "starts_at": start,
                "ends_at": start + length,
                "occupied_until": start + length + late,
                "state": "closed" if closed else ended,
                "purpose": "cooking",
                "created_at": start - timedelta(days=2),
                "returned_at": start + length + late if closed else None,
            }
        )
    session.execute(sa.insert(Booking), rows)
    agreement_id = in_force(
        session,
        table,
        now=now,
        datasets=(dataset,),
        purposes=(PURPOSE_OF[dataset],),
        starts_on=now.date() - timedelta(days=1),
        ends_on=now.date() + timedelta(days=300),
        on_withdrawal=on_withdrawal,
        download_days=download_days,
    )
    notice_id = new_public_id()
    consent.publish_notice(
        session,
        table.steward,
        consent.default_draft(session, PURPOSE_OF[dataset], table.partner_id),
        public_id=notice_id,
        now=now,
    )
    people_notice_id = new_public_id()
    if PURPOSE_OF[dataset] in PURPOSES_OF[Subject.PERSON]:
        consent.publish_notice(
            session,
            table.steward,
            consent.default_draft(
                session, PURPOSE_OF[dataset], table.partner_id, subject=Subject.PERSON
            ),
            public_id=people_notice_id,
            now=now,
        )
        for manager in managers:
            consent.answer_own(session, manager, people_notice_id, Answer.GIVEN, now=now)
    for id_, manager in list(zip(ids, managers, strict=True))[:saying_yes]:
        consent.answer(session, manager, id_, notice_id, Answer.GIVEN, now=now)
    in_charge(session, now=now)
    assessed(session, table.steward, dataset, now=now)
    session.flush()
    return Network(
        table, agreement_id, tuple(ids), tuple(managers), notice_id, people_notice_id, dataset
    )


def in_charge(session: Session, *, now: datetime) -> None:
    """Somebody is named in charge of the protection of personal information."""
    draft = OfficeDraft(
        Office.PERSON_IN_CHARGE, "Dominique Roy", "Direction générale", "dominique@exemple.org"
    )
    operator.name_officer(session, SYSTEM, draft, now=now)


def assessed(
    session: Session,
    steward: Actor,
    dataset: Dataset,
    *,
    now: datetime,
    place: str = "",
    opinion: Opinion = Opinion.FAVOURABLE,
    days: int = 300,
) -> str:
    """An impact assessment with an opinion; its public id."""
    public_id = new_public_id()
    draft = AssessmentDraft(
        dataset,
        place,
        dict.fromkeys(Factor, Level.LOW),
        dict.fromkeys(QUESTIONS, "Ce qui est prévu protège assez les organismes."),
    )
    today = local(now).date()
    service.write_assessment(session, steward, draft, public_id=public_id, now=now)
    service.record_opinion(
        session,
        steward,
        public_id,
        OpinionDraft(
            opinion,
            "Ce qui est prévu suffit.",
            "Dominique Roy",
            today,
            today + timedelta(days=days),
        ),
        now=now,
    )
    return public_id


def asked(session: Session, net: Network, *, by: Actor | None = None) -> str:
    """A data request of the analyst, by default; its public id."""
    public_id = new_public_id()
    request = service.DataRequest(
        net.agreement_id, net.dataset, net.purpose, "Où manque-t-il des camions?", ANSWERS
    )
    service.request_export(
        session, by or net.table.analyst, request, public_id=public_id, now=utc_now()
    )
    session.flush()
    return public_id


def prepared(session: Session, net: Network) -> str:
    """A request that a steward lets be built; committed, so that the consumer sees it."""
    public_id = asked(session, net)
    service.prepare(session, net.table.steward, public_id, hosted_outside=False, now=utc_now())
    session.commit()
    return public_id


def work_through(app: Flask) -> None:
    """Carry out every waiting job, as the consumer does."""
    while run_once(app, app.extensions[HANDLERS_KEY]):
        pass


def export_row(session: Session, public_id: str) -> Export:
    """The export as it is stored now."""
    session.expire_all()
    return session.scalars(sa.select(Export).where(Export.public_id == public_id)).one()


def built(app: Flask, session: Session, net: Network) -> Export:
    """An export whose build is over: it waits for a signature, or is withheld."""
    public_id = prepared(session, net)
    work_through(app)
    return export_row(session, public_id)


def says_yes(
    session: Session, actor: Actor, row: Export, *, now: datetime | None = None
) -> Outcome:
    """The actor signs the built export, or gives one of the opinions that it needs."""
    return service.sign(
        session,
        actor,
        row.public_id,
        key=KEY,
        hosted_outside=False,
        remarks_read=True,
        now=now or utc_now(),
    )


def signed(session: Session, net: Network, row: Export) -> Export:
    """The built export, with every opinion and signature that it needs: ready."""
    for steward in (net.table.steward, net.table.other_steward)[: row.opinions_needed]:
        came_to = says_yes(session, steward, row)
    assert came_to is Outcome.SIGN
    session.commit()
    return row


def is_in(session: Session, row: Export, kind: Kind, id_: int) -> bool:
    """Whether an organization or a person is in an export."""
    return row.id in holding(session, fingerprints(KEY, kind, [id_])[id_])
