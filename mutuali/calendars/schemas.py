"""What people type about agendas."""

from enum import StrEnum
from typing import Any

from marshmallow import Schema, post_load

from mutuali.calendars.service import FeedDraft
from mutuali.web.parsing import OneOf, Text


class Language(StrEnum):
    """The language of a feed's words."""

    FRENCH = "fr"
    ENGLISH = "en"


class FeedSchema(Schema):
    """A feed to be made; no listing: of all that the organization lends and borrows."""

    name = Text(longest=80, required=True)
    listing = Text(longest=22, load_default="")
    language = OneOf(Language, load_default=Language.FRENCH)

    @post_load
    def to_draft(self, data: dict[str, Any], **_: object) -> FeedDraft:
        return FeedDraft(data["name"], data["language"].value, data["listing"])


class ExternalSchema(Schema):
    """An agenda of somebody else; its file, where there is one, comes beside."""

    name = Text(longest=80, required=True)
    listing = Text(longest=22, load_default="")
    address = Text(longest=2000, load_default="")
