"""JSON doors of an organization's own spreadsheets."""

from typing import Any

from flask import Response
from marshmallow import Schema, fields
from sqlalchemy.orm import Session

from mutuali.core.errors import NotFound, Refused, Unreadable
from mutuali.core.permissions import Actor, Permission
from mutuali.imports import service
from mutuali.imports.rules.own import Fate, OwnKind
from mutuali.imports.schemas import OwnFileSchema
from mutuali.imports.views import left_out, own_csv
from mutuali.web.api import ApiBlueprint, acting_for
from mutuali.web.clock import utc_now
from mutuali.web.secrets import new_public_id
from mutuali.web.sentences import sentence

bp = ApiBlueprint("imports_api", "Fichiers de notre organisme")


class LineObjectionSchema(Schema):
    """Why a line is refused; ``column`` is empty where it is about the whole line."""

    line = fields.Integer(required=True)
    column = fields.String(required=True)
    code = fields.String(required=True)
    message = fields.String(required=True)


class LeftOutSchema(Schema):
    """A column whose question the network asks no more, and how many answers stood in it."""

    column = fields.String(required=True)
    answers = fields.Integer(required=True)


class OwnReportSchema(Schema):
    """What became, or would become, of a file."""

    written = fields.Boolean(required=True)
    added = fields.Integer(required=True)
    changed = fields.Integer(required=True)
    same = fields.Integer(required=True)
    left_out = fields.List(fields.Nested(LeftOutSchema), required=True)
    objections = fields.List(fields.Nested(LineObjectionSchema), required=True)


@bp.operation(
    "GET",
    "/own-files/<kind>.csv",
    Permission.LISTING_EDIT,
    "Emporter un fichier de notre organisme",
    gives={"text/csv": {"schema": {"type": "string"}}},
)
def own_file(session: Session, actor: Actor, kind: str) -> Response:
    """``units``, ``kits``, ``days``, ``closures``, ``quotas``, ``demands`` or ``series`` of
    your organization, as CSV."""
    return own_csv(session, actor, _kind(kind))


@bp.operation(
    "POST",
    "/own-files/<kind>",
    Permission.LISTING_EDIT,
    "Rapporter un fichier",
    takes=OwnFileSchema,
    gives=OwnReportSchema,
)
def bring_back(session: Session, actor: Actor, form: dict[str, Any], kind: str) -> dict[str, Any]:
    """Write what a file says: all of it, or nothing when a line is refused. A line that says what
    is stored already changes nothing; what the file does not name stays. Answers to questions that
    the network asks no more are left out, and counted by column."""
    which = _kind(kind)
    try:
        report = service.bring_back(
            session,
            actor,
            acting_for(actor, "organization"),
            which,
            form["content"].encode(),
            dry=form["dry_run"],
            left_out=left_out(which),
            new_public_id=new_public_id,
            now=utc_now(),
        )
    except Unreadable as error:
        raise Refused.because(error.reasons) from None
    return {
        "written": report.written,
        "added": report.fates[Fate.ADDED],
        "changed": report.fates[Fate.CHANGED],
        "same": report.fates[Fate.SAME],
        "left_out": [{"column": name, "answers": count} for name, count in report.left_out.items()],
        "objections": [
            {
                "line": each.line,
                "column": each.column,
                "code": each.reason.code,
                "message": sentence(each.reason),
            }
            for each in report.objections
        ],
    }


def _kind(kind: str) -> OwnKind:
    try:
        return OwnKind(kind)
    except ValueError:
        raise NotFound from None
