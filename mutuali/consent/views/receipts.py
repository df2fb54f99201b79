"""Receipts: download one's own, verify any without an account, the keys that verify them."""

import json
from base64 import b64decode, b64encode, urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from typing import Any

from flask import Response, current_app, jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from mutuali.config import Settings
from mutuali.consent import service
from mutuali.consent.rules import Claim, ReceiptFacts, Standing, claim, receipt, short, short_claim
from mutuali.consent.schemas import VerifyFormSchema
from mutuali.consent.views import shown
from mutuali.consent.views.blueprint import bp
from mutuali.core.canonical import canonical
from mutuali.core.errors import DomainError, Forbidden, Reason, Refused
from mutuali.core.permissions import Actor, Permission
from mutuali.web import signing
from mutuali.web.clock import utc_now
from mutuali.web.codes import qr_code
from mutuali.web.doors import PUBLIC, SIGNED_IN, door
from mutuali.web.network import network
from mutuali.web.pages import errors_by_field, page
from mutuali.web.parsing import load_form

#: What a short receipt begins with: the name and the layout.
_SHORT = "MUTUALI1"
#: Nobody's receipt is longer, in bytes.
_LONGEST = 50_000


@bp.get("/organisme/consentements/<public_id>/recus/<int:number>")
@door(Permission.CONSENT_READ)
def receipt_page(
    session: Session, actor: Actor, public_id: str, number: int
) -> ResponseReturnValue:
    """The receipt of one event of one's organization: words, code, file."""
    return _receipt_page(_ours(session, actor, public_id, number))


@bp.get("/organisme/consentements/<public_id>/recus/<int:number>/fichier")
@door(Permission.CONSENT_READ)
def receipt_file(
    session: Session, actor: Actor, public_id: str, number: int
) -> ResponseReturnValue:
    """The signed receipt of one event of one's organization."""
    return _file(_ours(session, actor, public_id, number))


@bp.get("/compte/consentements/<public_id>/recus/<int:number>")
@door(SIGNED_IN)
def own_receipt_page(
    session: Session, actor: Actor, public_id: str, number: int
) -> ResponseReturnValue:
    """The receipt of one event of one's own."""
    return _receipt_page(_mine(session, actor, public_id, number))


@bp.get("/compte/consentements/<public_id>/recus/<int:number>/fichier")
@door(SIGNED_IN)
def own_receipt_file(
    session: Session, actor: Actor, public_id: str, number: int
) -> ResponseReturnValue:
    """The signed receipt of one event of one's own."""
    return _file(_mine(session, actor, public_id, number))


@bp.get("/verifier")
@door(PUBLIC)
def verify_form(session: Session, actor: Actor) -> ResponseReturnValue:
    """Where anybody brings a receipt; a code's receipt stands after the # and stays in the
    browser until its holder sends it."""
    return page("consent/verify.html", result=None, typed="", errors={})


def _verify_again(session: Session, actor: Actor, *, error: DomainError) -> ResponseReturnValue:
    typed = request.form.get("receipt", "")[:_LONGEST]
    return page("consent/verify.html", result=None, typed=typed, errors=errors_by_field(error))


@bp.post("/verifier")
@door(PUBLIC, parse=lambda: _sent(), again=_verify_again, reads=True)
def verify(session: Session, actor: Actor, sent: str) -> ResponseReturnValue:
    """Say whether a receipt is genuine, what was said, and whether that still counts."""
    found, genuine = _read(sent)
    counts = service.standing_of(session, found, now=utc_now()) if genuine else None
    result = Verified(found, genuine, counts)
    return page(
        "consent/verify.html", result=result, typed=sent, errors={}, last_day=shown.last_day
    )


@bp.get("/.well-known/mutuali-keys.json")
@door(PUBLIC)
def keys(session: Session, actor: Actor) -> ResponseReturnValue:
    """The public keys with which anybody verifies what this network signs, the newest first."""
    return jsonify(
        keys=[
            {"id": id_, "kty": "OKP", "crv": "Ed25519", "x": _unpadded(key)}
            for id_, key in signing.public_keys().items()
        ]
    )


@dataclass(frozen=True, slots=True)
class Verified:
    """What the page says of a receipt; ``standing`` is None where we hold no such event."""

    claim: Claim
    genuine: bool
    standing: Standing | None


def _ours(session: Session, actor: Actor, public_id: str, number: int) -> ReceiptFacts:
    id_ = actor.organization_id
    if id_ is None:
        raise Forbidden
    return service.receipt_facts(session, actor, id_, public_id, number, issuer=_issuer())


def _mine(session: Session, actor: Actor, public_id: str, number: int) -> ReceiptFacts:
    return service.receipt_facts(session, actor, None, public_id, number, issuer=_issuer())


def _issuer() -> service.Issuer:
    settings: Settings = current_app.config["SETTINGS"]
    known = network()
    return service.Issuer(settings.base_url, known.operator_name, known.operator_contact)


def _receipt_page(facts: ReceiptFacts) -> ResponseReturnValue:
    text = _short_text(facts)
    return page(
        "consent/receipt.html",
        facts=facts,
        text=text,
        qr=qr_code(f"{facts.base_url}/verifier#{text}"),
        file=f"{request.path}/fichier",
        last_day=shown.last_day,
    )


def _file(facts: ReceiptFacts) -> Response:
    written = receipt(facts)
    signature = signing.sign(canonical(written))
    signed = {**written, "signature": {"key": signature.key_id, "value": signature.value}}
    answer = Response(
        json.dumps(signed, ensure_ascii=False, indent=2) + "\n", mimetype="application/ld+json"
    )
    name = f"recu-{facts.purpose.value}-{facts.number}.jsonld"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _short_text(facts: ReceiptFacts) -> str:
    data = canonical(short(facts))
    signature = signing.sign(data)
    value = _unpadded(b64decode(signature.value))
    return ".".join((_SHORT, _unpadded(data), signature.key_id, value))


def _sent() -> str:
    """The receipt that was pasted or uploaded.

    Raises:
        Refused: there is none, or it is longer than any receipt.
    """
    form: dict[str, Any] = load_form(VerifyFormSchema())
    upload = request.files.get("file")
    data = upload.read(_LONGEST + 1) if upload else b""
    if len(data) > _LONGEST:
        raise Refused(Reason("receipt.unreadable", {}, "file"))
    text = data.decode("utf-8", "replace") if data else str(form["receipt"])
    if not text.strip():
        raise Refused(Reason("field.missing", {}, "receipt"))
    return text.strip()


def _read(sent: str) -> tuple[Claim, bool]:
    """What a receipt claims, and whether this network signed it.

    Raises:
        Refused: it is no receipt, long or short.
    """
    _before, is_link, after = sent.partition("/verifier#")
    text = after if is_link else sent
    try:
        if text.startswith(f"{_SHORT}."):
            return _read_short(text)
        return _read_long(json.loads(text, parse_float=_no_fraction))
    except (ValueError, TypeError, RecursionError):
        raise Refused(Reason("receipt.unreadable", {}, "receipt")) from None


def _read_short(text: str) -> tuple[Claim, bool]:
    _name, data, key_id, value = text.split(".")
    raw = _padded(data)
    signature = signing.Signature(key_id, b64encode(_padded(value)).decode())
    return short_claim(json.loads(raw)), signing.verifies(raw, signature)


def _read_long(value: object) -> tuple[Claim, bool]:
    if not isinstance(value, dict):
        raise ValueError("not a receipt")
    written = {name: each for name, each in value.items() if name != "signature"}
    given = value.get("signature")
    signature = given if isinstance(given, dict) else {}
    signed = signing.Signature(str(signature.get("key")), str(signature.get("value")))
    return claim(written), signing.verifies(canonical(written), signed)


def _no_fraction(text: str) -> float:
    raise ValueError("no receipt holds a fraction")


def _unpadded(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def _padded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
