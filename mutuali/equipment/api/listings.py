"""JSON doors of one's own listings: write, publish, show photos."""

from dataclasses import replace
from typing import Any

from marshmallow import Schema, fields
from sqlalchemy.orm import Session

from mutuali.core.permissions import Actor, Permission, require
from mutuali.equipment import service
from mutuali.equipment.rules import ListingState
from mutuali.equipment.schemas.listing import ListingTermsSchema
from mutuali.equipment.views.listings import own_listing, read_photo
from mutuali.organizations import service as organizations
from mutuali.web.api import ApiBlueprint, Given, etag_of, version_read
from mutuali.web.clock import utc_now
from mutuali.web.secrets import new_public_id

bp = ApiBlueprint("equipment_api", "Nos annonces")


class PhotoDumpSchema(Schema):
    """A photo; its picture is at ``/photos/<id>-grande.webp`` and ``-petite.webp``."""

    id = fields.String(required=True)
    alt_fr = fields.String(required=True)
    alt_en = fields.String(required=True)
    width = fields.Integer(required=True)
    height = fields.Integer(required=True)


class OwnListingSchema(ListingTermsSchema):
    """A listing as its lender wrote it."""

    id = fields.String(required=True)
    version = fields.Integer(required=True)
    state = fields.Enum(ListingState, by_value=True, required=True)
    photos = fields.List(fields.Nested(PhotoDumpSchema), required=True)


@bp.operation(
    "GET",
    "/organizations/<organization_id>/listings",
    Permission.LISTING_EDIT,
    "Lister les annonces d’un organisme",
    gives=OwnListingSchema,
    many=True,
)
def listings(session: Session, actor: Actor, organization_id: str) -> list[dict[str, Any]]:
    """Every listing of the organization, whatever its state, published first."""
    lender_id = lender(session, actor, organization_id)
    sites = {each.id: each.public_id for each in organizations.sites_of(session, lender_id)}
    return [_listing(each, sites) for each in service.listings_of(session, actor, lender_id)]


@bp.operation(
    "POST",
    "/organizations/<organization_id>/listings",
    Permission.LISTING_EDIT,
    "Écrire une annonce",
    takes=ListingTermsSchema,
    gives=OwnListingSchema,
    status=201,
)
def create(session: Session, actor: Actor, said: dict[str, Any], organization_id: str) -> Given:
    """Write a listing, as a draft; publish it next."""
    lender_id = lender(session, actor, organization_id)
    public_id = new_public_id()
    service.create_listing(
        session,
        actor,
        lender_id,
        service.ListingDraft(**_with_site(session, lender_id, said)),
        public_id=public_id,
        now=utc_now(),
    )
    given = _one(session, actor, public_id)
    return replace(given, location=f"/api/v1/listings/{public_id}/terms")


@bp.operation(
    "GET",
    "/listings/<listing_id>/terms",
    Permission.LISTING_EDIT,
    "Lire une annonce comme on l’a écrite",
    gives=OwnListingSchema,
)
def terms(session: Session, actor: Actor, listing_id: str) -> Given:
    """A listing as its lender wrote it, with its ETag."""
    return _one(session, actor, listing_id)


@bp.operation(
    "PATCH",
    "/listings/<listing_id>/terms",
    Permission.LISTING_EDIT,
    "Modifier une annonce",
    takes=ListingTermsSchema,
    partly=True,
    gives=OwnListingSchema,
)
def edit(session: Session, actor: Actor, said: dict[str, Any], listing_id: str) -> Given:
    """Change what is named; bookings keep the rules they were made under.

    412 when somebody edited it meanwhile, 428 without If-Match, 409 when more units are promised.
    """
    found = own_listing(session, actor, listing_id)
    version = version_read(listing_id)
    draft = replace(found.draft, **_with_site(session, found.lender_id, said))
    service.edit_listing(session, actor, found.id, draft, version=version, now=utc_now())
    return _one(session, actor, listing_id)


def _move(name: str, says: str) -> Any:
    return bp.operation(
        "POST",
        f"/listings/<listing_id>/{name}",
        Permission.LISTING_EDIT,
        says,
        gives=OwnListingSchema,
    )


@_move("publish", "Publier une annonce")
def publish(session: Session, actor: Actor, listing_id: str) -> Given:
    """From now on it can be found and asked for."""
    return _moved(session, actor, listing_id, ListingState.PUBLISHED)


@_move("withdraw", "Retirer une annonce de la recherche")
def withdraw(session: Session, actor: Actor, listing_id: str) -> Given:
    """Nobody finds it any more; bookings that were promised stay."""
    return _moved(session, actor, listing_id, ListingState.WITHDRAWN)


_PHOTO_BODY = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["photo", "alt_fr"],
                "properties": {
                    "photo": {"type": "string", "format": "binary"},
                    "alt_fr": {"type": "string", "maxLength": 200},
                    "alt_en": {"type": "string", "maxLength": 200},
                },
            }
        }
    },
}


@bp.operation(
    "POST",
    "/listings/<listing_id>/photos",
    Permission.LISTING_EDIT,
    "Ajouter une photo",
    parse=read_photo,
    gives=OwnListingSchema,
    status=201,
    requestBody=_PHOTO_BODY,
)
def add_photo(session: Session, actor: Actor, sent: Any, listing_id: str) -> Given:
    """Add a JPEG, PNG or WebP with words for those who do not see it; nothing of its metadata
    is kept."""
    words, photo = sent
    found = own_listing(session, actor, listing_id)
    service.add_photo(
        session,
        actor,
        found.id,
        photo,
        public_id=new_public_id(),
        alt_fr=words.alt_fr,
        alt_en=words.alt_en,
        now=utc_now(),
    )
    return _one(session, actor, listing_id)


@bp.operation(
    "DELETE", "/photos/<photo_id>", Permission.LISTING_EDIT, "Retirer une photo", status=204
)
def remove_photo(session: Session, actor: Actor, photo_id: str) -> None:
    """Take a photo away."""
    service.remove_photo(session, actor, photo_id, now=utc_now())


def lender(session: Session, actor: Actor, public_id: str) -> int:
    """The organization behind a public id, if the actor writes its listings."""
    found = organizations.by_public_id(session, public_id)
    require(actor, Permission.LISTING_EDIT, over=found.id)
    return found.id


def _with_site(session: Session, lender_id: int, said: dict[str, Any]) -> dict[str, Any]:
    """What was said, with the id of the lender's site in place of its public one."""
    if "site" not in said:
        return said
    site_id = service.site_id_of(session, lender_id, said["site"])
    return {name: value for name, value in said.items() if name != "site"} | {"site_id": site_id}


def _moved(session: Session, actor: Actor, public_id: str, state: ListingState) -> Given:
    found = own_listing(session, actor, public_id)
    service.set_state(session, actor, found.id, state, now=utc_now())
    return _one(session, actor, public_id)


def _one(session: Session, actor: Actor, public_id: str) -> Given:
    found = own_listing(session, actor, public_id)
    site_id = found.draft.site_id
    site = organizations.sites(session, frozenset({site_id}))[site_id]
    return Given(_listing(found, {site_id: site.public_id}), etag_of(public_id, found.version))


def _listing(found: service.ListingFacts, sites: dict[int, str]) -> dict[str, Any]:
    draft = found.draft
    return {
        **{name: getattr(draft, name) for name in draft.__dataclass_fields__},
        "site": sites[draft.site_id],
        "id": found.public_id,
        "version": found.version,
        "state": found.state,
        "photos": [
            {
                "id": each.public_id,
                "alt_fr": each.alt_fr,
                "alt_en": each.alt_en,
                "width": each.width,
                "height": each.height,
            }
            for each in found.photos
        ],
    }
