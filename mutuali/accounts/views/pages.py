"""Pages to sign up, to sign in and out, and one's account."""

from typing import Any
from urllib.parse import quote

from flask import Blueprint, flash, make_response, request
from flask import session as cookies
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.accounts import service
from mutuali.accounts.rules import (
    CONFIRM_WITHIN,
    RESET_WITHIN,
    normalized_email,
    password_objections,
)
from mutuali.accounts.schemas import (
    EmailSchema,
    NameSchema,
    PasswordSchema,
    SignInSchema,
    SignUpSchema,
    TokenSchema,
)
from mutuali.core.errors import Conflict, DomainError, Refused
from mutuali.core.permissions import Actor, Permission, may
from mutuali.extensions import limiter
from mutuali.web.clock import utc_now
from mutuali.web.doors import PUBLIC, SIGNED_IN, door
from mutuali.web.identity import current_login_token, forget, keep_signed_in
from mutuali.web.pages import errors_by_field, page, see_other
from mutuali.web.parsing import load_form
from mutuali.web.secrets import (
    new_public_id,
    new_token,
    password_hash,
    password_matches,
    read_signed_link,
    token_hash,
)

bp = Blueprint("accounts", __name__)

#: The version of the notice that sign-up shows; a change of the text is a new version.
NOTICE_VERSION = "2026-11"


@bp.get("/inscription")
@door(PUBLIC)
def sign_up_form(session: Session, actor: Actor) -> ResponseReturnValue:
    """The form, with the notice the law asks for."""
    return _sign_up_page()


def _sign_up_again(session: Session, actor: Actor, *, error: DomainError) -> ResponseReturnValue:
    return _sign_up_page(error)


@bp.post("/inscription")
@limiter.limit("10 per minute")
@door(PUBLIC, parse=lambda: load_form(SignUpSchema()), again=_sign_up_again)
def sign_up(session: Session, actor: Actor, form: dict[str, Any]) -> ResponseReturnValue:
    """Make an account that waits for its address to be confirmed."""
    draft = service.SignUpDraft(
        form["email"],
        form["name"],
        form["language"],
        password_hash(form["password"]),
        NOTICE_VERSION,
    )
    service.sign_up(session, draft, public_id=new_public_id(), now=utc_now())
    return see_other("/inscription/merci")


@bp.get("/inscription/merci")
@door(PUBLIC)
def sign_up_done(session: Session, actor: Actor) -> ResponseReturnValue:
    """Look into your e-mail."""
    return page("accounts/signed_up.html")


@bp.get("/confirmer/<token>")
@door(PUBLIC)
def confirm_form(session: Session, actor: Actor, token: str) -> ResponseReturnValue:
    """A button, so that a scanner of links does not spend the link."""
    return page("accounts/confirm.html", token=token)


@bp.post("/confirmer/<token>")
@door(PUBLIC)
def confirm(session: Session, actor: Actor, token: str) -> ResponseReturnValue:
    """Confirm an address."""
    link_id = _link("confirm", token, int(CONFIRM_WITHIN.total_seconds()))
    service.confirm_email(session, link_id, now=utc_now())
    flash(_("Votre adresse est confirmée. Connectez-vous."), "success")
    return see_other("/connexion")


@bp.get("/connexion")
@door(PUBLIC)
def sign_in_form(session: Session, actor: Actor) -> ResponseReturnValue:
    """Address and password; whoever is past them goes on to the second step."""
    suite = local_path(request.args.get("suite", "/"))
    if service.pending_login(session, token_hash(current_login_token() or ""), now=utc_now()):
        return _second_step(suite)
    return _sign_in_page()


def _sign_in_again(session: Session, actor: Actor, *, error: DomainError) -> ResponseReturnValue:
    return _sign_in_page(error)


@bp.post("/connexion")
@limiter.limit("30 per minute")
@door(PUBLIC, parse=lambda: load_form(SignInSchema()), again=_sign_in_again)
def sign_in(session: Session, actor: Actor, form: dict[str, Any]) -> ResponseReturnValue:
    """Open a session; a failure is counted, so it is stored before it is shown."""
    token = new_token()
    facts, refusal = service.sign_in(
        session,
        form["email"],
        lambda stored: password_matches(stored, form["password"]),
        email_hash=token_hash(normalized_email(form["email"])),
        token_hash=token_hash(token),
        now=utc_now(),
    )
    if facts is None:
        shown = make_response(_sign_in_page(refusal))
        shown.status_code = 422
        return shown
    keep_signed_in(token)
    suite = local_path(form["suite"])
    if service.pending_login(session, token_hash(token), now=utc_now()):
        return _second_step(suite)
    return see_other(suite)


@bp.post("/deconnexion")
@door(SIGNED_IN)
def sign_out(session: Session, actor: Actor) -> ResponseReturnValue:
    """End this login."""
    service.sign_out(session, actor, token_hash(current_login_token() or ""), now=utc_now())
    forget()
    return see_other("/")


@bp.post("/deconnexion/partout")
@door(SIGNED_IN)
def sign_out_everywhere(session: Session, actor: Actor) -> ResponseReturnValue:
    """End every login of this person."""
    service.sign_out_everywhere(session, actor, now=utc_now())
    forget()
    flash(_("Toutes vos sessions sont fermées."), "success")
    return see_other("/connexion")


@bp.get("/mot-de-passe")
@door(PUBLIC)
def ask_reset_form(session: Session, actor: Actor) -> ResponseReturnValue:
    """Which address forgot its password."""
    return page("accounts/ask_reset.html", errors={}, typed=request.form)


def _ask_reset_again(session: Session, actor: Actor, *, error: DomainError) -> ResponseReturnValue:
    return page("accounts/ask_reset.html", errors=errors_by_field(error), typed=request.form)


@bp.post("/mot-de-passe")
@limiter.limit("10 per minute")
@door(PUBLIC, parse=lambda: load_form(EmailSchema()), again=_ask_reset_again)
def ask_reset(session: Session, actor: Actor, form: dict[str, Any]) -> ResponseReturnValue:
    """Send a link, if there is an account; say the same in any case."""
    service.ask_reset(session, form["email"], now=utc_now())
    flash(_("Si cette adresse a un compte, un lien vient de partir."), "success")
    return see_other("/connexion")


@bp.get("/mot-de-passe/<token>")
@door(PUBLIC)
def reset_form(session: Session, actor: Actor, token: str) -> ResponseReturnValue:
    """A new password."""
    return page("accounts/reset.html", token=token, errors={})


def _reset_again(
    session: Session, actor: Actor, token: str, *, error: DomainError
) -> ResponseReturnValue:
    return page("accounts/reset.html", token=token, errors=errors_by_field(error))


@bp.post("/mot-de-passe/<token>")
@door(PUBLIC, parse=lambda: load_form(PasswordSchema()), again=_reset_again)
def reset(session: Session, actor: Actor, form: dict[str, Any], token: str) -> ResponseReturnValue:
    """Set the new password; every login ends."""
    link_id = _link("reset", token, int(RESET_WITHIN.total_seconds()))
    email = service.email_behind_link(session, link_id)
    if objections := password_objections(form["password"], email):
        raise Refused.because(objections)
    service.reset_password(
        session, link_id, password_hash(form["password"]), email_hash=token_hash, now=utc_now()
    )
    flash(_("Votre mot de passe est changé. Connectez-vous."), "success")
    return see_other("/connexion")


@bp.get("/compte")
@door(SIGNED_IN)
def account(session: Session, actor: Actor) -> ResponseReturnValue:
    """Name, address, language, API tokens."""
    return _account_page(session, actor, new_token=cookies.pop("new_token", ""))


def _account_again(session: Session, actor: Actor, *, error: DomainError) -> ResponseReturnValue:
    return _account_page(session, actor, error=error)


@bp.post("/compte/langue")
@door(SIGNED_IN)
def choose_language(session: Session, actor: Actor) -> ResponseReturnValue:
    """The language of e-mails."""
    service.choose_language(session, actor, "en" if request.form.get("language") == "en" else "fr")
    flash(_("C’est noté."), "success")
    return see_other("/compte")


@bp.post("/compte/nom")
@door(SIGNED_IN, parse=lambda: load_form(NameSchema()), again=_account_again)
def rename(session: Session, actor: Actor, form: dict[str, Any]) -> ResponseReturnValue:
    """Correct one's own name."""
    service.rename(session, actor, form["own_name"], now=utc_now())
    flash(_("C’est noté."), "success")
    return see_other("/compte")


@bp.post("/compte/jetons")
@door(SIGNED_IN, parse=lambda: load_form(TokenSchema()), again=_account_again)
def create_token(session: Session, actor: Actor, form: dict[str, Any]) -> ResponseReturnValue:
    """Make an API token; the next page shows it, once.

    It travels in the cookie of its owner: the answer to a form is stored for a day, and no answer
    that is stored may hold a secret.
    """
    token = new_token()
    service.create_api_token(
        session,
        actor,
        name=form["name"],
        scopes=frozenset(scope.value for scope in form["scopes"]),
        token_hash=token_hash(token),
        now=utc_now(),
    )
    cookies["new_token"] = token
    return see_other("/compte")


@bp.post("/compte/jetons/<int:token_id>/revoquer")
@door(SIGNED_IN)
def revoke_token(session: Session, actor: Actor, token_id: int) -> ResponseReturnValue:
    """End an API token."""
    service.revoke_api_token(session, actor, token_id, now=utc_now())
    flash(_("Le jeton ne fonctionne plus."), "success")
    return see_other("/compte")


@bp.get("/aide")
@door(PUBLIC)
def help_page(session: Session, actor: Actor) -> ResponseReturnValue:
    """How it works, in six answers."""
    return page("accounts/help.html")


def _second_step(suite: str) -> ResponseReturnValue:
    return see_other(f"/connexion/etape?suite={quote(suite)}")


def _sign_up_page(error: DomainError | None = None) -> ResponseReturnValue:
    return page("accounts/sign_up.html", errors=errors_by_field(error), typed=request.form)


def _sign_in_page(error: DomainError | None = None) -> ResponseReturnValue:
    suite = local_path(request.values.get("suite", "/"))
    return page(
        "accounts/sign_in.html", errors=errors_by_field(error), typed=request.form, suite=suite
    )


def _account_page(
    session: Session, actor: Actor, *, error: DomainError | None = None, new_token: str = ""
) -> ResponseReturnValue:
    person = service.people(session, frozenset({actor.person_id or 0}))[actor.person_id or 0]
    return page(
        "accounts/account.html",
        person=person,
        factors=service.factors_of(session, person.id),
        recovery_codes=service.recovery_codes_left(session, person.id),
        is_needed=service.needs_second_factor(session, person.id),
        tokens=service.api_tokens(session, actor, now=utc_now()),
        scopes=[permission.value for permission in Permission if may(actor, permission)],
        chosen=request.form.getlist("scopes"),
        new_token=new_token,
        errors=errors_by_field(error),
        typed=request.form,
    )


def _link(purpose: str, token: str, max_age: int) -> int:
    reference = read_signed_link(purpose, token, max_age_seconds=max_age)
    if reference is None or not reference.isdecimal():
        raise Conflict("account.link_spent")
    return int(reference)


def local_path(path: str) -> str:
    """A path of ours, never an address elsewhere."""
    # Browsers read "\\" as "/" and drop tabs and line ends, so "/<tab>/elsewhere" leads away.
    safe = path.isprintable() and path.startswith("/") and not path.startswith(("//", "/\\"))
    return path if safe else "/"
