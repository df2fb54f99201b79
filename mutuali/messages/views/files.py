"""The files that come with a message: PDF as it is, photos re-encoded, nothing else."""

import io
from dataclasses import dataclass
from typing import IO

from flask import request

from mutuali.core.errors import Reason, Refused
from mutuali.messages.rules import MOST_FILE_MB, MOST_FILES, FileKind, file_name
from mutuali.messages.service import NewFile
from mutuali.web.photos import encode_photo
from mutuali.web.secrets import new_public_id

_MOST_BYTES = MOST_FILE_MB * 1_000_000
_PDF = b"%PDF-"


@dataclass(frozen=True, slots=True)
class SentFiles:
    """The files of a form: those that were read, and what is wrong with the others."""

    read: tuple[NewFile, ...]
    wrong: tuple[Reason, ...]


def sent_files() -> SentFiles:
    """The files of the posted form, each known by what it is and not by what it is called."""
    sent = [each for each in request.files.getlist("files") if each.filename]
    read: list[NewFile] = []
    wrong: list[Reason] = []
    if len(sent) > MOST_FILES:
        wrong.append(Reason("message.too_many_files", {"max": MOST_FILES}, "files"))
    for each in sent:
        # Large ones lie on the disk until they are closed.
        with each.stream:
            if len(sent) <= MOST_FILES:
                _take(each.filename or "", each.stream, read, wrong)
    return SentFiles(tuple(read), tuple(wrong))


def _take(name: str, stream: IO[bytes], read: list[NewFile], wrong: list[Reason]) -> None:
    """Add a file to those that were read, or what is wrong with it."""
    try:
        read.append(_read(name, stream))
    except Refused as error:
        wrong += error.reasons


def _read(name: str, stream: IO[bytes]) -> NewFile:
    content = stream.read(_MOST_BYTES + 1)
    if len(content) > _MOST_BYTES:
        told = {"name": name, "max": MOST_FILE_MB}
        raise Refused(Reason("message.file_too_large", told, "files"))
    kind = FileKind.PDF if content.startswith(_PDF) else FileKind.PHOTO
    if kind is FileKind.PHOTO:
        try:
            content = encode_photo(io.BytesIO(content), field="files").large
        except Refused:
            raise Refused(Reason("message.file_kind", {"name": name}, "files")) from None
    return NewFile(new_public_id(), kind, file_name(name, kind), content)
