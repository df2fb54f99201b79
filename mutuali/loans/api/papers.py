"""API doors to the papers of a loan: its text, who signed, what was paid, both on paper."""

from typing import Any

from flask import Response
from marshmallow import Schema, fields
from sqlalchemy.orm import Session

from mutuali.bookings import service as bookings
from mutuali.core.errors import NotFound
from mutuali.core.permissions import Actor, Permission
from mutuali.loans import service
from mutuali.loans.api.door import bp
from mutuali.loans.rules import Means, PaymentKind, Side
from mutuali.loans.schemas import AgreementSignatureSchema, PaymentSchema, ShownTextSchema
from mutuali.loans.service import PaymentDraft
from mutuali.loans.views.papers import agreement_file, receipt_file
from mutuali.web.clock import utc_now
from mutuali.web.secrets import new_public_id


class LoanSignatureSchema(Schema):
    """The name that a side typed, and when."""

    side = fields.Enum(Side, by_value=True, required=True)
    signed_by = fields.String(required=True)
    signed_at = fields.AwareDateTime(required=True)


class LoanAgreementSchema(Schema):
    """The exact text of a loan, and the hash of its French; English once one’s side expressly chose
    it, after the French."""

    number = fields.String(required=True)
    version = fields.Integer(required=True)
    text_fr = fields.String(required=True)
    text_en = fields.String(required=True, allow_none=True)
    sha256 = fields.String(required=True)
    verifies = fields.Boolean(required=True)
    written_at = fields.AwareDateTime(required=True)
    signatures = fields.List(fields.Nested(LoanSignatureSchema), required=True)


class LoanPaymentSchema(Schema):
    """Money that changed hands, as the lender noted it; a struck line counts for nothing."""

    id = fields.String(required=True)
    kind = fields.Enum(PaymentKind, by_value=True, required=True)
    cents = fields.Integer(required=True)
    means = fields.Enum(Means, by_value=True, required=True)
    paid_on = fields.Date(required=True)
    note = fields.String(required=True)
    noted_at = fields.AwareDateTime(required=True)
    struck_at = fields.AwareDateTime(required=True, allow_none=True)


@bp.operation(
    "GET",
    "/bookings/<booking_id>/agreement",
    Permission.BOOKING_READ,
    "Lire l’entente d’un prêt",
    gives=LoanAgreementSchema,
)
def agreement(session: Session, actor: Actor, booking_id: str) -> dict[str, Any]:
    """The latest text, who signed it, and whether it is the one whose hash was kept."""
    return _agreement(session, actor, booking_id)


_PDF = {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}


@bp.operation(
    "GET",
    "/bookings/<booking_id>/agreement.pdf",
    Permission.BOOKING_READ,
    "Télécharger l’entente d’un prêt",
    gives=_PDF,
)
def agreement_pdf(session: Session, actor: Actor, booking_id: str) -> Response:
    """The French text on paper, with who signed and the condition reports."""
    return agreement_file(session, actor, booking_id, "fr")


@bp.operation(
    "GET",
    "/bookings/<booking_id>/agreement-english.pdf",
    Permission.BOOKING_READ,
    "Télécharger l’entente d’un prêt en anglais",
    gives=_PDF,
)
def agreement_pdf_in_english(session: Session, actor: Actor, booking_id: str) -> Response:
    """The English text on paper, for the side that expressly chose it; 409 for another."""
    return agreement_file(session, actor, booking_id, "en")


@bp.operation(
    "GET",
    "/bookings/<booking_id>/receipt.pdf",
    Permission.BOOKING_READ,
    "Télécharger le reçu d’un prêt",
    gives=_PDF,
)
def receipt_pdf(session: Session, actor: Actor, booking_id: str) -> Response:
    """A receipt for what was paid, in the language that is asked for; 404 where nothing was."""
    return receipt_file(session, actor, booking_id)


@bp.operation(
    "POST",
    "/bookings/<booking_id>/agreement/sign",
    Permission.BOOKING_READ,
    "Signer l’entente d’un prêt",
    takes=AgreementSignatureSchema,
    gives=LoanAgreementSchema,
)
def sign(session: Session, actor: Actor, form: dict[str, str], booking_id: str) -> dict[str, Any]:
    """Sign the text with that hash for one’s side."""
    service.sign_agreement(
        session, actor, booking_id, form["sha256"], form["signed_by"], now=utc_now()
    )
    return _agreement(session, actor, booking_id)


@bp.operation(
    "POST",
    "/bookings/<booking_id>/agreement/english",
    Permission.BOOKING_READ,
    "Choisir d’avoir aussi l’anglais",
    takes=ShownTextSchema,
    gives=LoanAgreementSchema,
)
def choose_english(
    session: Session, actor: Actor, form: dict[str, str], booking_id: str
) -> dict[str, Any]:
    """Expressly choose English too, once the French with that hash was read."""
    service.choose_english(session, actor, booking_id, form["sha256"], now=utc_now())
    return _agreement(session, actor, booking_id)


@bp.operation(
    "GET",
    "/bookings/<booking_id>/payments",
    Permission.BOOKING_READ,
    "Lire ce qui a été payé",
    gives=LoanPaymentSchema,
    many=True,
)
def payments(session: Session, actor: Actor, booking_id: str) -> list[dict[str, Any]]:
    """Price, deposit and what was given back, oldest line first."""
    return _payments(session, actor, booking_id)


@bp.operation(
    "POST",
    "/bookings/<booking_id>/payments",
    Permission.BOOKING_READ,
    "Noter un paiement",
    takes=PaymentSchema,
    gives=LoanPaymentSchema,
    many=True,
    status=201,
)
def note_payment(
    session: Session, actor: Actor, draft: PaymentDraft, booking_id: str
) -> list[dict[str, Any]]:
    """Note money that changed hands; only the lender does."""
    service.note_payment(
        session, actor, booking_id, draft, public_id=new_public_id(), now=utc_now()
    )
    return _payments(session, actor, booking_id)


@bp.operation(
    "DELETE",
    "/payments/<payment_id>",
    Permission.BOOKING_READ,
    "Biffer un paiement",
    status=204,
)
def strike_payment(session: Session, actor: Actor, payment_id: str) -> None:
    """Strike a line that was noted by mistake; it stays, and counts for nothing."""
    service.strike_payment(session, actor, payment_id, now=utc_now())


def _agreement(session: Session, actor: Actor, booking_id: str) -> dict[str, Any]:
    facts = bookings.booking(session, actor, booking_id, now=utc_now())
    found = service.agreement(session, actor, facts)
    if found is None:
        raise NotFound
    return {
        "number": found.number,
        "version": found.version,
        "text_fr": found.text_fr,
        "text_en": found.text_en if found.may_read_english else None,
        "sha256": found.sha256,
        "verifies": found.verifies,
        "written_at": found.written_at,
        "signatures": [
            {"side": side, "signed_by": each.signed_by, "signed_at": each.signed_at}
            for side, each in found.signatures.items()
        ],
    }


def _payments(session: Session, actor: Actor, booking_id: str) -> list[dict[str, Any]]:
    facts = bookings.booking(session, actor, booking_id, now=utc_now())
    return [
        {
            "id": each.public_id,
            "kind": each.draft.kind,
            "cents": each.draft.cents,
            "means": each.draft.means,
            "paid_on": each.draft.paid_on,
            "note": each.draft.note,
            "noted_at": each.noted_at,
            "struck_at": each.struck_at,
        }
        for each in service.account(session, actor, facts).payments
    ]
