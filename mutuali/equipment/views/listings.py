"""Pages of one's own listings: write, publish, show photos."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.core.errors import (
    Conflict,
    DomainError,
    NotFound,
    Reason,
    Refused,
    SignInNeeded,
    StaleVersion,
)
from mutuali.core.permissions import Actor, Permission, may, require
from mutuali.core.places import borough_name
from mutuali.equipment import service
from mutuali.equipment.rules import MOST_PHOTOS, Approver, Kind, ListingState, OpenHours
from mutuali.equipment.schemas.listing import (
    ListingForm,
    ListingFormSchema,
    PhotoSchema,
    PhotoWords,
    StateSchema,
    typed_of,
)
from mutuali.equipment.schemas.opening import SPANS
from mutuali.organizations import service as organizations
from mutuali.web.clock import utc_now
from mutuali.web.doors import PUBLIC, door, transaction
from mutuali.web.identity import current_actor
from mutuali.web.pages import errors_by_field, page, see_other
from mutuali.web.parsing import load_form
from mutuali.web.photos import encode_photo
from mutuali.web.secrets import new_public_id
from mutuali.web.wording import in_french

bp = Blueprint("equipment", __name__)

_ICONS = {
    Kind.KITCHEN: "tools-kitchen-2",
    Kind.VEHICLE: "truck",
    Kind.COLD_STORAGE: "snowflake",
    Kind.DRY_STORAGE: "building-warehouse",
    Kind.COOKING: "soup",
    Kind.PREPARATION: "basket",
    Kind.REFRIGERATION: "fridge",
    Kind.HEAVY_EQUIPMENT: "forklift",
    Kind.SURPLUS: "package",
    Kind.PEOPLES_TIME: "users",
    Kind.SUBCONTRACTING: "heart-handshake",
    Kind.OTHER: "dots",
}
#: Fields of the service -> fields of the form that stand for them.
_FORM_FIELD = {"shortest_minutes": "shortest", "hours": "any_time"}
_WORKING_WEEK = tuple(OpenHours(day, 9 * 60, 17 * 60) for day in range(5))


@bp.get("/organisme/annonces")
@door(Permission.LISTING_EDIT)
def own_listings(session: Session, actor: Actor) -> ResponseReturnValue:
    """Every listing of one's organization, whatever its state."""
    lender_id = lender_of(actor)
    return page(
        "equipment/listings.html",
        listings=service.listings_of(session, actor, lender_id),
        sites=organizations.sites_of(session, lender_id),
        icons=_ICONS,
        borough_name=borough_name,
    )


@bp.get("/organisme/annonces/nouvelle")
@door(Permission.LISTING_EDIT)
def new_listing(session: Session, actor: Actor) -> ResponseReturnValue:
    """An empty form with good defaults."""
    return _new_page(session, actor)


def _new_again(session: Session, actor: Actor, *, error: DomainError) -> ResponseReturnValue:
    return _new_page(session, actor, error)


@bp.post("/organisme/annonces/nouvelle")
@door(Permission.LISTING_EDIT, parse=lambda: load_form(ListingFormSchema()), again=_new_again)
def create_listing(session: Session, actor: Actor, form: ListingForm) -> ResponseReturnValue:
    """Write a listing; published at once if asked."""
    lender_id = lender_of(actor)
    public_id = new_public_id()
    service.create_listing(
        session,
        actor,
        lender_id,
        _with_site(session, lender_id, form),
        public_id=public_id,
        now=utc_now(),
        publish=form.publish,
    )
    flash(
        _("L’annonce est publiée. Ajoutez-lui une photo\u00a0: on la choisira plus souvent.")
        if form.publish
        else _("Le brouillon est gardé. Vous seuls le voyez."),
        "success",
    )
    return see_other(f"/annonces/{public_id}/modifier#photos")


@bp.get("/annonces/<public_id>/modifier")
@door(Permission.LISTING_EDIT)
def edit_page(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """The form of a listing, its state and its photos."""
    return _edit_page(session, actor, public_id)


def _edit_again(
    session: Session, actor: Actor, public_id: str, *, error: DomainError
) -> ResponseReturnValue:
    return _edit_page(session, actor, public_id, error, typed=_typed())


def _beside_again(
    session: Session, actor: Actor, public_id: str, *, error: DomainError
) -> ResponseReturnValue:
    """The same page when another of its forms is refused; the listing's form shows what is kept."""
    return _edit_page(session, actor, public_id, error)


@bp.post("/annonces/<public_id>/modifier")
@door(Permission.LISTING_EDIT, parse=lambda: load_form(ListingFormSchema()), again=_edit_again)
def edit_listing(
    session: Session, actor: Actor, form: ListingForm, public_id: str
) -> ResponseReturnValue:
    """Change a listing, unless somebody else did since the form was shown."""
    listing = own_listing(session, actor, public_id)
    draft = _with_site(session, listing.lender_id, form)
    try:
        service.edit_listing(session, actor, listing.id, draft, version=form.version, now=utc_now())
    except StaleVersion as error:
        # Shown on the form, so that nothing typed is lost.
        raise Conflict(*error.reasons) from error
    flash(
        _("L’annonce est modifiée. Les réservations déjà faites gardent leurs règles."), "success"
    )
    return see_other("/organisme/annonces")


@bp.post("/annonces/<public_id>/etat")
@door(Permission.LISTING_EDIT, parse=lambda: load_form(StateSchema()), again=_beside_again)
def set_state(
    session: Session, actor: Actor, state: ListingState, public_id: str
) -> ResponseReturnValue:
    """Publish or withdraw."""
    listing = own_listing(session, actor, public_id)
    service.set_state(session, actor, listing.id, state, now=utc_now())
    flash(
        _("L’annonce est publiée\u00a0: on peut la trouver et la demander.")
        if state is ListingState.PUBLISHED
        else _("L’annonce est retirée de la recherche. Les réservations confirmées restent."),
        "success",
    )
    return see_other(f"/annonces/{public_id}/modifier")


def read_photo() -> tuple[PhotoWords, service.EncodedPhoto]:
    """The posted photo, re-encoded; nobody but a signed-in lender makes us decode pictures."""
    with transaction(reads=True):
        actor = current_actor()
    if actor.is_visitor:
        raise SignInNeeded
    require(actor, Permission.LISTING_EDIT)
    words: PhotoWords = load_form(PhotoSchema())
    sent = request.files.get("photo")
    if sent is None or not sent.filename:
        raise Refused(Reason("field.missing", {}, "photo"))
    return words, service.EncodedPhoto(*encode_photo(sent.stream))


@bp.post("/annonces/<public_id>/photos")
@door(Permission.LISTING_EDIT, parse=read_photo, again=_beside_again)
def add_photo(
    session: Session,
    actor: Actor,
    sent: tuple[PhotoWords, service.EncodedPhoto],
    public_id: str,
) -> ResponseReturnValue:
    """Add a photo with words for those who do not see it."""
    words, photo = sent
    listing = own_listing(session, actor, public_id)
    service.add_photo(
        session,
        actor,
        listing.id,
        photo,
        public_id=new_public_id(),
        alt_fr=words.alt_fr,
        alt_en=words.alt_en,
        now=utc_now(),
    )
    flash(_("La photo est ajoutée."), "success")
    return see_other(f"/annonces/{public_id}/modifier#photos")


@bp.post("/photos/<photo_id>/retirer")
@door(Permission.LISTING_EDIT)
def remove_photo(session: Session, actor: Actor, photo_id: str) -> ResponseReturnValue:
    """Take a photo away."""
    listing_id = service.remove_photo(session, actor, photo_id, now=utc_now())
    flash(_("La photo est retirée."), "success")
    public_id = service.listings(session, [listing_id])[listing_id].public_id
    return see_other(f"/annonces/{public_id}/modifier#photos")


@bp.get("/photos/<photo_id>-<any(grande, petite):size>.webp")
@door(PUBLIC)
def photo(session: Session, actor: Actor, photo_id: str, size: str) -> ResponseReturnValue:
    """A photo, kept by browsers for good: another photo gets another address."""
    content = service.photo_bytes(session, photo_id, small=size == "petite")
    response = Response(content, mimetype="image/webp")
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def lender_of(actor: Actor) -> int:
    """The organization one acts for."""
    if actor.organization_id is None:
        raise Refused("organization.none_chosen")
    return actor.organization_id


def own_listing(session: Session, actor: Actor, public_id: str) -> service.ListingFacts:
    """A listing that the actor may edit. Raises NotFound."""
    listing = service.listing(session, actor, public_id)
    if not may(actor, Permission.LISTING_EDIT, over=listing.lender_id):
        raise NotFound
    return listing


def _with_site(session: Session, lender_id: int, form: ListingForm) -> service.ListingDraft:
    """The draft with the lender's site that the form names."""
    return replace(form.draft, site_id=service.site_id_of(session, lender_id, form.site))


def _typed() -> dict[str, Any]:
    lists = ("permits", "demands", "demanded_trainings", "allergens")
    return {**request.form.to_dict(), **{name: request.form.getlist(name) for name in lists}}


def _errors(error: DomainError | None) -> dict[str, str]:
    said = errors_by_field(error)
    return {_FORM_FIELD.get(name, name): sentence for name, sentence in said.items()}


def _listing_page(
    session: Session, template: str, lender_id: int, typed: dict[str, Any], **more: Any
) -> ResponseReturnValue:
    """What the page of a new listing and that of an existing one share."""
    return page(
        template,
        typed=typed,
        sites=organizations.sites_of(session, lender_id),
        accepted=organizations.organization(session, lender_id).accepted,
        icons=_ICONS,
        borough_name=borough_name,
        second_spans=any(typed.get(f"opens_{day}{SPANS[1]}") for day in range(7)),
        **more,
    )


def _new_page(
    session: Session, actor: Actor, error: DomainError | None = None
) -> ResponseReturnValue:
    lender_id = lender_of(actor)
    if error is not None:
        typed = _typed()
    else:
        sites = organizations.sites_of(session, lender_id)
        draft = service.ListingDraft(
            0, Kind.OTHER, 1, lead_minutes=1440, hours=_WORKING_WEEK, approver=Approver.LENDER
        )
        typed = typed_of(draft, site=sites[0].public_id if sites else "", decimal_mark=",")
        typed["kind"] = ""
    return _listing_page(session, "equipment/new.html", lender_id, typed, errors=_errors(error))


def _edit_page(
    session: Session,
    actor: Actor,
    public_id: str,
    error: DomainError | None = None,
    typed: dict[str, Any] | None = None,
) -> ResponseReturnValue:
    listing = own_listing(session, actor, public_id)
    if typed is None:
        site_id = listing.draft.site_id
        site = organizations.sites(session, frozenset({site_id}))[site_id]
        mark = "," if in_french() else "."
        typed = typed_of(listing.draft, site=site.public_id, decimal_mark=mark)
        typed["version"] = listing.version
    return _listing_page(
        session,
        "equipment/edit.html",
        listing.lender_id,
        typed,
        errors=_errors(error),
        listing=listing,
        most_photos=MOST_PHOTOS,
        photo_words=request.form.to_dict() if error else {},
    )
