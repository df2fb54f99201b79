"""Use cases: check and write the organizations of a file."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from mutuali.core.permissions import Actor, Permission, require
from mutuali.imports.rules.mapping import What
from mutuali.imports.rules.organizations import Known, OrganizationRow
from mutuali.imports.rules.reading import Reading, find_twins, refuse_repeats
from mutuali.imports.service.trace import Plan, leave_trace, make_sure_still_new
from mutuali.organizations import service as organizations
from mutuali.organizations.service import ImportedOrganization, OrganizationDraft, SiteDraft


def check_organizations(
    session: Session,
    actor: Actor,
    reading: Reading[OrganizationRow],
    *,
    new_public_id: Callable[[], str],
) -> Plan[ImportedOrganization]:
    """Find repeats and duplicates, in the file and among those stored. Raises Forbidden."""
    require(actor, Permission.IMPORT)
    source = reading.mapping.source
    refuse_repeats(reading)
    stored = organizations.imported_refs(session, source)
    news = [row for row in reading.rows if row.ref not in stored]
    known = len(reading.rows) - len(news)
    reading.rows = news
    seen = Known()
    for public_id, name, address, point in organizations.names_and_places(session):
        seen.add(public_id, name, address, point)
    find_twins(reading, seen)
    drafts = [
        ImportedOrganization(
            row.ref,
            new_public_id(),
            new_public_id(),
            OrganizationDraft(
                row.name, row.kind, row.sector, row.languages, row.enterprise_number, row.phone
            ),
            SiteDraft(
                row.site_name,
                row.address,
                row.postal_code,
                row.borough,
                row.point,
                row.access_notes,
            ),
            row.email,
        )
        for row in reading.rows
    ]
    return Plan(
        What.ORGANIZATIONS,
        source,
        reading.read,
        drafts,
        known,
        reading.objections,
        reading.notices,
    )


def write_organizations(
    session: Session,
    actor: Actor,
    plan: Plan[ImportedOrganization],
    *,
    on_written: Callable[[int], None],
    now: datetime,
) -> None:
    """Write all of ``plan`` in the caller's transaction.

    Raises:
        Forbidden; Conflict: somebody imported some of them meanwhile.
    """
    stored = organizations.imported_refs(session, plan.source)
    make_sure_still_new({draft.ref for draft in plan.drafts}, set(stored))
    for batch in plan.batches():
        organizations.add_imported(session, actor, plan.source, batch, now=now)
        on_written(len(batch))
    leave_trace(session, actor, plan, now=now)
