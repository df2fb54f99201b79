"""The public register of releases, as a page and as files."""

import csv
import io

from flask import Response, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from mutuali.core.permissions import Actor
from mutuali.exports import service
from mutuali.exports.views.door import bp
from mutuali.web import wording
from mutuali.web.clock import utc_now
from mutuali.web.doors import PUBLIC, door
from mutuali.web.pages import page


@bp.get("/registre")
@door(PUBLIC)
def register(session: Session, actor: Actor) -> ResponseReturnValue:
    """What left, to whom, for what, and by what right."""
    return page(
        "exports/register.html",
        entries=service.register(session, now=utc_now()),
        month=wording.month,
    )


@bp.get("/registre.json")
@door(PUBLIC)
def register_json(session: Session, actor: Actor) -> ResponseReturnValue:
    """The same as JSON."""
    return jsonify([service.as_row(each) for each in service.register(session, now=utc_now())])


@bp.get("/registre.csv")
@door(PUBLIC)
def register_csv(session: Session, actor: Actor) -> ResponseReturnValue:
    """The same as CSV; a name that a spreadsheet would run stands behind an apostrophe."""
    out = io.StringIO()
    writer = csv.DictWriter(out, service.REGISTER_COLUMNS, lineterminator="\n")
    writer.writeheader()
    for each in service.register(session, now=utc_now()):
        row = service.as_row(each)
        if row["recipient"].startswith(("=", "+", "-", "@", "\t")):
            row["recipient"] = "'" + row["recipient"]
        writer.writerow(row)
    answer = Response(out.getvalue(), mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="registre.csv"'
    return answer
