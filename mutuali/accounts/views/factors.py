"""Adding and removing second factors, and the recovery codes."""

from typing import Any

from flask import flash, jsonify, make_response
from flask import session as cookies
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.accounts import service
from mutuali.accounts.rules import RECOVERY_CODES, FactorKind
from mutuali.accounts.schemas import ApplicationSchema, PasskeySchema, StepSchema
from mutuali.accounts.views.pages import bp
from mutuali.accounts.views.steps import proof_in
from mutuali.core.errors import Conflict, DomainError, NotFound, Reason, Refused
from mutuali.core.permissions import Actor
from mutuali.extensions import limiter
from mutuali.web import second_factor
from mutuali.web.clock import utc_now
from mutuali.web.doors import SIGNED_IN, door
from mutuali.web.identity import current_login_token
from mutuali.web.pages import errors_by_field, page, see_other, typed
from mutuali.web.parsing import load_form
from mutuali.web.secrets import (
    new_recovery_code,
    new_token,
    password_matches,
    recovery_code_hash,
    sealed,
    token_hash,
    unsealed,
)


@bp.get("/compte/deuxieme-etape/application")
@door(SIGNED_IN)
def application_form(session: Session, actor: Actor) -> ResponseReturnValue:
    """The secret to copy, and a code that shows that it was."""
    return _application_page(session, actor)


def _application_again(
    session: Session, actor: Actor, *, error: DomainError
) -> ResponseReturnValue:
    return _application_page(session, actor, error)


@bp.post("/compte/deuxieme-etape/application")
@limiter.limit("30 per minute")
@door(SIGNED_IN, parse=lambda: load_form(ApplicationSchema()), again=_application_again)
def add_application(session: Session, actor: Actor, form: dict[str, Any]) -> ResponseReturnValue:
    """Keep an application, once it shows the right code."""
    person_id = _person_id(actor)
    secret = second_factor.unseal_totp(form["secret"], person_id)
    if secret is None:
        raise Conflict("account.link_spent")
    step = second_factor.totp_step(secret, form["code"], utc_now())
    if step is None:
        raise Refused(Reason("account.wrong_code", {}, "code"))
    new = service.NewFactor(form["name"], step, sealed_secret=form["secret"])
    refusal = _add(session, actor, new, form["password"])
    if refusal is not None:
        return _refused(_application_page(session, actor, refusal))
    return _added(session, actor)


@bp.get("/compte/deuxieme-etape/cle")
@door(SIGNED_IN)
def passkey_form(session: Session, actor: Actor) -> ResponseReturnValue:
    """A name, and the button that asks the browser."""
    return _passkey_page(session, actor)


def _passkey_again(session: Session, actor: Actor, *, error: DomainError) -> ResponseReturnValue:
    return _passkey_page(session, actor, error)


@bp.post("/compte/deuxieme-etape/cle/defi")
@limiter.limit("30 per minute")
@door(SIGNED_IN)
def passkey_challenge(session: Session, actor: Actor) -> ResponseReturnValue:
    """What the browser is asked, to make a passkey."""
    person_id = _person_id(actor)
    person = service.people(session, frozenset({person_id}))[person_id]
    challenge = new_token()
    service.set_challenge(session, _login(), challenge, now=utc_now())
    return jsonify(
        second_factor.passkey_to_make(
            challenge,
            public_id=person.public_id,
            email=person.email,
            name=person.name,
            known=service.passkey_ids(session, person_id),
        )
    )


@bp.post("/compte/deuxieme-etape/cle")
@limiter.limit("30 per minute")
@door(SIGNED_IN, parse=lambda: load_form(PasskeySchema()), again=_passkey_again)
def add_passkey(session: Session, actor: Actor, form: dict[str, Any]) -> ResponseReturnValue:
    """Keep the passkey that the browser made."""
    challenge = service.take_challenge(session, _login(), now=utc_now())
    made = second_factor.made_passkey(form["answer"], challenge) if challenge else None
    if made is None:
        raise Refused("account.wrong_passkey")
    new = service.NewFactor(
        form["name"], made.counter, credential_id=made.credential_id, public_key=made.public_key
    )
    refusal = _add(session, actor, new, form["password"])
    if refusal is not None:
        return _refused(_passkey_page(session, actor, refusal))
    return _added(session, actor)


@bp.get("/compte/deuxieme-etape/codes")
@door(SIGNED_IN)
def recovery_codes(session: Session, actor: Actor) -> ResponseReturnValue:
    """The codes just made, once; else how many are left."""
    person_id = _person_id(actor)
    kept = unsealed(str(cookies.pop("recovery_codes", "")), f"recovery codes of {person_id}")
    return page(
        "accounts/recovery_codes.html",
        codes=kept.split() if kept else [],
        left=service.recovery_codes_left(session, person_id),
        has_factor=bool(service.factors_of(session, person_id)),
    )


@bp.post("/compte/deuxieme-etape/codes")
@door(SIGNED_IN)
def new_recovery_codes(session: Session, actor: Actor) -> ResponseReturnValue:
    """A new set, which voids the one before."""
    _make_codes(session, actor)
    return see_other("/compte/deuxieme-etape/codes")


@bp.get("/compte/deuxieme-etape/<int:factor_id>/retirer")
@door(SIGNED_IN)
def removal_form(session: Session, actor: Actor, factor_id: int) -> ResponseReturnValue:
    """What proves that it is oneself who removes it."""
    return _removal_page(session, actor, factor_id)


def _removal_again(
    session: Session, actor: Actor, factor_id: int, *, error: DomainError
) -> ResponseReturnValue:
    return _removal_page(session, actor, factor_id, error)


@bp.post("/compte/deuxieme-etape/<int:factor_id>/retirer")
@limiter.limit("30 per minute")
@door(SIGNED_IN, parse=lambda: load_form(StepSchema()), again=_removal_again)
def remove_factor(
    session: Session, actor: Actor, form: dict[str, Any], factor_id: int
) -> ResponseReturnValue:
    """Forget a factor."""
    refusal = service.remove_factor(
        session,
        actor,
        _login(),
        factor_id,
        proof_in(form),
        lambda stored: password_matches(stored, form["password"]),
        now=utc_now(),
    )
    if refusal is not None:
        return _refused(_removal_page(session, actor, factor_id, refusal))
    flash(_("C’est retiré. Un courriel vient de vous le confirmer."), "success")
    return see_other("/compte#deuxieme-etape")


@bp.post("/compte/deuxieme-etape/<int:factor_id>/retirer/defi")
@limiter.limit("30 per minute")
@door(SIGNED_IN)
def removal_challenge(session: Session, actor: Actor, factor_id: int) -> ResponseReturnValue:
    """What another passkey has to sign."""
    challenge = new_token()
    service.set_challenge(session, _login(), challenge, now=utc_now())
    known = service.passkey_ids(session, _person_id(actor), besides=factor_id)
    return jsonify(second_factor.passkey_to_use(challenge, known))


def _add(session: Session, actor: Actor, new: service.NewFactor, password: str) -> Refused | None:
    return service.add_factor(
        session,
        actor,
        _login(),
        new,
        lambda stored: password_matches(stored, password),
        now=utc_now(),
    )


def _added(session: Session, actor: Actor) -> ResponseReturnValue:
    """On to the recovery codes, which the first factor brings."""
    flash(_("C’est ajouté. On vous le demandera désormais à la connexion."), "success")
    if service.recovery_codes_left(session, _person_id(actor)):
        return see_other("/compte#deuxieme-etape")
    _make_codes(session, actor)
    return see_other("/compte/deuxieme-etape/codes")


def _make_codes(session: Session, actor: Actor) -> None:
    """Make a set; the next page shows it, once.

    It travels sealed in the cookie of its owner: no answer that is stored may hold a secret.
    """
    person_id = _person_id(actor)
    codes = [new_recovery_code() for _n in range(RECOVERY_CODES)]
    hashes = [recovery_code_hash(code, person_id) for code in codes]
    service.make_recovery_codes(session, actor, hashes, now=utc_now())
    cookies["recovery_codes"] = sealed(" ".join(codes), f"recovery codes of {person_id}")


def _application_page(
    session: Session, actor: Actor, error: DomainError | None = None
) -> ResponseReturnValue:
    person_id = _person_id(actor)
    person = service.people(session, frozenset({person_id}))[person_id]
    kept = str(typed("secret"))
    secret = second_factor.unseal_totp(kept, person_id) if kept else None
    if secret is None:
        secret = second_factor.new_totp_secret()
        kept = second_factor.seal_totp(secret, person_id)
    return page(
        "accounts/application.html",
        secret=" ".join(secret[n : n + 4] for n in range(0, len(secret), 4)),
        sealed_secret=kept,
        picture=second_factor.totp_picture(secret, person.email),
        is_first=not service.factors_of(session, person_id),
        typed_name=typed("name", _("Mon téléphone")),
        errors=errors_by_field(error),
    )


def _passkey_page(
    session: Session, actor: Actor, error: DomainError | None = None
) -> ResponseReturnValue:
    return page(
        "accounts/passkey.html",
        works_here=second_factor.passkeys_work_here(),
        is_first=not service.factors_of(session, _person_id(actor)),
        typed_name=typed("name", _("Mon appareil")),
        errors=errors_by_field(error),
    )


def _removal_page(
    session: Session, actor: Actor, factor_id: int, error: DomainError | None = None
) -> ResponseReturnValue:
    person_id = _person_id(actor)
    factors = service.factors_of(session, person_id)
    chosen = next((factor for factor in factors if factor.id == factor_id), None)
    if chosen is None:
        raise NotFound
    others = [factor.kind for factor in factors if factor.id != factor_id]
    return page(
        "accounts/factor_removal.html",
        factor=chosen,
        by_code=FactorKind.TOTP in others,
        by_passkey=FactorKind.PASSKEY in others,
        recovery_codes=service.recovery_codes_left(session, person_id),
        is_needed=not others and service.needs_second_factor(session, person_id),
        errors=errors_by_field(error),
    )


def _refused(answer: ResponseReturnValue) -> ResponseReturnValue:
    """A refusal that had something to store: shown from here, so that it is."""
    shown = make_response(answer)
    shown.status_code = 422
    return shown


def _person_id(actor: Actor) -> int:
    return actor.person_id or 0


def _login() -> str:
    return token_hash(current_login_token() or "")
