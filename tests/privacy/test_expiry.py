"""A search among very many schemes ends when it is told to, and says what it proved."""

from collections.abc import Callable

import pyarrow as pa
import pytest

from mutuali.privacy.check.remeasure import remeasure
from mutuali.privacy.engine import deidentify
from mutuali.privacy.plan import Column, Hierarchy, KAnonymity, Plan, RecodingModel, Role
from mutuali.privacy.text import to_csv
from tests.privacy.lookalike import loan_plan, loans

DEEP = Hierarchy.bands(range(16), [range(0, 16, 2), range(0, 16, 4), range(0, 16, 8)])


def many_columns(columns: int, rows: int) -> tuple[pa.Table, Plan]:
    names = [f"q{n:02}" for n in range(columns)]
    values = {
        name: [str((row * (position + 3) + row // 7) % 16) for row in range(rows)]
        for position, name in enumerate(names)
    }
    quasi = tuple(Column(name, Role.QUASI_IDENTIFIER, DEEP) for name in names)
    return pa.table(values), Plan("1", quasi, (KAnonymity(5),), 0.1)


def after(looks: int) -> Callable[[], bool]:
    """Time that is up when it was asked for so often."""
    asked = iter(range(looks))
    return lambda: next(asked, None) is None


def test_what_is_found_in_little_time_is_safe_and_what_is_found_in_more_is_no_worse() -> None:
    table, plan = many_columns(12, 300)
    found = [deidentify(table, plan, expired=after(looks)) for looks in (1, 200, 2_000)]

    losses = [release.report.loss for release in found]
    assert losses == sorted(losses, reverse=True)
    for release in found:
        bound = release.report.least_loss
        assert bound is not None
        assert 0 <= bound <= release.report.loss
        claimed = release.report.measures()
        remeasure(to_csv(release.table), release.witness, table.to_pylist(), plan, claimed=claimed)


@pytest.mark.parametrize("recoding", [RecodingModel.FULL_DOMAIN, RecodingModel.LOCAL])
def test_only_what_was_proved_is_said_to_be_the_least_loss(recoding: RecodingModel) -> None:
    table = loans(300, 30, 30)
    plan = Plan("1", loan_plan().columns, loan_plan().models, 0.1, recoding=recoding)

    report = deidentify(table, plan).report

    proved = report.loss if recoding is RecodingModel.FULL_DOMAIN else None
    assert report.least_loss == (pytest.approx(proved) if proved is not None else None)
