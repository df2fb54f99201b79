"""The list of threads, a thread, writing in it, its files, whom one blocks."""

import io
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from flask import Response, flash, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.bookings import service as bookings
from mutuali.core.errors import DomainError, Refused, SignInNeeded
from mutuali.core.period import Period
from mutuali.core.permissions import Actor, Permission, require
from mutuali.equipment import service as equipment
from mutuali.messages import service
from mutuali.messages.rules import LONGEST, MOST_FILE_MB, MOST_FILES, FileKind
from mutuali.messages.schemas import EarlierSchema, MessageSchema, ThreadsSchema
from mutuali.messages.views.blueprint import bp
from mutuali.messages.views.files import sent_files
from mutuali.web.clock import utc_now
from mutuali.web.doors import afterwards, door, transaction
from mutuali.web.identity import current_actor
from mutuali.web.pages import errors_by_field, page, see_other, typed
from mutuali.web.parsing import load_form, load_query
from mutuali.web.secrets import new_public_id

_TYPES = {FileKind.PDF: "application/pdf", FileKind.PHOTO: "image/webp"}


def read_message() -> service.MessageDraft:
    """The posted message; nobody but who may write makes us decode pictures."""
    with transaction(reads=True):
        actor = current_actor()
    if actor.is_visitor:
        raise SignInNeeded
    require(actor, Permission.MESSAGE_WRITE)
    files = sent_files()
    try:
        draft: service.MessageDraft = load_form(MessageSchema())
    except Refused as error:
        raise Refused.because([*error.reasons, *files.wrong]) from None
    if files.wrong:
        raise Refused.because(files.wrong)
    return replace(draft, files=files.read)


@bp.get("/messages")
@door(Permission.MESSAGE_READ, parse=lambda: load_query(ThreadsSchema()))
def threads(session: Session, actor: Actor, asked: dict[str, Any]) -> ResponseReturnValue:
    """The threads of one's organizations, latest message first."""
    found = service.threads(session, actor, which=asked["which"], page=asked["page"])
    return page(
        "messages/threads.html",
        result=found,
        which=asked["which"],
        several=len(actor.memberships) > 1,
        blocked=service.blocked(session, actor),
        url_with=_url_with,
    )


@bp.get("/messages/<thread_id>")
@door(Permission.MESSAGE_READ, parse=lambda: load_query(EarlierSchema()))
def thread(
    session: Session, actor: Actor, asked: dict[str, Any], thread_id: str
) -> ResponseReturnValue:
    """A thread, newest message last; it counts as read."""
    return _thread_page(session, actor, thread_id, before=asked["before"])


def _thread_again(
    session: Session, actor: Actor, thread_id: str, *, error: DomainError
) -> ResponseReturnValue:
    return _thread_page(session, actor, thread_id, error=error)


@bp.post("/messages/<thread_id>")
@door(Permission.MESSAGE_WRITE, parse=read_message, again=_thread_again)
def answer(
    session: Session, actor: Actor, draft: service.MessageDraft, thread_id: str
) -> ResponseReturnValue:
    """Write in a thread."""
    number = service.answer(session, actor, thread_id, draft, now=utc_now())
    return _sent(thread_id, number)


@bp.get("/annonces/<public_id>/messages")
@door(Permission.MESSAGE_WRITE)
def about_listing(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """The thread about a listing, or an empty one to begin it."""
    return _about_listing_page(session, actor, public_id)


def _about_listing_page(
    session: Session, actor: Actor, public_id: str, *, error: DomainError | None = None
) -> ResponseReturnValue:
    about = service.about_listing(session, actor, public_id)
    listing = equipment.listing(session, actor, public_id)
    back = f"/annonces/{public_id}"
    return _begin_page(session, actor, about, back, error, listing=listing, period=None)


@bp.post("/annonces/<public_id>/messages")
@door(Permission.MESSAGE_WRITE, parse=read_message, again=_about_listing_page)
def ask_about_listing(
    session: Session, actor: Actor, draft: service.MessageDraft, public_id: str
) -> ResponseReturnValue:
    """Write about a listing."""
    about = service.about_listing(session, actor, public_id)
    return _begin(session, actor, about, draft)


@bp.get("/reservations/<public_id>/messages")
@door(Permission.MESSAGE_WRITE)
def about_booking(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """The thread about a booking, or an empty one to begin it."""
    return _about_booking_page(session, actor, public_id)


def _about_booking_page(
    session: Session, actor: Actor, public_id: str, *, error: DomainError | None = None
) -> ResponseReturnValue:
    now = utc_now()
    about = service.about_booking(session, actor, public_id, now=now)
    facts = bookings.booking(session, actor, public_id, now=now)
    back = f"/reservations/{public_id}"
    return _begin_page(
        session, actor, about, back, error, listing=facts.listing, period=facts.period
    )


@bp.post("/reservations/<public_id>/messages")
@door(Permission.MESSAGE_WRITE, parse=read_message, again=_about_booking_page)
def write_about_booking(
    session: Session, actor: Actor, draft: service.MessageDraft, public_id: str
) -> ResponseReturnValue:
    """Write about a booking."""
    about = service.about_booking(session, actor, public_id, now=utc_now())
    return _begin(session, actor, about, draft)


@bp.get("/messages/fichiers/<file_id>")
@door(Permission.MESSAGE_READ)
def file(session: Session, actor: Actor, file_id: str) -> ResponseReturnValue:
    """A file of a message, to keep; no browser shows it within our pages."""
    return file_answer(session, actor, file_id)


def file_answer(session: Session, actor: Actor, file_id: str) -> Response:
    """The bytes of a file as something to save, which no shared cache keeps."""
    facts, content = service.file_content(session, actor, file_id)
    answer = send_file(
        io.BytesIO(content), _TYPES[facts.kind], as_attachment=True, download_name=facts.name
    )
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@bp.post("/messages/<thread_id>/bloquer")
@door(Permission.MESSAGE_WRITE)
def block(session: Session, actor: Actor, thread_id: str) -> ResponseReturnValue:
    """Want no more messages from the other organization."""
    service.block(session, actor, thread_id, now=utc_now())
    flash(_("C’est bloqué. Cet organisme ne peut plus vous écrire; vos réservations restent."))
    return see_other(f"/messages/{thread_id}")


@bp.post("/messages/debloquer/<organization_id>/<blocked_id>")
@door(Permission.MESSAGE_WRITE)
def unblock(
    session: Session, actor: Actor, organization_id: str, blocked_id: str
) -> ResponseReturnValue:
    """Get messages from an organization again."""
    service.unblock(session, actor, organization_id, blocked_id, now=utc_now())
    flash(_("C’est débloqué. Vous pouvez vous écrire de nouveau."), "success")
    return see_other("/messages")


def _begin(
    session: Session, actor: Actor, about: service.About, draft: service.MessageDraft
) -> ResponseReturnValue:
    now = utc_now()
    thread_id = service.begin(session, actor, about, draft, public_id=new_public_id(), now=now)
    return _sent(thread_id, service.thread(session, actor, thread_id).last_number)


def _sent(thread_id: str, number: int) -> ResponseReturnValue:
    flash(_("Envoyé."), "success")
    return see_other(f"/messages/{thread_id}#message-{number}")


def _begin_page(
    session: Session,
    actor: Actor,
    about: service.About,
    back: str,
    error: DomainError | None,
    *,
    listing: equipment.ListingFacts,
    period: Period | None,
) -> ResponseReturnValue:
    found = service.find(session, actor, about)
    if found is not None and error is None:
        return see_other(f"/messages/{found.public_id}")
    if found is not None:
        return _thread_page(session, actor, found.public_id, error=error)
    return page(
        "messages/begin.html",
        other=service.other_of(session, actor, about),
        listing=listing,
        period=period,
        back=back,
        **_box(f"{back}/messages", error),
    )


def _thread_page(
    session: Session,
    actor: Actor,
    thread_id: str,
    *,
    before: int | None = None,
    error: DomainError | None = None,
) -> ResponseReturnValue:
    facts = service.thread(session, actor, thread_id)
    talk = service.talk(session, actor, thread_id, before=before)
    shown = max((each.number for each in talk.messages), default=0)
    if shown > facts.read_number:
        now = utc_now()
        afterwards(lambda later: service.mark_read(later, actor, thread_id, shown, now=now))
    return page(
        "messages/thread.html",
        thread=facts,
        talk=talk,
        before=before,
        own_person=actor.person_id,
        **_box(f"/messages/{thread_id}", error),
    )


def _box(here: str, error: DomainError | None) -> dict[str, Any]:
    """What the box to write in needs; ``insists``: a second press sends what was typed."""
    codes = {*service.CONTACT_CODES.values()}
    reasons = error.reasons if error else ()
    return {
        "here": here,
        "text": typed("text"),
        "errors": errors_by_field(error),
        "insists": bool(reasons) and all(reason.code in codes for reason in reasons),
        "files_again": any(each.filename for each in request.files.getlist("files")),
        "longest": LONGEST,
        "most_files": MOST_FILES,
        "most_mb": MOST_FILE_MB,
    }


def _url_with(**changes: object) -> str:
    """The list with some parts of its address changed; None takes a part away."""
    args = {**request.args.to_dict(), **changes}
    query = urlencode({name: value for name, value in args.items() if value is not None})
    return f"/messages?{query}" if query else "/messages"
