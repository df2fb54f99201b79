"""What is kept of everybody, in plain words: a page and a file."""

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.core.permissions import Actor
from mutuali.core.spreadsheets import csv_bytes
from mutuali.inventory import service
from mutuali.inventory.rules import About, Origin, Reach
from mutuali.web.doors import PUBLIC, door
from mutuali.web.pages import page
from mutuali.web.words import WORDS, label

bp = Blueprint("inventory", __name__)


@bp.get("/transparence/ce-que-nous-gardons")
@door(PUBLIC)
def held(session: Session, actor: Actor) -> ResponseReturnValue:
    """The sum first, then each table, folded; ``?tout`` unfolds them, for printing."""
    tables = {about: service.held(about) for about in About}
    columns = [each for some in tables.values() for table in some for each in table.columns]
    return page(
        "inventory/held.html",
        tables=tables,
        table_words=lambda name: _words("inventory.table", name),
        column_words=lambda name: _words("inventory.column", name),
        unfolded="tout" in request.args,
        counted=len(columns),
        identifying=sum(each.reach is Reach.IDENTIFIER for each in columns),
        sensitive=sum(each.reach is Reach.SENSITIVE for each in columns),
        collected=sum(each.origin is Origin.COLLECTED for each in columns),
        inferred=sum(each.origin is Origin.INFERRED for each in columns),
    )


@bp.get("/transparence/ce-que-nous-gardons.csv")
@door(PUBLIC)
def held_csv(session: Session, actor: Actor) -> ResponseReturnValue:
    """The same, a line per column."""
    head = (
        *("table", "colonne", _("Table"), _("Donnée"), _("Au sujet de")),
        *(_("Portée"), _("Origine"), _("Pour quoi"), _("Combien de temps")),
        _("Qui la voit"),
    )
    rows = (
        (
            *(each.table, each.column),
            _words("inventory.table", each.table),
            _words("inventory.column", each.column),
            label("inventory.about", about),
            label("inventory.reach", each.reach),
            label("inventory.origin", each.origin),
            label("inventory.why", each.why),
            label("inventory.keep", each.keep),
            label("inventory.seen", each.seen),
        )
        for about in About
        for table in service.held(about)
        for each in table.columns
    )
    answer = Response(csv_bytes(head, rows), mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="ce-que-nous-gardons.csv"'
    return answer


def _words(kind: str, name: str) -> str:
    """The plain words of a table or column; its name while it has none."""
    return str(WORDS[kind].get(name, name))
