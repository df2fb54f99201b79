"""Open data for everybody: what is published, version by version, and a look into it.

Only files that were let out are read, through the gate that every bundle leaves by.
"""

from collections.abc import Sequence

from flask import redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.agreements.rules import Dataset, principles_of
from mutuali.core.errors import NotFound
from mutuali.core.period import local
from mutuali.core.permissions import Actor
from mutuali.exports import service
from mutuali.exports.rules.catalogue import CATALOGUE
from mutuali.exports.rules.promotion import WAIT
from mutuali.exports.rules.regimes import may_be_open
from mutuali.exports.views.door import bp
from mutuali.exports.views.explorer import LOOKS, explored, tables_of
from mutuali.exports.views.handed import handed_entry, handed_version
from mutuali.exports.views.shown import answers_of, period_of
from mutuali.extensions import limiter
from mutuali.web.clock import utc_now
from mutuali.web.doors import PUBLIC, door
from mutuali.web.mail import address
from mutuali.web.pages import page
from mutuali.web.secrets import fingerprint_key
from mutuali.web.words import label


@bp.get("/donnees-ouvertes")
@door(PUBLIC)
def commons(session: Session, actor: Actor) -> ResponseReturnValue:
    """What everybody may take, what is announced, and how it came to be open."""
    now = utc_now()
    found = service.versions(session, key=fingerprint_key(), now=now)
    latest = {each.dataset: each for each in reversed(found)}
    return page(
        "exports/commons.html",
        datasets=[
            (each, answers_of(each.name), latest.get(each.name))
            for each in CATALOGUE.values()
            if may_be_open(each.name)
        ],
        announced=service.announced(session, now=now),
        withdrawn=[each for each in found if each.offer is service.Offer.WITHDRAWN],
        wait_days=WAIT.days,
    )


@bp.get("/publications/<public_id>")
@door(PUBLIC)
def publication(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """One version: its files, its licence, how to cite it, what was done to it."""
    now, key = utc_now(), fingerprint_key()
    found = service.version(session, public_id, key=key, now=now)
    return page(
        "exports/publication.html",
        found=found,
        dataset=CATALOGUE[found.dataset],
        answers=answers_of(found.dataset),
        period=period_of(found.report),
        served=principles_of([found.dataset]),
        tables=tables_of(CATALOGUE[found.dataset], found.report),
        maps=maps_of(found),
        cited=citation(found),
        here=address(f"/publications/{found.public_id}"),
        others=[
            each
            for each in service.versions(session, found.dataset, key=key, now=now)
            if each.public_id != public_id
        ],
    )


@bp.get("/publications/<public_id>/explorer")
@limiter.limit(LOOKS)
@door(PUBLIC)
def explore(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """A look into one of its tables."""
    found, file = service.take_version(session, public_id, key=fingerprint_key(), now=utc_now())
    return page(
        "exports/explorer.html",
        found=found,
        name=label("exports.dataset", found.dataset.value),
        here=f"/publications/{public_id}",
        told=explored(file, CATALOGUE[found.dataset], found.report),
    )


@bp.get("/publications/<public_id>/fichier")
@door(PUBLIC)
def publication_file(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """The whole bundle of a version, signed, for anybody."""
    return handed_version(session, public_id)


@bp.get("/publications/<public_id>/<table>.<any(csv, parquet, json, geojson):form>")
@door(PUBLIC)
def publication_table(
    session: Session, actor: Actor, public_id: str, table: str, form: str
) -> ResponseReturnValue:
    """One table of a version by itself."""
    return handed_entry(session, public_id, table, form)


@bp.get("/jeux-de-donnees/<name>/<table>.<any(csv, parquet, json, geojson):form>")
@door(PUBLIC)
def latest_table(
    session: Session, actor: Actor, name: str, table: str, form: str
) -> ResponseReturnValue:
    """A table of the latest version, at an address that stays."""
    try:
        dataset = Dataset(name)
    except ValueError:
        raise NotFound from None
    found = service.take_published(session, dataset, key=fingerprint_key(), now=utc_now())
    return redirect(f"/publications/{found.public_id}/{table}.{form}", 302)


def citation(found: service.Published) -> str:
    """How to cite a version: who, when, what, which, under what, where."""
    return _(
        "%(publisher)s (%(year)s). %(title)s, version %(number)s du %(day)s [jeu de données]. "
        "CC BY 4.0. %(address)s",
        publisher=found.publisher,
        year=local(found.released_at).year,
        title=label("exports.dataset", found.dataset.value),
        number=found.number,
        day=local(found.released_at).date().isoformat(),
        address=address(f"/publications/{found.public_id}"),
    )


def maps_of(found: service.Published) -> Sequence[str]:
    """The tables of a version that are also there as a map."""
    files = found.report.get("files", [])
    return [each.removesuffix(".geojson") for each in files if each.endswith(".geojson")]
