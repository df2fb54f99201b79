"""``flask --app wsgi audit verify``: whether anybody touched the log."""

from collections.abc import Mapping

import click
from flask.cli import AppGroup

from mutuali.audit import service
from mutuali.audit.rules import Fault, Head
from mutuali.web.clock import utc_now
from mutuali.web.doors import transaction
from mutuali.web.signing import Signature, verifies

log = AppGroup("audit", help="The sealed log.")

_WHY: Mapping[Fault, str] = {
    Fault.CHANGED: "it, its event or the one before was changed",
    Fault.MISSING: "a link with this number should stand here",
    Fault.LAYOUT: "it has an older layout than the one before it",
    Fault.HEAD: "it is not the one that was published at the end of a day",
    Fault.CUT: "the log ends before it, and a published head says that it was there",
}


@log.command("verify")
def verify() -> None:
    """Read the whole chain again; exit status 1 names the first broken link."""
    now = utc_now()
    with transaction(reads=True) as session:
        verdict = service.verify(session, now=now)
        heads = service.heads(session, now=now)
        bad = service.badly_signed(session, verifies=_is_ours, now=now)
    if verdict.fault is not None:
        raise click.ClickException(
            f"link {verdict.broken_at} does not hold: {_WHY[verdict.fault]} "
            f"({verdict.sealed} links before it hold)"
        )
    if bad:
        raise click.ClickException(f"the head of {bad[0]} is signed by no key of this instance")
    click.echo(f"{verdict.sealed} links hold; head {verdict.head}")
    click.echo(f"{len(heads.signed)} heads of days hold")
    if heads.missing:
        click.echo(f"{len(heads.missing)} days have no head, the last one {heads.missing[-1]}")
    if verdict.unsealed:
        age = int(verdict.oldest_unsealed.total_seconds()) if verdict.oldest_unsealed else 0
        click.echo(f"{verdict.unsealed} events are not sealed yet; the oldest waits {age} s")


def _is_ours(head: Head) -> bool:
    return verifies(head.signed_bytes, Signature(head.key_id, head.signature))
