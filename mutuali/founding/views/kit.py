"""The governance kit: what it holds, taking it along, letting others take it, taking another's."""

from base64 import b64encode
from contextlib import closing

from flask import Response, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.core.errors import DomainError, Reason, Refused
from mutuali.core.permissions import Actor, Permission
from mutuali.founding import service
from mutuali.founding.rules import MOST_BYTES
from mutuali.founding.schemas import KitSchema, PublicFormSchema, SentKit
from mutuali.founding.views.blueprint import bp
from mutuali.founding.views.shown import worded_files
from mutuali.network import service as networks
from mutuali.web.clock import utc_now
from mutuali.web.doors import door
from mutuali.web.network import read_again, said
from mutuali.web.pages import errors_by_field, page, see_other
from mutuali.web.parsing import load_form
from mutuali.web.secrets import new_public_id

HOME = "/intendance/trousse"


def kit_page(
    session: Session, actor: Actor, *, error: DomainError | None = None
) -> ResponseReturnValue:
    """What our kit holds, our lessons, and a form for another's."""
    known = said(session)
    made = service.make_kit(session, known, worded_files(known))
    return page(
        "founding/kit.html",
        known=known,
        kb=len(made.content) // 1000,
        left_out=made.left_out,
        lessons=service.lessons(session, known.shown_name),
        own=service.own_ids(session),
        most_kb=MOST_BYTES // 1000,
        errors=errors_by_field(error),
    )


@bp.get(HOME)
@door(Permission.NETWORK_SHARE)
def kit(session: Session, actor: Actor) -> ResponseReturnValue:
    """What it holds."""
    return kit_page(session, actor)


@bp.get(f"{HOME}.zip")
@door(Permission.NETWORK_SHARE)
def kit_file(session: Session, actor: Actor) -> ResponseReturnValue:
    """The kit, to take along."""
    return kit_zip(session)


def kit_zip(session: Session) -> Response:
    """The kit as it is now."""
    known = said(session)
    made = service.make_kit(session, known, worded_files(known))
    answer = Response(made.content, mimetype="application/zip")
    answer.headers["Content-Disposition"] = 'attachment; filename="trousse-de-gouvernance.zip"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post(f"{HOME}/publier")
@door(Permission.NETWORK_SHARE, parse=lambda: load_form(PublicFormSchema()))
def publish(session: Session, actor: Actor, form: dict[str, bool]) -> ResponseReturnValue:
    """Let everybody take it, or no longer."""
    networks.publish_kit(session, actor, public=form["public"], now=utc_now())
    read_again()
    flash(
        _("Tout le monde peut prendre la trousse, à /trousse.")
        if form["public"]
        else _("La trousse n’est plus publique. Qui l’a prise la garde."),
        "success",
    )
    return see_other(HOME)


def _uploaded() -> bytes:
    file = request.files.get("file")
    if file is None or not file.filename:
        raise Refused(Reason("field.missing", {}, "file"))
    with closing(file):
        return file.stream.read(MOST_BYTES + 1)


@bp.post(f"{HOME}/regarder")
@door(Permission.NETWORK_SHARE, parse=_uploaded, again=kit_page, reads=True)
def look_at_kit(session: Session, actor: Actor, content: bytes) -> ResponseReturnValue:
    """What another's kit would change here; nothing is written."""
    return _preview(session, actor, content)


def _again(session: Session, actor: Actor, *, error: DomainError) -> ResponseReturnValue:
    """The same choice once more, where the kit itself can be read."""
    try:
        sent: SentKit = load_form(KitSchema())
        return _preview(session, actor, sent.content, error)
    except Refused:
        return kit_page(session, actor, error=error)


@bp.post(f"{HOME}/prendre")
@door(Permission.NETWORK_SHARE, parse=lambda: load_form(KitSchema()), again=_again)
def take(session: Session, actor: Actor, sent: SentKit) -> ResponseReturnValue:
    """Take the chosen parts: all of them, or nothing."""
    read = service.read_kit(sent.content)
    service.take_kit(
        session,
        actor,
        read,
        sent.parts,
        said(session),
        public_id=new_public_id(),
        now=utc_now(),
    )
    read_again()
    flash(_("C’est repris de %(network)s.", network=read.kit.network), "success")
    return see_other(HOME)


def _preview(
    session: Session, actor: Actor, content: bytes, error: DomainError | None = None
) -> ResponseReturnValue:
    read = service.read_kit(content)
    return page(
        "founding/preview.html",
        seen=service.preview(session, actor, read, said(session)),
        content=b64encode(content).decode(),
        chosen=request.form.getlist("parts"),
        errors=errors_by_field(error),
    )
