"""What can be amiss with an organization itself, as questions to the database."""

from datetime import timedelta

from sqlalchemy import ColumnElement, Select, case, func, or_, select

from mutuali.core.permissions import Role
from mutuali.counts import NOW, ORGANIZATION, Amiss, ago, amiss_among, missing_unless
from mutuali.organizations.models import (
    Delegation,
    Document,
    Invitation,
    Membership,
    OfficeHolder,
    Organization,
    Participation,
    Signatory,
    Site,
)
from mutuali.organizations.rules import Office

#: A delegation that lasts longer is no replacement for some weeks any more.
_DELEGATION_DAYS = timedelta(days=90)
#: So long after it ran out, a document serves nobody.
_DOCUMENT_DAYS = timedelta(days=30)


def members_of() -> Select[int]:
    """Everybody who acts for it."""
    return select(Membership.person_id).where(Membership.organization_id == ORGANIZATION)


def managers_of() -> Select[int]:
    """Who manages it."""
    return members_of().where(Membership.role == Role.MANAGER)


def alone() -> Amiss:
    """One is amiss while fewer than two manage it."""
    return select(case((func.count() > 1, 0), else_=1)).where(
        Membership.organization_id == ORGANIZATION, Membership.role == Role.MANAGER
    )


def invitations_past() -> Amiss:
    """How many invitations ran out and nobody took them away."""
    return select(func.count(Invitation.id)).where(
        Invitation.organization_id == ORGANIZATION,
        Invitation.accepted_at.is_(None),
        Invitation.expires_at < NOW,
    )


def long_delegations() -> Amiss:
    """How many delegations last for more than 90 days from now."""
    return amiss_among(
        Delegation.ends_at > ago(-_DELEGATION_DAYS),
        Delegation.organization_id == ORGANIZATION,
        Delegation.revoked_at.is_(None),
        Delegation.ends_at > NOW,
    )


def access_notes_with_addresses() -> Amiss:
    """How many places tell an e-mail address where they say how to get in."""
    return amiss_among(Site.access_notes.contains("@"), Site.organization_id == ORGANIZATION)


def places_without_access(used: Select[int]) -> Amiss:
    """How many of the places in ``used`` do not say how to get in."""
    return amiss_among(
        Site.access_notes == "", Site.organization_id == ORGANIZATION, Site.id.in_(used)
    )


def documents_past() -> Amiss:
    """How many documents are kept though they ran out a month ago."""
    return select(func.count(Document.id)).where(
        Document.organization_id == ORGANIZATION,
        Document.expires_on < func.date(ago(_DOCUMENT_DAYS)),
    )


def without_participation() -> Amiss:
    """One is amiss while its participation agreement is not signed, or notice was given."""
    return missing_unless(
        Participation.organization_id == ORGANIZATION,
        Participation.accepted_at <= NOW,
        or_(Participation.notice_at.is_(None), Participation.notice_at > NOW),
    )


def without_signatory() -> Amiss:
    """One is amiss while nobody is named who may sign for it."""
    return missing_unless(Signatory.organization_id == ORGANIZATION, Signatory.ended_at.is_(None))


def without_number() -> Amiss:
    """One is amiss while its enterprise number is not noted."""
    return _lacks_column(Organization.enterprise_number.is_not(None))


def without_phone() -> Amiss:
    """One is amiss while it does not say its telephone."""
    return _lacks_column(Organization.phone != "")


def _lacks_column(said: ColumnElement[bool]) -> Amiss:
    return missing_unless(Organization.id == ORGANIZATION, said)


def without_officer() -> Amiss:
    """One is amiss while the operator names nobody in charge of personal information."""
    return _vacant(Office.PERSON_IN_CHARGE)


def without_qualified_person() -> Amiss:
    """One is amiss while the operator names nobody who is competent in anonymization."""
    return _vacant(Office.QUALIFIED_PERSON)


def _vacant(office: Office) -> Amiss:
    return missing_unless(OfficeHolder.office == office, OfficeHolder.ended_at.is_(None))
