"""What people type and programs send to start a network, write lessons and bring a kit."""

import re
from base64 import b64decode
from binascii import Error as NotBase64
from dataclasses import dataclass
from typing import Any

from marshmallow import Schema, fields, post_load

from mutuali.consent.rules import Purpose
from mutuali.founding.rules import (
    LONGEST_TITLE,
    LONGEST_WORDS,
    MOST_BYTES,
    LessonDraft,
    Part,
)
from mutuali.founding.service import SaidOperator
from mutuali.network.rules import OperatorDraft
from mutuali.organizations.rules import Capacity, Mandate, Office, OfficeDraft
from mutuali.web.parsing import Email, OneOf, Text, refuse_field

#: A kit as text: four letters for three bytes.
_MOST_TEXT = MOST_BYTES * 4 // 3 + 4


class OperatorFormSchema(Schema):
    """The legal person that answers, and who signs for it."""

    name = Text(longest=160, required=True)
    enterprise_number = Text(longest=20, load_default="")
    address = Text(longest=200, load_default="")
    contact = Email(required=True)
    signs = Text(longest=10, load_default="")
    capacity = OneOf(Capacity, load_default=None)
    resolution = Text(longest=60, load_default="")
    resolved_on = fields.Date(load_default=None)
    signer_email = Email(load_default="")

    @post_load
    def to_said(self, data: dict[str, Any], **_: object) -> SaidOperator:
        draft = OperatorDraft(
            data["name"],
            re.sub(r"\s", "", data["enterprise_number"]),
            data["address"],
            data["contact"],
        )
        mandate = None
        if data["signs"] == "me":
            if data["capacity"] is None:
                raise refuse_field("capacity", "field.missing")
            mandate = Mandate(data["capacity"], data["resolution"], data["resolved_on"])
        if data["signs"] == "other" and not data["signer_email"]:
            raise refuse_field("signer_email", "field.missing")
        invited = data["signer_email"] if data["signs"] == "other" else ""
        return SaidOperator(draft, mandate, invited)


@dataclass(frozen=True, slots=True)
class SaidName:
    """A name and the words of a logo; ``no_logo`` takes the present one away."""

    name: str
    alt_fr: str
    alt_en: str
    no_logo: bool


class NameFormSchema(Schema):
    """What the network is called; a picture comes beside."""

    name = Text(longest=60, required=True)
    alt_fr = Text(longest=120, load_default="")
    alt_en = Text(longest=120, load_default="")
    no_logo = fields.Boolean(load_default=False)

    @post_load
    def to_said(self, data: dict[str, Any], **_: object) -> SaidName:
        return SaidName(**data)


@dataclass(frozen=True, slots=True)
class SaidRegion:
    """Where the network serves, nowhere named being everywhere; whether in English too."""

    boroughs: tuple[str, ...]
    english: bool


class RegionFormSchema(Schema):
    """Boroughs and languages."""

    boroughs = fields.List(Text(longest=60), load_default=list)
    english = fields.Boolean(load_default=False)

    @post_load
    def to_said(self, data: dict[str, Any], **_: object) -> SaidRegion:
        return SaidRegion(tuple(data["boroughs"]), data["english"])


class OfficerFormSchema(Schema):
    """The person in charge; without a writing, the highest authority itself."""

    name = Text(longest=120, required=True)
    title = Text(longest=120, required=True)
    contact = Email(required=True)
    delegated_on = fields.Date(load_default=None)
    delegation = Text(longest=200, load_default="")

    @post_load
    def to_draft(self, data: dict[str, Any], **_: object) -> OfficeDraft:
        return OfficeDraft(Office.PERSON_IN_CHARGE, **data)


class PurposesFormSchema(Schema):
    """Which purposes the network will ask for."""

    purposes = fields.List(Text(longest=60), load_default=list)

    @post_load
    def to_values(self, data: dict[str, Any], **_: object) -> tuple[str, ...]:
        chosen = set(data["purposes"])
        if not chosen <= {each.value for each in Purpose}:
            raise refuse_field("purposes", "field.not_a_choice")
        return tuple(each.value for each in Purpose if each.value in chosen)


class FirstFormSchema(Schema):
    """A file of organizations once it was looked at; ``keep_good`` leaves the bad lines out."""

    content = Text(longest=300_000, required=True)
    keep_good = fields.Boolean(load_default=False)


class NetworkTermsSchema(Schema):
    """What changes of the network, by the API: only what is named."""

    operator_name = Text(longest=160, shortest=1)
    operator_address = Text(longest=200)
    operator_contact = Email()
    name = Text(longest=60)
    boroughs = fields.List(Text(longest=60))
    english = fields.Boolean()
    purposes = fields.List(OneOf(Purpose))


class LessonFormSchema(Schema):
    """A lesson, French needed, English all or nothing."""

    title_fr = Text(longest=LONGEST_TITLE, required=True)
    tried_fr = Text(longest=LONGEST_WORDS, required=True)
    happened_fr = Text(longest=LONGEST_WORDS, required=True)
    again_fr = Text(longest=LONGEST_WORDS, required=True)
    title_en = Text(longest=LONGEST_TITLE, load_default="")
    tried_en = Text(longest=LONGEST_WORDS, load_default="")
    happened_en = Text(longest=LONGEST_WORDS, load_default="")
    again_en = Text(longest=LONGEST_WORDS, load_default="")

    @post_load
    def to_draft(self, data: dict[str, Any], **_: object) -> LessonDraft:
        return LessonDraft(**data)


class PublicFormSchema(Schema):
    """Whether everybody may take the kit."""

    public = fields.Boolean(load_default=False)


@dataclass(frozen=True, slots=True)
class SentKit:
    """A kit and what to take of it; ``dry_run`` only looks."""

    content: bytes
    parts: tuple[Part, ...]
    dry_run: bool


class KitSchema(Schema):
    """A kit in base64, and what to take of it."""

    content = Text(longest=_MOST_TEXT, required=True)
    parts = fields.List(OneOf(Part), load_default=list)
    dry_run = fields.Boolean(load_default=False)

    @post_load
    def to_sent(self, data: dict[str, Any], **_: object) -> SentKit:
        try:
            content = b64decode(data["content"], validate=True)
        except (NotBase64, ValueError):
            raise refuse_field("content", "kit.not_a_zip") from None
        return SentKit(content, tuple(dict.fromkeys(data["parts"])), data["dry_run"])
