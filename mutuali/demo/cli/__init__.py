"""``flask --app wsgi demo``: fill an empty instance with the made-up network."""

import random
from datetime import datetime, timedelta

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from mutuali.checkin.service import CARDS_KEY
from mutuali.collecting.service import Signed
from mutuali.config import Settings
from mutuali.demo import service
from mutuali.demo.cli.draw import picture
from mutuali.demo.service import Filled
from mutuali.exports.rules.promotion import WAIT
from mutuali.web import signing
from mutuali.web.clock import utc_now
from mutuali.web.doors import transaction
from mutuali.web.second_factor import new_totp_secret, seal_totp
from mutuali.web.secrets import (
    fingerprint_key,
    new_public_id,
    new_webhook_key,
    password_hash,
    sealed,
)
from mutuali.webhooks.rules import address_seal, new_secret, secret_seal

#: The one password of every made-up person; production refuses to serve while they exist.
PASSWORD = "mutuali-demo-2026"  # noqa: S105 - printed at every start of the demo
SEED = 2026
#: Key under which ``app.extensions`` holds what carries out all jobs that are due.
WORK_KEY = "mutuali_demo_work"
#: Key of the questions to the database that answer facts of the Charter.
QUESTIONS_KEY = "mutuali_demo_questions"
#: How long ago the partner was given its data, and each opening was announced.
_GIVEN = timedelta(days=24)
#: How long ago an organization took its yes back.
_TAKEN_BACK = timedelta(days=21)
_ANNOUNCED = (timedelta(days=18), timedelta(days=3))


def fill_when_empty(app: Flask) -> Filled | None:
    """Fill the instance if nobody uses it yet; None when somebody does."""
    with app.app_context():
        with transaction(reads=True) as session:
            if not service.is_empty(session):
                return None
        hashed = password_hash(PASSWORD)
        with transaction() as session:
            filled = service.fill(
                session,
                random.Random(SEED),  # noqa: S311 - made-up people, the same every time
                new_public_id=new_public_id,
                password_hash=hashed,
                seal=lambda person_id: seal_totp(new_totp_secret(), person_id),
                pictures=picture,
                now=utc_now(),
                operator_name=app.config["SETTINGS"].operator_name,
            )
        with transaction() as session:
            dice = random.Random(SEED)  # noqa: S311 - made-up reports, the same every time
            service.report_latest(session, dice, new_public_id=new_public_id, now=utc_now())
            operator = app.config["SETTINGS"].operator_name
            service.write_papers(session, operator_name=operator, now=utc_now())
            service.talk(session, new_public_id=new_public_id, now=utc_now())
            service.review_past_loans(session, dice, new_public_id=new_public_id, now=utc_now())
        with transaction() as session:
            service.ask_every_week(session, new_public_id=new_public_id, now=utc_now())
            service.go_wrong(session, new_public_id=new_public_id, now=utc_now())
            service.arrange(session, new_public_id=new_public_id, now=utc_now())
            service.share_trips(session, new_public_id=new_public_id, now=utc_now())
            service.keep_a_hook(
                session, seal=_sealed_hook, new_public_id=new_public_id, now=utc_now()
            )
            service.show_vehicles(session, now=utc_now())
            service.demand(session, new_public_id=new_public_id, now=utc_now())
            service.hear_the_public(session, new_public_id=new_public_id, now=utc_now())
            service.wait(session, new_public_id=new_public_id, now=utc_now())
            service.come_along(
                session, dice, questions=app.extensions[QUESTIONS_KEY], now=utc_now()
            )
            service.learn(session, now=utc_now())
            service.start(session, new_public_id=new_public_id, now=utc_now())
            service.keep_an_inventory(session, new_public_id=new_public_id, now=utc_now())
            service.collect_less(session, sign=_signed, new_public_id=new_public_id, now=utc_now())
        let_some_data_leave(app)
        with transaction() as session:
            dice = random.Random(SEED)  # noqa: S311 - made-up months, the same every time
            service.check_in(session, dice, app.extensions[CARDS_KEY], now=utc_now())
        return filled


def _signed(data: bytes) -> Signed:
    """``data`` signed with the key of this instance."""
    found = signing.sign(data)
    return Signed(found.key_id, found.value)


def _sealed_hook(public_id: str) -> tuple[str, str]:
    """An address that nobody answers at, and a secret that nobody knows."""
    return (
        sealed("https://inventaire.demo.mutuali.example/", address_seal(public_id)),
        sealed(new_secret(new_webhook_key()), secret_seal(public_id)),
    )


def let_some_data_leave(app: Flask) -> None:
    """Ask, build and sign as people and the consumer do: each step sees what the last stored."""
    key, now = fingerprint_key(), utc_now()

    def work(at: datetime) -> None:
        app.extensions[WORK_KEY](app, lambda: at)

    made = {"new_public_id": new_public_id}
    at = now - _GIVEN
    with transaction() as session:
        asked = service.ask_for_data(session, service.LAST_MONTH, **made, now=at)
    work(at)
    with transaction() as session:
        service.let_out(session, asked, key=key, now=at)
    at = now - _TAKEN_BACK
    with transaction() as session:
        service.take_one_back(session, key=key, now=at)
    work(at)
    for (dataset, question), since in zip(service.OPENED, _ANNOUNCED, strict=True):
        at = now - since
        with transaction() as session:
            proposed = service.propose_opening(session, dataset, question, **made, now=at)
        work(at)
        if since > WAIT:
            with transaction() as session:
                service.open_to_all(session, proposed, key=key, now=at)
    with transaction() as session:
        asked = service.ask_for_data(session, service.NOW, **made, now=now)
        service.ask_and_wait(session, **made, now=now)
    work(now)
    with transaction() as session:
        service.let_out(session, asked, key=key, now=utc_now())
        service.write_registers(session, **made, now=utc_now())
    work(utc_now())


@click.command("demo")
@with_appcontext
def fill_demo() -> None:
    """Fill an empty instance with a made-up network (MUTUALI_MODE=demo only)."""
    settings: Settings = current_app.config["SETTINGS"]
    if not settings.is_demo:
        raise click.ClickException("the made-up network is for MUTUALI_MODE=demo only")
    filled = fill_when_empty(current_app._get_current_object())  # type: ignore[attr-defined]
    if filled is None:
        raise click.ClickException("this instance is in use already; nothing was written")
    click.echo(f"{filled.organizations} organisations, {filled.bookings} bookings")
