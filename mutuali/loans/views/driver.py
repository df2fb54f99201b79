"""The page of a driver without an account: where, when, whom to call, what to look at."""

from typing import Any

from flask import flash, make_response, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.core.errors import DomainError, NotFound, Reason, Refused
from mutuali.core.permissions import Actor
from mutuali.core.places import borough_name
from mutuali.extensions import limiter
from mutuali.loans import service
from mutuali.loans.rules import MOST_REPORT_PHOTOS, Direction
from mutuali.loans.schemas import ConditionFormSchema, Said
from mutuali.loans.views.blueprint import bp
from mutuali.loans.views.pictures import SentPhotos, sent_photos
from mutuali.loans.views.shown import out_of_range_words, typed_of
from mutuali.web.clock import utc_now
from mutuali.web.doors import PUBLIC, door, transaction
from mutuali.web.pages import errors_by_field, page, see_other
from mutuali.web.parsing import load_form
from mutuali.web.secrets import (
    new_public_id,
    read_signed_link,
    signed_link_token,
    token_hash,
)

_PURPOSE = "driver"
#: No signature is older than the farthest booking; whether it works is in the database.
_OLDEST_SECONDS = 3 * 365 * 86400


def new_driver_token() -> tuple[str, str]:
    """The end of a new link's address, signed, and what is stored of it."""
    secret = new_public_id()
    return signed_link_token(_PURPOSE, secret), token_hash(secret)


@bp.get("/conduite/<token>")
@limiter.limit("30 per minute")
@door(PUBLIC)
def errand(session: Session, _actor: Actor, token: str) -> ResponseReturnValue:
    """Everything a driver needs on one page; a scanner of links that looks changes nothing."""
    return _errand_page(session, token)


def _errand_again(
    session: Session, _actor: Actor, token: str, *, error: DomainError
) -> ResponseReturnValue:
    return _errand_page(session, token, error)


def _read_report() -> tuple[Said, SentPhotos]:
    """The posted report; nobody without a link that works makes us decode pictures."""
    said: Said = load_form(ConditionFormSchema())
    with transaction(reads=True) as session:
        stored = _stored(str((request.view_args or {}).get("token", "")))
        works = service.errand(session, stored, now=utc_now()).over is None
    return said, sent_photos() if works else SentPhotos((), ())


@bp.post("/conduite/<token>")
@limiter.limit("10 per minute")
@door(PUBLIC, parse=_read_report, again=_errand_again)
def driver_reports(
    session: Session, _actor: Actor, sent: tuple[Said, SentPhotos], token: str
) -> ResponseReturnValue:
    """A driver notes in what state the thing is, going out or coming back."""
    said, photos = sent
    stored = _stored(token)
    direction = next((each for each in Direction if each == request.form.get("direction")), None)
    if direction is None:
        raise Refused(Reason("field.not_a_choice", {}, "direction"))
    new = service.driver_reports(
        session,
        stored,
        direction,
        said.condition,
        units=said.units,
        public_id=new_public_id(),
        now=utc_now(),
    )
    for each in photos.read if new else ():
        service.driver_photo(
            session, stored, direction, each, public_id=new_public_id(), now=utc_now()
        )
    for words in photos.failed if new else ():
        flash(_("Une photo n’est pas gardée. %(why)s", why=words), "warn")
    found = service.errand(session, stored, now=utc_now())
    bounds = service.seen_of(found.booking.listing).bounds
    warm = out_of_range_words(said.condition.temperature, bounds)
    if warm:
        flash(warm, "warn")
    flash(
        _("C’est noté. Bonne route! Revenez à cette page au retour.")
        if direction is Direction.OUT
        else _("C’est noté. Merci d’avoir conduit!"),
        "success",
    )
    # The answer to a form is stored for a day: it names no secret, so not this address either.
    return see_other("?fait")


def _stored(token: str) -> str:
    """What is stored of the link that ``token`` comes from. Raises NotFound."""
    secret = read_signed_link(_PURPOSE, token, max_age_seconds=_OLDEST_SECONDS)
    if secret is None:
        raise NotFound
    return token_hash(secret)


def _errand_page(
    session: Session, token: str, error: DomainError | None = None
) -> ResponseReturnValue:
    found = service.errand(session, _stored(token), now=utc_now())
    if found.over is not None:
        return _unlisted("loans/errand_over.html", 410, over=found.over)
    direction = found.passage.direction
    find = service.choices_out if direction is Direction.OUT else service.choices_back
    return _unlisted(
        "loans/errand.html",
        200,
        errand=found,
        booking=found.booking,
        seen=service.seen_of(found.booking.listing),
        named=find(session, found.booking.id) if not found.passage.reports else (),
        ticked=request.form.getlist("unit"),
        typed=request.form.to_dict() or typed_of(found.passage.only),
        errors=errors_by_field(error),
        borough_name=borough_name,
        most_photos=MOST_REPORT_PHOTOS,
    )


def _unlisted(template: str, status: int, **context: Any) -> ResponseReturnValue:
    """A page whose address is a secret: no index lists it, no other site hears of it."""
    answer = make_response(page(template, status, **context))
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return answer
