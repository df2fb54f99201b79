"""``flask --app wsgi people``: the first accounts of an instance."""

import click
from flask.cli import AppGroup

from mutuali.accounts import service
from mutuali.accounts.rules import normalized_email, password_objections
from mutuali.core.errors import DomainError, Refused
from mutuali.core.permissions import NETWORK_ROLES, SYSTEM, Role
from mutuali.web.clock import utc_now
from mutuali.web.doors import transaction
from mutuali.web.secrets import new_public_id, password_hash
from mutuali.web.sentences import sentence

people = AppGroup("people", help="People with an account.")


@people.command("forget-factors")
@click.argument("email")
def forget_factors(email: str) -> None:
    """Forget the second factors of somebody who lost them all; make sure first who asks."""
    with transaction() as session:
        person = service.find_person(session, email)
        if person is None:
            raise click.ClickException("nobody has this address")
        service.forget_factors(session, SYSTEM, person.id, now=utc_now())
    click.echo(f"{person.email} signs in with the password alone; a role waits for a new factor.")


@people.command("add")
@click.argument("email")
@click.argument("name")
@click.option(
    "--role",
    "roles",
    multiple=True,
    type=click.Choice(sorted(role.value for role in NETWORK_ROLES)),
    help="A role over the whole network; may be given several times.",
)
@click.password_option(help="Asked for when not given.")
def add_person(email: str, name: str, roles: tuple[str, ...], password: str) -> None:
    """Add a person whose address needs no confirmation."""
    try:
        if objections := password_objections(password, normalized_email(email)):
            raise Refused.because(objections)
        with transaction() as session:
            id_ = service.add_person(
                session,
                public_id=new_public_id(),
                email=email,
                name=name,
                password_hash=password_hash(password),
                language="fr",
                is_demo=False,
                now=utc_now(),
            )
            for role in roles:
                service.grant_role(session, SYSTEM, id_, Role(role), now=utc_now())
    except DomainError as error:
        raise click.ClickException(" ".join(sentence(r) for r in error.reasons)) from None
    click.echo(f"{normalized_email(email)} can sign in.")
