"""``flask --app wsgi privacy``: the engine on files alone, without a database or settings.

What was asked for goes to the file named, sentences to standard output, progress to standard error.
Exit status: 0 done, 1 a file that does not keep its plan or gives something away, 2 nothing could
be done and nothing was written.
"""

import click

from mutuali.privacy.cli.anonymize import anonymize
from mutuali.privacy.cli.attack import attack
from mutuali.privacy.cli.check import check
from mutuali.privacy.cli.table import table

__all__ = ["privacy"]


@click.group()
def privacy() -> None:
    """De-identify a file: check it, anonymize it, attack it, count it safely."""


for command in (check, anonymize, attack, table):
    privacy.add_command(command)
