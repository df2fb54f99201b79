"""JSON doors of agreements."""

from typing import Any

from flask import Response
from marshmallow import Schema, fields
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.agreements import service
from mutuali.agreements.rules import (
    AgreementState,
    Dataset,
    Instrument,
    Liability,
    Method,
    OnWithdrawal,
    Restriction,
    Side,
    Warranty,
    exact_text,
    is_in_force,
)
from mutuali.agreements.schemas import (
    AcceptanceSchema,
    SideSchema,
    StopSchema,
    UndertakingSchema,
)
from mutuali.consent.rules import Purpose
from mutuali.core.canonical import canonical
from mutuali.core.errors import NotFound
from mutuali.core.permissions import Actor
from mutuali.organizations import service as organizations
from mutuali.web.api import ApiBlueprint, Given, etag_of
from mutuali.web.clock import utc_now
from mutuali.web.doors import SIGNED_IN
from mutuali.web.mail import address

bp = ApiBlueprint("agreements_api", "Ententes")


class AnalystSchema(Schema):
    """A person whom the agreement names."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    why = fields.String(required=True)
    signed_at = fields.AwareDateTime(required=True, allow_none=True)


class SettingsSchema(Schema):
    """The numbers that the clauses say and that the pipeline reads."""

    k = fields.Integer(required=True)
    share_percent = fields.Integer(required=True)
    base = fields.Integer(required=True)
    on_withdrawal = fields.Enum(OnWithdrawal, by_value=True, required=True)
    days_to_act = fields.Integer(required=True)
    download_days = fields.Integer(required=True)
    keep_days = fields.Integer(required=True)
    downloads_each = fields.Integer(required=True)
    years = fields.Integer(required=True)


class AcceptedSchema(Schema):
    """One side's yes to the text with this hash."""

    side = fields.Enum(Side, by_value=True, required=True)
    hash = fields.String(required=True)
    at = fields.AwareDateTime(required=True)
    capacity = fields.String(required=True)
    method = fields.Enum(Method, by_value=True, required=True)


class AgreementSchema(Schema):
    """An agreement; the hash is SHA-256 of the exact text, empty while it is a draft."""

    id = fields.String(required=True)
    number = fields.String(required=True)
    version = fields.Integer(required=True)
    operator = fields.String(required=True)
    partner = fields.String(required=True)
    is_internal = fields.Boolean(required=True)
    state = fields.Enum(AgreementState, by_value=True, required=True)
    in_force = fields.Boolean(required=True)
    purposes = fields.List(fields.Enum(Purpose, by_value=True), required=True)
    datasets = fields.List(fields.Enum(Dataset, by_value=True), required=True)
    analysts = fields.List(fields.Nested(AnalystSchema), required=True)
    intended_use = fields.String(required=True)
    restrictions = fields.List(fields.Enum(Restriction, by_value=True), required=True)
    liability = fields.Enum(Liability, by_value=True, required=True)
    warranties = fields.List(fields.Enum(Warranty, by_value=True), required=True)
    k = fields.Integer(required=True)
    edition = fields.Integer(required=True)
    instrument = fields.Enum(Instrument, by_value=True, required=True)
    outside_quebec = fields.Boolean(required=True)
    cai_sent_on = fields.Date(required=True, allow_none=True)
    settings = fields.Nested(SettingsSchema, required=True)
    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)
    text_fr = fields.String(required=True)
    text_en = fields.String(required=True)
    hash = fields.String(required=True)
    acceptances = fields.List(fields.Nested(AcceptedSchema), required=True)
    waits_for = fields.List(fields.Enum(Side, by_value=True), required=True)


@bp.operation(
    "GET", "/agreements", SIGNED_IN, "Lister les ententes", gives=AgreementSchema, many=True
)
def agreements(session: Session, actor: Actor) -> list[dict[str, Any]]:
    """Every agreement one may know of, newest first."""
    return _dumped(session, actor, service.agreements(session, actor))


@bp.operation(
    "GET", "/agreements/<agreement_id>", SIGNED_IN, "Lire une entente", gives=AgreementSchema
)
def agreement(session: Session, actor: Actor, agreement_id: str) -> Given:
    """One agreement."""
    return _one(session, actor, agreement_id)


@bp.operation(
    "POST",
    "/agreements/<agreement_id>/accept",
    SIGNED_IN,
    "Accepter le texte exact d’une entente",
    takes=AcceptanceSchema,
    gives=AgreementSchema,
)
def accept(session: Session, actor: Actor, form: dict[str, Any], agreement_id: str) -> Given:
    """Accept for one side, as somebody who said by what right they speak for it.

    409 when the hash is not that of the text as it stands.
    """
    service.accept(session, actor, agreement_id, form["side"], form["hash"], now=utc_now())
    return _one(session, actor, agreement_id)


@bp.operation(
    "POST",
    "/agreements/<agreement_id>/undertake",
    SIGNED_IN,
    "Signer son engagement de confidentialité",
    takes=UndertakingSchema,
    gives=AgreementSchema,
)
def undertake(session: Session, actor: Actor, form: dict[str, str], agreement_id: str) -> Given:
    """Promise, as a person whom it names, to keep the data confidential."""
    service.undertake(session, actor, agreement_id, form["hash"], now=utc_now())
    return _one(session, actor, agreement_id)


@bp.operation(
    "POST",
    "/agreements/<agreement_id>/suspend",
    SIGNED_IN,
    "Suspendre une entente",
    takes=StopSchema,
    gives=AgreementSchema,
)
def suspend(session: Session, actor: Actor, form: dict[str, Any], agreement_id: str) -> Given:
    """Suspend it at once, for one side, with a reason."""
    service.suspend(session, actor, agreement_id, form["side"], form["reason"], now=utc_now())
    return _one(session, actor, agreement_id)


@bp.operation(
    "POST",
    "/agreements/<agreement_id>/lift",
    SIGNED_IN,
    "Lever la suspension d’une entente",
    takes=SideSchema,
    gives=AgreementSchema,
)
def lift(session: Session, actor: Actor, form: dict[str, Any], agreement_id: str) -> Given:
    """Lift what one side suspended."""
    service.lift(session, actor, agreement_id, form["side"], now=utc_now())
    return _one(session, actor, agreement_id)


@bp.operation(
    "GET",
    "/agreements/<agreement_id>/policy",
    SIGNED_IN,
    "Lire une entente pour les machines",
    gives={"application/ld+json": {"schema": {"type": "object"}}},
)
def policy(session: Session, actor: Actor, agreement_id: str) -> Response:
    """The agreement as ``odrl:Agreement`` (W3C ODRL 2.2) in JSON-LD; 404 while it is a draft."""
    made = service.policy_of(session, actor, agreement_id, address)
    return Response(canonical(made), content_type="application/ld+json")


@bp.operation(
    "GET",
    "/agreements/<agreement_id>/text",
    SIGNED_IN,
    "Lire le texte exact d’une entente",
    gives={"text/plain": {"schema": {"type": "string"}}},
)
def text(session: Session, actor: Actor, agreement_id: str) -> Response:
    """Both languages in one file, whose SHA-256 is the hash; 404 while it is a draft."""
    facts = service.agreement(session, actor, agreement_id, now=utc_now())
    if not facts.hash:
        raise NotFound
    return Response(
        exact_text(facts.text_fr, facts.text_en), content_type="text/plain; charset=utf-8"
    )


def _one(session: Session, actor: Actor, public_id: str) -> Given:
    facts = service.agreement(session, actor, public_id, now=utc_now())
    [dumped] = _dumped(session, actor, [facts])
    return Given(dumped, etag_of(facts.public_id, facts.version))


def _dumped(
    session: Session, actor: Actor, found: list[service.AgreementFacts]
) -> list[dict[str, Any]]:
    now = utc_now()
    ids = frozenset(id_ for facts in found for id_ in (facts.operator_id, facts.partner_id))
    parties = organizations.organizations(session, ids)
    people = accounts.people(session, frozenset(id_ for facts in found for id_ in facts.analysts))
    return [
        {
            **{name: getattr(facts, name) for name in _AS_THEY_ARE},
            "id": facts.public_id,
            "operator": parties[facts.operator_id].public_id,
            "partner": parties[facts.partner_id].public_id,
            "in_force": is_in_force(facts, now),
            "analysts": [
                {
                    "id": people[each.person_id].public_id,
                    "name": people[each.person_id].name,
                    "why": each.why,
                    "signed_at": each.signed_at,
                }
                for each in facts.named
            ],
            "acceptances": [
                {name: getattr(each, name) for name in ("side", "hash", "at", "capacity", "method")}
                for each in facts.acceptances
            ],
            "waits_for": service.sides_waiting_for(actor, facts, now),
        }
        for facts in found
    ]


#: Fields that are dumped as the facts hold them.
_AS_THEY_ARE = (
    *("number", "version", "is_internal", "state", "purposes", "datasets", "intended_use"),
    *("restrictions", "liability", "warranties", "k", "starts_at", "ends_at", "edition"),
    *("instrument", "outside_quebec", "cai_sent_on", "settings"),
    *("text_fr", "text_en", "hash"),
)
