"""What was found, in a few lines that a steward understands."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from mutuali.privacy.plan import Plan, exact
from mutuali.privacy.report import ColumnReport, Report
from mutuali.privacy.wording import Count, Language, number, percent, say

if TYPE_CHECKING:
    import pyarrow as pa


def counted(size: int, unit: str, language: Language) -> str:
    """So many rows, or so many contributors of a side."""
    count = Count.of(size, language)
    if unit == "rows":
        return say("unit_rows", language, size=count)
    return say("unit_side", language, size=count, side=unit)


def level_words(column: ColumnReport, language: Language) -> str:
    """The level of a column by its name and its place, or from which to which."""
    used = [level for level, rows in enumerate(column.rows_at) if rows]
    if len(used) > 1:
        return say("level_mixed", language, finest=used[0], coarsest=used[-1])
    top = column.levels - 1
    if column.level in (0, top):
        return say("level_none" if column.level == 0 else "level_top", language)
    # Levels that nobody named are called by their number.
    code = "level_only" if column.level_name == str(column.level) else "level_number"
    return say(code, language, name=column.level_name, number=column.level, top=top)


def release_summary(report: Report, language: Language) -> Iterator[str]:
    """What left, how well it is hidden, and what it cost, column by column."""
    yield say(
        "left_out",
        language,
        out=Count.of(report.rows_out, language),
        rows=Count.of(report.rows_in, language),
        suppressed=Count.of(report.rows_suppressed, language),
        share=percent(report.rows_suppressed / report.rows_in, language),
    )
    for size in report.sizes[1:] or report.sizes:
        unit = counted(size.minimum, size.unit, language)
        yield say("hidden_among", language, unit=unit)
    for found in report.diversity:
        yield say(
            "variety",
            language,
            column=found.column,
            distinct=Count.of(found.minimum_distinct, language),
            share=percent(found.highest_share, language),
        )
    yield say("lost", language, loss=number(report.loss, language, 4))
    for column in report.columns:
        yield "  " + say(
            "level_of",
            language,
            column=column.name,
            level=level_words(column, language),
            loss=number(column.loss, language, 3),
        )


def raw_summary(table: "pa.Table", plan: Plan, language: Language) -> tuple[list[str], list[str]]:
    """What the raw table already keeps of a plan, and what it does not: two lists of lines."""
    from mutuali.privacy.measures.grouping import (
        distinct_per_class,
        group_by,
        most_per_class,
        values_of,
    )
    from mutuali.privacy.plan import Role

    told = [
        say(
            "rows_read",
            language,
            rows=Count.of(table.num_rows, language),
            columns=Count.of(len(plan.columns), language),
        )
    ]
    told += [f"  {column.name}: {say(column.role.value, language)}" for column in plan.columns]
    classes = group_by(table, [column.name for column in plan.named(Role.QUASI_IDENTIFIER)])
    broken = []
    for unit in plan.sides or ("rows",):
        sizes = classes.sizes
        if unit != "rows":
            sizes = distinct_per_class(classes, values_of(table, unit).codes)
        line = say(
            "smallest_class",
            language,
            unit=counted(int(sizes.min()), unit, language),
            uniques=number(int((sizes == 1).sum()), language),
        )
        told.append(line)
        if int(sizes.min()) < plan.k:
            broken.append(f"k = {plan.k}{_of(unit)}: {number(int(sizes.min()), language)}")
    for model in plan.diversities:
        codes = values_of(table, model.column).codes
        distinct = int(distinct_per_class(classes, codes).min())
        most = most_per_class(classes, codes) / classes.sizes
        told.append(
            say(
                "variety",
                language,
                column=model.column,
                distinct=Count.of(distinct, language),
                share=percent(float(most.max()), language),
            )
        )
        if distinct < model.distinct or exact(float(most.max())) > exact(model.most):
            broken.append(f"{model.name} ({model.column})")
    return told, broken


def _of(unit: str) -> str:
    return "" if unit == "rows" else f" ({unit})"
