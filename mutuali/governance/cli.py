"""``flask --app wsgi governance reapply``: after a restore, forget again who was erased."""

import click
from flask import current_app
from flask.cli import AppGroup

from mutuali.governance import service
from mutuali.governance.views.ends import signed
from mutuali.web.clock import utc_now
from mutuali.web.doors import transaction
from mutuali.web.secrets import new_public_id, tombstone_key

registers = AppGroup("governance", help="The registers and the ends of purposes.")


@registers.command("reapply")
def reapply() -> None:
    """Erase again everybody whose tombstone is kept, then end what was ended before.

    For after a restore from backup: the tombstones, and which rules of retention ran, are read from
    the files, which the restored database cannot have lost.
    """
    files_url = current_app.config["SETTINGS"].files_url
    outside, ran = service.buried(files_url), service.rules_that_ran(files_url)
    with transaction() as session:
        erased = service.reapply(session, outside, tombstone_key=tombstone_key(), now=utc_now())
        rules = service.run_due(
            session,
            sign=signed,
            tombstone_key=tombstone_key(),
            new_public_id=new_public_id,
            started=ran,
            now=utc_now(),
        )
    click.echo(f"{len(outside)} tombstones read, {erased} people erased again")
    for rule in rules:
        click.echo(f"rule {rule.value} applied again")
