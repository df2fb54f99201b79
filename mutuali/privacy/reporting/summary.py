"""What was found, in a few lines that a steward understands."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from mutuali.privacy.plan import Plan
from mutuali.privacy.report import ColumnReport, ModelFound, Report
from mutuali.privacy.wording import Count, Language, number, percent, say, typeset

if TYPE_CHECKING:
    from mutuali.privacy.attacks.result import Text
    from mutuali.privacy.attacks.suite import Suite

#: Figures of models that are shares, and those that are counts.
_SHARES = ("highest share", "average risk", "lowest presence", "highest presence")
_COUNTS = ("distinct", "k-map")


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


def model_words(found: ModelFound, language: Language) -> str:
    """What a figure of a model is about, of which column and side."""
    where = [f"« {found.column} »" if language is Language.FR else f'"{found.column}"']
    if found.column is None:
        where = []
    if found.unit not in ("rows", "population"):
        where.append(say("on_side", language, side=found.unit))
    words = say(f"model_{found.name.replace(' ', '_')}", language)
    return typeset(" ".join([words, *where]), language)


def figures_of(found: ModelFound, language: Language) -> tuple[str, str]:
    """What was promised and what was found, as one writes such figures."""
    if found.name in _SHARES:
        return percent(found.promised, language), percent(found.figure, language)
    digits = 0 if found.name in _COUNTS else 3
    return number(found.promised, language, digits), number(found.figure, language, digits)


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
    for found in report.models:
        promised, figure = figures_of(found, language)
        name = model_words(found, language)
        yield say("model_kept", language, name=name, promised=promised, found=figure)
    yield say("lost", language, loss=number(report.loss, language, 4))
    for column in report.columns:
        yield "  " + say(
            "level_of",
            language,
            column=column.name,
            level=level_words(column, language),
            loss=number(column.loss, language, 3),
        )


def standing_summary(report: Report, broken: int, plan: Plan, language: Language) -> Iterator[str]:
    """What each column of a table is, how well it hides its rows as it stands, and what it keeps.

    ``broken`` rows are in classes that break the plan.
    """
    yield say(
        "rows_read",
        language,
        rows=Count.of(report.rows_in, language),
        columns=Count.of(len(plan.columns), language),
    )
    for column in plan.columns:
        yield f"  {column.name}: {say(column.role.value, language)}"
    for size in report.sizes[1:] or report.sizes:
        unit = counted(size.minimum, size.unit, language)
        yield say("smallest_class", language, unit=unit, k=plan.k)
    for found in report.models:
        promised, figure = figures_of(found, language)
        name = model_words(found, language)
        yield say("model_kept", language, name=name, promised=promised, found=figure)
    rows = Count.of(broken, language)
    share = percent(broken / report.rows_in, language)
    yield say("not_kept" if broken else "kept", language, rows=rows, share=share)


def attack_summary(suite: "Suite", language: Language) -> Iterator[str]:
    """What each attack found out, and which were not played and why."""
    learnt = sum(result.disclosed > 0 for result in suite.results)
    played = Count.of(len(suite.results), language)
    yield say("attacks_played", language, played=played, learnt=Count.of(learnt, language))
    for result in suite.results:
        yield f"  {_in(result.sentence, language)}"
    if suite.not_played:
        yield say("attacks_not_played", language)
    for each in suite.not_played:
        yield f"  {each.attack}: {_in(each.why, language)}"


def _in(text: "Text", language: Language) -> str:
    return text.fr if language is Language.FR else text.en
