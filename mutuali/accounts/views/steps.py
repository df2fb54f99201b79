"""The second step of signing in."""

from typing import Any

from flask import current_app, jsonify, make_response, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from mutuali.accounts import service
from mutuali.accounts.rules import FactorKind
from mutuali.accounts.schemas import StepSchema
from mutuali.accounts.views.pages import bp, local_path
from mutuali.config import Settings
from mutuali.core.errors import Refused, SignInNeeded
from mutuali.core.permissions import Actor
from mutuali.extensions import limiter
from mutuali.web import second_factor
from mutuali.web.clock import utc_now
from mutuali.web.doors import PUBLIC, door
from mutuali.web.identity import current_login_token, forget
from mutuali.web.pages import errors_by_field, page, see_other
from mutuali.web.parsing import load_form
from mutuali.web.secrets import new_token, recovery_code_hash, token_hash


@bp.get("/connexion/etape")
@door(PUBLIC)
def step_form(session: Session, actor: Actor) -> ResponseReturnValue:
    """A code, a passkey or a recovery code."""
    return _step_page(session)


@bp.post("/connexion/etape")
@limiter.limit("30 per minute")
@door(PUBLIC, parse=lambda: load_form(StepSchema()))
def step(session: Session, actor: Actor, form: dict[str, Any]) -> ResponseReturnValue:
    """Complete the login; a failure is counted, so it is stored before it is shown."""
    refusal = service.pass_second_factor(session, _login(), proof_in(form), now=utc_now())
    if refusal is not None:
        shown = make_response(_step_page(session, refusal))
        shown.status_code = 422
        return shown
    return see_other(local_path(form["suite"]))


@bp.post("/connexion/etape/cle")
@limiter.limit("30 per minute")
@door(PUBLIC)
def step_challenge(session: Session, actor: Actor) -> ResponseReturnValue:
    """What the browser has to sign with a passkey."""
    pending = _pending(session)
    challenge = new_token()
    service.set_challenge(session, _login(), challenge, now=utc_now())
    known = service.passkey_ids(session, pending.person.id)
    return jsonify(second_factor.passkey_to_use(challenge, known))


@bp.post("/connexion/etape/renoncer")
@door(PUBLIC)
def step_given_up(session: Session, actor: Actor) -> ResponseReturnValue:
    """Sign in as somebody else."""
    service.give_up(session, _login(), now=utc_now())
    forget()
    return see_other("/connexion")


def proof_in(form: dict[str, Any]) -> service.Proof:
    """What was shown: a passkey's answer, a recovery code, else the code of an application."""
    now = utc_now()
    if answer := form["answer"]:
        return service.ByPasskey(
            second_factor.passkey_named(answer),
            lambda challenge, key, counter: second_factor.passkey_counter(
                answer, challenge, key, counter
            ),
        )
    if typed := form["recovery_code"]:
        return service.ByRecoveryCode(lambda person_id: recovery_code_hash(typed, person_id))

    def step_of(sealed_secret: str, person_id: int) -> int | None:
        secret = second_factor.unseal_totp(sealed_secret, person_id)
        return second_factor.totp_step(secret, form["code"], now) if secret else None

    return service.ByCode(step_of)


def _login() -> str:
    return token_hash(current_login_token() or "")


def _pending(session: Session) -> service.PendingLogin:
    pending = service.pending_login(session, _login(), now=utc_now())
    if pending is None:
        raise SignInNeeded
    return pending


def _step_page(session: Session, error: Refused | None = None) -> ResponseReturnValue:
    pending = _pending(session)
    return page(
        "accounts/step.html",
        pending=pending,
        by_code=pending.has(FactorKind.TOTP),
        by_passkey=pending.has(FactorKind.PASSKEY),
        demo_code=_demo_code(session, pending),
        suite=local_path(request.values.get("suite", "/")),
        errors=errors_by_field(error),
    )


def _demo_code(session: Session, pending: service.PendingLogin) -> str | None:
    """The code of a made-up person, in the demo: nobody holds their telephone."""
    settings: Settings = current_app.config["SETTINGS"]
    kept = service.demo_application(session, pending.person.id) if settings.is_demo else None
    if kept is None:
        return None
    sealed_secret, last_step = kept
    secret = second_factor.unseal_totp(sealed_secret, pending.person.id)
    return second_factor.totp_code(secret, last_step, utc_now()) if secret else None
