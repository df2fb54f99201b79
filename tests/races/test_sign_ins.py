"""Two who hold the same recovery code try it at the same moment: one of them gets in."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from http.client import HTTPConnection
from urllib.parse import urlencode

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.accounts.models import Login, RecoveryCode
from mutuali.core.permissions import Role
from mutuali.web.second_factor import new_totp_secret, seal_totp
from mutuali.web.secrets import new_token, recovery_code_hash, token_hash
from tests.factories import World
from tests.races.clients import at_once

ROUNDS = 20


def _tries(
    cookie: str, code: str, home: str, line: HTTPConnection, wait: Callable[[], object]
) -> int:
    """The status of the second step, from ``home``: what one address may try is limited."""
    line = HTTPConnection(line.host, line.port, source_address=(home, 0))
    line.request("GET", "/connexion/etape", headers={"Cookie": cookie})
    page = line.getresponse()
    shown = page.read().decode()
    assert page.status == 200
    fields = {
        name: found[1]
        for name in ("csrf_token", "_once")
        if (found := re.search(rf'name="{name}" value="([^"]+)"', shown))
    }
    kept = "; ".join(
        [each.split(";")[0] for each in page.headers.get_all("Set-Cookie") or []] or [cookie]
    )
    wait()
    body = urlencode({**fields, "recovery_code": code, "suite": "/"})
    headers = {"Cookie": kept, "Content-Type": "application/x-www-form-urlencoded"}
    line.request("POST", "/connexion/etape", body, headers)
    answer = line.getresponse()
    answer.read()
    return answer.status


def test_of_two_sign_ins_with_one_recovery_code_exactly_one_gets_in(
    app: Flask, session: Session, race_world: World, server: Callable[[], str]
) -> None:
    steward = race_world.person(role=Role.STEWARD)
    person_id, now = steward.person_id or 0, race_world.now
    codes = [f"RACE-{number:04d}-CODE" for number in range(ROUNDS)]
    with app.app_context():
        sealed = seal_totp(new_totp_secret(), person_id)
        hashes = [recovery_code_hash(code, person_id) for code in codes]
    factor = accounts.NewFactor("Téléphone", 0, sealed_secret=sealed)
    accounts.write_factor(session, steward, person_id, factor, now=now)
    accounts.make_recovery_codes(session, steward, hashes, now=now)
    session.commit()
    address = server()
    for number, code in enumerate(codes):
        tokens, deeds = [], []
        for client in range(2):
            token = new_token()
            tokens.append(token_hash(token))
            until = now + timedelta(days=1)
            login = Login(
                token_hash=tokens[-1], person_id=person_id, created_at=now, expires_at=until
            )
            session.add(login)
            browser = app.test_client()
            with browser.session_transaction() as kept:
                kept["_user_id"], kept["_fresh"] = token, True
            cookie = browser.get_cookie("session")
            assert cookie is not None
            home = f"127.0.{client + 1}.{number + 1}"
            deeds.append(partial(_tries, f"session={cookie.value}", code, home))
        session.commit()
        assert Counter(at_once(address, deeds)) == {303: 1, 422: 1}
        session.expire_all()
        inside = session.scalars(
            sa.select(Login.token_hash).where(
                Login.token_hash.in_(tokens), Login.second_factor_at.is_not(None)
            )
        ).all()
        assert len(inside) == 1
        spent = session.scalars(sa.select(RecoveryCode.used_at)).all()
        assert sum(each is not None for each in spent) == number + 1
        session.rollback()
