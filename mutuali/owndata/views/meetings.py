"""Asking a person: take twenty minutes, cancel; offer them, see who comes."""

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from mutuali.calendars import service as calendars
from mutuali.calendars.rules import Event, EventStatus
from mutuali.core.errors import DomainError
from mutuali.core.period import local
from mutuali.core.permissions import Actor, Permission
from mutuali.organizations import service as organizations
from mutuali.owndata import service
from mutuali.owndata.rules import LONGEST_TOPIC, MOST_A_DAY, MeetingDraft, OfferDraft
from mutuali.owndata.schemas import MeetingSchema, OfferSchema
from mutuali.owndata.views.blueprint import bp
from mutuali.owndata.views.shown import downloaded, own
from mutuali.web.clock import utc_now
from mutuali.web.doors import SIGNED_IN, door
from mutuali.web.language import language
from mutuali.web.mail import address
from mutuali.web.pages import errors_by_field, page, see_other
from mutuali.web.parsing import load_form
from mutuali.web.secrets import new_public_id

_ASK, _OFFER = "/organisme/demander-quelquun", "/intendance/rencontres"


def _ask_page(
    session: Session, actor: Actor, error: DomainError | None = None
) -> ResponseReturnValue:
    id_, now = own(actor), utc_now()
    return page(
        "owndata/ask.html",
        meeting=service.meeting_of(session, actor, id_, now=now),
        free=service.free_slots(session, actor, now=now),
        typed={
            "who_calls": "helper",
            "phone": organizations.organization(session, id_).phone,
            **request.form.to_dict(),
        },
        longest=LONGEST_TOPIC,
        errors=errors_by_field(error),
    )


def _ask_again(session: Session, actor: Actor, *, error: DomainError) -> ResponseReturnValue:
    return _ask_page(session, actor, error)


@bp.get("/organisme/demander-quelquun")
@door(Permission.ORGANIZATION_EDIT)
def ask(session: Session, actor: Actor) -> ResponseReturnValue:
    """The meeting that one has, or the moments that are free."""
    return _ask_page(session, actor)


@bp.post("/organisme/demander-quelquun")
@door(Permission.ORGANIZATION_EDIT, parse=lambda: load_form(MeetingSchema()), again=_ask_again)
def take_slot(
    session: Session, actor: Actor, sent: tuple[str, MeetingDraft]
) -> ResponseReturnValue:
    """Take a moment."""
    slot, draft = sent
    service.take_slot(
        session, actor, own(actor), slot, draft, public_id=new_public_id(), now=utc_now()
    )
    flash(_("C’est réservé. Vous recevez tous les deux un courriel."), "success")
    return see_other(_ASK)


@bp.post("/organisme/demander-quelquun/<public_id>/annuler")
@door(
    Permission.ORGANIZATION_EDIT,
    again=lambda session, actor, public_id, *, error: _ask_page(session, actor, error),
)
def cancel(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """Call it off."""
    service.cancel(session, actor, public_id, now=utc_now())
    flash(_("La rencontre est annulée. L’autre personne est avertie."), "success")
    return see_other(_ASK)


@bp.get("/rencontres/<public_id>.ics")
@door(SIGNED_IN)
def meeting_file(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """A meeting as a file that agendas take in, for the two who meet."""
    found = service.meeting(session, actor, public_id)
    return downloaded(agenda_file(found, language()), "text/calendar", "mutuali.ics")


def _offer_page(
    session: Session, actor: Actor, error: DomainError | None = None
) -> ResponseReturnValue:
    now = utc_now()
    return page(
        "owndata/offer.html",
        offered=service.offered(session, actor, now=now),
        typed={"opens": "09:00", "closes": "12:00", **request.form.to_dict()},
        today=local(now).date().isoformat(),
        errors=errors_by_field(error),
    )


def _offer_again(session: Session, actor: Actor, *, error: DomainError) -> ResponseReturnValue:
    return _offer_page(session, actor, error)


@bp.get("/intendance/rencontres")
@door(Permission.CALL_ANSWER)
def offered(session: Session, actor: Actor) -> ResponseReturnValue:
    """What one offers, and who comes."""
    return _offer_page(session, actor)


@bp.post("/intendance/rencontres")
@door(Permission.CALL_ANSWER, parse=lambda: load_form(OfferSchema()), again=_offer_again)
def offer(session: Session, actor: Actor, draft: OfferDraft) -> ResponseReturnValue:
    """Offer hours of a day."""
    public_ids = [new_public_id() for _slot in range(MOST_A_DAY)]
    count = service.offer(session, actor, draft, public_ids=public_ids, now=utc_now())
    flash(ngettext("%(num)d moment est offert.", "%(num)d moments sont offerts.", count), "success")
    return see_other(_OFFER)


@bp.post("/intendance/rencontres/<public_id>/retirer")
@door(
    Permission.CALL_ANSWER,
    again=lambda session, actor, public_id, *, error: _offer_page(session, actor, error),
)
def withdraw_slot(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """Offer a moment no more."""
    service.withdraw_slot(session, actor, public_id, now=utc_now())
    flash(_("Le moment est retiré."), "success")
    return see_other(_OFFER)


def agenda_file(meeting: service.MeetingFacts, spoken: str) -> bytes:
    """A meeting for the agenda; no telephone and no topic leave with it."""
    cancelled = meeting.cancelled_at is not None
    event = Event(
        uid=f"{meeting.public_id}@mutuali",
        sequence=int(cancelled),
        period=meeting.period,
        summary=_("Vingt minutes au téléphone avec une personne du réseau"),
        status=EventStatus.CANCELLED if cancelled else EventStatus.CONFIRMED,
        url=address(_ASK),
        location="",
        changed_at=meeting.cancelled_at or meeting.created_at,
    )
    return calendars.written([event], name="MutuAli", language=spoken)


def meetings_words(count: int) -> str:
    """How many are to come, as a line of what is to do."""
    return ngettext(
        "%(num)d rencontre de vingt minutes est prise avec vous",
        "%(num)d rencontres de vingt minutes sont prises avec vous",
        count,
    )
