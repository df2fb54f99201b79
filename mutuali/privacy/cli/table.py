"""``privacy table``: counts with totals, of which nothing hidden can be computed."""

from pathlib import Path

import click

from mutuali.privacy.cli.asking import (
    OUT,
    TABLES,
    check_outputs,
    common_options,
    pending_files,
    read,
    refusing,
    require_columns,
)
from mutuali.privacy.wording import Count, Language, say


@click.command("table")
@common_options
@click.option("--rows", required=True, help="Columns to count by: a,b or a@level.")
@click.option("--columns", default="", help="Columns whose values go across.")
@click.option("--by", default="", help="Contributor columns to protect; none: each row is one.")
@click.option("--to", "target", type=OUT, required=True, help="The table of counts: .csv.")
def table(
    file: Path, plan_path: Path, language: str, rows: str, columns: str, by: str, target: Path
) -> None:
    """Count the rows of FILE in a table with totals that nobody can be computed from."""
    spoken = Language(language)
    with refusing(spoken, file, plan_path), pending_files() as pending:
        check_outputs((file, plan_path), target, (), endings=TABLES[:1])
        from mutuali.privacy.check.raw import Rows
        from mutuali.privacy.check.remeasure_counts import covering, remeasure_counts
        from mutuali.privacy.counts import Axis, count, counts_table
        from mutuali.privacy.table_file import whole
        from mutuali.privacy.text import to_csv

        source, asked = read(file, plan_path)
        down, across = ([Axis.of(word, asked.plan) for word in _words(o)] for o in (rows, columns))
        sides = _words(by)
        require_columns(source, sides)
        axes = [*down, *across]
        raw = whole(source, list(dict.fromkeys((*(axis.name for axis in axes), *sides))))
        counts = count(raw, axes, sides, asked.counts, asked.aliases)
        names = [axis.name for axis in across]
        written = pending(target)
        written.write_bytes(to_csv(counts_table(counts, names)))
        labels = {
            axis.name: covering(axis.hierarchy, axis.level, raw.column(axis.name).to_pylist())
            for axis in axes
        }
        confirmed = remeasure_counts(
            written.read_bytes(),
            Rows(raw),
            labels,
            sides,
            across=names,
            k=asked.counts.k,
            base=asked.counts.base,
            aliases=asked.aliases,
        )
    shown = Count.of(confirmed, spoken)
    hidden, unsafe = Count.of(counts.hidden, spoken), Count.of(counts.unsafe, spoken)
    click.echo(say("counts_shown", spoken, shown=shown, hidden=hidden, unsafe=unsafe))
    click.echo(say("counts_attacked", spoken, attackers=Count.of(counts.attackers, spoken)))
    click.echo(say("wrote", spoken, file=target))


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]
