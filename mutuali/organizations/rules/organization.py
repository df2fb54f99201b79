"""What an organization is, and what its parts may look like."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from mutuali.core.errors import Reason


class OrganizationKind(StrEnum):
    """What an organization mainly does; ``partner`` receives data, ``operator`` answers for all."""

    FOOD_BANK = "food_bank"
    COMMUNITY_KITCHEN = "community_kitchen"
    CATERER = "caterer"
    GROWER = "grower"
    GROCERY = "grocery"
    SCHOOL = "school"
    COMMUNITY_CENTRE = "community_centre"
    OTHER = "other"
    PARTNER = "partner"
    OPERATOR = "operator"


#: Kinds an organization may give itself when it applies.
APPLICANT_KINDS = tuple(
    kind
    for kind in OrganizationKind
    if kind not in {OrganizationKind.PARTNER, OrganizationKind.OPERATOR}
)


class Sector(StrEnum):
    """Who an organization belongs to."""

    COMMUNITY = "community"
    SOCIAL_ECONOMY = "social_economy"
    PUBLIC = "public"
    PRIVATE = "private"


class Language(StrEnum):
    """The languages people are answered in."""

    FRENCH = "fr"
    ENGLISH = "en"


class OrganizationState(StrEnum):
    """Where an application stands."""

    APPLIED = "applied"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    LEFT = "left"


INVITATION_LASTS = timedelta(days=14)
LONGEST_DELEGATION = timedelta(days=366)
_ENTERPRISE_NUMBER = re.compile(r"(11|22|33|88)[0-9]{8}")


def enterprise_number_objections(number: str) -> tuple[Reason, ...]:
    """Why ``number`` is no NEQ: ten digits, first 11, 22, 33 or 88 (REQ); empty is fine."""
    if not number or _ENTERPRISE_NUMBER.fullmatch(number):
        return ()
    return (Reason("organization.enterprise_number_invalid", {}, "enterprise_number"),)


def kind_objections(
    kind: OrganizationKind, current: OrganizationKind | None = None
) -> tuple[Reason, ...]:
    """Why an organization may not call itself that: not for applicants, nor what it is already."""
    if kind in APPLICANT_KINDS or kind is current:
        return ()
    return (Reason("field.not_a_choice", {}, "kind"),)


def delegation_objections(
    starts_at: datetime, ends_at: datetime, now: datetime
) -> tuple[Reason, ...]:
    """Why a delegation may not run then: it ends in the past, before it starts, or more than a
    year ahead."""
    if not now < ends_at <= now + LONGEST_DELEGATION:
        return (Reason("delegation.end_in_past", {}, "ends_on"),)
    if starts_at >= ends_at:
        return (Reason("delegation.starts_after_end", {}, "starts_on"),)
    return ()


def contributors(
    organizations: Iterable[tuple[int, int | None, str | None]],
) -> dict[int, int]:
    """Organization id -> the smallest id among those that count as one contributor with it.

    Takes (id, parent's id, enterprise number): a parent and its children are one, and so are all
    with the same enterprise number, however long the chain.
    """
    stands_for: dict[int, int] = {}

    def root(id_: int) -> int:
        while stands_for.setdefault(id_, id_) != id_:
            stands_for[id_] = id_ = stands_for[stands_for[id_]]
        return id_

    by_number: dict[str, int] = {}
    for id_, parent_id, number in organizations:
        others = [parent_id] if parent_id is not None else []
        if number:
            others.append(by_number.setdefault(number, id_))
        for other in others:
            low, high = sorted((root(id_), root(other)))
            stands_for[high] = low
        root(id_)
    return {id_: root(id_) for id_ in stands_for}
