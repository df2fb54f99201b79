"""Who lends what, by name: only of those who said yes to being named, and nothing else of them."""

import csv
import io
from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from mutuali.agreements.rules import Dataset, ReleaseSettings
from mutuali.consent import service as consent
from mutuali.consent.rules import Purpose
from mutuali.exports import service
from mutuali.exports.rules.catalogue import CATALOGUE, not_releasable
from mutuali.exports.rules.regimes import Regime, lawful
from mutuali.exports.service import Built, capacity
from mutuali.organizations import service as organizations
from mutuali.privacy.errors import Disagreement
from mutuali.web.clock import utc_now
from tests.exports.networks import FIRST, network
from tests.exports.stored import shared_year
from tests.factories import World


def test_only_who_wants_to_be_named_is_and_a_withdrawal_takes_the_name_out(
    session: Session,
) -> None:
    now = utc_now()
    net = shared_year(
        session, World(session, now), Dataset.ORGANIZATIONS_CAPACITY, now=now, saying_yes=3
    )
    assert named(session, net.table.partner_id) == names(session, net.organizations[:3])

    consent.withdraw(session, net.managers[1], net.organizations[1], net.notice_id, now=utc_now())
    session.flush()

    kept = (net.organizations[0], net.organizations[2])
    assert named(session, net.table.partner_id) == names(session, kept)


def names(session: Session, ids: tuple[int, ...]) -> set[str]:
    return {found.name for found in organizations.organizations(session, frozenset(ids)).values()}


def named(session: Session, recipient_id: int) -> set[str]:
    snapshot = service.take(
        session,
        Dataset.ORGANIZATIONS_CAPACITY,
        purpose=Purpose.NAMED_PUBLICLY,
        recipient_id=recipient_id,
        settings=ReleaseSettings(),
        now=utc_now(),
    )
    built = service.build(snapshot, FIRST)
    assert isinstance(built, Built)
    (table,) = built.tables
    lines = list(csv.DictReader(io.StringIO(table.data.decode())))
    assert set(lines[0]) == {"organization", "family", "zone", "units_band"}
    assert len(lines) == table.lines
    return {line["organization"] for line in lines}


def test_no_name_is_read_for_any_other_dataset(session: Session) -> None:
    now = utc_now()
    net = shared_year(session, World(session, now), Dataset.EQUIPMENT_USE, now=now)
    snapshot = service.take(
        session,
        net.dataset,
        purpose=net.purpose,
        recipient_id=net.table.partner_id,
        settings=ReleaseSettings(),
        now=now,
    )
    assert snapshot.names == {}


def test_a_name_that_nobody_agreed_to_is_found_in_the_bytes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The second look reads the file, whatever the first one thought."""
    snapshot = network(Dataset.ORGANIZATIONS_CAPACITY, 20, loans=100)
    one = min(capacity._lines(snapshot))
    gone = replace(snapshot, consenting=snapshot.consenting - {one.organization_id})

    with pytest.raises(Disagreement, match="did not say yes"):
        capacity.table(gone)
    lines = capacity._lines(snapshot)
    monkeypatch.setattr(capacity, "_lines", lambda _: [replace(lines[0], band="999")])
    with pytest.raises(Disagreement, match="999"):
        capacity.table(snapshot)


def test_naming_columns_leave_in_this_dataset_by_declaration_and_in_no_other() -> None:
    capacity_dataset = CATALOGUE[Dataset.ORGANIZATIONS_CAPACITY]
    assert not_releasable(capacity_dataset) == ()
    quiet = replace(capacity_dataset, names_organizations=False)
    assert not_releasable(quiet) == ("organization.name",)


@pytest.mark.parametrize("dataset", list(Dataset))
def test_names_are_open_only_and_rows_of_loans_never(dataset: Dataset) -> None:
    rights = {
        regime for regime in Regime for purpose in Purpose if lawful(dataset, regime, purpose)
    }
    to_somebody = {Regime.OWN_STUDY, Regime.NAMED_RECIPIENT, Regime.RESEARCH}
    if CATALOGUE[dataset].is_open:
        assert rights == {Regime.OPEN}
    elif dataset is Dataset.LOANS:
        assert rights == to_somebody
    else:
        assert rights == {*to_somebody, Regime.OPEN}
