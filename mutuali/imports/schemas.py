"""What people type and programs send to bring a spreadsheet back."""

from marshmallow import Schema, fields

from mutuali.imports.rules.own import MOST_BYTES, OwnKind
from mutuali.web.parsing import OneOf, Text


class OwnFileSchema(Schema):
    """The text of a CSV file; ``dry_run`` checks it all and writes nothing."""

    content = Text(longest=MOST_BYTES, required=True)
    dry_run = fields.Boolean(load_default=False)


class OwnFormSchema(Schema):
    """Which file it is; the file itself, or its text once it was looked at, comes beside."""

    kind = OneOf(OwnKind, required=True)
    content = Text(longest=MOST_BYTES, load_default="")
