"""The catalogue for everybody: pages for people, metadata for other catalogues.

It is the same with or without data behind it, and says nothing of what any member does.
"""

import json
from collections.abc import Callable, Sequence

from flask import Response, current_app
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.agreements.rules import ALLOWED, Dataset, principles_of
from mutuali.core.errors import NotFound
from mutuali.core.permissions import Actor, Permission, may
from mutuali.exports import service
from mutuali.exports.rules.catalogue import CATALOGUE, DeclaredDataset
from mutuali.exports.rules.ladder import ON_THE_LADDER, Rung, tables_at
from mutuali.exports.views.commons import maps_of
from mutuali.exports.views.door import bp
from mutuali.exports.views.explorer import tables_of
from mutuali.exports.views.handed import handed_to_anybody
from mutuali.exports.views.shown import answers_of, shown_columns
from mutuali.web.clock import utc_now
from mutuali.web.doors import PUBLIC, door
from mutuali.web.language import language
from mutuali.web.mail import address, in_language
from mutuali.web.network import network
from mutuali.web.pages import page
from mutuali.web.secrets import fingerprint_key
from mutuali.web.words import label

_LANGUAGES = ("fr", "en")


@bp.get("/jeux-de-donnees")
@door(PUBLIC)
def catalogue(session: Session, actor: Actor) -> ResponseReturnValue:
    """Every dataset, what it answers and how to get it."""
    return page(
        "exports/catalogue.html",
        datasets=[(each, answers_of(each.name)) for each in CATALOGUE.values()],
        asks=may(actor, Permission.EXPORT_REQUEST),
    )


@bp.get("/jeux-de-donnees/<name>")
@door(PUBLIC)
def dataset(session: Session, actor: Actor, name: str) -> ResponseReturnValue:
    """One dataset: its files, column by column, whose yes each needs, and this year's step."""
    declared = _declared(name)
    steps = [
        each for each in service.steps(session, now=utc_now()) if each.dataset is declared.name
    ]
    return page(
        "exports/dataset.html",
        dataset=declared,
        answers=answers_of(declared.name),
        tables=shown_columns(declared),
        purposes=[label("consent.purpose", each) for each in sorted(ALLOWED[declared.name])],
        served=principles_of([declared.name]),
        ladder=_ladder(declared.name),
        steps=steps,
        published=service.published(session, declared.name, key=fingerprint_key(), now=utc_now()),
        asks=may(actor, Permission.EXPORT_REQUEST),
    )


@bp.get("/jeux-de-donnees/<name>/fichier")
@door(PUBLIC)
def published_file(session: Session, actor: Actor, name: str) -> ResponseReturnValue:
    """What is published of an open dataset, without an account."""
    return handed_to_anybody(session, _declared(name).name)


@bp.get("/jeux-de-donnees/<name>/dictionnaire.json")
@door(PUBLIC)
def dictionary(session: Session, actor: Actor, name: str) -> ResponseReturnValue:
    """The dictionary of a dataset, as a file."""
    return Response(service.dictionary(_told(_declared(name))), mimetype="application/json")


@bp.get("/jeux-de-donnees/<name>/schema.jsonld")
@door(PUBLIC)
def schema_org(session: Session, actor: Actor, name: str) -> ResponseReturnValue:
    """A dataset for search engines, in the words of schema.org."""
    told = _told(_declared(name))
    content = service.schema_org(told, _publisher(), base=_base(), language=language())
    return Response(json.dumps(content, ensure_ascii=False), mimetype="application/ld+json")


@bp.get("/catalogue.<any(ttl, jsonld, rdf):form>")
@door(PUBLIC)
def feed(session: Session, actor: Actor, form: str) -> ResponseReturnValue:
    """The whole catalogue as DCAT-AP 3, for other catalogues."""
    now, key = utc_now(), fingerprint_key()
    graph = service.catalogue(
        [
            _told(each, service.published(session, each.name, key=key, now=now))
            for each in CATALOGUE.values()
        ],
        _publisher(),
        base=_base(),
        title=_in_both(lambda: _("Jeux de données de MutuAli")),
        description=_in_both(
            lambda: _(
                "Ce que le partage apprend au réseau, sans dire qui a prêté quoi à qui. Rien ne "
                "sort sans le oui des organismes."
            )
        ),
    )
    how, media = service.FORMS[form]
    return Response(graph.serialize(format=how), content_type=f"{media}; charset=utf-8")


def _declared(name: str) -> DeclaredDataset:
    try:
        return CATALOGUE[Dataset(name)]
    except ValueError:
        raise NotFound from None


def _ladder(dataset: Dataset) -> list[tuple[Rung, str, list[str]]]:
    """Each step with its condition and its tables, in plain words."""
    if dataset not in ON_THE_LADDER:
        return []
    return [
        (
            rung,
            label("exports.rung", rung.value),
            [label("exports.table", table.name) for table in tables_at(dataset, rung)],
        )
        for rung in Rung
    ]


def _told(declared: DeclaredDataset, published: service.Published | None = None) -> service.Told:
    name = declared.name.value
    columns = dict.fromkeys(
        column.removesuffix("_status") for table in declared.tables for column in table.column_names
    )
    keywords = ("exports.dataset", "exports.class")
    return service.Told(
        declared=declared,
        title=_labels("exports.dataset", name),
        answers=_labels("exports.answers", name),
        conditions=_labels("exports.audience", name),
        revision=_labels("exports.revision", name),
        keywords={code: _keywords(declared, keywords, code) for code in _LANGUAGES},
        tables={each.name: _labels("exports.table", each.name) for each in declared.tables},
        columns={column: _labels("exports.column", column) for column in columns},
        release=_release(declared, published) if published else None,
    )


def _release(declared: DeclaredDataset, published: service.Published) -> service.OpenRelease:
    return service.OpenRelease(
        page=address(f"/publications/{published.public_id}"),
        number=published.number,
        issued=published.released_at,
        tables=[each.name for each in tables_of(declared, published.report)],
        maps=maps_of(published),
        size=published.size,
        sha256=published.sha256,
    )


def _keywords(declared: DeclaredDataset, kinds: Sequence[str], code: str) -> list[str]:
    values = (declared.name.value, declared.data_class.value)
    with in_language(code):
        # The class by its word alone: what follows the colon explains it.
        return [
            label(kind, value).partition(":")[0].strip()
            for kind, value in zip(kinds, values, strict=True)
        ]


def _labels(kind: str, value: str) -> dict[str, str]:
    return _in_both(lambda: label(kind, value))


def _in_both(words: Callable[[], str]) -> dict[str, str]:
    said = {}
    for code in _LANGUAGES:
        with in_language(code):
            said[code] = words()
    return said


def _publisher() -> service.Publisher:
    said = network()
    return service.Publisher(said.operator_name, said.operator_contact)


def _base() -> str:
    return str(current_app.config["SETTINGS"].base_url)
