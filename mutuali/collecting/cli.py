"""``flask --app wsgi collecting reapply``: after a restore, remove again what was removed."""

import click
from flask import current_app
from flask.cli import AppGroup

from mutuali.collecting import service
from mutuali.collecting.views import signed
from mutuali.web.clock import utc_now
from mutuali.web.doors import transaction
from mutuali.web.secrets import new_public_id

collecting = AppGroup("collecting", help="Questions that are asked no more.")


@collecting.command("reapply")
def reapply() -> None:
    """Remove again the answers to questions that are asked no more.

    For after a restore from backup: which questions these are is read from the files, which the
    restored database cannot have lost.
    """
    outside = service.dropped_outside(current_app.config["SETTINGS"].files_url)
    with transaction() as session:
        done = service.reapply(
            session, outside, sign=signed, new_public_id=new_public_id, now=utc_now()
        )
    click.echo(f"{len(outside)} questions are asked no more, {len(done)} removed again")
