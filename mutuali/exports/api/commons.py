"""Open data as JSON: the versions, and a look into their tables."""

from marshmallow import Schema, fields
from sqlalchemy.orm import Session

from mutuali.agreements.rules import Dataset
from mutuali.core.errors import NotFound
from mutuali.core.permissions import Actor
from mutuali.exports import service
from mutuali.exports.api.door import bp
from mutuali.exports.rules.catalogue import CATALOGUE
from mutuali.exports.views.explorer import LOOKS, look_into, tables_of
from mutuali.extensions import limiter
from mutuali.web.clock import utc_now
from mutuali.web.doors import PUBLIC
from mutuali.web.mail import address
from mutuali.web.secrets import fingerprint_key


class PublicationSchema(Schema):
    """A version of an open dataset; ``files`` are addresses, empty once it is not offered."""

    id = fields.String(required=True)
    dataset = fields.Enum(Dataset, by_value=True, required=True)
    number = fields.Integer(required=True)
    offer = fields.Enum(service.Offer, by_value=True, required=True)
    released_at = fields.AwareDateTime(required=True)
    until = fields.AwareDateTime(required=True)
    ended_at = fields.AwareDateTime(required=True, allow_none=True)
    sha256 = fields.String(required=True)
    size = fields.Integer(required=True)
    licence = fields.String(required=True)
    tables = fields.List(fields.String(), required=True)
    files = fields.List(fields.Url(require_tld=False), required=True)


class ExploredSumSchema(Schema):
    """The figures of all lines with these values; ``high`` is null where a cell is hidden."""

    values = fields.List(fields.String(), required=True)
    total = fields.Integer(required=True)
    low = fields.Integer(required=True)
    high = fields.Integer(required=True, allow_none=True)
    shown = fields.Integer(required=True)
    hidden = fields.Integer(required=True)


class ExploredSchema(Schema):
    """Fifty lines of a table as they stand in its file, how many there are, and their sums."""

    lines = fields.List(fields.Dict(), required=True)
    count = fields.Integer(required=True)
    by = fields.String(required=True, allow_none=True)
    figure = fields.String(required=True, allow_none=True)
    sums = fields.List(fields.Nested(ExploredSumSchema), required=True)


@bp.operation(
    "GET",
    "/publications",
    PUBLIC,
    "Lister les versions des jeux ouverts",
    gives=PublicationSchema,
    many=True,
)
def publications(session: Session, actor: Actor) -> list[dict[str, object]]:
    """Every version that was ever published, latest first, and whether it is offered."""
    return [_told(each) for each in service.versions(session, key=fingerprint_key(), now=utc_now())]


@bp.operation(
    "GET",
    "/publications/<publication_id>",
    PUBLIC,
    "Lire une version d’un jeu ouvert",
    gives=PublicationSchema,
)
def publication(session: Session, actor: Actor, publication_id: str) -> dict[str, object]:
    """One version, offered or not."""
    return _told(service.version(session, publication_id, key=fingerprint_key(), now=utc_now()))


@bp.operation(
    "GET",
    "/publications/<publication_id>/tables/<table>",
    PUBLIC,
    "Regarder dans un tableau ouvert",
    gives=ExploredSchema,
)
@limiter.limit(LOOKS)
def look(session: Session, actor: Actor, publication_id: str, table: str) -> service.Found:
    """Lines and sums of a table. The query narrows it: a column and its value; ``par`` is what is
    summed by, ``mesure`` the figure, ``page`` which fifty lines."""
    found, file = service.take_version(
        session, publication_id, key=fingerprint_key(), now=utc_now()
    )
    for each in tables_of(CATALOGUE[found.dataset], found.report):
        if each.name == table:
            return look_into(file, each, found.report)[0]
    raise NotFound


def _told(found: service.Published) -> dict[str, object]:
    tables = [each.name for each in tables_of(CATALOGUE[found.dataset], found.report)]
    here = address(f"/publications/{found.public_id}")
    files = [f"{here}/fichier"] + [
        f"{here}/{name}.{form}" for name in tables for form in ("csv", "parquet", "json")
    ]
    return {
        "id": found.public_id,
        "dataset": found.dataset,
        "number": found.number,
        "offer": found.offer,
        "released_at": found.released_at,
        "until": found.until,
        "ended_at": found.ended_at,
        "sha256": found.sha256,
        "size": found.size,
        "licence": service.OPEN_LICENCE,
        "tables": tables,
        "files": files if found.offer is service.Offer.OFFERED else [],
    }
