"""The phone pages at the loading dock: in what state units go out and come back."""

from dataclasses import dataclass

from flask import Response, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from mutuali.bookings import service as bookings
from mutuali.core.errors import DomainError, NotFound, Reason, Refused, SignInNeeded
from mutuali.core.permissions import Actor, Permission, require
from mutuali.equipment.service import UnitFacts
from mutuali.loans import service
from mutuali.loans.rules import MOST_REPORT_PHOTOS, Direction, Side
from mutuali.loans.schemas import ConditionFormSchema, Said, SettlementSchema, SignatureSchema
from mutuali.loans.views.blueprint import bp
from mutuali.loans.views.pictures import SentPhotos, sent_photos
from mutuali.loans.views.shown import (
    PATHS,
    address_of,
    out_of_range_words,
    typed_of,
)
from mutuali.web.clock import utc_now
from mutuali.web.doors import SIGNED_IN, door, transaction
from mutuali.web.identity import current_actor
from mutuali.web.pages import errors_by_field, page, see_other
from mutuali.web.parsing import load_form
from mutuali.web.secrets import new_public_id

_OUT, _BACK = {"direction": Direction.OUT}, {"direction": Direction.BACK}


@dataclass(frozen=True, slots=True)
class _Sent:
    """A report as the form at the dock sends it."""

    said: Said
    photos: SentPhotos


def _read_report() -> _Sent:
    return _Sent(load_form(ConditionFormSchema()), photos_of_member())


def photos_of_member() -> SentPhotos:
    """The posted photos; nobody but a signed-in member makes us decode pictures."""
    with transaction(reads=True):
        actor = current_actor()
    if actor.is_visitor:
        raise SignInNeeded
    require(actor, Permission.BOOKING_CARRY_OUT)
    return sent_photos()


@bp.get("/reservations/<public_id>/prise-en-charge", defaults=_OUT)
@bp.get("/reservations/<public_id>/retour", defaults=_BACK)
@door(Permission.BOOKING_READ)
def condition_form(
    session: Session, actor: Actor, public_id: str, direction: Direction
) -> ResponseReturnValue:
    """What the other side saw, if it wrote, and the form for what one sees oneself."""
    return _condition_page(session, actor, public_id, direction)


def _condition_again(
    session: Session, actor: Actor, public_id: str, direction: Direction, *, error: DomainError
) -> ResponseReturnValue:
    return _condition_page(session, actor, public_id, direction, error)


@bp.post("/reservations/<public_id>/prise-en-charge", defaults=_OUT)
@bp.post("/reservations/<public_id>/retour", defaults=_BACK)
@door(Permission.BOOKING_READ, parse=_read_report, again=_condition_again)
def write_report(
    session: Session, actor: Actor, sent: _Sent, public_id: str, direction: Direction
) -> ResponseReturnValue:
    """Note in what state the thing is; the first to do so moves the booking."""
    new = service.write_report(
        session,
        actor,
        public_id,
        direction,
        sent.said.condition,
        side=sent.said.side,
        differs=sent.said.differs,
        units=sent.said.units,
        public_id=new_public_id(),
        now=utc_now(),
    )
    _keep_photos(session, actor, public_id, direction, sent.photos if new else None, sent.said.side)
    facts = bookings.booking(session, actor, public_id, now=utc_now())
    warm = out_of_range_words(
        sent.said.condition.temperature, service.seen_of(facts.listing).bounds
    )
    if warm:
        flash(warm, "warn")
    if facts.disputed_at is not None:
        flash(
            _("C’est noté. Vous ne dites pas la même chose\u00a0: l’autre organisme est averti."),
            "warn",
        )
    elif direction is Direction.BACK and not all(each.ok for each in sent.said.condition.items):
        flash(
            _(
                "Le retour est noté. Si c’est brisé, «\u00a0Quelque chose est brisé\u00a0» le met"
                " hors service."
            ),
            "warn",
        )
    elif direction is Direction.OUT:
        flash(_("La prise en charge est notée."), "success")
    else:
        flash(
            _("Le retour est noté. Le prêteur vérifie, puis la réservation se termine."), "success"
        )
    return see_other(f"/reservations/{public_id}#constats")


@bp.post("/reservations/<public_id>/prise-en-charge/confirmer", defaults=_OUT)
@bp.post("/reservations/<public_id>/retour/confirmer", defaults=_BACK)
@door(Permission.BOOKING_READ, parse=lambda: load_form(SignatureSchema()), again=_condition_again)
def confirm(
    session: Session, actor: Actor, form: dict[str, str], public_id: str, direction: Direction
) -> ResponseReturnValue:
    """Say that what the other side wrote is right."""
    service.confirm(session, actor, public_id, direction, form["signed_by"], now=utc_now())
    flash(_("Merci\u00a0: les deux organismes disent la même chose."), "success")
    return see_other(f"/reservations/{public_id}#constats")


@bp.post("/reservations/<public_id>/prise-en-charge/photos", defaults=_OUT)
@bp.post("/reservations/<public_id>/retour/photos", defaults=_BACK)
@door(Permission.BOOKING_READ, parse=photos_of_member, again=_condition_again)
def add_photos(
    session: Session, actor: Actor, photos: SentPhotos, public_id: str, direction: Direction
) -> ResponseReturnValue:
    """Add photos to one's own report, after the report itself."""
    if not photos.read and not photos.failed:
        raise Refused(Reason("field.missing", {}, "photos"))
    side = next((each for each in Side if each == request.form.get("side")), None)
    _keep_photos(session, actor, public_id, direction, photos, side)
    return see_other(f"/reservations/{public_id}#constats")


@bp.post("/reservations/<public_id>/prise-en-charge/regler", defaults=_OUT)
@bp.post("/reservations/<public_id>/retour/regler", defaults=_BACK)
@door(Permission.BOOKING_READ, parse=lambda: load_form(SettlementSchema()), again=_condition_again)
def settle(
    session: Session, actor: Actor, form: dict[str, str], public_id: str, direction: Direction
) -> ResponseReturnValue:
    """Say how a disagreement is settled."""
    service.settle(session, actor, public_id, direction, form["words"], now=utc_now())
    facts = bookings.booking(session, actor, public_id, now=utc_now())
    settled = service.passage(session, actor, facts, direction, now=utc_now()).dispute
    flash(
        _("C’est réglé. Les deux organismes sont avertis.")
        if settled is not None and settled.settled_at is not None
        else _("C’est proposé à l’autre organisme. S’il accepte ces mots, c’est réglé."),
        "success",
    )
    return see_other(f"/reservations/{public_id}#constats")


@bp.post("/reservations/<public_id>/prise-en-charge/accepter", defaults=_OUT)
@bp.post("/reservations/<public_id>/retour/accepter", defaults=_BACK)
@door(Permission.BOOKING_READ, again=_condition_again)
def agree(
    session: Session, actor: Actor, public_id: str, direction: Direction
) -> ResponseReturnValue:
    """Accept how the other side would settle it."""
    service.agree(session, actor, public_id, direction, now=utc_now())
    flash(_("C’est réglé. Les deux organismes sont avertis."), "success")
    return see_other(f"/reservations/{public_id}#constats")


@bp.get("/constats")
@door(SIGNED_IN)
def waiting(session: Session, actor: Actor) -> ResponseReturnValue:
    """The reports and disagreements that wait for this person."""
    now = utc_now()
    found = service.waiting(session, actor, now=now)
    return page("loans/waiting.html", found=found)


@bp.get("/constats/photos/<photo_id>-<any(grande, petite):size>.webp")
@door(Permission.BOOKING_READ)
def photo(session: Session, actor: Actor, photo_id: str, size: str) -> ResponseReturnValue:
    """A photo of a report, for the parties and the coordination; no shared cache keeps it."""
    content = service.photo_bytes(session, actor, photo_id, small=size == "petite", now=utc_now())
    response = Response(content, mimetype="image/webp")
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response


def _keep_photos(
    session: Session,
    actor: Actor,
    public_id: str,
    direction: Direction,
    photos: SentPhotos | None,
    side: Side | None,
) -> None:
    """Store what could be read, and say what could not."""
    if photos is None:
        return
    for each in photos.read:
        service.add_photo(
            session,
            actor,
            public_id,
            direction,
            each,
            side=side,
            public_id=new_public_id(),
            now=utc_now(),
        )
    if photos.read:
        flash(
            ngettext("%(num)d photo est gardée.", "%(num)d photos sont gardées.", len(photos.read)),
            "success",
        )
    for words in photos.failed:
        flash(_("Une photo n’est pas gardée. %(why)s", why=words), "warn")


def _condition_page(
    session: Session,
    actor: Actor,
    public_id: str,
    direction: Direction,
    error: DomainError | None = None,
) -> ResponseReturnValue:
    now = utc_now()
    facts = bookings.booking(session, actor, public_id, now=now)
    if not facts.may_carry_out:
        raise NotFound
    passage = service.passage(session, actor, facts, direction, now=now)
    typed = request.form.to_dict() or typed_of(passage.only)
    return page(
        "loans/condition.html",
        booking=facts,
        passage=passage,
        seen=service.seen_of(facts.listing),
        here=address_of(facts, direction),
        way=PATHS[direction],
        errors=errors_by_field(error),
        typed=typed,
        most_photos=MOST_REPORT_PHOTOS,
        named=_named(session, facts, direction) if not passage.reports else (),
        ticked=request.form.getlist("unit"),
    )


def _named(session: Session, facts: bookings.BookingFacts, direction: Direction) -> list[UnitFacts]:
    """The things with names that go out now, or come back."""
    find = service.choices_out if direction is Direction.OUT else service.choices_back
    return find(session, facts.id)
