"""JSON door of the inventory."""

from marshmallow import Schema, fields
from sqlalchemy.orm import Session

from mutuali.core.permissions import Actor
from mutuali.inventory.rules import About, Entry, Keep, Origin, Reach, Seen, Why, entries
from mutuali.web.api import ApiBlueprint
from mutuali.web.doors import PUBLIC

bp = ApiBlueprint("inventory_api", "Ce que nous gardons")


class EntrySchema(Schema):
    """What one stored column is."""

    table = fields.String(required=True)
    column = fields.String(required=True)
    about = fields.Enum(About, by_value=True, required=True)
    reach = fields.Enum(Reach, by_value=True, required=True)
    origin = fields.Enum(Origin, by_value=True, required=True)
    why = fields.Enum(Why, by_value=True, required=True)
    keep = fields.Enum(Keep, by_value=True, required=True)
    seen = fields.Enum(Seen, by_value=True, required=True)


@bp.operation(
    "GET",
    "/holdings",
    PUBLIC,
    "Lire l’inventaire de ce qui est gardé",
    gives=EntrySchema,
    many=True,
)
def holdings(session: Session, actor: Actor) -> tuple[Entry, ...]:
    """Every stored column: about whom, how identifying, how it came, what for, for how long, who is
    shown it."""
    return entries()
