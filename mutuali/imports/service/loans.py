"""Use cases: check and write the loans of a file."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from mutuali.bookings import service as bookings
from mutuali.bookings.rules import Hold
from mutuali.bookings.service import ImportedLoan
from mutuali.core.errors import Reason
from mutuali.core.period import Period
from mutuali.core.permissions import Actor, Permission, require
from mutuali.equipment import service as equipment
from mutuali.imports.rules.loans import LoanRow
from mutuali.imports.rules.mapping import FileMapping, What
from mutuali.imports.rules.occupancy import fitting
from mutuali.imports.rules.reading import Reading, refuse_repeats
from mutuali.imports.rules.table import Objection
from mutuali.imports.service.listings import organization_ids
from mutuali.imports.service.trace import Plan, leave_trace, make_sure_still_new
from mutuali.organizations import service as organizations

_FARTHEST = datetime(9999, 1, 1, tzinfo=UTC)


def check_loans(
    session: Session,
    actor: Actor,
    reading: Reading[LoanRow],
    *,
    history: bool,
    new_public_id: Callable[[], str],
    now: datetime,
) -> Plan[ImportedLoan]:
    """Find the parties and what each listing has free, counting what is stored.

    Of the loans that exceed a listing's units the later ones are refused, or with ``history`` kept
    aside: they occupy nothing.

    Raises:
        Forbidden.
    """
    require(actor, Permission.IMPORT)
    mapping = reading.mapping
    if "ref" in mapping.fields:
        refuse_repeats(reading)
    else:
        _number_repeats(reading)
    stored = bookings.imported_refs(session, mapping.source)
    news = [row for row in reading.rows if row.ref not in stored]
    known = len(reading.rows) - len(news)
    reading.rows = news
    listings = _listing_ids(session, mapping)
    offered = equipment.units_and_lenders(session)
    borrowers = _accepted_ids(session, mapping)
    _refuse_strangers(reading, listings, offered, borrowers)
    by_listing: defaultdict[int, list[LoanRow]] = defaultdict(list)
    reading.rows.sort(key=lambda row: (row.loaned_at, row.line))
    for row in reading.rows:
        by_listing[listings[row.listing]].append(row)
    exceeding = _exceeding(session, by_listing, offered, now)
    if not history:
        column = mapping.column("loaned_at")
        reading.refuse(
            Objection(line, column, Reason("import.exceeds_units", {"units": units}))
            for line, units in exceeding.items()
        )
    drafts = []
    for row in reading.rows:
        listing_id = listings[row.listing]
        drafts.append(
            ImportedLoan(
                row.ref,
                new_public_id(),
                listing_id,
                offered[listing_id][1],
                borrowers[row.borrower],
                row.units,
                row.loaned_at,
                row.due_at,
                row.returned_at,
                row.occupied(now).end,
                row.purpose,
                row.meals,
                row.note,
                row.line in exceeding,
            )
        )
    reading.objections.sort(key=lambda each: each.line)
    return Plan(
        What.LOANS,
        mapping.source,
        reading.read,
        drafts,
        known,
        reading.objections,
        history=len(exceeding) if history else 0,
    )


def write_loans(
    session: Session,
    actor: Actor,
    plan: Plan[ImportedLoan],
    *,
    on_written: Callable[[int], None],
    now: datetime,
) -> None:
    """Write all of ``plan`` in the caller's transaction.

    Raises:
        Forbidden; Conflict: somebody imported some of them meanwhile.
        IntegrityError: the guard counts more units out than exist; somebody booked meanwhile.
    """
    stored = bookings.imported_refs(session, plan.source)
    make_sure_still_new({draft.ref for draft in plan.drafts}, stored)
    for batch in plan.batches():
        bookings.add_imported(session, actor, plan.source, batch)
        on_written(len(batch))
    leave_trace(session, actor, plan, now=now)


def _number_repeats(reading: Reading[LoanRow]) -> None:
    """Rows without a reference that say the same are several loans of the same: number them."""
    met: Counter[str] = Counter()
    numbered = []
    for row in reading.rows:
        met[row.ref] += 1
        numbered.append(replace(row, ref=f"{row.ref}-{met[row.ref]}"))
    reading.rows = numbered


def _listing_ids(session: Session, mapping: FileMapping) -> dict[str, int]:
    if mapping.listings is None:
        return equipment.ids_by_public_id(session)
    return equipment.imported_refs(session, mapping.listings)


def _accepted_ids(session: Session, mapping: FileMapping) -> dict[str, int]:
    accepted = {each.id for each in organizations.accepted_organizations(session)}
    ids = organization_ids(session, mapping)
    return {ref: id_ for ref, id_ in ids.items() if id_ in accepted}


def _refuse_strangers(
    reading: Reading[LoanRow],
    listings: Mapping[str, int],
    offered: Mapping[int, tuple[int, int]],
    borrowers: Mapping[str, int],
) -> None:
    """Refuse loans of things or to organizations that nobody knows, and to their own lender."""
    listing_column = reading.mapping.column("listing")
    borrower_column = reading.mapping.column("borrower")
    units_column = reading.mapping.column("units")
    found = []
    for row in reading.rows:
        listing_id, borrower_id = listings.get(row.listing), borrowers.get(row.borrower)
        if listing_id is None:
            reason = Reason("import.listing_unknown")
            found.append(Objection(row.line, listing_column, reason))
        elif row.units > offered[listing_id][0]:
            reason = Reason("field.out_of_range", {"min": 1, "max": offered[listing_id][0]})
            found.append(Objection(row.line, units_column, reason))
        if borrower_id is None:
            reason = Reason("import.organization_unknown")
            found.append(Objection(row.line, borrower_column, reason))
        elif listing_id is not None and offered[listing_id][1] == borrower_id:
            found.append(Objection(row.line, borrower_column, Reason("booking.own_listing")))
    reading.refuse(found)


def _exceeding(
    session: Session,
    by_listing: Mapping[int, list[LoanRow]],
    offered: Mapping[int, tuple[int, int]],
    now: datetime,
) -> dict[int, int]:
    """Line -> the units of its listing, of every loan that finds them taken."""
    starts = [rows[0].loaned_at for rows in by_listing.values()]
    if not starts:
        return {}
    taken = bookings.all_taken(session, Period(min(starts), _FARTHEST), now=now)
    found = {}
    for listing_id, rows in by_listing.items():
        units = offered[listing_id][0]
        claims = [Hold(row.units, row.occupied(now)) for row in rows]
        verdicts = fitting(claims, taken.get(listing_id, []), units)
        for row, fits in zip(rows, verdicts, strict=True):
            if not fits:
                found[row.line] = units
    return found
