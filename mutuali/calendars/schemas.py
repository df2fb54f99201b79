"""What people type about agendas."""

from datetime import date
from enum import StrEnum
from typing import Any

from marshmallow import Schema, fields, post_load, validate

from mutuali.calendars.rules import View
from mutuali.calendars.service import FeedDraft
from mutuali.web.parsing import FIRST_YEAR, LAST_YEAR, OneOf, Text

_FIRST, _LAST = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)


class Language(StrEnum):
    """The language of a feed's words."""

    FRENCH = "fr"
    ENGLISH = "en"


class OwnFeedSchema(Schema):
    """A feed of one's own to be made."""

    name = Text(longest=80, required=True)
    language = OneOf(Language, load_default=Language.FRENCH)

    @post_load
    def to_draft(self, data: dict[str, Any], **_: object) -> FeedDraft:
        return FeedDraft(data["name"], data["language"].value, data.get("listing", ""))


class FeedSchema(OwnFeedSchema):
    """A feed to be made; no listing: of all that the organization lends and borrows."""

    listing = Text(longest=22, load_default="")


class AgendaSchema(Schema):
    """Which part of an agenda to show; no day: around today."""

    vue = OneOf(View, load_default=View.WEEK)
    jour = fields.Date(load_default=None, validate=validate.Range(_FIRST, _LAST))


class ExternalSchema(Schema):
    """An agenda of somebody else; its file, where there is one, comes beside."""

    name = Text(longest=80, required=True)
    listing = Text(longest=22, load_default="")
    address = Text(longest=2000, load_default="")
