"""Taking a bundle, revoking what was given, and asking where a file came from."""

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from mutuali.core.errors import DomainError, Reason, Refused
from mutuali.core.permissions import Actor, Permission
from mutuali.exports import service
from mutuali.exports.rules.catalogue import CATALOGUE
from mutuali.exports.views.door import bp
from mutuali.exports.views.explorer import explored
from mutuali.exports.views.handed import handed, token_of
from mutuali.exports.views.pages import export_again
from mutuali.web.clock import utc_now
from mutuali.web.doors import door
from mutuali.web.identity import holder_hash
from mutuali.web.pages import errors_by_field, page, see_other
from mutuali.web.secrets import fingerprint_key, mark_key
from mutuali.web.words import label


@bp.post("/exportations/<public_id>/telecharger")
@door(Permission.EXPORT_DOWNLOAD, again=export_again)
def ask_link(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """A link for ten minutes, in this login only; the browser follows it."""
    link = service.ask_link(
        session, actor, public_id, holder=holder_hash(), key=fingerprint_key(), now=utc_now()
    )
    return see_other(f"/fichiers/{token_of(link)}")


@bp.get("/fichiers/<token>")
@door(Permission.EXPORT_DOWNLOAD, reads=False)
def take(session: Session, actor: Actor, token: str) -> ResponseReturnValue:
    """The file; the first time, that it was taken is recorded."""
    return handed(session, actor, token)


@bp.get("/exportations/<public_id>/explorer")
@door(Permission.EXPORT_DOWNLOAD)
def look(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """A look into a bundle that one has taken, on a page."""
    file, dataset, report = service.for_a_look(
        session, actor, public_id, key=fingerprint_key(), now=utc_now()
    )
    return page(
        "exports/explorer.html",
        found=None,
        name=label("exports.dataset", dataset.value),
        here=f"/exportations/{public_id}",
        told=explored(file, CATALOGUE[dataset], report),
    )


@bp.post("/exportations/<public_id>/liens/revoquer")
@door(Permission.EXPORT_DECIDE, again=export_again)
def revoke_links(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """End every link to an export."""
    count = service.revoke_links(session, actor, public_id, now=utc_now())
    words = ngettext("%(num)d lien est révoqué.", "%(num)d liens sont révoqués.", count)
    flash(words if count else _("Aucun lien n’était ouvert."), "success")
    return see_other(f"/exportations/{public_id}")


@bp.get("/intendance/fuites")
@door(Permission.EXPORT_DECIDE)
def leak_form(session: Session, actor: Actor) -> ResponseReturnValue:
    """Where a file is handed in."""
    return _leak_page()


def _leak_again(session: Session, actor: Actor, *, error: DomainError) -> ResponseReturnValue:
    return _leak_page(error=error)


@bp.post("/intendance/fuites")
@door(Permission.EXPORT_DECIDE, parse=lambda: _text_of_file(), again=_leak_again)
def trace_leak(session: Session, actor: Actor, text: str) -> ResponseReturnValue:
    """Which copy a file came from."""
    return _leak_page(service.trace(session, actor, text, key_of=mark_key, now=utc_now()))


def _text_of_file() -> str:
    sent = request.files.get("file")
    data = sent.read() if sent else b""
    if not data.strip():
        raise Refused(Reason("field.missing", {}, "file"))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    if "\x00" in text:
        raise Refused(Reason("export.not_a_table", {}, "file"))
    return text


def _leak_page(
    trace: service.Trace | None = None, error: DomainError | None = None
) -> ResponseReturnValue:
    return page("exports/leaks.html", trace=trace, errors=errors_by_field(error))
