"""Linkage with scraped calendars: a span that was seen busy is one released row, or one value.

Who reads public availability pages day after day knows which listing was out from when to when. A
span is looked up by its raw quasi-identifiers, and by every other released column that it also
shows, cell by cell; an exact duration that leaves as a plain column is found that way.
"""

from collections.abc import Sequence

import pyarrow as pa

from mutuali.privacy.attacks.result import Attack, AttackResult, Claim, Text, scored
from mutuali.privacy.attacks.scene import Cover, Scene, sensitive, texts
from mutuali.privacy.measures.grouping import values_of
from mutuali.privacy.plan import Plan, Role
from mutuali.privacy.recode.histogram import IntArray

ATTACK = Attack(
    "calendars",
    Text("Un robot qui relève les calendriers publics", "A robot that reads public calendars"),
    Text(
        "a cherché, pour chaque période occupée, la ligne qui en parle",
        "looked for the row about each busy span",
    ),
)


def claims(released: pa.Table, plan: Plan, spans: pa.Table) -> list[Claim]:
    """``spans``: what was scraped, in columns that the release has too; at least one.

    A claim without a column is that the released row ``value`` is about the span.
    """
    cover = Cover(released, plan, spans)
    quasi = {column.name for column in plan.named(Role.QUASI_IDENTIFIER)}
    plain = [
        (texts(released, name), texts(spans, name))
        for name in released.column_names
        if name in spans.column_names and name not in quasi
    ]
    sought = [name for name in sensitive(plan) if name not in spans.column_names]
    if plain:
        cells = {name: texts(released, name) for name in sought}
        return _row_by_row(cover, plain, cells, spans.num_rows)
    values = {name: values_of(released, name) for name in sought}
    numbers = {name: cover.span(each.codes) for name, each in values.items()}
    found = []
    for target in range(spans.num_rows):
        classes = cover.of(target)
        if int(cover.classes.sizes[classes].sum()) == 1:
            found.append(Claim(target, str(cover.rows(target)[0])))
        for name, span in numbers.items():
            if (code := span.only(classes)) is not None:
                found.append(Claim(target, values[name].texts[code], name))
    return found


def _row_by_row(
    cover: Cover,
    plain: list[tuple[list[str | None], list[str | None]]],
    cells: dict[str, list[str | None]],
    spans: int,
) -> list[Claim]:
    found = []
    for target in range(spans):
        rows = [
            row
            for row in cover.rows(target).tolist()
            if all(told[row] == seen[target] for told, seen in plain)
        ]
        if len(rows) == 1:
            found.append(Claim(target, str(rows[0])))
        for name, told in cells.items():
            values = {told[row] for row in rows}
            if len(values) == 1:
                found.append(Claim(target, values.pop(), name))
    return found


def play(scene: Scene, spans: pa.Table, rows: Sequence[int] | IntArray) -> AttackResult:
    """``rows`` are the raw rows that the spans are about; -1 where a span was no loan."""
    found = claims(scene.released, scene.plan, spans)
    named = {claim.column for claim in found if claim.column is not None}
    truth = {name: texts(scene.raw, name) for name in named}
    right = []
    for claim in found:
        row = int(rows[claim.target])
        if claim.column is None:
            right.append(int(scene.witness[int(claim.value or 0)]) == row)
        else:
            right.append(row >= 0 and truth[claim.column][row] == claim.value)
    about = [Claim(int(rows[each.target]), each.value, each.column) for each in found]
    return scored(ATTACK, spans.num_rows, about, right)
