"""JSON door of the report: do we need this data."""

from marshmallow import Schema, fields
from sqlalchemy.orm import Session

from mutuali.agreements.rules import Dataset
from mutuali.collecting import service
from mutuali.collecting.rules import Question
from mutuali.collecting.views import unread_columns
from mutuali.core.permissions import Actor, Permission
from mutuali.governance.rules import Rule
from mutuali.inventory.rules import Keep, Origin, Seen, Why
from mutuali.web.api import ApiBlueprint
from mutuali.web.clock import utc_now

bp = ApiBlueprint("collecting_api", "En avons-nous besoin?")


class UnreadSchema(Schema):
    """A stored column whose name the code reads nowhere."""

    table = fields.String(required=True)
    column = fields.String(required=True)
    origin = fields.Enum(Origin, by_value=True, required=True)


class FilledSchema(Schema):
    """An optional column that hardly any row fills."""

    table = fields.String(required=True)
    column = fields.String(required=True)
    filled = fields.Integer(required=True)
    rows = fields.Integer(required=True)


class DueSchema(Schema):
    """A rule of retention with something to end."""

    rule = fields.Enum(Rule, by_value=True, required=True)
    count = fields.Integer(required=True)


class UnusedSchema(Schema):
    """A table that is kept longer than anything looks back, in days after the loan."""

    table = fields.String(required=True)
    kept_days = fields.Integer(required=True)
    used_days = fields.Integer(required=True)


class OptionalQuestionSchema(Schema):
    """An optional question of the forms."""

    question = fields.Enum(Question, by_value=True, required=True)
    is_asked = fields.Boolean(required=True)
    why = fields.Enum(Why, by_value=True, required=True)
    keeps = fields.List(fields.Enum(Keep, by_value=True), required=True)
    seen = fields.List(fields.Enum(Seen, by_value=True), required=True)
    datasets = fields.List(fields.Enum(Dataset, by_value=True), required=True)


class NeedsSchema(Schema):
    """The report."""

    unread = fields.List(fields.Nested(UnreadSchema), required=True)
    empty = fields.List(fields.Nested(FilledSchema), required=True)
    due = fields.List(fields.Nested(DueSchema), required=True)
    unused = fields.List(fields.Nested(UnusedSchema), required=True)
    questions = fields.List(fields.Nested(OptionalQuestionSchema), required=True)


@bp.operation(
    "GET",
    "/data-needs",
    Permission.REGISTER_KEEP,
    "Lire ce qui ne sert peut-être plus",
    gives=NeedsSchema,
)
def needs(session: Session, actor: Actor) -> dict[str, object]:
    """What nothing reads, what hardly anybody fills in, what outlives its use; and the questions
    that may be asked no more."""
    found = service.report(session, actor, unread_columns(), now=utc_now())
    return {
        "unread": found.unread,
        "empty": found.empty,
        "due": found.due,
        "unused": [
            {"table": each.table, "kept_days": each.kept.days, "used_days": each.back.days}
            for each in found.unused
        ],
        "questions": service.questions(session, actor),
    }
