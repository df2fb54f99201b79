"""A small network with a year of loans in the database, and its agreement and consents."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from mutuali.agreements.rules import Dataset
from mutuali.bookings.models import Booking
from mutuali.consent import service as consent
from mutuali.consent.rules import Answer, Purpose
from mutuali.core.permissions import Actor
from mutuali.equipment.models import Listing
from mutuali.equipment.rules import Kind
from mutuali.exports.service.snapshot import window_of
from mutuali.web.secrets import new_public_id
from tests.agreements.made import Table, in_force, set_table
from tests.factories import World

PURPOSE_OF = {
    Dataset.EQUIPMENT_USE: Purpose.NETWORK_STATISTICS,
    Dataset.LOANS: Purpose.SHARING_STUDY,
}


@dataclass(frozen=True, slots=True)
class Network:
    """Everybody around one export."""

    table: Table
    agreement_id: str
    organizations: tuple[int, ...]
    managers: tuple[Actor, ...]
    notice_id: str
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
    organizations: int = 16,
    loans: int = 700,
    saying_yes: int | None = None,
) -> Network:
    """``organizations`` that lent and borrowed within the dataset's window; the first
    ``saying_yes`` of them (all by default) said yes; one agreement is in force."""
    dice = random.Random(11)
    table = set_table(world)
    ids, managers, listings = [], [], []
    window = window_of(dataset, now)
    for _ in range(organizations):
        id_, site_id = world.organization()
        ids.append(id_)
        managers.append(world.member(id_))
        kind = dice.choice((Kind.VEHICLE, Kind.KITCHEN))
        public_id = world.listing((id_, site_id), kind=kind, units=40)
        row = session.scalars(sa.select(Listing).where(Listing.public_id == public_id)).one()
        row.published_at = window.start
        listings.append(row)
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
                "units": 1,
                "starts_at": start,
                "ends_at": start + length,
                "occupied_until": start + length + late,
                "state": "closed" if closed else "cancelled",
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
    )
    notice_id = new_public_id()
    consent.publish_notice(
        session,
        table.steward,
        consent.default_draft(session, PURPOSE_OF[dataset], table.partner_id),
        public_id=notice_id,
        now=now,
    )
    for id_, manager in list(zip(ids, managers, strict=True))[:saying_yes]:
        consent.answer(session, manager, id_, notice_id, Answer.GIVEN, now=now)
    session.flush()
    return Network(table, agreement_id, tuple(ids), tuple(managers), notice_id, dataset)
