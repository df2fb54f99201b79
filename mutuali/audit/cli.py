"""``flask --app wsgi audit verify``: whether anybody touched the log."""

import click
from flask.cli import AppGroup

from mutuali.audit import service
from mutuali.web.clock import utc_now
from mutuali.web.doors import transaction

log = AppGroup("audit", help="The sealed log.")


@log.command("verify")
def verify() -> None:
    """Read the whole chain again; exit status 1 names the first broken link."""
    with transaction(reads=True) as session:
        verdict = service.verify(session, now=utc_now())
    if verdict.broken_at is not None:
        raise click.ClickException(
            f"link {verdict.broken_at} does not hold: it, its event or the one before was changed "
            f"({verdict.sealed} links before it hold)"
        )
    click.echo(f"{verdict.sealed} links hold; head {verdict.head}")
    if verdict.unsealed:
        age = int(verdict.oldest_unsealed.total_seconds()) if verdict.oldest_unsealed else 0
        click.echo(f"{verdict.unsealed} events are not sealed yet; the oldest waits {age} s")
