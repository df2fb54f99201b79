"""The ``unmet-demand`` dataset: what was looked for or asked for and not found."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from mutuali.audit import service as audit
from mutuali.bookings import service as bookings
from mutuali.bookings.rules import State
from mutuali.consent import service as consent
from mutuali.core.permissions import Actor
from mutuali.exports.rules.catalogue import DeclaredTable
from mutuali.exports.rules.ladder import tables_at
from mutuali.exports.rules.seasons import half_of
from mutuali.exports.service.columns import labelled
from mutuali.exports.service.snapshot import Snapshot, seasons_of, time_of
from mutuali.exports.service.sums import Summed, made, those_that_speak
from mutuali.exports.service.use import keyed, stand_for
from mutuali.organizations import service as organizations
from mutuali.privacy.progress import Progress, unheard

if TYPE_CHECKING:
    import pyarrow as pa

VERSION = "unmet-demand-1"
_ENDED_WITHOUT = (State.DECLINED, State.EXPIRED)


def tables(
    snapshot: Snapshot, progress: Progress = unheard
) -> tuple[list[Summed], list[DeclaredTable]]:
    """The tables of the network's step that say something, and those withheld as empty.

    Raises:
        NothingToRelease: every table is empty.
        PrivacyError: the bytes are not what they should be.
    """
    declared = tables_at(snapshot.dataset, snapshot.rung)
    return those_that_speak(
        [made(snapshot, table, _rows(snapshot, table), declared, progress) for table in declared]
    )


def close_quarters(session: Session, actor: Actor, *, now: datetime) -> None:
    """Mark the searches of each quarter that is over with the yeses in force; destroy its key."""
    for quarter in bookings.quarters_to_close(session, now=now):
        notices: dict[int, set[int]] = {}
        for notice in consent.current_notices(session):
            for id_ in consent.consenting(session, notice.purpose, notice.recipient_id, now=now):
                notices.setdefault(id_, set()).add(notice.id)
        bookings.close_quarter(
            session,
            quarter,
            stands_for=organizations.contributors(session),
            notices={id_: frozenset(under) for id_, under in notices.items()},
        )
        # Not how many: of a small network that would say too much.
        number, facts = int(quarter.replace("-Q", "")), {"quarter": quarter}
        audit.record(session, actor, "demand.closed", "quarter", number, now=now, facts=facts)


def _rows(snapshot: Snapshot, table: DeclaredTable) -> "pa.Table":
    import pyarrow as pa

    names = [*table.keys, "searches", "requests", "searcher", "lender", "borrower"]
    kinds = {"searcher": pa.string(), **dict.fromkeys(table.keys, pa.string())}
    schema = pa.schema([(name, kinds.get(name, pa.int64())) for name in names])
    both = [_searches(snapshot, table), keyed(snapshot, table, unmet_requests(snapshot))]
    return pa.concat_tables([_filled(rows, schema) for rows in both])


def _filled(rows: "pa.Table", schema: "pa.Schema") -> "pa.Table":
    import pyarrow as pa

    columns = [
        rows.column(field.name).cast(field.type)
        if field.name in rows.column_names
        else pa.nulls(rows.num_rows, field.type)
        for field in schema
    ]
    return pa.table(columns, schema)


def _searches(snapshot: Snapshot, table: DeclaredTable) -> "pa.Table":
    """Searches of closed quarters, by a token that leads to nobody any more."""
    import pyarrow as pa
    import pyarrow.compute as pc

    found = snapshot.searches
    columns = {"searches": found.column("searches"), "searcher": found.column("token")}
    inside = None
    for key in table.keys:
        time = time_of(key)
        if time is None:
            columns[key] = found.column("family" if key == "family" else "zone")
            continue
        wanted = {season.name for season in seasons_of(snapshot.dataset, key, snapshot.now)}
        quarters = found.column("quarter")
        named = {
            quarter: name
            for quarter in quarters.unique().to_pylist()
            if (name := _wider(quarter, time)) in wanted
        }
        columns[key] = labelled(quarters, named).cast(pa.string())
        inside = pc.is_in(quarters, pa.array(sorted(named), pa.string()))
    return pa.table(columns).filter(inside)


def _wider(quarter: str, time: str) -> str:
    if time == "quarter":
        return quarter
    return half_of(quarter) if time == "half_year" else quarter[:4]


def unmet_requests(snapshot: Snapshot) -> "pa.Table":
    """Requests that both sides let be counted and that were declined, or lapsed unanswered."""
    import pyarrow as pa
    import pyarrow.compute as pc

    loans = snapshot.loans
    ended = pa.array([state.value for state in _ENDED_WITHOUT])
    loans = loans.filter(
        pc.and_(
            pc.is_in(loans.column("state"), ended),
            pc.invert(pc.cast(loans.column("is_history"), pa.bool_())),
        )
    )
    return pa.table(
        {
            "listing": loans.column("listing"),
            # A need is of the season in which somebody asked.
            "starts_at": loans.column("created_at"),
            "lender_id": loans.column("lender"),
            "borrower_id": loans.column("borrower"),
            "lender": stand_for(snapshot, loans.column("lender")),
            "borrower": stand_for(snapshot, loans.column("borrower")),
            "requests": pa.array([1] * len(loans), pa.int64()),
        }
    )
