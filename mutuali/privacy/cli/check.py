"""``privacy check``: how a file stands under a plan."""

from pathlib import Path

import click

from mutuali.privacy.cli.asking import common_options, read, read_population, refusing
from mutuali.privacy.wording import Language


@click.command("check")
@common_options
def check(file: Path, plan_path: Path, language: str) -> None:
    """Say what FILE is under the plan as it stands; exit status 1 if it does not keep it."""
    spoken = Language(language)
    with refusing(spoken, file, plan_path):
        from mutuali.privacy.recode.standing import as_it_stands
        from mutuali.privacy.reporting.summary import standing_summary

        source, asked = read(file, plan_path)
        report, broken = as_it_stands(source, asked.plan, read_population(asked, plan_path))
        click.echo("\n".join(standing_summary(report, broken, asked.plan, spoken)))
    if broken:
        raise SystemExit(1)
