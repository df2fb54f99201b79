"""``privacy attack``: what a neighbour would find out."""

from pathlib import Path

import click

from mutuali.privacy.cli.asking import (
    FILE,
    common_options,
    read,
    read_population,
    refusing,
    require_columns,
)
from mutuali.privacy.wording import Language


@click.command("attack")
@common_options
@click.option("--raw", type=FILE, required=True, help="The table that FILE was made from.")
@click.option("--rules-out", type=int, help="Values that an acquaintance can rule out.")
@click.option("--register", is_flag=True, help="Somebody has a register of everybody in it.")
@click.option("--earlier", type=FILE, multiple=True, help="An earlier release, same plan.")
@click.option("--before", type=(FILE, FILE), help="The release before a withdrawal, and its raw.")
@click.option("--directory", type=(FILE, str), help="A public list, and its column of names.")
@click.option("--member", type=(str, str), help="A contributor column, and who in it attacks.")
def attack(
    file: Path,
    plan_path: Path,
    language: str,
    raw: Path,
    rules_out: int | None,
    register: bool,
    earlier: tuple[Path, ...],
    before: tuple[Path, Path] | None,
    directory: tuple[Path, str] | None,
    member: tuple[str, str] | None,
) -> None:
    """Play attacks on the release FILE; exit status 1 if one finds something out.

    Which attacks are played follows from what attackers are taken to know.
    """
    spoken = Language(language)
    with refusing(spoken, file, plan_path):
        from mutuali.privacy.attacks.composition import Published
        from mutuali.privacy.attacks.suite import Knowledge, Withdrawal
        from mutuali.privacy.attacks.suite import attack as play
        from mutuali.privacy.release_file import find_witness, read_release, withdrawn
        from mutuali.privacy.reporting.summary import attack_summary
        from mutuali.privacy.table_file import open_table, whole

        source, asked = read(raw, plan_path)
        plan, outside = asked.plan, read_population(asked, plan_path)
        names = [column.name for column in plan.columns]
        table = whole(source, names)
        gone = None
        if before is not None:
            old_raw = whole(open_table(before[1]), names)
            old = read_release(before[0], plan, old_raw)
            gone = Withdrawal(
                Published(old, plan),
                old_raw,
                find_witness(old, old_raw, plan, outside),
                withdrawn(old_raw, table, plan),
            )
        listed = None
        if directory is not None:
            entries = open_table(directory[0])
            require_columns(entries, [directory[1]])
            shared = [name for name in names if name in entries.schema.names]
            listed = whole(entries, list(dict.fromkeys((*shared, directory[1])))), directory[1]
        if member is not None:
            require_columns(source, [member[0]])
        released = read_release(file, plan, table)
        found = play(
            released,
            plan,
            table,
            find_witness(released, table, plan, outside),
            Knowledge(
                rules_out=rules_out,
                register=register,
                earlier=[Published(read_release(path, plan, table), plan) for path in earlier],
                withdrawal=gone,
                directory=listed,
                member=member,
            ),
        )
        click.echo("\n".join(attack_summary(found, spoken)))
    if any(result.disclosed for result in found.results):
        raise SystemExit(1)
