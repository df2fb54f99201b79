"""A deed that arrives twice is done once: form tokens and the API's ``Idempotency-Key``.

The answer is stored with its key in the transaction of the deed itself, for a day. A second
arrival, even one that waited for the first, gets the stored answer, without the secrets in it.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta

from flask import Response, make_response, request
from sqlalchemy import LargeBinary, String, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column
from werkzeug.datastructures import FileStorage

from mutuali.core.errors import Conflict
from mutuali.core.permissions import Actor
from mutuali.storage import Base, UtcDateTime
from mutuali.web.clock import utc_now

KEPT_FOR = timedelta(days=1)
#: Only the headers that carry the answer itself.
_KEPT_HEADERS = ("Content-Type", "Location", "ETag")


class ShownOnce(Response):
    """An answer with a secret in it: shown this once, it is kept without, as ``kept`` says it."""

    def __init__(self, shown: Response, kept: Response) -> None:
        super().__init__(shown.get_data(), shown.status_code, shown.headers)
        self.kept_body = kept.get_data()


class TwinCameFirst(Exception):
    """The same key was being answered at this very moment; asking again finds the answer."""


class AnswerOnce(Base):
    """The answer given to one key; ``fingerprint`` tells whether the same thing was asked."""

    __tablename__ = "answer_once"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    status: Mapped[int]
    headers: Mapped[str] = mapped_column(String(2000))
    body: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


def answer_once(session: Session, actor: Actor, act: Callable[[], object]) -> Response:
    """Answer with ``act``, or with what it answered when the same key came before.

    Raises:
        Conflict: the key came before with another request (``once.key_reused``).
    """
    given = request.headers.get("Idempotency-Key") or request.form.get("_once")
    if not given:
        return make_response(act())
    key = _digest(str(actor.person_id), request.method, request.path, given)
    fingerprint = _digest(_asked())
    earlier = session.execute(select(AnswerOnce).where(AnswerOnce.key == key)).scalar_one_or_none()
    if earlier is not None:
        if earlier.fingerprint != fingerprint:
            raise Conflict("once.key_reused")
        response = Response(earlier.body, earlier.status)
        for line in earlier.headers.splitlines():
            name, _, value = line.partition(": ")
            response.headers[name] = value
        return response
    now = utc_now()
    # The key is written before the deed: a twin on PostgreSQL waits here for our commit.
    kept = AnswerOnce(
        key=key, fingerprint=fingerprint, status=0, headers="", body=b"", created_at=now
    )
    session.add(kept)
    try:
        session.flush()
    except IntegrityError as error:
        raise TwinCameFirst from error
    response = make_response(act())
    kept.status = response.status_code
    kept.headers = "\n".join(
        f"{name}: {response.headers[name]}" for name in _KEPT_HEADERS if name in response.headers
    )
    kept.body = response.kept_body if isinstance(response, ShownOnce) else response.get_data()
    return response


def forget_old_answers(session: Session, *, now: datetime) -> None:
    """Drop the answers that nobody can ask for again."""
    session.execute(delete(AnswerOnce).where(AnswerOnce.created_at < now - KEPT_FOR))


def _asked() -> str:
    """What was sent. An upload is what its fields and files hold: the line between its parts is
    another each time."""
    if request.mimetype != "multipart/form-data":
        return request.get_data(cache=True, as_text=True) or _form_text()
    files = [(field, _content(file)) for field, file in request.files.items(multi=True)]
    return _form_text() + repr(sorted(files))


def _form_text() -> str:
    return repr(sorted(request.form.items(multi=True)))


def _content(file: FileStorage) -> str:
    """What is in a file; of one that its door has read and let go, what it is called."""
    if file.stream.closed:
        return file.filename or ""
    file.stream.seek(0)
    return hashlib.sha256(file.stream.read()).hexdigest()


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
