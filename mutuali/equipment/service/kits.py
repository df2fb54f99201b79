"""Listings that go out together: what a kit is made of."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from mutuali.audit import service as audit
from mutuali.core.errors import NotFound, Reason, Refused
from mutuali.core.permissions import Actor
from mutuali.equipment.models import KitPart, Listing
from mutuali.equipment.rules import MOST_PARTS, ListingState
from mutuali.equipment.service.records import ListingFacts, editable, facts_of
from mutuali.organizations.rules import Need, need_of
from mutuali.storage import is_one_of


@dataclass(frozen=True, slots=True)
class KitPartFacts:
    """``units`` of ``listing`` go out with each kit."""

    listing: ListingFacts
    units: int


def set_parts(
    session: Session,
    actor: Actor,
    listing_id: int,
    parts: Sequence[tuple[str, int]],
    *,
    now: datetime,
) -> None:
    """Say what a listing is made of: (listing by public id, units of it in each kit); none makes
    it an ordinary listing again. Bookings that were made keep the parts they had.

    The parts are the same lender's. A kit has at most ``MOST_PARTS``; none of them is a kit, and
    the kit itself is part of none, so that everybody queues for several listings in one order.

    Raises:
        NotFound: the actor may not edit it.
        Refused: a part is somebody else's, a kit, named twice, or fewer exist than every kit needs.
    """
    kit = editable(session, actor, listing_id)
    rows = {
        row.public_id: row
        for row in session.scalars(
            select(Listing)
            .where(Listing.public_id.in_([part for part, _ in parts]))
            .order_by(Listing.id)
            .with_for_update(key_share=True)
        )
    }
    reasons = _objections(session, kit, parts, rows)
    if reasons:
        raise Refused(*reasons)
    session.execute(delete(KitPart).where(KitPart.kit_id == kit.id))
    session.add_all(
        KitPart(kit_id=kit.id, part_id=rows[part].id, units=units) for part, units in parts
    )
    kit.is_kit = bool(parts)
    kit.version += 1
    session.flush()
    facts = {"parts": {str(rows[part].id): units for part, units in parts}}
    audit.record(session, actor, "listing.parts", "listing", kit.id, now=now, facts=facts)


def kit_parts(session: Session, kit_id: int) -> list[KitPartFacts]:
    """What a kit is made of, in the order of ids; empty for a listing that is none."""
    rows = session.execute(
        select(Listing, KitPart.units)
        .join(KitPart, KitPart.part_id == Listing.id)
        .where(KitPart.kit_id == kit_id)
        .order_by(Listing.id)
    ).all()
    facts = facts_of(session, [row for row, _ in rows])
    return [KitPartFacts(each, units) for each, (_, units) in zip(facts, rows, strict=True)]


def possible_parts(session: Session, actor: Actor, listing_id: int) -> list[ListingFacts]:
    """The lender's other listings that could be part of this one. Raises NotFound."""
    kit = session.get(Listing, listing_id)
    if kit is None:
        raise NotFound
    rows = session.scalars(
        select(Listing)
        .where(
            Listing.lender_id == kit.lender_id,
            Listing.id != kit.id,
            ~Listing.is_kit,
            Listing.state != ListingState.WITHDRAWN,
        )
        .order_by(Listing.title_fr, Listing.id)
    ).all()
    return facts_of(session, rows)


def _objections(
    session: Session,
    kit: Listing,
    parts: Sequence[tuple[str, int]],
    rows: dict[str, Listing],
) -> list[Reason]:
    reasons: list[Reason] = []
    if len(parts) > MOST_PARTS:
        reasons.append(Reason("kit.too_many_parts", {"most": MOST_PARTS}, "parts"))
    if len({part for part, _ in parts}) < len(parts):
        reasons.append(Reason("kit.part_twice", {}, "parts"))
    if parts and session.scalar(select(exists().where(KitPart.part_id == kit.id))):
        reasons.append(Reason("kit.is_part", {}, "parts"))
    for part, units in parts:
        row = rows.get(part)
        if row is None or row.lender_id != kit.lender_id or row.id == kit.id:
            reasons.append(Reason("field.not_a_choice", {}, "parts"))
        elif row.is_kit:
            reasons.append(Reason("kit.part_is_kit", {}, "parts"))
        elif units * kit.units > row.units:
            params = {
                "title": row.title_fr or row.title_en,
                "needed": units * kit.units,
                "units": row.units,
            }
            reasons.append(Reason("kit.too_few", params, "parts"))
    return reasons


def demands_of(session: Session, listings: Collection[ListingFacts]) -> dict[int, tuple[Need, ...]]:
    """What each listing demands of a borrower, in order; of a kit, what its parts demand too."""
    found = {each.id: set(each.draft.demands) for each in listings}
    kits = [each.id for each in listings if each.is_kit]
    if kits:
        rows = session.execute(
            select(KitPart.kit_id, Listing.demands)
            .join(Listing, Listing.id == KitPart.part_id)
            .where(is_one_of(KitPart.kit_id, kits))
        )
        for kit_id, codes in rows:
            found[kit_id] |= {need_of(code) for code in codes}
    return {id_: tuple(sorted(needs)) for id_, needs in found.items()}
