"""The photos of a listing."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mutuali.audit import service as audit
from mutuali.core.errors import NotFound, Reason, Refused
from mutuali.core.permissions import Actor
from mutuali.equipment.models import Photo
from mutuali.equipment.rules import MOST_PHOTOS
from mutuali.equipment.service.records import editable


@dataclass(frozen=True, slots=True)
class EncodedPhoto:
    """An image as the door re-encoded it: WebP without metadata, two sizes; the large's pixels."""

    large: bytes
    small: bytes
    width: int
    height: int


def add_photo(
    session: Session,
    actor: Actor,
    listing_id: int,
    photo: EncodedPhoto,
    *,
    public_id: str,
    alt_fr: str,
    alt_en: str,
    now: datetime,
) -> None:
    """Add a photo, six at most. Raises Forbidden, NotFound, Refused."""
    editable(session, actor, listing_id)
    count = session.scalar(select(func.count()).where(Photo.listing_id == listing_id)) or 0
    if count >= MOST_PHOTOS:
        raise Refused(Reason("photo.too_many", {"max": MOST_PHOTOS}, "photo"))
    session.add(
        Photo(
            public_id=public_id,
            listing_id=listing_id,
            position=count,
            alt_fr=alt_fr,
            alt_en=alt_en,
            width=photo.width,
            height=photo.height,
            large=photo.large,
            small=photo.small,
        )
    )
    audit.record(session, actor, "photo.added", "listing", listing_id, now=now)


def remove_photo(session: Session, actor: Actor, public_id: str, *, now: datetime) -> int:
    """Take a photo away; returns the listing. Raises Forbidden, NotFound."""
    photo = session.scalars(select(Photo).where(Photo.public_id == public_id)).one_or_none()
    if photo is None:
        raise NotFound
    editable(session, actor, photo.listing_id)
    session.delete(photo)
    audit.record(session, actor, "photo.removed", "listing", photo.listing_id, now=now)
    return photo.listing_id


def photo_bytes(session: Session, public_id: str, *, small: bool) -> bytes:
    """The WebP file of a photo. Raises NotFound."""
    column = Photo.small if small else Photo.large
    content = session.scalar(select(column).where(Photo.public_id == public_id))
    if content is None:
        raise NotFound
    return content
