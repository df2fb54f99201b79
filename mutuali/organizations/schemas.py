"""What people type about their organization."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from marshmallow import Schema, fields, post_load

from mutuali.core.period import instant_at, local_midnight
from mutuali.core.permissions import Role
from mutuali.core.places import locate, normalize_postal_code
from mutuali.organizations.rules import (
    Allergen,
    Capacity,
    DocumentDraft,
    DocumentKind,
    Language,
    Mandate,
    Office,
    OfficeDraft,
    OrganizationKind,
    Sector,
)
from mutuali.organizations.service import OrganizationDraft, SiteDraft
from mutuali.web.parsing import Email, OneOf, Text, refuse_field


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
    enterprise_number = Text(longest=20, load_default="")
    phone = Text(longest=30, load_default="")
    avoids = fields.List(OneOf(Allergen), load_default=list)

    @post_load
    def to_draft(self, data: dict[str, Any], **_: object) -> Any:
        return draft_of(data)


def draft_of(data: dict[str, Any]) -> OrganizationDraft:
    """The draft behind the fields of a form; French when no language is ticked."""
    languages = tuple(each for each in data["languages"] if each in {"fr", "en"}) or ("fr",)
    return OrganizationDraft(
        data["name"],
        data["kind"],
        data["sector"],
        languages,
        re.sub(r"\s", "", data["enterprise_number"]),
        data["phone"],
        tuple(dict.fromkeys(data["avoids"])),
    )


class ApplicationSchema(OrganizationSchema):
    """An organization and its first place."""

    site_name = Text(longest=120, required=True)
    address = Text(longest=200, required=True)
    place = Text(longest=120, required=True)
    access_notes = Text(longest=1000, load_default="")

    @post_load
    def to_draft(self, data: dict[str, Any], **_: object) -> Any:
        return draft_of(data), site_of(data)


class OrganizationTermsSchema(OrganizationSchema):
    """What changes of it, by the API: only what is named."""

    languages = fields.List(OneOf(Language))
    avoids = fields.List(OneOf(Allergen))

    @post_load
    def to_draft(self, data: dict[str, Any], **_: object) -> dict[str, Any]:
        if "languages" in data:
            spoken = tuple(language.value for language in data["languages"])
            data["languages"] = spoken or (Language.FRENCH.value,)
        if "avoids" in data:
            data["avoids"] = tuple(dict.fromkeys(data["avoids"]))
        if "enterprise_number" in data:
            data["enterprise_number"] = re.sub(r"\s", "", data["enterprise_number"])
        return data


class InvitationSchema(Schema):
    """Whom to invite, as what."""

    email = Email(required=True)
    role = fields.String(load_default=Role.MEMBER.value)

    @post_load
    def to_pair(self, data: dict[str, Any], **_: object) -> tuple[str, Role]:
        role = Role.MANAGER if data["role"] == Role.MANAGER.value else Role.MEMBER
        return data["email"], role


class DelegationSchema(Schema):
    """Who may decide for us, from the start of which day (none: now) to the end of which."""

    delegate = Email(required=True)
    starts_on = fields.Date(load_default=None)
    ends_on = fields.Date(required=True)

    @post_load
    def to_span(self, data: dict[str, Any], **_: object) -> tuple[str, datetime | None, datetime]:
        starts_on = data["starts_on"]
        try:
            start = None if starts_on is None else local_midnight(starts_on)
        except (OverflowError, ValueError):  # a day at the very end or start of the calendar
            raise refuse_field("starts_on", "delegation.starts_after_end") from None
        try:
            return data["delegate"], start, instant_at(data["ends_on"], time(23, 59))
        except OverflowError:  # the last day of the calendar ends after it in UTC
            raise refuse_field("ends_on", "delegation.end_in_past") from None


class OfficeSchema(Schema):
    """Who answers for what, since which writing."""

    office = OneOf(Office, required=True)
    name = Text(longest=120, required=True)
    title = Text(longest=120, required=True)
    contact = Email(required=True)
    delegated_on = fields.Date(load_default=None)
    delegation = Text(longest=200, load_default="")
    competence = Text(longest=1000, load_default="")
    is_external = fields.Boolean(load_default=False)

    @post_load
    def to_draft(self, data: dict[str, Any], **_: object) -> OfficeDraft:
        return OfficeDraft(**data)


class MandateSchema(Schema):
    """By what right somebody says yes."""

    capacity = OneOf(Capacity, required=True)
    resolution = Text(longest=60, load_default="")
    resolved_on = fields.Date(load_default=None)

    @post_load
    def to_mandate(self, data: dict[str, Any], **_: object) -> Any:
        return _mandate(data)


class ParticipationSchema(MandateSchema):
    """A yes to the text with this hash, by a right."""

    hash = Text(longest=64, required=True)

    @post_load
    def to_mandate(self, data: dict[str, Any], **_: object) -> Any:
        return data["hash"], _mandate(data)


def _mandate(data: dict[str, Any]) -> Mandate:
    return Mandate(data["capacity"], data["resolution"], data["resolved_on"])


class SoleOperatorSchema(Schema):
    """Whether one person is the organization."""

    sole = fields.Boolean(required=True)

    @post_load
    def to_flag(self, data: dict[str, Any], **_: object) -> bool:
        return bool(data["sole"])


@dataclass(frozen=True, slots=True)
class SaidDocument:
    """What a form says of a document whose kind its address tells."""

    member: str
    person_name: str
    licence: str
    training: str
    reference: str
    expires_on: date | None


class DocumentFormSchema(Schema):
    """The form of a document: ``training`` from the list, or ``other_training`` by its name;
    ``member`` by public id, or ``person_name``."""

    licence = Text(longest=1, load_default="")
    training = Text(longest=20, load_default="")
    other_training = Text(longest=100, load_default="")
    member = Text(longest=22, load_default="")
    person_name = Text(longest=120, load_default="")
    reference = Text(longest=60, load_default="")
    expires_on = fields.Date(load_default=None)

    @post_load
    def to_said(self, data: dict[str, Any], **_: object) -> Any:
        """(who, detail of a licence, detail of a training, reference, last day)."""
        return SaidDocument(
            data["member"],
            data["person_name"],
            data["licence"],
            data["other_training"] or data["training"],
            data["reference"],
            data["expires_on"],
        )


class DocumentSchema(Schema):
    """A document, by the API. ``detail``: the class of a licence (5, 3, 2, 1), a training by its
    code or name. Who a licence or a training is about: ``member`` by id, or ``person_name``."""

    kind = OneOf(DocumentKind, required=True)
    detail = Text(longest=100, load_default="")
    member = Text(longest=22, load_default="")
    person_name = Text(longest=120, load_default="")
    reference = Text(longest=60, load_default="")
    expires_on = fields.Date(load_default=None, allow_none=True)

    @post_load
    def to_pair(self, data: dict[str, Any], **_: object) -> tuple[str, DocumentDraft]:
        member = data.pop("member")
        return member, DocumentDraft(**data)


class DocumentReasonSchema(Schema):
    """Why a document is not good."""

    reason = Text(longest=500, load_default="")
