"""Pages of webhooks: make one, see what was sent, try, change the secret, pause, take away."""

from flask import Blueprint, flash, request
from flask import session as cookies
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.core.errors import DomainError
from mutuali.core.permissions import Actor, Permission
from mutuali.web.api import acting_for
from mutuali.web.clock import utc_now
from mutuali.web.doors import door
from mutuali.web.pages import errors_by_field, page, see_other
from mutuali.web.parsing import load_form
from mutuali.web.secrets import new_public_id
from mutuali.webhooks import service
from mutuali.webhooks.rules import About
from mutuali.webhooks.schemas import HookEventsSchema, HookSchema
from mutuali.webhooks.views.making import AskedHook, asked_hook, make_hook, make_secret

bp = Blueprint("webhooks", __name__)

_HOME = "/organisme/webhooks"
#: Where a new secret travels to the one page that shows it: its owner's cookie, sealed for the
#: session. The answer to a form is stored for a day, and no answer that is stored holds a secret.
_NEW = "new_webhook_secret"


def _parse() -> AskedHook:
    return asked_hook(load_form(HookSchema()))


@bp.get(_HOME)
@door(Permission.ORGANIZATION_EDIT)
def hooks(session: Session, actor: Actor) -> ResponseReturnValue:
    """The hooks of one's organization, and a form for another."""
    return _hooks_page(session, actor)


def _hooks_page(
    session: Session, actor: Actor, *, error: DomainError | None = None
) -> ResponseReturnValue:
    return page(
        "webhooks/hooks.html",
        hooks=service.hooks_of(session, actor, acting_for(actor, "")),
        typed=request.form,
        chosen=request.form.getlist("events") if error else [each.value for each in About],
        errors=errors_by_field(error),
    )


@bp.post(_HOME)
@door(Permission.ORGANIZATION_EDIT, parse=_parse, again=_hooks_page)
def add_hook(session: Session, actor: Actor, asked: AskedHook) -> ResponseReturnValue:
    """Make a hook; the next page shows its secret, once."""
    public_id, secret = make_hook(session, actor, acting_for(actor, ""), asked)
    cookies[_NEW] = secret
    return see_other(f"{_HOME}/{public_id}")


@bp.get(f"{_HOME}/<public_id>")
@door(Permission.ORGANIZATION_EDIT)
def hook(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """One hook: what it is told of, what was sent, what can be done."""
    return _hook_page(session, actor, public_id)


def _hook_page(
    session: Session, actor: Actor, public_id: str, *, error: DomainError | None = None
) -> ResponseReturnValue:
    organization_id = acting_for(actor, "")
    now = utc_now()
    found = service.hook(session, actor, organization_id, public_id)
    return page(
        "webhooks/hook.html",
        hook=found,
        deliveries=service.deliveries_of(session, actor, organization_id, public_id),
        secret="" if error else cookies.pop(_NEW, ""),
        both=found.former_until is not None and found.former_until > now,
        errors=errors_by_field(error),
    )


@bp.post(f"{_HOME}/<public_id>/annonces")
@door(Permission.ORGANIZATION_EDIT, parse=lambda: load_form(HookEventsSchema()), again=_hook_page)
def choose_events(
    session: Session, actor: Actor, events: frozenset[About], public_id: str
) -> ResponseReturnValue:
    """Say anew what a hook is told of."""
    service.choose_events(session, actor, acting_for(actor, ""), public_id, events, now=utc_now())
    flash(_("C’est changé."), "success")
    return see_other(f"{_HOME}/{public_id}")


@bp.post(f"{_HOME}/<public_id>/secret")
@door(Permission.ORGANIZATION_EDIT)
def change_secret(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """Sign with a new secret; the next page shows it, once."""
    cookies[_NEW] = make_secret(session, actor, acting_for(actor, ""), public_id)
    return see_other(f"{_HOME}/{public_id}")


@bp.post(f"{_HOME}/<public_id>/essai")
@door(Permission.ORGANIZATION_EDIT, again=_hook_page)
def send_test(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """Have a test told."""
    service.send_test(
        session,
        actor,
        acting_for(actor, ""),
        public_id,
        message_id=new_public_id(),
        now=utc_now(),
    )
    flash(_("L’essai part. Rechargez la page dans un instant pour voir la réponse."), "success")
    return see_other(f"{_HOME}/{public_id}#envois")


@bp.post(f"{_HOME}/<public_id>/envois/<delivery_id>/renvoyer")
@door(Permission.ORGANIZATION_EDIT, again=lambda *a, delivery_id, **k: _hook_page(*a, **k))
def send_again(
    session: Session, actor: Actor, public_id: str, delivery_id: str
) -> ResponseReturnValue:
    """Have something told once more."""
    organization_id = acting_for(actor, "")
    service.send_again(session, actor, organization_id, public_id, delivery_id, now=utc_now())
    flash(_("C’est renvoyé. Rechargez la page dans un instant pour voir la réponse."), "success")
    return see_other(f"{_HOME}/{public_id}#envois")


_SWITCH = {"suspendre": service.pause, "reprendre": service.resume}


@bp.post(f"{_HOME}/<public_id>/<any(suspendre, reprendre):deed>")
@door(Permission.ORGANIZATION_EDIT)
def switch(session: Session, actor: Actor, public_id: str, deed: str) -> ResponseReturnValue:
    """Send nothing for now, or again."""
    _SWITCH[deed](session, actor, acting_for(actor, ""), public_id, now=utc_now())
    flash(_("C’est changé."), "success")
    return see_other(f"{_HOME}/{public_id}")


@bp.post(f"{_HOME}/<public_id>/supprimer")
@door(Permission.ORGANIZATION_EDIT)
def remove_hook(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """Forget a hook and all that was sent to it."""
    service.remove_hook(session, actor, acting_for(actor, ""), public_id, now=utc_now())
    flash(_("Le webhook est supprimé, et ce qui lui fut envoyé aussi."), "success")
    return see_other(_HOME)
