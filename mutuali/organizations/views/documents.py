"""Pages of what an organization can show, and of who looks at it."""

from dataclasses import replace
from typing import Any

from flask import Response, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.core.errors import DomainError, Forbidden, NotFound, SignInNeeded
from mutuali.core.permissions import Actor, Permission, may, require
from mutuali.organizations import service
from mutuali.organizations.rules import (
    ABOUT_A_PERSON,
    KEPT_AFTER_EXPIRY,
    MOST_FILE_MEGABYTES,
    WITH_FILE,
    DocumentDraft,
    DocumentKind,
    need_word,
)
from mutuali.organizations.schemas import DocumentFormSchema, DocumentReasonSchema, SaidDocument
from mutuali.organizations.views.pages import bp
from mutuali.web.clock import utc_now
from mutuali.web.documents import PDF, encode_document
from mutuali.web.doors import door, transaction
from mutuali.web.identity import current_actor
from mutuali.web.pages import errors_by_field, page, see_other
from mutuali.web.parsing import load_form
from mutuali.web.secrets import new_public_id
from mutuali.web.wording import said

_HOME = "/organisme/documents"
Sent = tuple[SaidDocument, service.DocumentFile | None]


@bp.get("/organisme/documents")
@door(Permission.ORGANIZATION_READ)
def documents(session: Session, actor: Actor) -> ResponseReturnValue:
    """What we can show, until when, and what the network says of it."""
    id_ = _own(actor)
    return page(
        "organizations/documents.html",
        documents=service.documents_of(session, actor, id_, now=utc_now()),
        manages=may(actor, Permission.ORGANIZATION_EDIT, over=id_),
        kept_months=KEPT_AFTER_EXPIRY.days // 30,
        name_of=_name_of,
    )


@bp.get("/organisme/documents/nouveau/<kind>")
@door(Permission.ORGANIZATION_EDIT)
def document_form(session: Session, actor: Actor, kind: str) -> ResponseReturnValue:
    """The form of a new document."""
    return _form_page(session, actor, kind)


def _form_again(
    session: Session, actor: Actor, kind: str, *, error: DomainError
) -> ResponseReturnValue:
    return _form_page(session, actor, kind, error)


def read_file() -> service.DocumentFile | None:
    """The posted file, if any; nobody but a signed-in manager makes us open files."""
    with transaction(reads=True):
        actor = current_actor()
    if actor.is_visitor:
        raise SignInNeeded
    require(actor, Permission.ORGANIZATION_EDIT)
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return None
    return service.DocumentFile(*encode_document(sent.stream, most_megabytes=MOST_FILE_MEGABYTES))


def _read_sent() -> Sent:
    file = read_file()
    return load_form(DocumentFormSchema()), file


@bp.post("/organisme/documents/nouveau/<kind>")
@door(Permission.ORGANIZATION_EDIT, parse=_read_sent, again=_form_again)
def add_document(session: Session, actor: Actor, sent: Sent, kind: str) -> ResponseReturnValue:
    """Note a document; a coordinator looks at it next."""
    (form, file), id_ = sent, _own(actor)
    draft = with_member(session, actor, id_, form.member, _draft(_kind(kind), form))
    service.add_document(session, actor, id_, draft, file, public_id=new_public_id(), now=utc_now())
    flash(_("C’est noté. La coordination le vérifie d’habitude en deux jours."), "success")
    return see_other(_HOME)


@bp.post("/organisme/documents/<public_id>/retirer")
@door(Permission.ORGANIZATION_EDIT)
def remove_document(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """Destroy a document."""
    service.remove_document(session, actor, public_id, now=utc_now())
    flash(_("Le document est détruit."), "success")
    return see_other(_HOME)


@bp.get("/documents/<public_id>/fichier")
@door(Permission.DOCUMENT_READ)
def document_file(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """The copy of a document, to keep; never shown inside a page of ours."""
    return file_answer(service.document_file(session, actor, public_id))


@bp.get("/coordination/documents")
@door(Permission.DOCUMENT_CHECK)
def documents_waiting(session: Session, actor: Actor) -> ResponseReturnValue:
    """What waits for a look, the longest first."""
    return _waiting_page(session, actor)


def _waiting_again(
    session: Session, actor: Actor, public_id: str, *, error: DomainError
) -> ResponseReturnValue:
    return _waiting_page(session, actor, public_id, error)


@bp.post("/coordination/documents/<public_id>/verifier")
@door(Permission.DOCUMENT_CHECK, again=_waiting_again)
def check_document(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """Say that it was seen and is good."""
    service.check_document(session, actor, public_id, now=utc_now())
    flash(_("C’est vérifié. L’organisme est averti."), "success")
    return see_other("/coordination/documents")


@bp.post("/coordination/documents/<public_id>/refuser")
@door(
    Permission.DOCUMENT_CHECK,
    parse=lambda: load_form(DocumentReasonSchema()),
    again=_waiting_again,
)
def refuse_document(
    session: Session, actor: Actor, form: dict[str, Any], public_id: str
) -> ResponseReturnValue:
    """Say that it is not good, and why."""
    service.refuse_document(session, actor, public_id, form["reason"], now=utc_now())
    flash(_("C’est refusé. L’organisme lira votre raison."), "success")
    return see_other("/coordination/documents")


def with_member(
    session: Session, actor: Actor, organization_id: int, member: str, draft: DocumentDraft
) -> DocumentDraft:
    """The draft about a member, named by public id; about whom it names itself without one."""
    if not member or draft.kind not in ABOUT_A_PERSON:
        return draft
    found = service.member_by_public_id(session, actor, organization_id, member)
    return replace(draft, person_id=found.person_id, person_name=found.name)


def file_answer(file: service.DocumentFile) -> Response:
    """A file that somebody sent: to be kept, not run."""
    ending = "pdf" if file.media_type == PDF else "webp"
    answer = Response(file.content, mimetype=file.media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="document.{ending}"'
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def _draft(kind: DocumentKind, form: SaidDocument) -> DocumentDraft:
    details = {DocumentKind.DRIVING_LICENCE: form.licence, DocumentKind.TRAINING: form.training}
    about_a_person = kind in ABOUT_A_PERSON
    return DocumentDraft(
        kind,
        details.get(kind, ""),
        form.person_name if about_a_person else "",
        None,
        form.reference,
        form.expires_on,
    )


def _name_of(found: service.DocumentFacts) -> str:
    return str(said(need_word(found.kind, found.detail)))


def _form_page(
    session: Session, actor: Actor, kind: str, error: DomainError | None = None
) -> ResponseReturnValue:
    id_, chosen = _own(actor), _kind(kind)
    about_a_person = chosen in ABOUT_A_PERSON
    return page(
        "organizations/document.html",
        kind=kind,
        about_a_person=about_a_person,
        with_file=chosen in WITH_FILE,
        may_never_end=chosen is DocumentKind.TRAINING,
        members=service.members(session, actor, id_) if about_a_person else [],
        most_megabytes=MOST_FILE_MEGABYTES,
        kept_months=KEPT_AFTER_EXPIRY.days // 30,
        errors=errors_by_field(error),
        typed=request.form,
    )


def _waiting_page(
    session: Session,
    actor: Actor,
    refused: str = "",
    error: DomainError | None = None,
) -> ResponseReturnValue:
    return page(
        "organizations/documents_waiting.html",
        documents=service.documents_waiting(session, actor, now=utc_now()),
        name_of=_name_of,
        refused=refused,
        errors=errors_by_field(error),
        typed=request.form,
    )


def _kind(said: str) -> DocumentKind:
    try:
        return DocumentKind(said)
    except ValueError:
        raise NotFound from None


def _own(actor: Actor) -> int:
    if actor.organization_id is None:
        raise Forbidden
    return actor.organization_id
