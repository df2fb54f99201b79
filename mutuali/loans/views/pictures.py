"""The photos that come with a report: what can be read is kept, what cannot is named."""

from dataclasses import dataclass

from flask import request

from mutuali.core.errors import DomainError, Reason
from mutuali.equipment.service import EncodedPhoto
from mutuali.loans.rules import MOST_REPORT_PHOTOS
from mutuali.web.photos import encode_photo
from mutuali.web.sentences import sentence


@dataclass(frozen=True, slots=True)
class SentPhotos:
    """The photos of a form: those that were read, and in words what is wrong with the others."""

    read: tuple[EncodedPhoto, ...]
    failed: tuple[str, ...]


def sent_photos() -> SentPhotos:
    """The photos of the posted form, re-encoded; one that cannot be read loses only itself."""
    read: list[EncodedPhoto] = []
    failed: list[str] = []
    for file in request.files.getlist("photos"):
        if not file.filename:
            continue
        if len(read) == MOST_REPORT_PHOTOS:
            reason = Reason("condition.too_many_photos", {"max": MOST_REPORT_PHOTOS})
            failed.append(f"{file.filename}\u00a0: {sentence(reason)}")
            break
        try:
            read.append(EncodedPhoto(*encode_photo(file.stream)))
        except DomainError as error:
            failed += [f"{file.filename}\u00a0: {sentence(reason)}" for reason in error.reasons]
    return SentPhotos(tuple(read), tuple(failed))
