"""Pages of mishaps: the register, one of them, reporting, adding, closing, photos."""

from dataclasses import dataclass
from typing import Any

from flask import Response, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.bookings import service as bookings
from mutuali.core.errors import DomainError, NotFound
from mutuali.core.period import local
from mutuali.core.permissions import Actor, Permission, may
from mutuali.equipment import service as equipment
from mutuali.equipment.service import EncodedPhoto
from mutuali.mishaps import service
from mutuali.mishaps.rules import LONGEST, MOST_PHOTOS
from mutuali.mishaps.schemas import MishapFormSchema, RegisterSchema, WordsSchema
from mutuali.mishaps.views.blueprint import bp
from mutuali.mishaps.views.pictures import photos_of_member
from mutuali.web.clock import utc_now
from mutuali.web.doors import door
from mutuali.web.pages import errors_by_field, page, see_other
from mutuali.web.parsing import load_form, load_query
from mutuali.web.secrets import new_public_id


@dataclass(frozen=True, slots=True)
class _Sent:
    """A report as the form sends it."""

    draft: service.MishapDraft
    photos: tuple[EncodedPhoto, ...]


@bp.get("/incidents-de-pret")
@door(Permission.BOOKING_READ, parse=lambda: load_query(RegisterSchema()))
def register(session: Session, actor: Actor, asked: dict[str, Any]) -> ResponseReturnValue:
    """What went wrong: of one's organizations, of the network for its coordination."""
    found = service.mishaps(session, actor, only_open=asked["only_open"], kind=asked["kind"])
    kind = asked["kind"]
    return page(
        "mishaps/register.html",
        found=found,
        kind=kind.value if kind else "",
        only_open=asked["only_open"],
        whole=may(actor, Permission.BOOKING_DECIDE_FOR_NETWORK),
    )


@bp.get("/incidents-de-pret/<public_id>")
@door(Permission.BOOKING_READ)
def mishap(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """One mishap with all that was said of it."""
    return _mishap_page(session, actor, public_id)


def _mishap_again(
    session: Session, actor: Actor, public_id: str, *, error: DomainError
) -> ResponseReturnValue:
    return _mishap_page(session, actor, public_id, error)


@bp.post("/incidents-de-pret/<public_id>/suivi")
@door(Permission.BOOKING_READ, parse=lambda: load_form(WordsSchema()), again=_mishap_again)
def add_entry(
    session: Session, actor: Actor, form: dict[str, str], public_id: str
) -> ResponseReturnValue:
    """Say what happened since."""
    service.add_entry(session, actor, public_id, form["words"], now=utc_now())
    flash(_("C’est ajouté. Les autres sont avertis."), "success")
    return see_other(f"/incidents-de-pret/{public_id}")


@bp.post("/incidents-de-pret/<public_id>/fermer")
@door(Permission.BOOKING_READ, parse=lambda: load_form(WordsSchema()), again=_mishap_again)
def close(
    session: Session, actor: Actor, form: dict[str, str], public_id: str
) -> ResponseReturnValue:
    """Say that nothing more is to do, and why."""
    service.close(session, actor, public_id, form["words"], now=utc_now())
    flash(_("L’incident est fermé. Les autres sont avertis."), "success")
    return see_other(f"/incidents-de-pret/{public_id}")


@bp.post("/incidents-de-pret/<public_id>/photos")
@door(Permission.BOOKING_READ, parse=photos_of_member, again=_mishap_again)
def add_photos(
    session: Session, actor: Actor, photos: tuple[EncodedPhoto, ...], public_id: str
) -> ResponseReturnValue:
    """Add photos, six at most."""
    _keep(session, actor, public_id, photos)
    return see_other(f"/incidents-de-pret/{public_id}")


@bp.get("/incidents-de-pret/photos/<photo_id>-<any(grande, petite):size>.webp")
@door(Permission.BOOKING_READ)
def photo(session: Session, actor: Actor, photo_id: str, size: str) -> ResponseReturnValue:
    """A photo, for the parties and the coordination; it never changes under its address."""
    content = service.photo_bytes(session, actor, photo_id, small=size == "petite")
    response = Response(content, mimetype="image/webp")
    response.headers["Cache-Control"] = "private, max-age=86400"
    return response


@bp.get("/reservations/<public_id>/incident")
@door(Permission.BOOKING_READ)
def booking_form(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """What went wrong with a booking."""
    return _form_page(session, actor, booking=public_id)


def _booking_again(
    session: Session, actor: Actor, public_id: str, *, error: DomainError
) -> ResponseReturnValue:
    return _form_page(session, actor, booking=public_id, error=error)


def _read_report() -> _Sent:
    return _Sent(load_form(MishapFormSchema()), photos_of_member())


@bp.post("/reservations/<public_id>/incident")
@door(Permission.BOOKING_READ, parse=_read_report, again=_booking_again)
def report_of_booking(
    session: Session, actor: Actor, sent: _Sent, public_id: str
) -> ResponseReturnValue:
    """Report it, with photos."""
    made = new_public_id()
    service.report_of_booking(session, actor, public_id, sent.draft, public_id=made, now=utc_now())
    return _reported(session, actor, made, sent.photos)


@bp.get("/annonces/<public_id>/incident")
@door(Permission.LISTING_EDIT)
def listing_form(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """What went wrong with a thing while nobody had it."""
    return _form_page(session, actor, listing=public_id)


def _listing_again(
    session: Session, actor: Actor, public_id: str, *, error: DomainError
) -> ResponseReturnValue:
    return _form_page(session, actor, listing=public_id, error=error)


@bp.post("/annonces/<public_id>/incident")
@door(Permission.LISTING_EDIT, parse=_read_report, again=_listing_again)
def report_of_listing(
    session: Session, actor: Actor, sent: _Sent, public_id: str
) -> ResponseReturnValue:
    """Report it, with photos."""
    made = new_public_id()
    service.report_of_listing(session, actor, public_id, sent.draft, public_id=made, now=utc_now())
    return _reported(session, actor, made, sent.photos)


def _reported(
    session: Session, actor: Actor, public_id: str, photos: tuple[EncodedPhoto, ...]
) -> ResponseReturnValue:
    _keep(session, actor, public_id, photos)
    flash(_("L’incident est noté. Les deux organismes et la coordination le lisent."), "success")
    return see_other(f"/incidents-de-pret/{public_id}")


def _keep(session: Session, actor: Actor, public_id: str, photos: tuple[EncodedPhoto, ...]) -> None:
    for each in photos:
        service.add_photo(session, actor, public_id, each, photo_id=new_public_id(), now=utc_now())


def _mishap_page(
    session: Session, actor: Actor, public_id: str, error: DomainError | None = None
) -> ResponseReturnValue:
    return page(
        "mishaps/mishap.html",
        found=service.mishap(session, actor, public_id),
        typed=request.form.to_dict(),
        errors=errors_by_field(error),
        longest=LONGEST,
        most_photos=MOST_PHOTOS,
    )


def _form_page(
    session: Session,
    actor: Actor,
    *,
    booking: str = "",
    listing: str = "",
    error: DomainError | None = None,
) -> ResponseReturnValue:
    now = utc_now()
    about: bookings.BookingFacts | None = None
    if booking:
        about = bookings.booking(session, actor, booking, now=now)
        thing = about.listing
        if not about.may_carry_out:
            raise NotFound
    else:
        thing = equipment.listing(session, actor, listing)
        if not may(actor, Permission.LISTING_EDIT, over=thing.lender_id):
            raise NotFound
    here = f"/reservations/{booking}" if booking else f"/annonces/{listing}"
    usual = {"day": local(now).date().isoformat(), "time": f"{local(now):%H:%M}"}
    return page(
        "mishaps/report.html",
        booking=about,
        thing=thing,
        here=here,
        typed={**usual, **request.args.to_dict(), **request.form.to_dict()},
        errors=errors_by_field(error),
        longest=LONGEST,
        most_photos=MOST_PHOTOS,
    )
