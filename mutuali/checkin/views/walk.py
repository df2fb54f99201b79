"""The check-in itself: a card a page, then what was decided and how long it took."""

from datetime import datetime
from typing import Any

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy.orm import Session

from mutuali.checkin import service
from mutuali.checkin.rules import ENOUGH_SECONDS, Choice
from mutuali.checkin.schemas import LettersSchema, OrganizationSchema, Pressed, PressedSchema
from mutuali.checkin.views.blueprint import bp, providers
from mutuali.checkin.views.shown import minutes_words
from mutuali.core.errors import DomainError, NotFound
from mutuali.core.permissions import Actor, Permission, may
from mutuali.organizations import service as organizations
from mutuali.web.clock import utc_now
from mutuali.web.doors import afterwards, door
from mutuali.web.pages import errors_by_field, page, see_other
from mutuali.web.parsing import load_form

HERE = "/organisme/bilan-du-mois"


@bp.get(HERE)
@door(Permission.ORGANIZATION_EDIT)
def check_in(session: Session, actor: Actor) -> ResponseReturnValue:
    """The next card of this month, or what became of the month."""
    return _page(session, actor)


def _again(session: Session, actor: Actor, *, error: DomainError) -> ResponseReturnValue:
    return _page(session, actor, error)


@bp.post(HERE)
@door(Permission.ORGANIZATION_EDIT, parse=lambda: load_form(PressedSchema()), again=_again)
def decide(session: Session, actor: Actor, pressed: Pressed) -> ResponseReturnValue:
    """Decide a card, or set it aside."""
    id_ = organizations.by_public_id(session, pressed.organization).id
    service.decide(
        session, actor, id_, pressed.key, pressed.choice, providers=providers(), now=utc_now()
    )
    return see_other(HERE)


@bp.post(f"{HERE}/terminer")
@door(Permission.ORGANIZATION_EDIT, parse=lambda: load_form(OrganizationSchema()), again=_again)
def finish(session: Session, actor: Actor, form: dict[str, str]) -> ResponseReturnValue:
    """End the month; what is left waits for the next one."""
    id_ = organizations.by_public_id(session, form["organization"]).id
    service.finish(session, actor, id_, now=utc_now())
    return see_other(HERE)


@bp.post(f"{HERE}/courriel")
@door(Permission.ORGANIZATION_EDIT, parse=lambda: load_form(LettersSchema()), again=_again)
def letters(session: Session, actor: Actor, form: dict[str, object]) -> ResponseReturnValue:
    """Have the letter of the month, or not."""
    id_ = organizations.by_public_id(session, str(form["organization"])).id
    wanted = bool(form["wanted"])
    service.set_letters(session, actor, id_, wanted=wanted, now=utc_now())
    flash(
        _("Vous recevrez le courriel du mois.")
        if wanted
        else _("Vous ne recevrez plus le courriel du mois."),
        "success",
    )
    return see_other(HERE)


def _page(session: Session, actor: Actor, error: DomainError | None = None) -> ResponseReturnValue:
    if actor.organization_id is None:
        raise NotFound
    id_, now, known = actor.organization_id, utc_now(), providers()
    own = organizations.organization(session, id_)
    month = service.this_month(session, actor, id_, providers=known, now=now)
    around: dict[str, Any] = {
        "organization": own,
        "month": month,
        "wants_letters": service.wants_letters(session, actor, id_),
        "errors": errors_by_field(error),
    }
    if month.time.finished or not month.cards:
        return page("checkin/done.html", **around)
    if request.method != "HEAD":
        afterwards(lambda later: service.look(later, id_, now=now))
    card = month.cards[0]
    return page(
        "checkin/card.html",
        **around,
        card=card,
        words=service.words_of(known, session, actor, card),
        twins=card.choices[:2] == (Choice.YES, Choice.NO),
        number=len(month.decided) + 1,
        count=len(month.decided) + len(month.cards),
        enough=month.time.seconds >= ENOUGH_SECONDS,
    )


def checkin_panel(
    session: Session, actor: Actor, organization: str, now: datetime
) -> Markup | None:
    """A way to one's own check-in, and the time given to it, on the page of an organization."""
    facts = organizations.by_public_id(session, organization)
    if not facts.accepted or not may(actor, Permission.ORGANIZATION_READ, over=facts.id):
        return None
    # Rendered by the engine, which escapes what people wrote.
    return Markup(  # noqa: S704
        render_template(
            "checkin/_organization.html",
            time=service.time_given(session, facts.id, now=now),
            minutes_words=minutes_words,
            manages=may(actor, Permission.ORGANIZATION_EDIT, over=facts.id),
        )
    )
