"""JSON doors of what an organization holds: read, add, change, remove; its policy."""

from dataclasses import replace
from typing import Any

from marshmallow import Schema, fields
from sqlalchemy.orm import Session

from mutuali.core.permissions import Actor, Permission
from mutuali.owndata import service
from mutuali.owndata.rules import (
    CHOSEN,
    TEMPLATES,
    Advice,
    CameBy,
    CountedFrom,
    Ending,
    Everyday,
    HoldingDraft,
    KeptIn,
    SeenBy,
    Sensitivity,
    Term,
    Whom,
    begun,
    from_template,
    until,
)
from mutuali.owndata.schemas import HoldingTermsSchema, NewHoldingSchema
from mutuali.web.api import ApiBlueprint, Given, acting_for, etag_of, version_read
from mutuali.web.clock import utc_now
from mutuali.web.secrets import new_public_id

bp = ApiBlueprint("owndata_api", "Nos propres données")


class HoldingSaidSchema(Schema):
    """A holding in the words of one language."""

    name = fields.String(required=True)
    what = fields.String(required=True)
    why = fields.String(required=True)
    until = fields.String(required=True)


class HoldingDumpSchema(Schema):
    """Something that the organization holds; its own words are empty where those of the template
    serve, which ``fr`` and ``en`` say."""

    id = fields.String(required=True)
    version = fields.Integer(required=True)
    template = fields.Enum(Everyday, by_value=True, required=True, allow_none=True)
    name_fr = fields.String(required=True)
    name_en = fields.String(required=True)
    what_fr = fields.String(required=True)
    what_en = fields.String(required=True)
    why_fr = fields.String(required=True)
    why_en = fields.String(required=True)
    about_whom = fields.List(fields.Enum(Whom, by_value=True), required=True)
    came_by = fields.List(fields.Enum(CameBy, by_value=True), required=True)
    kept_in = fields.List(fields.Enum(KeptIn, by_value=True), required=True)
    seen_by = fields.List(fields.Enum(SeenBy, by_value=True), required=True)
    term = fields.Enum(Term, by_value=True, required=True)
    counted_from = fields.Enum(CountedFrom, by_value=True, required=True)
    sensitivity = fields.Enum(Sensitivity, by_value=True, required=True)
    ending = fields.Enum(Ending, by_value=True, required=True)
    advice = fields.List(fields.Enum(Advice, by_value=True), required=True)
    looked_at = fields.AwareDateTime(required=True)
    fr = fields.Nested(HoldingSaidSchema, required=True)
    en = fields.Nested(HoldingSaidSchema, required=True)


class PolicyDumpSchema(Schema):
    """What would be published now (null while something is missing), and what is out."""

    draft_fr = fields.String(required=True, allow_none=True)
    draft_en = fields.String(required=True, allow_none=True)
    version = fields.Integer(required=True, allow_none=True)
    published_at = fields.AwareDateTime(required=True, allow_none=True)
    text_fr = fields.String(required=True, allow_none=True)
    text_en = fields.String(required=True, allow_none=True)


@bp.operation(
    "GET",
    "/own-holdings",
    Permission.ORGANIZATION_READ,
    "Lister ce que notre organisme garde sur les gens",
    gives=HoldingDumpSchema,
    many=True,
)
def holdings(session: Session, actor: Actor) -> list[dict[str, Any]]:
    """What your organization holds of people outside MutuAli, in the order it was noted."""
    found = service.holdings(session, actor, acting_for(actor, "organization"))
    return [_dump(each) for each in found]


@bp.operation(
    "POST",
    "/own-holdings",
    Permission.ORGANIZATION_EDIT,
    "Noter une chose gardée",
    takes=NewHoldingSchema,
    gives=HoldingDumpSchema,
    status=201,
)
def add(session: Session, actor: Actor, said: dict[str, Any]) -> Given:
    """Note something: ``template`` alone takes an everyday one with its usual answers, and what is
    named besides replaces them. 409 when that template is taken."""
    organization_id, made = acting_for(actor, "organization"), new_public_id()
    template = said.get("template")
    base = from_template(template, TEMPLATES[template]) if template else HoldingDraft()
    draft = replace(base, **_chosen(said))
    service.add(session, actor, organization_id, draft, public_id=made, now=utc_now())
    given = _one(session, actor, made)
    return replace(given, location=f"/api/v1/own-holdings/{made}")


@bp.operation(
    "GET",
    "/own-holdings/<holding_id>",
    Permission.ORGANIZATION_READ,
    "Lire une chose gardée",
    gives=HoldingDumpSchema,
)
def holding(session: Session, actor: Actor, holding_id: str) -> Given:
    """One of them, with its ETag."""
    return _one(session, actor, holding_id)


@bp.operation(
    "PATCH",
    "/own-holdings/<holding_id>",
    Permission.ORGANIZATION_EDIT,
    "Modifier une chose gardée",
    takes=HoldingTermsSchema,
    partly=True,
    gives=HoldingDumpSchema,
)
def change(session: Session, actor: Actor, said: dict[str, Any], holding_id: str) -> Given:
    """Change what is named; 412 when somebody changed it meanwhile, 428 without If-Match."""
    organization_id = acting_for(actor, "organization")
    found = service.holding(session, actor, organization_id, holding_id)
    version = version_read(holding_id)
    draft = replace(found.draft, **_chosen(said))
    service.change(
        session, actor, organization_id, holding_id, draft, version=version, now=utc_now()
    )
    return _one(session, actor, holding_id)


@bp.operation(
    "DELETE",
    "/own-holdings/<holding_id>",
    Permission.ORGANIZATION_EDIT,
    "Retirer une chose gardée",
    status=204,
)
def remove(session: Session, actor: Actor, holding_id: str) -> None:
    """It is held no more; a policy that is out changes only when it is published again."""
    organization_id = acting_for(actor, "organization")
    service.remove(session, actor, organization_id, holding_id, now=utc_now())


@bp.operation(
    "GET",
    "/own-policy",
    Permission.ORGANIZATION_READ,
    "Lire notre politique de confidentialité",
    gives=PolicyDumpSchema,
)
def policy(session: Session, actor: Actor) -> dict[str, Any]:
    """The text that would be published now, and the one that is out. Lines that begin with ``#``
    are headings, with ``-`` items."""
    state = service.policy(session, actor, acting_for(actor, "organization"))
    out = state.out
    return {
        "draft_fr": state.drafted.get("fr"),
        "draft_en": state.drafted.get("en"),
        "version": out.version.number if out else None,
        "published_at": out.version.published_at if out else None,
        "text_fr": out.texts["fr"] if out else None,
        "text_en": out.texts["en"] if out else None,
    }


def _chosen(said: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if name in CHOSEN else value for name, value in said.items()}


def _one(session: Session, actor: Actor, public_id: str) -> Given:
    found = service.holding(session, actor, acting_for(actor, "organization"), public_id)
    return Given(_dump(found), etag=etag_of(public_id, found.version))


def _dump(found: service.HoldingFacts) -> dict[str, Any]:
    draft = found.draft
    said = {
        language: {
            "name": found.name(language),
            "what": found.said("what", language),
            "why": found.said("why", language),
            "until": begun(until(draft.term, draft.counted_from, language)),
        }
        for language in ("fr", "en")
    }
    own = {name: getattr(draft, name) for name in HoldingTermsSchema().fields}
    return {
        **own,
        **said,
        "id": found.public_id,
        "version": found.version,
        "template": draft.template,
        "advice": found.advice,
        "looked_at": found.looked_at,
    }
