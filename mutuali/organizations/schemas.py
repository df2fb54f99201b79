"""What people type about their organization."""

from datetime import UTC, datetime, time
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load

from mutuali.core.period import instant_at
from mutuali.core.permissions import Role
from mutuali.core.places import locate, normalize_postal_code
from mutuali.organizations.rules import APPLICANT_KINDS, OrganizationKind, Sector
from mutuali.organizations.service import OrganizationDraft, SiteDraft
from mutuali.web.parsing import OneOf, Text, refuse_field


class SiteSchema(Schema):
    """A place: its point is the middle of the postal prefix, or of the borough."""

    site_name = Text(longest=120, required=True)
    address = Text(longest=200, required=True)
    place = Text(longest=120, required=True)
    access_notes = Text(longest=1000, load_default="")

    @post_load
    def to_site(self, data: dict[str, Any], **_: object) -> Any:
        return site_of(data)


def site_of(data: dict[str, Any]) -> SiteDraft:
    """The place that the fields of a form describe.

    Raises:
        ValidationError: neither a postal code nor a borough of the island.
    """
    located = locate(data["place"])
    if located is None:
        raise refuse_field("place", "site.place_unknown")
    point, borough = located
    code = normalize_postal_code(data["place"]) or ""
    return SiteDraft(data["site_name"], data["address"], code, borough, point, data["access_notes"])


class OrganizationSchema(Schema):
    """What an organization says of itself."""

    name = Text(longest=160, required=True)
    kind = OneOf(OrganizationKind, required=True)
    sector = OneOf(Sector, required=True)
    languages = fields.List(Text(longest=2), load_default=list)
    enterprise_number = Text(longest=10, load_default="")
    phone = Text(longest=30, load_default="")

    @post_load
    def to_draft(self, data: dict[str, Any], **_: object) -> Any:
        return draft_of(data)


def draft_of(data: dict[str, Any]) -> OrganizationDraft:
    """The draft behind the fields of a form; only kinds an applicant may have."""
    if data["kind"] not in APPLICANT_KINDS:
        raise refuse_field("kind", "field.not_a_choice")
    languages = tuple(each for each in data["languages"] if each in {"fr", "en"}) or ("fr",)
    return OrganizationDraft(
        data["name"],
        data["kind"],
        data["sector"],
        languages,
        data["enterprise_number"].replace(" ", ""),
        data["phone"],
    )


class ApplicationSchema(OrganizationSchema):
    """An organization and its first place."""

    site_name = Text(longest=120, required=True)
    address = Text(longest=200, required=True)
    place = Text(longest=120, required=True)
    access_notes = Text(longest=1000, load_default="")

    @post_load
    def to_draft(self, data: dict[str, Any], **_: object) -> Any:
        wrong: dict[str, Any] = {}
        made: list[Any] = []
        for make in (draft_of, site_of):
            try:
                made.append(make(data))
            except ValidationError as error:
                wrong |= error.messages_dict
        if wrong:
            raise ValidationError(wrong)
        return tuple(made)


class InvitationSchema(Schema):
    """Whom to invite, as what."""

    email = Text(longest=254, shortest=3, required=True)
    role = fields.String(load_default=Role.MEMBER.value)

    @post_load
    def to_pair(self, data: dict[str, Any], **_: object) -> tuple[str, Role]:
        role = Role.MANAGER if data["role"] == Role.MANAGER.value else Role.MEMBER
        return data["email"], role


class DelegationSchema(Schema):
    """Who may decide for us, until the end of which day."""

    email = Text(longest=254, required=True)
    ends_on = fields.Date(required=True)

    @post_load
    def to_pair(self, data: dict[str, Any], **_: object) -> tuple[str, datetime]:
        ends = instant_at(data["ends_on"], time(23, 59))
        return data["email"], ends.astimezone(UTC)
