"""The second step of signing in, as browsers, programs and thieves see it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyotp
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.accounts.models import ApiToken, Login, Person, RecoveryCode, SecondFactor
from mutuali.accounts.rules import FREE_FAILURES
from mutuali.app import create_app
from mutuali.audit.models import AuditEvent
from mutuali.core.errors import Forbidden
from mutuali.core.permissions import SYSTEM, Actor, Permission, Role, may
from mutuali.extensions import db
from mutuali.web.second_factor import (
    new_totp_secret,
    seal_totp,
    totp_code,
    totp_step,
    unseal_totp,
)
from mutuali.web.secrets import password_hash, recovery_code_hash
from tests.accounts.test_views import mails, stored
from tests.conftest import settings
from tests.factories import PASSWORD, World

STEWARDS_PAGE = "/intendance/avis"
APPLICATION = "/compte/deuxieme-etape/application"
CODES = "/compte/deuxieme-etape/codes"


@dataclass
class Owner:
    """Somebody with a password, and with the application of codes they set up."""

    id: int
    email: str
    secret: str = ""
    codes: list[str] = field(default_factory=list)

    def code(self, steps: int = 0) -> str:
        """What the application shows, so many steps of 30 seconds from now."""
        return pyotp.TOTP(self.secret).at(datetime.now(UTC), counter_offset=steps)

    def wrong(self) -> str:
        """A code that fits no step around now."""
        near = {self.code(steps) for steps in range(-3, 4)}
        return next(each for each in map("{:06d}".format, range(10)) if each not in near)


@pytest.fixture
def steward(app: Flask, session: Session, world: World) -> Owner:
    """A steward without a second factor yet."""
    return _with_password(app, session, world.person(role=Role.STEWARD))


@pytest.fixture
def member(app: Flask, session: Session, world: World) -> Owner:
    """Somebody of an organization, without a role over the network."""
    return _with_password(app, session, world.member(world.organization()[0]))


def _with_password(app: Flask, session: Session, actor: Actor) -> Owner:
    person = session.get_one(Person, actor.person_id)
    with app.app_context():
        person.password_hash = password_hash(PASSWORD)
    session.commit()
    return Owner(person.id, person.email)


def sign_in(client: FlaskClient, owner: Owner, suite: str = "/") -> str:
    """Where the password leads."""
    form = {"email": owner.email, "password": PASSWORD, "suite": suite}
    return str(client.post("/connexion", data=form).headers["Location"])


def set_up(client: FlaskClient, owner: Owner) -> None:
    """Add an application of codes in a browser that is signed in; note what is shown once."""
    shown = client.get(APPLICATION).text
    sealed = re.search(r'name="secret" value="([^"]+)"', shown)
    secret = re.search(r'class="secret">([A-Z2-7 ]+)<', shown)
    assert sealed and secret  # noqa: PT018
    owner.secret = secret[1].replace(" ", "")
    form = {"name": "Téléphone", "secret": sealed[1], "code": owner.code(-1), "password": PASSWORD}
    answer = client.post(APPLICATION, data=form)
    assert answer.status_code == 303, answer.text
    if answer.headers["Location"] == CODES:
        owner.codes = re.findall(r"<code>([0-9A-Z-]{14})</code>", client.get(CODES).text)


@pytest.fixture
def protected(app: Flask, steward: Owner) -> Owner:
    """A steward with a second factor; its last counted code lies a step back."""
    browser = app.test_client()
    assert sign_in(browser, steward) == "/"
    set_up(browser, steward)
    return steward


def facts_of(session: Session, name: str) -> list[dict[str, Any]]:
    """The facts of every event called so."""
    return stored(session, sa.select(AuditEvent.facts).where(AuditEvent.name == name))


def test_a_role_waits_for_a_second_factor_and_every_page_says_so(
    client: FlaskClient, steward: Owner
) -> None:
    assert sign_in(client, steward) == "/"
    for path in ("/", "/a-faire", "/compte"):
        shown = client.get(path)
        assert shown.status_code == 200
        assert "Votre rôle attend une deuxième étape" in shown.text
    refused = client.get(STEWARDS_PAGE)
    assert refused.status_code == 403
    assert "Votre rôle demande une deuxième étape" in refused.text
    assert f'href="{APPLICATION}"' in refused.text
    set_up(client, steward)
    assert client.get(STEWARDS_PAGE).status_code == 200
    assert "attend une deuxième étape" not in client.get("/").text


def test_a_permission_that_no_role_of_theirs_holds_is_refused_as_before(
    client: FlaskClient, steward: Owner
) -> None:
    sign_in(client, steward)
    refused = client.get("/coordination/adhesions")
    assert refused.status_code == 403
    assert "Votre rôle ne permet pas cette action" in refused.text


def test_nobody_else_has_to_and_everybody_may(client: FlaskClient, member: Owner) -> None:
    assert sign_in(client, member) == "/"
    assert "attend une deuxième étape" not in client.get("/organisme").text
    set_up(client, member)
    other = client.application.test_client()
    assert sign_in(other, member).startswith("/connexion/etape")


def test_between_password_and_second_step_one_is_nobody(
    client: FlaskClient, protected: Owner
) -> None:
    assert sign_in(client, protected, "/compte") == "/connexion/etape?suite=/compte"
    for path in ("/compte", STEWARDS_PAGE, APPLICATION, CODES):
        answer = client.get(path)
        assert answer.status_code == 303
        assert answer.headers["Location"].startswith("/connexion?suite=")
    assert client.post(CODES).status_code == 303
    assert "Me déconnecter" not in client.get("/").text
    assert client.get("/connexion?suite=/compte").headers["Location"].startswith("/connexion/etape")
    shown = client.get("/connexion/etape?suite=/compte")
    assert 'autocomplete="one-time-code"' in shown.text
    answer = client.post("/connexion/etape", data={"code": protected.code(), "suite": "/compte"})
    assert answer.headers["Location"] == "/compte"
    assert client.get("/compte").status_code == 200
    assert client.get(STEWARDS_PAGE).status_code == 200


def test_one_may_give_up_at_the_second_step(client: FlaskClient, protected: Owner) -> None:
    sign_in(client, protected)
    assert client.post("/connexion/etape/renoncer").headers["Location"] == "/connexion"
    assert client.get("/connexion").status_code == 200
    answer = client.post("/connexion/etape", data={"code": protected.code()})
    assert answer.headers["Location"].startswith("/connexion?")


def test_the_second_step_never_leads_away(client: FlaskClient, protected: Owner) -> None:
    sign_in(client, protected)
    form = {"code": protected.code(), "suite": "//ailleurs.example/"}
    assert client.post("/connexion/etape", data=form).headers["Location"] == "/"


def test_a_code_counts_once_and_within_one_step(client: FlaskClient, protected: Owner) -> None:
    used = protected.code()
    sign_in(client, protected)
    assert client.post("/connexion/etape", data={"code": protected.code(3)}).status_code == 422
    assert client.post("/connexion/etape", data={"code": used}).status_code == 303
    other = client.application.test_client()
    sign_in(other, protected)
    again = other.post("/connexion/etape", data={"code": used})
    assert again.status_code == 422
    assert "a déjà servi" in again.text
    assert other.get("/compte").status_code == 303


def test_adding_a_factor_makes_every_other_browser_wait(client: FlaskClient, member: Owner) -> None:
    other = client.application.test_client()
    assert sign_in(other, member) == sign_in(client, member) == "/"
    assert other.get("/compte").status_code == 200
    set_up(client, member)
    assert client.get("/compte").status_code == 200
    assert other.get("/compte").status_code == 303


def test_the_first_factor_asks_for_the_password_and_counts_failures(
    client: FlaskClient, steward: Owner, session: Session
) -> None:
    sign_in(client, steward)
    shown = client.get(APPLICATION).text
    sealed = re.search(r'name="secret" value="([^"]+)"', shown)
    secret = re.search(r'class="secret">([A-Z2-7 ]+)<', shown)
    assert sealed and secret  # noqa: PT018
    steward.secret = secret[1].replace(" ", "")
    form = {"name": "T", "secret": sealed[1], "code": steward.code(), "password": "pas celui-là"}
    for _ in range(FREE_FAILURES):
        answer = client.post(APPLICATION, data=form)
        assert answer.status_code == 422
        assert "Ce mot de passe n’est pas le vôtre" in answer.text
        assert secret[1] in answer.text
    locked = client.post(APPLICATION, data=form | {"password": PASSWORD})
    assert "attendez 1 minute" in locked.text
    assert stored(session, sa.select(SecondFactor.id)) == []


def test_a_secret_of_somebody_else_or_a_wrong_code_adds_nothing(
    app: Flask, client: FlaskClient, steward: Owner, session: Session
) -> None:
    sign_in(client, steward)
    with app.app_context():
        secret = new_totp_secret()
        foreign = seal_totp(secret, steward.id + 1)
        own = seal_totp(secret, steward.id)
    steward.secret = secret
    form = {"name": "T", "code": steward.code(), "password": PASSWORD}
    assert client.post(APPLICATION, data=form | {"secret": foreign}).status_code == 409
    wrong = client.post(APPLICATION, data=form | {"secret": own, "code": steward.wrong()})
    assert wrong.status_code == 422
    assert 'id="champ-code-erreur"' in wrong.text
    assert stored(session, sa.select(SecondFactor.id)) == []


def test_the_secret_is_encrypted_for_its_person(
    app: Flask, protected: Owner, session: Session
) -> None:
    [kept] = stored(session, sa.select(SecondFactor.sealed_secret))
    assert protected.secret not in kept
    with app.app_context():
        assert unseal_totp(kept, protected.id) == protected.secret
        assert unseal_totp(kept, protected.id + 1) is None
        assert unseal_totp(kept[:-8] + "AAAAAAA=", protected.id) is None
        assert unseal_totp("é", protected.id) is None


def test_five_wrong_codes_lock_the_second_step_and_the_right_one_too(
    client: FlaskClient, protected: Owner, session: Session
) -> None:
    sign_in(client, protected)
    for _ in range(FREE_FAILURES):
        answer = client.post("/connexion/etape", data={"code": protected.wrong()})
        assert "n’est pas le bon" in answer.text
    for form in ({"code": protected.code()}, {"recovery_code": protected.codes[0]}):
        locked = client.post("/connexion/etape", data=form)
        assert locked.status_code == 422
        assert "Par prudence, attendez" in locked.text
    assert stored(session, sa.select(RecoveryCode.used_at).distinct()) == [None]


def test_ten_recovery_codes_are_shown_once_and_each_counts_once(
    client: FlaskClient, protected: Owner, session: Session
) -> None:
    assert len(set(protected.codes)) == 10
    kept = stored(session, sa.select(RecoveryCode.code_hash))
    assert not any(code in held for code in protected.codes for held in kept)
    sign_in(client, protected)
    sloppy = protected.codes[3].lower().replace("-", " ").replace("0", "o")
    assert client.post("/connexion/etape", data={"recovery_code": sloppy}).status_code == 303
    assert client.get(STEWARDS_PAGE).status_code == 200
    shown = client.get(CODES).text
    assert "Il vous reste 9 codes" in shown
    assert not any(code in shown for code in protected.codes)
    other = client.application.test_client()
    sign_in(other, protected)
    assert other.post("/connexion/etape", data={"recovery_code": sloppy}).status_code == 422


def test_a_new_set_voids_the_old(client: FlaskClient, protected: Owner) -> None:
    sign_in(client, protected)
    client.post("/connexion/etape", data={"code": protected.code()})
    form = {"_once": "a" * 22}
    answer = client.post(CODES, data=form)
    fresh = re.findall(r"<code>([0-9A-Z-]{14})</code>", client.get(CODES).text)
    assert len(set(fresh)) == 10
    assert not any(code in answer.text for code in fresh)
    other = client.application.test_client()
    sign_in(other, protected)
    old = other.post("/connexion/etape", data={"recovery_code": protected.codes[0]})
    assert old.status_code == 422
    assert other.post("/connexion/etape", data={"recovery_code": fresh[0]}).status_code == 303


def test_the_last_factor_stays_where_a_role_needs_one(
    client: FlaskClient, protected: Owner, session: Session
) -> None:
    sign_in(client, protected)
    client.post("/connexion/etape", data={"code": protected.code()})
    [factor] = stored(session, sa.select(SecondFactor.id))
    removal = f"/compte/deuxieme-etape/{factor}/retirer"
    assert "C’est la seule qui vous reste" in client.get(removal).text
    form = {"recovery_code": protected.codes[0], "password": PASSWORD}
    refused = client.post(removal, data=form)
    assert refused.status_code == 422
    assert stored(session, sa.select(SecondFactor.id)) == [factor]
    assert stored(session, sa.select(RecoveryCode.used_at).distinct()) == [None]


def test_a_factor_goes_with_another_or_with_password_and_recovery_code(
    client: FlaskClient, protected: Owner, session: Session
) -> None:
    sign_in(client, protected)
    client.post("/connexion/etape", data={"code": protected.code()})
    second = Owner(protected.id, protected.email)
    set_up(client, second)
    third = Owner(protected.id, protected.email)
    set_up(client, third)
    first_id, second_id, third_id = stored(
        session, sa.select(SecondFactor.id).order_by(SecondFactor.id)
    )

    def remove(factor_id: int, **form: str) -> int:
        path = f"/compte/deuxieme-etape/{factor_id}/retirer"
        return client.post(path, data=form).status_code

    code = protected.codes[0]
    assert remove(third_id, code=third.code()) == 422, "its own code proves nothing"
    assert remove(third_id, recovery_code=code) == 422, "the password is missing"
    assert remove(third_id, recovery_code=code, password="pas celui-là") == 422
    assert remove(third_id, recovery_code=code, password=PASSWORD) == 303
    assert remove(first_id, code=second.code()) == 303
    assert stored(session, sa.select(SecondFactor.id)) == [second_id]


def test_nobody_removes_the_factor_of_somebody_else(
    client: FlaskClient, protected: Owner, member: Owner, session: Session
) -> None:
    sign_in(client, member)
    set_up(client, member)
    [theirs] = stored(
        session, sa.select(SecondFactor.id).where(SecondFactor.person_id == protected.id)
    )
    path = f"/compte/deuxieme-etape/{theirs}/retirer"
    assert client.get(path).status_code == 404
    form = {"recovery_code": member.codes[0], "password": PASSWORD}
    assert client.post(path, data=form).status_code == 404


def test_whoever_removes_the_last_one_signs_in_with_the_password_again(
    client: FlaskClient, member: Owner, session: Session
) -> None:
    sign_in(client, member)
    set_up(client, member)
    [factor] = stored(session, sa.select(SecondFactor.id))
    form = {"recovery_code": member.codes[0], "password": PASSWORD}
    path = f"/compte/deuxieme-etape/{factor}/retirer"
    assert client.post(path, data=form).status_code == 303
    assert stored(session, sa.select(RecoveryCode.code_hash)) == []
    assert stored(session, sa.select(Login.second_factor_at)) == [None]
    other = client.application.test_client()
    assert sign_in(other, member) == "/"


def test_a_role_given_later_does_not_reach_a_login_without_a_factor(
    client: FlaskClient, member: Owner, session: Session
) -> None:
    sign_in(client, member)
    accounts.grant_role(session, SYSTEM, member.id, Role.STEWARD, now=datetime.now(UTC))
    session.commit()
    assert client.get(STEWARDS_PAGE).status_code == 403


def test_the_owner_is_written_to_and_the_log_names_nobody(
    app: Flask, client: FlaskClient, protected: Owner, session: Session, tmp_path: Path
) -> None:
    sign_in(client, protected)
    client.post("/connexion/etape", data={"recovery_code": protected.codes[0]})
    second = Owner(protected.id, protected.email)
    set_up(client, second)
    [first, _] = stored(session, sa.select(SecondFactor.id).order_by(SecondFactor.id))
    client.post(f"/compte/deuxieme-etape/{first}/retirer", data={"code": second.code()})
    sent = mails(app, tmp_path)
    assert {to for to, _, _ in sent} == {protected.email}
    assert [subject for _, subject, _ in sent] == [
        "Une deuxième étape est ajoutée à votre compte",
        "Un de vos codes de secours a servi",
        "Une deuxième étape est ajoutée à votre compte",
        "Une deuxième étape est retirée de votre compte",
    ]
    assert facts_of(session, "account.second_factor_passed") == [{"by": "recovery_code"}]
    assert facts_of(session, "account.recovery_code_used") == [{"left": 9}]
    assert facts_of(session, "account.factor_removed") == [{"factor": first, "kind": "totp"}]
    assert len(facts_of(session, "account.recovery_codes_made")) == 1


def test_a_token_made_without_a_second_factor_carries_no_role(
    client: FlaskClient, member: Owner, session: Session
) -> None:
    sign_in(client, member)
    form = {"name": "tableur", "scopes": ["booking.read"]}
    client.post("/compte/jetons", data=form)
    found = re.search(r"<code>([\w-]{43})</code>", client.get("/compte").text)
    assert found
    accounts.grant_role(session, SYSTEM, member.id, Role.COORDINATOR, now=datetime.now(UTC))
    session.execute(sa.update(ApiToken).values(scopes=["booking.read", "organization.accept"]))
    session.commit()
    bearer = {"Authorization": f"Bearer {found[1]}"}
    me = client.get("/api/v1/me", headers=bearer).get_json()
    assert (me["roles"], me["withheld_roles"]) == ([], ["coordinator"])
    refused = client.post("/api/v1/organizations/x/accept", headers=bearer)
    assert refused.status_code == 403
    assert [r["code"] for r in refused.get_json()["reasons"]] == ["account.second_factor_needed"]
    # In a login that waits for its factor, nobody with a role makes another.
    answer = client.post("/compte/jetons", data=form)
    assert answer.status_code == 403
    set_up(client, member)
    assert "il ne porte pas votre rôle" in client.get("/compte").text
    client.post("/compte/jetons", data={"name": "b", "scopes": ["organization.accept"]})
    found = re.search(r"<code>([\w-]{43})</code>", client.get("/compte").text)
    assert found
    bearer = {"Authorization": f"Bearer {found[1]}"}
    assert client.get("/api/v1/me", headers=bearer).get_json()["roles"] == ["coordinator"]


def test_a_program_changes_no_factor(world: World, session: Session) -> None:
    actor = replace(world.person(role=Role.STEWARD), scopes=frozenset({"audit.read"}))
    new = accounts.NewFactor("T", 0, sealed_secret="x")
    with pytest.raises(Forbidden):
        accounts.add_factor(session, actor, "", new, lambda _: True, now=world.now)
    with pytest.raises(Forbidden):
        accounts.make_recovery_codes(session, actor, ["x"], now=world.now)


def test_the_command_forgets_the_factors_of_somebody_who_lost_them(
    app: Flask, client: FlaskClient, protected: Owner, session: Session
) -> None:
    run = app.test_cli_runner().invoke
    assert run(args=["people", "forget-factors", "nul@exemple.org"]).exit_code == 1
    assert run(args=["people", "forget-factors", protected.email]).exit_code == 0
    assert stored(session, sa.select(SecondFactor.id)) == []
    assert sign_in(client, protected) == "/"
    assert client.get(STEWARDS_PAGE).status_code == 403


@pytest.fixture
def demo(database_url: str, tmp_path: Path) -> Iterator[FlaskClient]:
    """The same database, served as the demo."""
    app = create_app(
        replace(settings(database_url, tmp_path / "mail"), mode="demo"),
        TESTING=True,
        WTF_CSRF_ENABLED=False,
    )
    yield app.test_client()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_the_demo_shows_the_code_of_made_up_people_and_of_nobody_else(
    client: FlaskClient, demo: FlaskClient, protected: Owner, session: Session
) -> None:
    shown = re.compile(r"le code est (\d{6})")
    sign_in(demo, protected)
    assert not shown.search(demo.get("/connexion/etape").text)
    session.execute(sa.update(Person).values(is_demo=True))
    session.commit()
    sign_in(client, protected)
    assert not shown.search(client.get("/connexion/etape").text), "only in the demo"
    found = shown.search(demo.get("/connexion/etape").text)
    assert found
    assert demo.post("/connexion/etape", data={"code": found[1]}).status_code == 303
    # Signed in again at once: the code that was shown has counted, the next one is shown.
    demo.post("/deconnexion")
    sign_in(demo, protected)
    following = shown.search(demo.get("/connexion/etape").text)
    assert following
    assert following[1] != found[1]
    assert demo.post("/connexion/etape", data={"code": following[1]}).status_code == 303


def test_codes_are_those_of_the_standard() -> None:
    # RFC 6238, appendix B, for SHA-1; six digits are the last six of its eight.
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    for seconds, digits in ((59, "287082"), (1111111109, "081804"), (20000000000, "353130")):
        moment = datetime.fromtimestamp(seconds, UTC)
        assert totp_step(secret, digits, moment) == seconds // 30
        assert totp_step(secret, f"{digits[:3]} {digits[3:]}", moment) == seconds // 30
        assert totp_step(secret, digits, moment + timedelta(seconds=30)) == seconds // 30
        assert totp_step(secret, digits, moment + timedelta(seconds=60)) is None
        assert totp_code(secret, 0, moment) == digits
    for garbage in ("", "é", "12345", "1234567"):
        assert totp_step(secret, garbage, datetime.fromtimestamp(59, UTC)) is None


def test_a_recovery_code_is_hashed_for_its_person(app: Flask) -> None:
    with app.app_context():
        hashed = recovery_code_hash("7KQ2-M9XD-4T0B", 1)
        assert hashed == recovery_code_hash(" 7kq2m9xd4tob ", 1)
        assert hashed != recovery_code_hash("7KQ2-M9XD-4T0B", 2)


def test_a_withheld_role_gives_no_permission() -> None:
    waiting = Actor(person_id=1, withheld=frozenset({Role.STEWARD}))
    assert not any(may(waiting, permission) for permission in Permission)
