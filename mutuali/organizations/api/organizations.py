"""JSON doors of an organization itself: what it accepted, what it is, its places; accepting it."""

from dataclasses import replace
from typing import Any

from marshmallow import Schema, fields
from sqlalchemy.orm import Session

from mutuali.core.errors import NotFound
from mutuali.core.permissions import Actor, Permission
from mutuali.organizations import service
from mutuali.organizations.api.door import bp, readable
from mutuali.organizations.rules import (
    Allergen,
    Capacity,
    Language,
    OrganizationKind,
    OrganizationState,
    Sector,
)
from mutuali.organizations.schemas import (
    OrganizationTermsSchema,
    SiteSchema,
    SoleOperatorSchema,
)
from mutuali.web.api import Given, etag_of, version_read
from mutuali.web.clock import utc_now
from mutuali.web.secrets import new_public_id


class ParticipationDumpSchema(Schema):
    """What an organization accepted; the hash is SHA-256 of both texts with a rule between."""

    id = fields.String(required=True)
    version = fields.String(required=True)
    text_fr = fields.String(required=True)
    text_en = fields.String(required=True)
    hash = fields.String(required=True)
    capacity = fields.Enum(Capacity, by_value=True, required=True)
    accepted_at = fields.AwareDateTime(required=True)
    notice_at = fields.AwareDateTime(required=True, allow_none=True)
    ends_at = fields.AwareDateTime(required=True, allow_none=True)


class OrganizationDumpSchema(Schema):
    """An organization, as those who may read its affairs see it."""

    id = fields.String(required=True)
    version = fields.Integer(required=True)
    name = fields.String(required=True)
    kind = fields.Enum(OrganizationKind, by_value=True, required=True)
    sector = fields.Enum(Sector, by_value=True, required=True)
    state = fields.Enum(OrganizationState, by_value=True, required=True)
    languages = fields.List(fields.Enum(Language, by_value=True), required=True)
    enterprise_number = fields.String(required=True, allow_none=True)
    phone = fields.String(required=True)
    is_sole_operator = fields.Boolean(required=True)
    avoids = fields.List(fields.Enum(Allergen, by_value=True), required=True)
    created_at = fields.AwareDateTime(required=True)


class SiteDumpSchema(Schema):
    """A place with its exact address: for the organization's own people and coordinators."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    address = fields.String(required=True)
    postal_code = fields.String(required=True)
    borough = fields.String(required=True)
    latitude = fields.Float(required=True)
    longitude = fields.Float(required=True)
    access_notes = fields.String(required=True)


@bp.operation(
    "GET",
    "/organizations/<organization_id>/participation",
    Permission.ORGANIZATION_READ,
    "Lire l’entente de participation",
    gives=ParticipationDumpSchema,
)
def participation(session: Session, actor: Actor, organization_id: str) -> dict[str, Any]:
    """What the organization accepted last; 404 while it accepted nothing."""
    found = service.participation(session, actor, readable(session, actor, organization_id).id)
    if found is None:
        raise NotFound
    return {
        "id": found.public_id,
        "version": found.version,
        "text_fr": found.text_fr,
        "text_en": found.text_en,
        "hash": found.hash,
        "capacity": found.mandate.capacity,
        "accepted_at": found.accepted_at,
        "notice_at": found.notice_at,
        "ends_at": found.ends_at,
    }


@bp.operation(
    "GET",
    "/organizations",
    Permission.ORGANIZATION_READ,
    "Lister les organismes qu’on peut lire",
    gives=OrganizationDumpSchema,
    many=True,
)
def organizations(session: Session, actor: Actor) -> list[dict[str, Any]]:
    """One's own organizations; every one, applications too, for the coordination."""
    return [_organization(each) for each in service.readable_organizations(session, actor)]


@bp.operation(
    "GET",
    "/organizations/<organization_id>",
    Permission.ORGANIZATION_READ,
    "Lire un organisme",
    gives=OrganizationDumpSchema,
)
def organization(session: Session, actor: Actor, organization_id: str) -> Given:
    """One organization, with its ETag."""
    return _given(readable(session, actor, organization_id))


@bp.operation(
    "PATCH",
    "/organizations/<organization_id>",
    Permission.ORGANIZATION_EDIT,
    "Modifier un organisme",
    takes=OrganizationTermsSchema,
    partly=True,
    gives=OrganizationDumpSchema,
)
def edit(session: Session, actor: Actor, changed: dict[str, Any], organization_id: str) -> Given:
    """Change what is named; 412 when somebody edited it meanwhile, 428 without If-Match."""
    found = readable(session, actor, organization_id)
    version = version_read(organization_id)
    draft = service.OrganizationDraft(
        found.name,
        found.kind,
        found.sector,
        found.languages,
        found.enterprise_number or "",
        found.phone,
        found.avoids,
    )
    service.edit(
        session, actor, found.id, replace(draft, **changed), version=version, now=utc_now()
    )
    return _given(service.organization(session, found.id))


@bp.operation(
    "POST",
    "/organizations/<organization_id>/sole-operator",
    Permission.ORGANIZATION_READ,
    "Dire si une personne est l’organisme à elle seule",
    takes=SoleOperatorSchema,
    gives=OrganizationDumpSchema,
)
def flag_sole_operator(session: Session, actor: Actor, sole: bool, organization_id: str) -> Given:
    """For its managers and for coordinators: its rows then need that person's own yes too."""
    found = readable(session, actor, organization_id)
    service.flag_sole_operator(session, actor, found.id, sole=sole, now=utc_now())
    return _given(service.organization(session, found.id))


def _decision(answer: str, says: str) -> Any:
    return bp.operation(
        "POST",
        f"/organizations/<organization_id>/{answer}",
        Permission.ORGANIZATION_ACCEPT,
        says,
        gives=OrganizationDumpSchema,
    )


@_decision("accept", "Accepter une demande d’adhésion")
def accept(session: Session, actor: Actor, organization_id: str) -> Given:
    """Accept an application; the organization is told."""
    return _decided(session, actor, organization_id, accept=True)


@_decision("refuse", "Refuser une demande d’adhésion")
def refuse(session: Session, actor: Actor, organization_id: str) -> Given:
    """Refuse an application; the organization is told."""
    return _decided(session, actor, organization_id, accept=False)


@bp.operation(
    "GET",
    "/organizations/<organization_id>/sites",
    Permission.ORGANIZATION_READ,
    "Lister les lieux d’un organisme",
    gives=SiteDumpSchema,
    many=True,
)
def sites(session: Session, actor: Actor, organization_id: str) -> list[dict[str, Any]]:
    """The places with their exact addresses."""
    found = readable(session, actor, organization_id)
    return [_site(each) for each in service.sites_of(session, found.id)]


@bp.operation(
    "POST",
    "/organizations/<organization_id>/sites",
    Permission.ORGANIZATION_EDIT,
    "Ajouter un lieu",
    takes=SiteSchema,
    gives=SiteDumpSchema,
    status=201,
)
def add_site(
    session: Session, actor: Actor, site: service.SiteDraft, organization_id: str
) -> dict[str, Any]:
    """Add a place; ``place`` is a postal code or a borough of the island."""
    found = readable(session, actor, organization_id)
    id_ = service.add_site(session, actor, found.id, site, public_id=new_public_id(), now=utc_now())
    return _site(service.sites(session, frozenset({id_}))[id_])


def _decided(session: Session, actor: Actor, public_id: str, *, accept: bool) -> Given:
    found = readable(session, actor, public_id)
    service.decide(session, actor, found.id, accept=accept, now=utc_now())
    return _given(service.organization(session, found.id))


def _given(found: service.OrganizationFacts) -> Given:
    return Given(_organization(found), etag_of(found.public_id, found.version))


def _organization(found: service.OrganizationFacts) -> dict[str, Any]:
    return {
        "id": found.public_id,
        "version": found.version,
        "name": found.name,
        "kind": found.kind,
        "sector": found.sector,
        "state": found.state,
        "languages": [Language(each) for each in found.languages],
        "enterprise_number": found.enterprise_number,
        "phone": found.phone,
        "is_sole_operator": found.is_sole_operator,
        "avoids": found.avoids,
        "created_at": found.created_at,
    }


def _site(found: service.SiteFacts) -> dict[str, Any]:
    return {
        "id": found.public_id,
        "name": found.name,
        "address": found.address,
        "postal_code": found.postal_code,
        "borough": found.borough,
        "latitude": found.point.lat,
        "longitude": found.point.lon,
        "access_notes": found.access_notes,
    }
