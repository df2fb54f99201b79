"""The papers of a loan: its text to read and sign, in French first; what was paid, a receipt."""

from datetime import datetime

from flask import Response, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.bookings import service as bookings
from mutuali.bookings.service import BookingFacts
from mutuali.core.errors import Conflict, DomainError, NotFound
from mutuali.core.permissions import Actor, Permission
from mutuali.loans import service
from mutuali.loans.rules import Clause, clauses_of
from mutuali.loans.schemas import AgreementSignatureSchema, PaymentFormSchema, ShownTextSchema
from mutuali.loans.service import AgreementFacts, PaymentDraft
from mutuali.loans.views.blueprint import bp
from mutuali.loans.views.paper import agreement_on_paper, receipt_on_paper
from mutuali.web.clock import utc_now
from mutuali.web.doors import door
from mutuali.web.pages import errors_by_field, page, see_other
from mutuali.web.parsing import load_form
from mutuali.web.secrets import new_public_id


@bp.get("/reservations/<public_id>/entente")
@door(Permission.BOOKING_READ)
def agreement(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """The text, clause by clause with its plain line, in French first."""
    return _agreement_page(session, actor, public_id)


def _agreement_again(
    session: Session, actor: Actor, public_id: str, *, error: DomainError
) -> ResponseReturnValue:
    return _agreement_page(session, actor, public_id, error)


@bp.post("/reservations/<public_id>/entente")
@door(
    Permission.BOOKING_READ,
    parse=lambda: load_form(AgreementSignatureSchema()),
    again=_agreement_again,
)
def sign_agreement(
    session: Session, actor: Actor, form: dict[str, str], public_id: str
) -> ResponseReturnValue:
    """Sign the text that was shown, with a typed name."""
    service.sign_agreement(
        session, actor, public_id, form["sha256"], form["signed_by"], now=utc_now()
    )
    flash(_("C’est signé, avec l’heure et l’empreinte du texte."), "success")
    return see_other(f"/reservations/{public_id}/entente")


@bp.post("/reservations/<public_id>/entente/anglais")
@door(Permission.BOOKING_READ, parse=lambda: load_form(ShownTextSchema()), again=_agreement_again)
def choose_english(
    session: Session, actor: Actor, form: dict[str, str], public_id: str
) -> ResponseReturnValue:
    """Expressly choose to have English too, after the French."""
    service.choose_english(session, actor, public_id, form["sha256"], now=utc_now())
    flash(_("Votre choix est noté. L’entente existe aussi en anglais pour vous."), "success")
    return see_other(f"/reservations/{public_id}/entente?anglais")


@bp.get("/reservations/<public_id>/entente.pdf")
@door(Permission.BOOKING_READ)
def agreement_pdf(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """The French text as PDF, with who signed and the condition reports."""
    return agreement_file(session, actor, public_id, "fr")


@bp.get("/reservations/<public_id>/entente-anglais.pdf")
@door(Permission.BOOKING_READ)
def agreement_pdf_in_english(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """The English text as PDF, for who expressly chose it."""
    return agreement_file(session, actor, public_id, "en")


@bp.get("/reservations/<public_id>/entente/texte")
@door(Permission.BOOKING_READ)
def agreement_text(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """The French text byte for byte, to check its hash oneself."""
    _facts, found = _found(session, actor, public_id, now=utc_now())
    answer = Response(found.text_fr, mimetype="text/plain")
    answer.headers["Content-Disposition"] = f'attachment; filename="{found.number}.txt"'
    return answer


@bp.get("/reservations/<public_id>/argent")
@door(Permission.BOOKING_READ)
def money(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """What is asked for, what was paid and given back."""
    return _money_page(session, actor, public_id)


def _money_again(
    session: Session, actor: Actor, public_id: str, *, error: DomainError
) -> ResponseReturnValue:
    return _money_page(session, actor, public_id, error)


@bp.post("/reservations/<public_id>/argent")
@door(Permission.BOOKING_READ, parse=lambda: load_form(PaymentFormSchema()), again=_money_again)
def note_payment(
    session: Session, actor: Actor, draft: PaymentDraft, public_id: str
) -> ResponseReturnValue:
    """Note money that changed hands."""
    service.note_payment(session, actor, public_id, draft, public_id=new_public_id(), now=utc_now())
    flash(_("C’est noté. Le reçu le dit aussi."), "success")
    return see_other(f"/reservations/{public_id}/argent")


@bp.post("/reservations/argent/<payment_id>/biffer")
@door(Permission.BOOKING_READ)
def strike_payment(session: Session, actor: Actor, payment_id: str) -> ResponseReturnValue:
    """Strike a line that was noted by mistake."""
    public_id = service.strike_payment(session, actor, payment_id, now=utc_now())
    flash(_("La ligne est biffée."), "success")
    return see_other(f"/reservations/{public_id}/argent")


@bp.get("/reservations/<public_id>/recu.pdf")
@door(Permission.BOOKING_READ)
def receipt_pdf(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """A receipt for what was noted, in the language of the page."""
    return receipt_file(session, actor, public_id)


def receipt_file(session: Session, actor: Actor, public_id: str) -> Response:
    """A receipt as PDF. Raises NotFound: nothing was noted."""
    now = utc_now()
    facts = bookings.booking(session, actor, public_id, now=now)
    account = service.account(session, actor, facts)
    if not account.payments:
        raise NotFound
    number = service.number_of(facts)
    return _pdf(receipt_on_paper(facts, account, number), f"recu-{number}.pdf")


def _agreement_page(
    session: Session, actor: Actor, public_id: str, error: DomainError | None = None
) -> ResponseReturnValue:
    now = utc_now()
    facts = bookings.booking(session, actor, public_id, now=now)
    found = service.agreement(session, actor, facts)
    in_english = found is not None and found.may_read_english and "anglais" in request.args
    language = "en" if in_english else "fr"
    title = ""
    clauses: tuple[Clause, ...] = ()
    if found is not None:
        text = found.text_en if in_english else found.text_fr
        title, clauses = clauses_of(text, language)
    return page(
        "loans/agreement.html",
        booking=facts,
        agreement=found,
        title=title,
        clauses=clauses,
        text_language=language,
        typed=request.form.to_dict(),
        errors=errors_by_field(error),
    )


def _found(
    session: Session, actor: Actor, public_id: str, *, now: datetime
) -> tuple[BookingFacts, AgreementFacts]:
    facts = bookings.booking(session, actor, public_id, now=now)
    found = service.agreement(session, actor, facts)
    if found is None:
        raise NotFound
    return facts, found


def agreement_file(session: Session, actor: Actor, public_id: str, language: str) -> Response:
    """The text as PDF, in ``fr`` or ``en``.

    Raises:
        NotFound: there is none. Conflict: English was not expressly chosen.
    """
    now = utc_now()
    facts, found = _found(session, actor, public_id, now=now)
    if language == "en" and not found.may_read_english:
        raise Conflict("loan.french_first")
    passages = service.passages(session, actor, public_id, now=now)
    data = agreement_on_paper(facts, found, passages, language)
    return _pdf(data, f"{found.number}-{language}.pdf")


def _pdf(data: bytes, name: str) -> Response:
    answer = Response(data, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _money_page(
    session: Session, actor: Actor, public_id: str, error: DomainError | None = None
) -> ResponseReturnValue:
    now = utc_now()
    facts = bookings.booking(session, actor, public_id, now=now)
    account = service.account(session, actor, facts)
    return page(
        "loans/money.html",
        booking=facts,
        account=account,
        number=service.number_of(facts),
        typed=request.form.to_dict() or {"paid_on": now.date().isoformat()},
        errors=errors_by_field(error),
    )
