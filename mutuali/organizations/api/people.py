"""JSON doors of whom an organization knows: members, invitations, delegations, whom it trusts."""

from datetime import datetime
from typing import Any

from marshmallow import Schema, fields
from sqlalchemy.orm import Session

from mutuali.core.permissions import Actor, Permission, Role
from mutuali.organizations import service
from mutuali.organizations.api.door import bp, readable
from mutuali.organizations.schemas import DelegationSchema, InvitationSchema
from mutuali.web.clock import utc_now


class MemberDumpSchema(Schema):
    """A person who acts for the organization."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    email = fields.String(required=True)
    role = fields.Enum(Role, by_value=True, required=True)
    since = fields.AwareDateTime(required=True)


class InvitationDumpSchema(Schema):
    """An invitation that waits for an answer."""

    email = fields.String(required=True)
    role = fields.Enum(Role, by_value=True, required=True)
    expires_at = fields.AwareDateTime(required=True)


class DelegationDumpSchema(Schema):
    """A delegation in force or to come."""

    id = fields.Integer(required=True)
    person = fields.String(required=True)
    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)


class TrustedDumpSchema(Schema):
    """An organization whose requests may be approved at once."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    since = fields.AwareDateTime(required=True)


@bp.operation(
    "GET",
    "/organizations/<organization_id>/members",
    Permission.ORGANIZATION_READ,
    "Lister les membres d’un organisme",
    gives=MemberDumpSchema,
    many=True,
)
def members(session: Session, actor: Actor, organization_id: str) -> list[dict[str, Any]]:
    """Who acts for the organization, managers first."""
    found = readable(session, actor, organization_id)
    return [
        {
            "id": each.public_id,
            "name": each.name,
            "email": each.email,
            "role": each.role,
            "since": each.since,
        }
        for each in service.members(session, actor, found.id)
    ]


@bp.operation(
    "DELETE",
    "/organizations/<organization_id>/members/<person_id>",
    Permission.ORGANIZATION_READ,
    "Retirer une personne, ou quitter l’organisme",
    status=204,
)
def remove_member(session: Session, actor: Actor, organization_id: str, person_id: str) -> None:
    """Take a person out; anybody may leave, the last manager may not."""
    found = readable(session, actor, organization_id)
    service.remove_member(
        session,
        actor,
        found.id,
        service.member_by_public_id(session, actor, found.id, person_id).person_id,
        now=utc_now(),
    )


@bp.operation(
    "GET",
    "/organizations/<organization_id>/invitations",
    Permission.ORGANIZATION_READ,
    "Lister les invitations sans réponse",
    gives=InvitationDumpSchema,
    many=True,
)
def invitations(
    session: Session, actor: Actor, organization_id: str
) -> list[service.InvitationFacts]:
    """Invitations that wait for an answer."""
    found = readable(session, actor, organization_id)
    return service.invitations(session, actor, found.id, now=utc_now())


@bp.operation(
    "POST",
    "/organizations/<organization_id>/invitations",
    Permission.MEMBER_INVITE,
    "Inviter une personne",
    takes=InvitationSchema,
    status=204,
)
def invite(session: Session, actor: Actor, invited: tuple[str, Role], organization_id: str) -> None:
    """Send an invitation by e-mail; it lasts fourteen days."""
    found = readable(session, actor, organization_id)
    service.invite(session, actor, found.id, *invited, now=utc_now())


@bp.operation(
    "GET",
    "/organizations/<organization_id>/delegations",
    Permission.ORGANIZATION_READ,
    "Lister les délégations en vigueur",
    gives=DelegationDumpSchema,
    many=True,
)
def delegations(session: Session, actor: Actor, organization_id: str) -> list[dict[str, Any]]:
    """Who may decide for the organization, until when."""
    found = readable(session, actor, organization_id)
    return [
        {
            "id": each.id,
            "person": each.person_name,
            "starts_at": each.starts_at,
            "ends_at": each.ends_at,
        }
        for each in service.delegations(session, actor, found.id, now=utc_now())
    ]


@bp.operation(
    "POST",
    "/organizations/<organization_id>/delegations",
    Permission.DELEGATION_GIVE,
    "Déléguer les réponses",
    takes=DelegationSchema,
    status=204,
)
def delegate(
    session: Session,
    actor: Actor,
    given: tuple[str, datetime | None, datetime],
    organization_id: str,
) -> None:
    """Let a person decide for the organization, from the start of a day to the end of another."""
    found = readable(session, actor, organization_id)
    email, starts_at, ends_at = given
    service.delegate(session, actor, found.id, email, ends_at, starts_at=starts_at, now=utc_now())


@bp.operation(
    "DELETE",
    "/delegations/<int(max=2147483647):delegation_id>",
    Permission.DELEGATION_GIVE,
    "Terminer une délégation",
    status=204,
)
def end_delegation(session: Session, actor: Actor, delegation_id: int) -> None:
    """Take a delegation back at once."""
    service.end_delegation(session, actor, delegation_id, now=utc_now())


@bp.operation(
    "GET",
    "/organizations/<organization_id>/trusted",
    Permission.ORGANIZATION_READ,
    "Lister les organismes de confiance",
    gives=TrustedDumpSchema,
    many=True,
)
def trusted(session: Session, actor: Actor, organization_id: str) -> list[dict[str, Any]]:
    """Whom the organization trusts, by name."""
    found = readable(session, actor, organization_id)
    return [
        {"id": each.organization.public_id, "name": each.organization.name, "since": each.since}
        for each in service.trusted_by(session, actor, found.id)
    ]


@bp.operation(
    "PUT",
    "/organizations/<organization_id>/trusted/<borrower_id>",
    Permission.ORGANIZATION_EDIT,
    "Faire confiance à un organisme",
    status=204,
)
def trust(session: Session, actor: Actor, organization_id: str, borrower_id: str) -> None:
    """From now on its requests are approved at once, for listings that say so."""
    found = readable(session, actor, organization_id)
    borrower = service.by_public_id(session, borrower_id)
    service.trust(session, actor, found.id, borrower.id, now=utc_now())


@bp.operation(
    "DELETE",
    "/organizations/<organization_id>/trusted/<borrower_id>",
    Permission.ORGANIZATION_EDIT,
    "Ne plus faire confiance à un organisme",
    status=204,
)
def end_trust(session: Session, actor: Actor, organization_id: str, borrower_id: str) -> None:
    """Its requests wait for an answer again; what was approved stays."""
    found = readable(session, actor, organization_id)
    borrower = service.by_public_id(session, borrower_id)
    service.end_trust(session, actor, found.id, borrower.id, now=utc_now())
