"""Use cases: check and write the listings of a file."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from mutuali.core.errors import Reason
from mutuali.core.permissions import Actor, Permission, require
from mutuali.equipment import service as equipment
from mutuali.equipment.service import ImportedListing, ListingDraft
from mutuali.imports.rules.listings import ListingRow
from mutuali.imports.rules.mapping import FileMapping, What
from mutuali.imports.rules.reading import Reading, refuse_repeats
from mutuali.imports.rules.table import Objection
from mutuali.imports.service.trace import Plan, leave_trace, make_sure_still_new
from mutuali.organizations import service as organizations


def organization_ids(session: Session, mapping: FileMapping) -> dict[str, int]:
    """What stands in the file for an organization -> its id."""
    if mapping.organizations is None:
        return organizations.ids_by_public_id(session)
    return organizations.imported_refs(session, mapping.organizations)


def check_listings(
    session: Session,
    actor: Actor,
    reading: Reading[ListingRow],
    *,
    new_public_id: Callable[[], str],
    now: datetime,
) -> Plan[ImportedListing]:
    """Find repeats (or fold them), lenders and their places. Raises Forbidden."""
    require(actor, Permission.IMPORT)
    mapping = reading.mapping
    folded = _fold(reading) if mapping.fold else 0
    refuse_repeats(reading)
    stored = equipment.imported_refs(session, mapping.source)
    news = [row for row in reading.rows if row.ref not in stored]
    known = len(reading.rows) - len(news)
    reading.rows = news
    lenders = organization_ids(session, mapping)
    sites = organizations.first_sites(session)
    accepted = {each.id for each in organizations.accepted_organizations(session)}
    drafts = []
    found = []
    for row in reading.rows:
        lender_id = lenders.get(row.lender)
        reasons: tuple[Reason, ...] = ()
        if lender_id is None:
            reasons = (Reason("import.organization_unknown", {}, "lender"),)
        elif lender_id not in accepted:
            reasons = (Reason("organization.not_accepted", {}, "lender"),)
        elif lender_id not in sites:
            reasons = (Reason("import.organization_without_place", {}, "lender"),)
        else:
            draft = ListingDraft(site_id=sites[lender_id], **row.values)
            reasons = equipment.objections(draft)
            drafts.append(
                ImportedListing(row.ref, new_public_id(), lender_id, row.published_at or now, draft)
            )
        if reasons:
            found += [Objection(row.line, mapping.column(r.field or ""), r) for r in reasons]
    reading.refuse(found)
    refs = {row.ref for row in reading.rows}
    return Plan(
        What.LISTINGS,
        mapping.source,
        reading.read,
        [draft for draft in drafts if draft.ref in refs],
        known,
        reading.objections,
        folded=folded,
    )


def write_listings(
    session: Session,
    actor: Actor,
    plan: Plan[ImportedListing],
    *,
    on_written: Callable[[int], None],
    now: datetime,
) -> None:
    """Write all of ``plan`` in the caller's transaction.

    Raises:
        Forbidden; Conflict: somebody imported some of them meanwhile.
    """
    stored = equipment.imported_refs(session, plan.source)
    make_sure_still_new({draft.ref for draft in plan.drafts}, set(stored))
    for batch in plan.batches():
        equipment.add_imported(session, actor, plan.source, batch, now=now)
        on_written(len(batch))
    leave_trace(session, actor, plan, now=now)


def _fold(reading: Reading[ListingRow]) -> int:
    """Make one listing of all rows with one reference; returns how many rows that saved."""
    by_ref: dict[str, ListingRow] = {}
    for row in reading.rows:
        known = by_ref.get(row.ref)
        by_ref[row.ref] = row if known is None else known.folded(row)
    folded = len(reading.rows) - len(by_ref)
    reading.rows = list(by_ref.values())
    return folded
