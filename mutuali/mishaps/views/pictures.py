"""The photos that come with a mishap, from a form or a program."""

from flask import request

from mutuali.core.errors import Reason, Refused, SignInNeeded
from mutuali.core.permissions import Permission, require
from mutuali.equipment.service import EncodedPhoto
from mutuali.mishaps.rules import MOST_PHOTOS
from mutuali.web.doors import transaction
from mutuali.web.identity import current_actor
from mutuali.web.photos import encode_photo

_FIELD = "photos"


def photos_of_member() -> tuple[EncodedPhoto, ...]:
    """The posted photos, re-encoded; nobody but a signed-in member makes us decode pictures.

    Raises:
        Refused: more than there may be, or one that is none; then none is kept.
    """
    with transaction(reads=True):
        actor = current_actor()
    if actor.is_visitor:
        raise SignInNeeded
    require(actor, Permission.BOOKING_READ)
    files = [each for each in request.files.getlist(_FIELD) if each.filename]
    if len(files) > MOST_PHOTOS:
        raise Refused(Reason("mishap.too_many_photos", {"max": MOST_PHOTOS}, _FIELD))
    if any("\x00" in (each.filename or "") for each in files):
        raise Refused(Reason("field.control_character", {}, _FIELD))
    return tuple(EncodedPhoto(*encode_photo(each.stream, field=_FIELD)) for each in files)


def some_photos() -> tuple[EncodedPhoto, ...]:
    """The same where nothing else is sent. Raises Refused: there is none."""
    photos = photos_of_member()
    if not photos:
        raise Refused(Reason("field.missing", {}, _FIELD))
    return photos
