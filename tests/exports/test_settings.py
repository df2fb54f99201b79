"""A clause is the setting that the pipeline reads: one answer changes the words in both languages,
the policy for machines, and the figures that leave; and the kind of an agreement says which
datasets may leave at all."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from mutuali.agreements import service as agreements
from mutuali.agreements.rules import Dataset, Instrument, changes
from mutuali.core.errors import Conflict, Refused
from mutuali.exports import service
from mutuali.exports.models import Export
from mutuali.exports.rules.regimes import Regime
from mutuali.web.clock import utc_now
from mutuali.web.mail import address
from mutuali.web.secrets import new_public_id
from tests.agreements.made import in_force
from tests.exports.networks import FIRST
from tests.exports.stored import ANSWERS, KEY, Network, export_row, prepared, shared_year
from tests.factories import World


def agreed_with(session: Session, net: Network, **answer: object) -> Network:
    """The same network, under another agreement that differs by one answer."""
    now = utc_now()
    terms = {
        "datasets": (net.dataset,),
        "purposes": (net.purpose,),
        "starts_on": now.date() - timedelta(days=1),
        "ends_on": now.date() + timedelta(days=300),
    }
    return replace(net, agreement_id=in_force(session, net.table, now=now, **terms | answer))


def shown(app: Flask, session: Session, net: Network) -> dict[tuple[str, ...], int]:
    """The cells that leave with a figure, and the fewest contributors on a side behind each."""
    row = export_row(session, prepared(session, net))
    with app.app_context():
        work = service.read(session, row.id, address=address, key=KEY, now=utc_now())
    assert work is not None
    built = service.build(work.snapshot, FIRST)
    assert isinstance(built, service.Built), built
    assert built.report["k"] == work.export.agreement.k
    found = {}
    for table in built.tables:
        assert isinstance(table.witness, tuple)
        for cell in table.witness:
            if cell.sides:
                found[table.table.name, *cell.keys] = min(map(len, cell.sides.values()))
    return found


def threshold(document: dict[str, object]) -> set[int]:
    """What the policy for machines asks of the contributors behind a figure."""
    text = json.dumps(document)
    assert "mutuali:contributors" in text
    wanted = []

    def look(node: object) -> None:
        if isinstance(node, dict):
            if node.get("leftOperand") == "mutuali:contributors":
                wanted.append(int(node["rightOperand"]["@value"]))
            for value in node.values():
                look(value)
        elif isinstance(node, list):
            for value in node:
                look(value)

    look(document)
    return set(wanted)


def test_one_answer_changes_both_texts_the_policy_and_what_leaves(
    app: Flask, session: Session
) -> None:
    now = utc_now()
    net = shared_year(
        session, World(session, now), Dataset.EQUIPMENT_USE, now=now, organizations=20, loans=260
    )
    loose, strict = agreed_with(session, net, k=5), agreed_with(session, net, k=10)
    steward = net.table.steward
    five, ten = (
        agreements.agreement(session, steward, each.agreement_id, now=now)
        for each in (loose, strict)
    )

    for language, before, after in (
        ("fr", five.text_fr, ten.text_fr),
        ("en", five.text_en, ten.text_en),
    ):
        words = [
            (each.before.plain, each.after.plain)
            for each in changes(before, after, language)
            if each.before and each.after
        ]
        assert any("5" in few and few.replace("5", "10") == many for few, many in words), language
    with app.app_context():
        policies = [
            agreements.policy_of(session, steward, each.agreement_id, address)
            for each in (loose, strict)
        ]
    assert [threshold(each) for each in policies] == [{5}, {10}]

    under_five, under_ten = shown(app, session, loose), shown(app, session, strict)
    assert 5 <= min(under_five.values()) < 10
    assert min(under_ten.values()) >= 10
    assert 0 < len(under_ten) < len(under_five)


@pytest.mark.parametrize(
    ("dataset", "instrument", "field"),
    [
        (Dataset.EQUIPMENT_USE, Instrument.OPEN, "purposes"),
        (Dataset.ORGANIZATIONS_CAPACITY, Instrument.ORGANIZATION_DATA, "instrument"),
    ],
)
def test_an_agreement_that_mixes_what_is_open_with_what_is_not_is_not_even_proposed(
    app: Flask, session: Session, dataset: Dataset, instrument: Instrument, field: str
) -> None:
    now = utc_now()
    net = shared_year(session, World(session, now), dataset, now=now)
    with pytest.raises(Refused) as refused:
        agreed_with(session, net, instrument=instrument)
    assert [(each.code, each.field) for each in refused.value.reasons] == [
        ("agreement.open_is_apart", field)
    ]


def test_what_was_asked_before_the_rule_is_not_built_either(app: Flask, session: Session) -> None:
    now = utc_now()
    net = shared_year(session, World(session, now), Dataset.EQUIPMENT_USE, now=now)
    public_id = new_public_id()
    request = service.DataRequest(
        net.agreement_id, net.dataset, net.purpose, "Où manque-t-il des camions?", ANSWERS
    )
    service.request_export(session, net.table.analyst, request, public_id=public_id, now=utc_now())
    session.execute(sa.update(Export).values(regime=Regime.OPEN))
    with pytest.raises(Conflict, match=r"export\.not_by_this_right"):
        service.prepare(session, net.table.steward, public_id, hosted_outside=False, now=utc_now())
