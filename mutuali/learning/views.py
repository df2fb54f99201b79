"""Pages of learning: all cards, one card, what can be shown of them; a card offered elsewhere."""

from datetime import datetime
from urllib.parse import quote, urlencode

from flask import Blueprint, flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup
from sqlalchemy.orm import Session

from mutuali.core.charter import COMMITMENTS, Principle
from mutuali.core.errors import DomainError
from mutuali.core.period import local
from mutuali.core.permissions import Actor
from mutuali.learning import service
from mutuali.learning.rules import (
    MINUTES,
    Card,
    CardText,
    Moment,
    by_principle,
    next_of,
)
from mutuali.learning.schemas import AnsweredSchema, Opened, OpenedSchema
from mutuali.web.clock import utc_now
from mutuali.web.doors import PUBLIC, SIGNED_IN, door
from mutuali.web.identity import current_login_token
from mutuali.web.language import language
from mutuali.web.pages import errors_by_field, page, see_other
from mutuali.web.parsing import load_form, load_query

bp = Blueprint("learning", __name__)

_NOWHERE = Opened(None, None, "")


@bp.get("/apprendre")
@door(PUBLIC)
def cards(session: Session, actor: Actor) -> ResponseReturnValue:
    """Every card under its principle, and how far one is."""
    progress = service.progress(session, actor)
    return page(
        "learning/cards.html",
        commitments=COMMITMENTS,
        cards=by_principle(),
        progress=progress,
        next=service.next_card(session, actor),
        text=_text,
        minutes=MINUTES,
        signed_in=actor.person_id is not None,
    )


@bp.get("/apprendre/attestation")
@door(SIGNED_IN)
def certificate(session: Session, actor: Actor) -> ResponseReturnValue:
    """What one can show and print."""
    return page(
        "learning/certificate.html",
        certificate=service.certificate(session, actor),
        today=local(utc_now()).date(),
        all_principles=len(Principle),
    )


@bp.get("/apprendre/<code>")
@door(PUBLIC, parse=lambda: load_query(OpenedSchema()))
def card(session: Session, actor: Actor, opened: Opened, code: str) -> ResponseReturnValue:
    """One card and its question; once something was chosen, what is said to that."""
    return _card_page(session, actor, code, opened)


def _card_again(
    session: Session, actor: Actor, code: str, *, error: DomainError
) -> ResponseReturnValue:
    return _card_page(session, actor, code, _NOWHERE, error)


def _card_page(
    session: Session, actor: Actor, code: str, opened: Opened, error: DomainError | None = None
) -> ResponseReturnValue:
    found = service.card(code)
    progress = service.progress(session, actor)
    text = _text(found)
    following = next_of(progress.outcomes, after=code)
    return page(
        "learning/card.html",
        card=found,
        text=text,
        minutes=MINUTES,
        outcome=progress.outcomes.get(code),
        chosen=service.chosen(found, opened.choice, language()) if opened.choice else None,
        is_right=opened.choice == found.right,
        right=text.choices[found.right - 1],
        numbered=[(n, choice.text) for n, choice in enumerate(text.choices, 1)],
        opened=opened,
        back=_address(opened) if opened.moment else None,
        next=following,
        next_text=_text(following) if following else None,
        progress=progress,
        signed_in=actor.person_id is not None,
        errors=errors_by_field(error),
    )


def _is_visitor() -> bool:
    return current_login_token() is None


# Of a visitor nothing is written: their answer is read, and answered.
@bp.post("/apprendre/<code>")
@door(PUBLIC, parse=lambda: load_form(AnsweredSchema()), again=_card_again, reads=_is_visitor)
def answer(session: Session, actor: Actor, opened: Opened, code: str) -> ResponseReturnValue:
    """Answer the question; the next page says what to think of it."""
    choice = opened.choice or 0
    service.answer(session, actor, code, choice, now=utc_now())
    asked = {"choice": choice, **_carried(opened)}
    return see_other(f"/apprendre/{code}?{urlencode(asked)}#reponse")


@bp.post("/apprendre/<code>/plus-tard")
@door(SIGNED_IN, parse=lambda: load_form(OpenedSchema()))
def later(session: Session, actor: Actor, opened: Opened, code: str) -> ResponseReturnValue:
    """Set a card aside, and go on with what one was about to do."""
    service.set_aside(session, actor, code, now=utc_now())
    flash(_("Cette carte vous attend sous Apprendre."), "info")
    return see_other(_address(opened))


def before_consent(session: Session, actor: Actor, subject: str, now: datetime) -> Markup | None:
    """A card before an organization’s first answer about consent."""
    return _offered(session, actor, Opened(None, Moment.CONSENT, subject))


def before_agreement(session: Session, actor: Actor, subject: str, now: datetime) -> Markup | None:
    """A card before one writes an agreement; the subject is empty of one that is new."""
    return _offered(session, actor, Opened(None, Moment.AGREEMENT, subject))


def before_release(session: Session, actor: Actor, subject: str, now: datetime) -> Markup | None:
    """A card before one lets data out."""
    return _offered(session, actor, Opened(None, Moment.RELEASE, subject))


def organization_panel(
    session: Session, actor: Actor, subject: str, now: datetime
) -> Markup | None:
    """On the page of one’s organization, the way to the cards and how far one is."""
    progress = service.progress(session, actor)
    return Markup(  # noqa: S704 - rendered by the engine, which escapes
        render_template(
            "learning/_organization.html", progress=progress, progress_words=progress_words
        )
    )


def progress_words(progress: service.Progress) -> str:
    """``7 cartes lues sur 26``."""
    if not progress.answered:
        return _("Aucune carte lue pour l’instant")
    return ngettext(
        "%(num)d carte lue sur %(total)s",
        "%(num)d cartes lues sur %(total)s",
        len(progress.answered),
        total=progress.total,
    )


bp.context_processor(lambda: {"progress_words": progress_words})


def _offered(session: Session, actor: Actor, opened: Opened) -> Markup | None:
    if opened.moment is None:
        return None
    found = service.offered(session, actor, opened.moment)
    if found is None:
        return None
    return Markup(  # noqa: S704 - rendered by the engine, which escapes
        render_template(
            "learning/_offered.html",
            card=found,
            text=_text(found),
            opened=opened,
            asked=urlencode(_carried(opened)),
            minutes=MINUTES,
        )
    )


def _text(found: Card) -> CardText:
    return found.texts[language()]


def _carried(opened: Opened) -> dict[str, str]:
    """What an address hands on of where a card was opened."""
    if opened.moment is None:
        return {}
    return {"moment": opened.moment.value, "subject": opened.subject}


def _address(opened: Opened) -> str:
    """The page of the service from which a card was opened."""
    subject = quote(opened.subject, safe="")
    if opened.moment is Moment.CONSENT:
        return "/organisme/consentements"
    if opened.moment is Moment.AGREEMENT:
        return f"/ententes/{subject}/questions/1" if subject else "/ententes/nouvelle"
    if opened.moment is Moment.RELEASE:
        return f"/exportations/{subject}/examen"
    return "/apprendre"
