"""JSON doors of messages: threads, what is said in them, that it was read, that it is reported."""

from typing import Any

from flask import Response, request
from marshmallow import Schema, fields
from sqlalchemy.orm import Session

from mutuali.core.permissions import Actor, Permission
from mutuali.loans.rules import Side
from mutuali.messages import service
from mutuali.messages.api.door import bp
from mutuali.messages.rules import LONGEST, MOST_FILES, FileKind
from mutuali.messages.schemas import (
    EarlierSchema,
    FirstMessageSchema,
    MessageSchema,
    ReadSchema,
    ReportSchema,
    ThreadsSchema,
)
from mutuali.messages.views.threads import file_answer, read_message
from mutuali.web.api import Given
from mutuali.web.clock import utc_now
from mutuali.web.parsing import load_json
from mutuali.web.secrets import new_public_id


class ThreadSchema(Schema):
    """A thread as one of its sides sees it; organizations, listing and booking by their ids."""

    id = fields.String(required=True)
    side = fields.Enum(Side, by_value=True, required=True)
    organization = fields.String(required=True)
    other = fields.String(required=True)
    other_name = fields.String(required=True)
    listing = fields.String(required=True)
    booking = fields.String(required=True, allow_none=True)
    messages = fields.Integer(required=True)
    last_at = fields.AwareDateTime(required=True)
    last_side = fields.Enum(Side, by_value=True, required=True)
    unread = fields.Boolean(required=True)


class MessageFileSchema(Schema):
    """A file of a message; its bytes are at ``/api/v1/message-files/<id>``."""

    id = fields.String(required=True)
    kind = fields.Enum(FileKind, by_value=True, required=True)
    name = fields.String(required=True)
    size = fields.Integer(required=True)


class MessageDumpSchema(Schema):
    """A message; one that the coordination hid has neither text nor files."""

    number = fields.Integer(required=True)
    side = fields.Enum(Side, by_value=True, required=True)
    organization = fields.String(required=True)
    person = fields.String(required=True)
    text = fields.String(required=True)
    sent_at = fields.AwareDateTime(required=True)
    hidden = fields.Boolean(required=True)
    files = fields.List(fields.Nested(MessageFileSchema), required=True)


class ReadBySchema(Schema):
    """Who of the other side read the last message, where it is one's own."""

    person = fields.String(required=True)
    at = fields.AwareDateTime(required=True)


class TalkSchema(ThreadSchema):
    """A thread with its latest messages, oldest first; ``earlier``: there are older ones."""

    said = fields.List(fields.Nested(MessageDumpSchema), required=True)
    earlier = fields.Boolean(required=True)
    read_by = fields.List(fields.Nested(ReadBySchema), required=True)


@bp.operation(
    "GET",
    "/threads",
    Permission.MESSAGE_READ,
    "Lister nos échanges",
    asks=ThreadsSchema,
    gives=ThreadSchema,
    many=True,
)
def threads(session: Session, actor: Actor, asked: dict[str, Any]) -> list[dict[str, Any]]:
    """The threads of your organizations, latest message first, twenty to a page."""
    found = service.threads(session, actor, which=asked["which"], page=asked["page"])
    return [_thread(each) for each in found.found]


@bp.operation(
    "POST",
    "/threads",
    Permission.MESSAGE_WRITE,
    "Écrire au sujet d’une annonce ou d’une réservation",
    takes=FirstMessageSchema,
    gives=TalkSchema,
    status=201,
)
def begin(session: Session, actor: Actor, sent: tuple[str, str, service.MessageDraft]) -> Given:
    """Write about a listing or a booking, in the thread about it if there is one."""
    listing, booking, draft = sent
    now = utc_now()
    about = (
        service.about_listing(session, actor, listing)
        if listing
        else service.about_booking(session, actor, booking, now=now)
    )
    id_ = service.begin(session, actor, about, draft, public_id=new_public_id(), now=now)
    return Given(_talk(session, actor, id_), location=f"/api/v1/threads/{id_}")


@bp.operation(
    "GET",
    "/threads/<thread_id>",
    Permission.MESSAGE_READ,
    "Lire un échange",
    asks=EarlierSchema,
    gives=TalkSchema,
)
def thread(session: Session, actor: Actor, asked: dict[str, Any], thread_id: str) -> dict[str, Any]:
    """A thread with its latest messages, or the latest before a number; reading marks nothing."""
    return _talk(session, actor, thread_id, before=asked["before"])


def _read_message() -> service.MessageDraft:
    if request.mimetype == "multipart/form-data":
        return read_message()
    draft: service.MessageDraft = load_json(MessageSchema())
    return draft


_FILES_SCHEMA = {
    "type": "object",
    "properties": {
        "text": {"type": "string", "maxLength": LONGEST},
        "anyway": {"type": "string"},
        "files": {
            "type": "array",
            "maxItems": MOST_FILES,
            "items": {"type": "string", "format": "binary"},
        },
    },
}


@bp.operation(
    "POST",
    "/threads/<thread_id>/messages",
    Permission.MESSAGE_WRITE,
    "Répondre dans un échange",
    parse=_read_message,
    gives=TalkSchema,
    status=201,
    requestBody={
        "required": True,
        "content": {
            "application/json": {"schema": MessageSchema},
            "multipart/form-data": {"schema": _FILES_SCHEMA},
        },
    },
)
def answer(
    session: Session, actor: Actor, draft: service.MessageDraft, thread_id: str
) -> dict[str, Any]:
    """Write in a thread, with PDFs and photos where it comes as a form. A text that tells how to
    reach somebody before a booking allows it is refused once; ``anyway`` sends it."""
    service.answer(session, actor, thread_id, draft, now=utc_now())
    return _talk(session, actor, thread_id)


@bp.operation(
    "POST",
    "/threads/<thread_id>/read",
    Permission.MESSAGE_READ,
    "Marquer un échange comme lu",
    takes=ReadSchema,
    status=204,
)
def mark_read(session: Session, actor: Actor, form: dict[str, int], thread_id: str) -> None:
    """Note that you read a thread up to a message; the other side sees that you did."""
    service.mark_read(session, actor, thread_id, form["number"], now=utc_now())


@bp.operation(
    "POST",
    "/threads/<thread_id>/messages/<int(max=2147483647):number>/report",
    Permission.MESSAGE_READ,
    "Signaler un message",
    takes=ReportSchema,
    status=204,
)
def report(
    session: Session, actor: Actor, form: dict[str, Any], thread_id: str, number: int
) -> None:
    """Report a message to the coordination, which reads it and the two before it."""
    service.report(
        session,
        actor,
        thread_id,
        number,
        form["grounds"],
        form["words"],
        public_id=new_public_id(),
        now=utc_now(),
    )


@bp.operation(
    "GET",
    "/message-files/<file_id>",
    Permission.MESSAGE_READ,
    "Lire un fichier joint",
    gives={
        "application/pdf": {"schema": {"type": "string", "format": "binary"}},
        "image/webp": {"schema": {"type": "string", "format": "binary"}},
    },
)
def file(session: Session, actor: Actor, file_id: str) -> Response:
    """The bytes of a file of a message."""
    return file_answer(session, actor, file_id)


def _talk(
    session: Session, actor: Actor, thread_id: str, *, before: int | None = None
) -> dict[str, Any]:
    facts = service.thread(session, actor, thread_id)
    found = service.talk(session, actor, thread_id, before=before)
    ids = {facts.own.id: facts.own.public_id, facts.other.id: facts.other.public_id}
    return {
        **_thread(facts),
        "said": [_message(each, ids[each.organization_id]) for each in found.messages],
        "earlier": found.earlier,
        "read_by": [{"person": each.person, "at": each.at} for each in found.read_by],
    }


def _thread(facts: service.ThreadFacts) -> dict[str, Any]:
    return {
        "id": facts.public_id,
        "side": facts.side,
        "organization": facts.own.public_id,
        "other": facts.other.public_id,
        "other_name": facts.other.name,
        "listing": facts.listing.public_id,
        "booking": facts.booking,
        "messages": facts.last_number,
        "last_at": facts.last_at,
        "last_side": facts.last_side,
        "unread": facts.unread,
    }


def _message(said: service.MessageFacts, organization: str) -> dict[str, Any]:
    return {
        "number": said.number,
        "side": said.side,
        "organization": organization,
        "person": said.person,
        "text": said.text,
        "sent_at": said.sent_at,
        "hidden": said.hidden,
        "files": [
            {"id": each.public_id, "kind": each.kind, "name": each.name, "size": each.size}
            for each in said.files
        ],
    }
