"""Who may do what, and over whom: one table, deny by default."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from mutuali.core.errors import Forbidden


class Role(StrEnum):
    """What a person is: the first two within an organization, ``delegate`` over those that named
    them for a time, the rest over the whole network."""

    MEMBER = "member"
    MANAGER = "manager"
    DELEGATE = "delegate"
    COORDINATOR = "coordinator"
    STEWARD = "steward"
    ANALYST = "analyst"
    ADMINISTRATOR = "administrator"
    REVIEWER = "reviewer"


#: Roles that an administrator gives over the whole network.
NETWORK_ROLES = frozenset(
    {Role.COORDINATOR, Role.STEWARD, Role.ANALYST, Role.ADMINISTRATOR, Role.REVIEWER}
)


class Permission(StrEnum):
    """``feature.deed``."""

    ORGANIZATION_READ = "organization.read"
    ORGANIZATION_EDIT = "organization.edit"
    ORGANIZATION_ACCEPT = "organization.accept"
    DOCUMENT_READ = "document.read"
    DOCUMENT_CHECK = "document.check"
    MEMBER_INVITE = "member.invite"
    DELEGATION_GIVE = "delegation.give"
    PARTICIPATION_ACCEPT = "participation.accept"
    OFFICE_NAME = "office.name"
    ROLE_GRANT = "role.grant"
    LISTING_EDIT = "listing.edit"
    AVAILABILITY_READ = "availability.read"
    BOOKING_REQUEST = "booking.request"
    BOOKING_READ = "booking.read"
    BOOKING_DECIDE_AS_LENDER = "booking.decide_as_lender"
    BOOKING_DECIDE_FOR_NETWORK = "booking.decide_for_network"
    BOOKING_CARRY_OUT = "booking.carry_out"
    MESSAGE_READ = "message.read"
    MESSAGE_WRITE = "message.write"
    MESSAGE_MODERATE = "message.moderate"
    CONSENT_ANSWER = "consent.answer"
    CONSENT_READ = "consent.read"
    CONSENT_OWN = "consent.own"
    #: What is kept about oneself: everybody who is signed in, a program only when it was let.
    DATA_OWN = "data.own"
    NOTICE_PUBLISH = "notice.publish"
    CALL_ANSWER = "call.answer"
    VOICE_ANSWER = "voice.answer"
    AGREEMENT_DRAFT = "agreement.draft"
    AGREEMENT_SIGN_AS_OPERATOR = "agreement.sign_as_operator"
    AGREEMENT_SIGN_AS_PARTNER = "agreement.sign_as_partner"
    AGREEMENT_READ = "agreement.read"
    EXPORT_READ = "export.read"
    EXPORT_REQUEST = "export.request"
    EXPORT_DECIDE = "export.decide"
    EXPORT_REVIEW = "export.review"
    EXPORT_DOWNLOAD = "export.download"
    REGISTER_KEEP = "register.keep"
    ASSESSMENT_WRITE = "assessment.write"
    AUDIT_READ = "audit.read"
    IMPORT = "import"
    #: Who answers, its name, where it serves.
    NETWORK_EDIT = "network.edit"
    #: What it asks for, and what it hands to other networks.
    NETWORK_SHARE = "network.share"


class Reach(StrEnum):
    """Whose affairs a permission extends to."""

    OWN = "own"
    DELEGATED = "delegated"
    ALL = "all"


_MEMBER = {
    Permission.ORGANIZATION_READ: Reach.OWN,
    Permission.DOCUMENT_READ: Reach.OWN,
    Permission.LISTING_EDIT: Reach.OWN,
    Permission.AVAILABILITY_READ: Reach.ALL,
    Permission.BOOKING_REQUEST: Reach.OWN,
    Permission.BOOKING_READ: Reach.OWN,
    Permission.BOOKING_DECIDE_AS_LENDER: Reach.OWN,
    Permission.BOOKING_CARRY_OUT: Reach.OWN,
    Permission.MESSAGE_READ: Reach.OWN,
    Permission.MESSAGE_WRITE: Reach.OWN,
    Permission.CONSENT_READ: Reach.OWN,
    Permission.CONSENT_OWN: Reach.OWN,
    Permission.DATA_OWN: Reach.OWN,
}

GRANTS: Mapping[Role, Mapping[Permission, Reach]] = {
    Role.MEMBER: _MEMBER,
    Role.MANAGER: {
        **_MEMBER,
        Permission.ORGANIZATION_EDIT: Reach.OWN,
        Permission.MEMBER_INVITE: Reach.OWN,
        Permission.DELEGATION_GIVE: Reach.OWN,
        Permission.PARTICIPATION_ACCEPT: Reach.OWN,
        Permission.CONSENT_ANSWER: Reach.OWN,
        Permission.AGREEMENT_SIGN_AS_PARTNER: Reach.OWN,
        Permission.AGREEMENT_READ: Reach.OWN,
    },
    Role.DELEGATE: {
        Permission.DATA_OWN: Reach.DELEGATED,
        Permission.AVAILABILITY_READ: Reach.ALL,
        Permission.BOOKING_READ: Reach.DELEGATED,
        Permission.BOOKING_DECIDE_AS_LENDER: Reach.DELEGATED,
    },
    Role.COORDINATOR: {
        Permission.DATA_OWN: Reach.ALL,
        Permission.CONSENT_OWN: Reach.ALL,
        Permission.CALL_ANSWER: Reach.ALL,
        Permission.VOICE_ANSWER: Reach.ALL,
        Permission.DOCUMENT_READ: Reach.ALL,
        Permission.DOCUMENT_CHECK: Reach.ALL,
        Permission.ORGANIZATION_READ: Reach.ALL,
        Permission.ORGANIZATION_ACCEPT: Reach.ALL,
        Permission.AVAILABILITY_READ: Reach.ALL,
        Permission.BOOKING_REQUEST: Reach.ALL,
        Permission.BOOKING_READ: Reach.ALL,
        Permission.BOOKING_DECIDE_AS_LENDER: Reach.ALL,
        Permission.BOOKING_DECIDE_FOR_NETWORK: Reach.ALL,
        Permission.BOOKING_CARRY_OUT: Reach.ALL,
        #: What was reported, and nothing else: messages are between the two parties.
        Permission.MESSAGE_MODERATE: Reach.ALL,
    },
    Role.STEWARD: {
        Permission.DATA_OWN: Reach.ALL,
        Permission.NOTICE_PUBLISH: Reach.ALL,
        Permission.CALL_ANSWER: Reach.ALL,
        Permission.VOICE_ANSWER: Reach.ALL,
        Permission.AGREEMENT_DRAFT: Reach.ALL,
        Permission.AGREEMENT_SIGN_AS_OPERATOR: Reach.ALL,
        Permission.AGREEMENT_READ: Reach.ALL,
        Permission.EXPORT_READ: Reach.ALL,
        Permission.EXPORT_DECIDE: Reach.ALL,
        Permission.REGISTER_KEEP: Reach.ALL,
        Permission.EXPORT_REVIEW: Reach.ALL,
        Permission.ASSESSMENT_WRITE: Reach.ALL,
        Permission.NETWORK_SHARE: Reach.ALL,
        Permission.AUDIT_READ: Reach.ALL,
    },
    #: Often shared with other networks: the built bundles they are asked about, and nothing else.
    Role.REVIEWER: {
        Permission.DATA_OWN: Reach.ALL,
        Permission.EXPORT_REVIEW: Reach.ALL,
    },
    Role.ANALYST: {
        Permission.DATA_OWN: Reach.ALL,
        Permission.EXPORT_READ: Reach.ALL,
        Permission.EXPORT_REQUEST: Reach.ALL,
        Permission.EXPORT_DOWNLOAD: Reach.ALL,
    },
    Role.ADMINISTRATOR: {
        Permission.DATA_OWN: Reach.ALL,
        Permission.ROLE_GRANT: Reach.ALL,
        Permission.OFFICE_NAME: Reach.ALL,
        Permission.ORGANIZATION_READ: Reach.ALL,
        Permission.ORGANIZATION_ACCEPT: Reach.ALL,
        Permission.AUDIT_READ: Reach.ALL,
        Permission.IMPORT: Reach.ALL,
        Permission.NETWORK_EDIT: Reach.ALL,
        Permission.NETWORK_SHARE: Reach.ALL,
    },
}


@dataclass(frozen=True, slots=True)
class Actor:
    """The person on whose behalf a use case runs: plain values, no row of a table.

    ``person_id`` is None for a visitor and for the system itself; ``memberships`` maps an
    organization's id to the role held there; ``delegated`` are the organizations that let this
    person decide for now; ``scopes`` limits an API token, None means no limit; ``organization_id``
    is the organization the person acts for at the moment. ``second_factor`` tells whether their
    login, or the one that made their token, passed a second factor; without it the roles over the
    network are ``withheld`` and ``roles`` is empty.
    """

    person_id: int | None = None
    memberships: Mapping[int, Role] = field(default_factory=dict, hash=False)
    delegated: frozenset[int] = frozenset()
    roles: frozenset[Role] = frozenset()
    withheld: frozenset[Role] = frozenset()
    second_factor: bool = False
    scopes: frozenset[str] | None = None
    organization_id: int | None = None
    is_system: bool = False

    @property
    def is_visitor(self) -> bool:
        """Whether nobody is signed in."""
        return self.person_id is None and not self.is_system


#: Nobody in particular.
VISITOR = Actor()
#: The software itself, for jobs and commands; it may do everything and is named in the log.
SYSTEM = Actor(is_system=True)


def reach_of(actor: Actor, permission: Permission) -> frozenset[int] | None:
    """The organizations over which ``actor`` holds ``permission``; None means all of them."""
    if actor.is_system:
        return None
    if actor.scopes is not None and permission.value not in actor.scopes:
        return frozenset()
    if any(GRANTS[role].get(permission) is Reach.ALL for role in actor.roles):
        return None
    if any(GRANTS[role].get(permission) is Reach.ALL for role in actor.memberships.values()):
        return None
    if actor.delegated and GRANTS[Role.DELEGATE].get(permission) is Reach.ALL:
        return None
    own = {
        organization_id
        for organization_id, role in actor.memberships.items()
        if GRANTS[role].get(permission) is Reach.OWN
    }
    if GRANTS[Role.DELEGATE].get(permission) is Reach.DELEGATED:
        own |= actor.delegated
    return frozenset(own)


def may(actor: Actor, permission: Permission, *, over: int | None = None) -> bool:
    """Whether ``actor`` may do this to organization ``over``; to anything at all when None."""
    reach = reach_of(actor, permission)
    if reach is None:
        return True
    return bool(reach) if over is None else over in reach


def require(actor: Actor, permission: Permission, *, over: int | None = None) -> None:
    """Let ``actor`` act on the affairs of organization ``over``, or raise.

    Raises:
        Forbidden: no role of theirs holds the permission there, or only one that waits for a
            second factor (``account.second_factor_needed``).
    """
    if may(actor, permission, over=over):
        return
    if actor.withheld and may(replace(actor, roles=actor.withheld), permission, over=over):
        raise Forbidden("account.second_factor_needed")
    raise Forbidden(permission=permission.value)
