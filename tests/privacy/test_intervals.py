"""Numbers in intervals: the labels, the nesting, the ends."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutuali.privacy.plans.intervals import Intervals
from mutuali.privacy.plans.problems import Misfit


def widths(*values: float, **others: float) -> Intervals:
    limits: dict[str, Any] = {name: Decimal(str(value)) for name, value in others.items()}
    return Intervals(widths=tuple(Decimal(str(value)) for value in values), **limits)


def edges(*levels: tuple[float, ...], **others: float) -> Intervals:
    limits: dict[str, Any] = {name: Decimal(str(value)) for name, value in others.items()}
    return Intervals(
        edges=tuple(tuple(Decimal(str(e)) for e in level) for level in levels), **limits
    )


def chain(rule: Intervals, value: str, domain: list[str]) -> tuple[str | None, ...]:
    return next(c for c in rule.hierarchy(domain).chains if c[0] == value)


AGES = [str(age) for age in range(17, 91)]


def test_widths_label_numbers_by_the_multiples_around_them() -> None:
    rule = widths(5, 20)

    assert chain(rule, "23", AGES) == ("23", "20-24", "20-39", "*")
    assert chain(rule, "17", AGES) == ("17", "15-19", "0-19", "*")
    assert chain(rule, "90", AGES) == ("90", "90-94", "80-99", "*")
    assert rule.hierarchy(AGES).names == ("value", "5", "20", "*")


def test_bottom_and_top_are_one_label_each_on_every_level() -> None:
    rule = widths(5, 20, bottom=18, top=65)

    assert chain(rule, "17", AGES)[1:3] == ("<18", "<18")
    assert chain(rule, "18", AGES)[1:3] == ("18-19", "18-19")
    assert chain(rule, "64", AGES)[1:3] == ("60-64", "60-64")
    assert chain(rule, "65", AGES)[1:3] == (">=65", ">=65")


def test_edges_open_intervals_and_the_domain_ends_them() -> None:
    rule = edges((20, 40, 60), (40,))

    assert chain(rule, "17", AGES) == ("17", "17-19", "17-39", "*")
    assert chain(rule, "59", AGES) == ("59", "40-59", "40-90", "*")
    assert chain(rule, "90", AGES) == ("90", "60-90", "40-90", "*")


def test_an_origin_moves_where_multiples_begin() -> None:
    assert chain(widths(10, origin=5), "24", AGES)[1] == "15-24"
    assert chain(widths(10, origin=5), "25", AGES)[1] == "25-34"


def test_below_zero_and_between_whole_numbers_intervals_stay_readable() -> None:
    assert chain(widths(10), "-5", ["-5", "-10", "3"])[1] == "[-10;-1]"
    assert chain(widths(0.5), "1.2", ["1.2", "3"])[1] == "[1;1.5["
    assert chain(widths(1), "3", ["2", "3"])[1] == "3"


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: widths(5, 12), "widths_not_nested"),
        (lambda: widths(5, 5), "widths_not_nested"),
        (lambda: widths(0), "width_not_positive"),
        (lambda: edges((20, 40), (30,)), "edges_not_nested"),
        (lambda: widths(5, bottom=20, top=20), "bottom_not_below_top"),
        (lambda: Intervals(), "widths_or_edges"),
        (lambda: widths(5).hierarchy(["x"]), "not_a_number"),
        (lambda: widths(5).hierarchy(["NaN"]), "not_a_number"),
        (lambda: widths(5).hierarchy([]), "empty_domain"),
        (lambda: widths(0.001).hierarchy(["0", "100000"]), "too_many_intervals"),
    ],
)
def test_what_cannot_be_kept_is_refused(make: object, code: str) -> None:
    with pytest.raises(Misfit) as refusal:
        make()  # type: ignore[operator]

    assert refusal.value.code == code


@given(
    st.lists(st.integers(-200, 200), min_size=1, max_size=40, unique=True),
    st.integers(1, 9),
    st.integers(2, 4),
    st.integers(-3, 3),
    st.one_of(st.none(), st.integers(-50, 0)),
    st.one_of(st.none(), st.integers(1, 50)),
)
def test_two_numbers_share_a_label_exactly_when_no_cut_lies_between_them(
    numbers: list[int], width: int, times: int, origin: int, bottom: int | None, top: int | None
) -> None:
    rule = Intervals(
        (Decimal(width), Decimal(width * times)),
        (),
        Decimal(origin),
        None if bottom is None else Decimal(bottom),
        None if top is None else Decimal(top),
    )
    chains = {int(c[0] or ""): c for c in rule.hierarchy([str(n) for n in numbers]).chains}

    def place(value: int, step: int) -> tuple[str, int]:
        if bottom is not None and value < bottom:
            return "below", 0
        if top is not None and value >= top:
            return "above", 0
        return "in", (value - origin) // step

    for level, step in ((1, width), (2, width * times)):
        for a in numbers:
            for b in numbers:
                assert (chains[a][level] == chains[b][level]) is (place(a, step) == place(b, step))
