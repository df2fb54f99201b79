"""Searches that found nothing: counted while their quarter runs, cut loose when it closes."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from mutuali.bookings.models import DemandKey, UnmetDemand, UnmetDemandNotice, UnmetSearch
from mutuali.bookings.rules.demand import (
    Need,
    closed_token,
    marks,
    quarter_of,
    token_of,
    zone_of,
)
from mutuali.core.period import local
from mutuali.core.permissions import Actor
from mutuali.organizations import service as organizations
from mutuali.storage import Base, forget_rows, is_one_of


def record_unmet(
    session: Session, actor: Actor, need: Need, *, fresh_key: str, now: datetime
) -> None:
    """Count a search that found nothing, once a day; nothing is kept of who has no organization.

    ``fresh_key`` becomes the key of the quarter where it has none yet.
    """
    if actor.organization_id is None:
        return
    quarter = quarter_of(now)
    key = session.scalar(select(DemandKey.key).where(DemandKey.quarter == quarter))
    if key is None:
        _put(session, DemandKey, [{"quarter": quarter, "key": fresh_key}])
        key = session.scalars(select(DemandKey.key).where(DemandKey.quarter == quarter)).one()
    borough = need.borough or organizations.home_boroughs(session).get(actor.organization_id)
    zone = zone_of(borough)
    token = token_of(key, actor.organization_id)
    found = marks(key, actor.organization_id, need, zone, local(now).date())
    rows = [
        {"mark": mark, "quarter": quarter, "family": family, "zone": zone, "token": token}
        for family, mark in found
    ]
    _put(session, UnmetSearch, rows)


def quarters_to_close(session: Session, *, now: datetime) -> list[str]:
    """The quarters that are over and whose key still exists, oldest first."""
    query = select(DemandKey.quarter).where(DemandKey.quarter < quarter_of(now))
    return list(session.scalars(query.order_by(DemandKey.quarter)))


def close_quarter(
    session: Session,
    quarter: str,
    *,
    stands_for: Mapping[int, int],
    notices: Mapping[int, frozenset[int]],
) -> int:
    """Keep what somebody said yes to, by contributor, and destroy the key; how many searches stay.

    ``stands_for`` tells which contributor an organization counts as, ``notices`` under which
    notices its yes is in force. What nobody said yes to is not kept.
    """
    row = session.get(DemandKey, quarter, with_for_update=True)
    if row is None:
        return 0
    whose = {token_of(row.key, id_): id_ for id_ in stands_for}
    counts: Counter[tuple[str, str, str, tuple[int, ...]]] = Counter()
    for search in session.scalars(select(UnmetSearch).where(UnmetSearch.quarter == quarter)):
        organization = whose.get(search.token)
        under = notices.get(organization, frozenset()) if organization is not None else frozenset()
        if organization is not None and under:
            token = closed_token(row.key, stands_for[organization])
            counts[search.family, search.zone, token, tuple(sorted(under))] += 1
    # In an order that tells nothing of when or by whom.
    for (family, zone, token, allowed), searches in sorted(counts.items()):
        id_ = session.execute(
            insert(UnmetDemand)
            .values(quarter=quarter, family=family, zone=zone, token=token, searches=searches)
            .returning(UnmetDemand.id)
        ).scalar_one()
        session.execute(
            insert(UnmetDemandNotice),
            [{"demand_id": id_, "notice_id": notice} for notice in allowed],
        )
    session.execute(delete(UnmetSearch).where(UnmetSearch.quarter == quarter))
    session.execute(delete(DemandKey).where(DemandKey.quarter == quarter))
    session.expire_all()
    return sum(counts.values())


def forget_demand(session: Session, before: datetime, *, dry: bool) -> int:
    """Destroy what is left of the searches of quarters that were over before; returns how many."""
    over = UnmetDemand.quarter < quarter_of(before)
    forget_rows(
        session,
        UnmetDemandNotice,
        UnmetDemandNotice.demand_id.in_(select(UnmetDemand.id).where(over)),
        dry=dry,
    )
    return forget_rows(session, UnmetDemand, over, dry=dry)


def unmet_rows(notice_ids: frozenset[int]) -> Select[*tuple[Any, ...]]:
    """Named columns of the searches of closed quarters that these notices let out, for exports."""
    allowed = select(UnmetDemandNotice.demand_id).where(
        is_one_of(UnmetDemandNotice.notice_id, notice_ids)
    )
    return select(
        UnmetDemand.quarter,
        UnmetDemand.family,
        UnmetDemand.zone,
        UnmetDemand.token,
        UnmetDemand.searches,
    ).where(UnmetDemand.id.in_(allowed))


def _put(session: Session, model: type[Base], rows: list[dict[str, Any]]) -> None:
    """Insert what is not there yet."""
    dialect = session.get_bind().dialect.name
    statement = postgresql.insert(model) if dialect == "postgresql" else sqlite.insert(model)
    session.execute(statement.values(rows).on_conflict_do_nothing())
