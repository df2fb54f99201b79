"""What machines read in a bundle of each dataset passes its shapes; broken copies do not."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyshacl
import pytest
from flask import Flask
from rdflib import PROV, RDF, SH, Graph
from sqlalchemy.orm import Session

from mutuali.agreements.rules import Dataset
from mutuali.exports.rules.catalogue import CATALOGUE
from tests.exports.bundled import Files, bundle_of, files_of, work_and_tables
from tests.factories import NOW

SHAPES = Path(__file__).parents[1] / "shapes"
ALL = pytest.mark.parametrize("dataset", list(CATALOGUE))
Node = dict[str, Any]
#: The parser of JSON-LD still uses what its library no longer wants used.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")


@pytest.fixture
def engine_name() -> str:
    """A bundle does not know which engine stored its rows."""
    return "sqlite"


@pytest.fixture(scope="module")
def kept() -> dict[Dataset, Files]:
    """Bundles by dataset."""
    return {}


@pytest.fixture
def files(request: pytest.FixtureRequest, kept: dict[Dataset, Files], dataset: Dataset) -> Files:
    """The bundle of a dataset, made once."""
    if dataset not in kept:
        app: Flask = request.getfixturevalue("app")
        session: Session = request.getfixturevalue("session")
        kept[dataset] = files_of(bundle_of(app, *work_and_tables(app, session, dataset, now=NOW)))
    return kept[dataset]


def complaints(content: Node, shapes: str) -> str:
    """What the shapes say against a JSON-LD document; empty when it conforms."""
    data = Graph().parse(data=json.dumps(content), format="json-ld")
    assert len(data) > 10
    conforms, _report, text = pyshacl.validate(
        data, shacl_graph=Graph().parse(SHAPES / shapes), inference="none"
    )
    return "" if conforms else str(text)


def nodes(content: Any, kind: str) -> Iterator[Node]:
    """Every object of a type, wherever it is inside."""
    if isinstance(content, dict):
        types = content.get("@type", [])
        if kind in ([types] if isinstance(types, str) else types):
            yield content
        for value in content.values():
            yield from nodes(value, kind)
    elif isinstance(content, list):
        for value in content:
            yield from nodes(value, kind)


def without(kind: str, name: str) -> Callable[[Node], None]:
    """Take a property out of the first object of a type."""
    return lambda content: next(nodes(content, kind)).pop(name)


def with_(kind: str, name: str, value: Any) -> Callable[[Node], None]:
    """Say something else in the first object of a type."""
    return lambda content: next(nodes(content, kind)).update({name: value})


def assert_shaped(content: Node, shapes: str, breaks: tuple[Callable[[Node], object], ...]) -> None:
    """It conforms, and no broken copy of it does."""
    assert complaints(content, shapes) == ""
    for number, break_it in enumerate(breaks):
        copy = json.loads(json.dumps(content))
        break_it(copy)
        assert copy != content
        assert complaints(copy, shapes), number


@ALL
def test_the_catalogue_entry_is_dcat_ap(files: Files) -> None:
    assert_shaped(
        files.json("dcat.jsonld"),
        "dcat-ap.ttl",
        (
            without("dcat:Dataset", "dct:title"),
            without("dcat:Dataset", "dct:description"),
            without("dcat:Distribution", "dcat:accessURL"),
            without("foaf:Agent", "foaf:name"),
            without("spdx:Checksum", "spdx:checksumValue"),
            with_("dct:LicenseDocument", "@type", "dcat:Role"),
            with_("dct:RightsStatement", "@type", "dcat:Role"),
            with_("dcat:Distribution", "dcat:byteSize", "many"),
            with_("prov:Activity", "@type", "dcat:Role"),
            with_("odrl:Policy", "@type", "dcat:Role"),
        ),
    )


def unshaped(data: Graph) -> set[tuple[str, str]]:
    """(class, property) of what a graph says of things that have a shape, beyond the shape."""
    shapes = Graph().parse(SHAPES / "dcat-ap.ttl")
    beyond = {RDF.type, PROV.wasDerivedFrom}  # no property of the profile
    return {
        (str(kind), str(said))
        for shape, kind in shapes.subject_objects(SH.targetClass)
        for node in data.subjects(RDF.type, kind)
        for said in set(data.predicates(node)) - beyond
        if said
        not in {
            path
            for each in shapes.objects(shape, SH.property)
            for path in shapes.objects(each, SH.path)
        }
    }


@ALL
def test_no_property_of_an_entry_is_without_its_shape(files: Files) -> None:
    content = files.json("dcat.jsonld")
    data = Graph().parse(data=json.dumps(content), format="json-ld")
    assert unshaped(data) == set()
    next(nodes(content, "dcat:Dataset"))["dct:creator"] = {"@id": "urn:somebody"}
    more = Graph().parse(data=json.dumps(content), format="json-ld")
    assert {said for _kind, said in unshaped(more)} == {"http://purl.org/dc/terms/creator"}


def test_no_property_of_the_feed_is_without_its_shape(app: Flask) -> None:
    data = Graph().parse(data=app.test_client().get("/catalogue.ttl").data, format="turtle")
    assert len(data) > 100
    assert unshaped(data) == set()


@ALL
def test_provenance_names_roles_and_what_was_used_and_nobody(files: Files) -> None:
    content = files.json("dcat.jsonld")
    graph = Graph().parse(data=json.dumps(content), format="json-ld")
    prov = "http://www.w3.org/ns/prov#"
    dataset = next(nodes(content, "dcat:Dataset"))["@id"]
    said = {str(p).removeprefix(prov) for _s, p, _o in graph if str(p).startswith(prov)}
    assert {"wasGeneratedBy", "used", "wasAssociatedWith"} <= said
    (build,) = nodes(content, "prov:Activity")
    agents = {each["@id"].removeprefix(dataset) for each in build["prov:wasAssociatedWith"]}
    assert agents == {"#analyst", "#steward", "#program"}
    labels = [each["rdfs:label"] for each in nodes(content, "prov:Agent")]
    assert sorted(words["@value"] for label in labels for words in label) == [
        "analyst",
        "data steward",
        "intendance des données",
        "personne analyste",
    ]


@ALL
def test_the_consents_are_records_of_27560_and_nobody_is_in_them(files: Files) -> None:
    content = files.json("consents.jsonld")
    record = "dpv:ConsentRecord"
    assert_shaped(
        content,
        "consent-27560.ttl",
        (
            without(record, "dct:identifier"),
            without(record, "dpv:hasNotice"),
            without(record, "dpv:hasProcess"),
            without(record, "dpv:hasRecipient"),
            without(record, "dpv:hasConsentStatus"),
            without(record, "dpv:hasConsentControl"),
            without("dpv:ConsentNotice", "dct:language"),
        ),
    )
    export = files.json("expiry.json")["export"]
    texts = files.json("consents.json")["texts"]
    found = list(nodes(content, record))
    assert len(found) == len(texts) > 0
    for each in found:
        assert each["dpv:hasDataSubject"]["dct:identifier"] == export
        assert each.get("mutuali:atMost", 4) >= 4


@ALL
def test_the_policy_is_one_of_odrl_over_the_dataset(files: Files, dataset: Dataset) -> None:
    """An agreement with its parties; for what is published, an offer to anybody."""
    policy = files.json("policy.odrl.jsonld")
    if CATALOGUE[dataset].is_open:
        assert_shaped(
            policy,
            "odrl-offer.ttl",
            (
                without("Offer", "uid"),
                without("Offer", "assigner"),
                lambda content: content["permission"][0].pop("action"),
                lambda content: content["permission"][0].pop("duty"),
                lambda content: content.update(assignee="https://exemple.org/a"),
                lambda content: content["permission"][0].pop("target"),
            ),
        )
        assert "/personnes/" not in json.dumps(policy)
    else:
        assert_shaped(
            policy,
            "odrl-agreement.ttl",
            (
                without("Agreement", "uid"),
                without("Agreement", "assigner"),
                without("Agreement", "permission"),
                lambda content: content["permission"][0].pop("target"),
                lambda content: content["permission"][0].pop("action"),
                lambda content: content["permission"][0]["constraint"][0].pop("operator"),
            ),
        )
    assert dataset.value in json.dumps([each["target"] for each in policy["permission"]])
    catalogued = next(nodes(files.json("dcat.jsonld"), "dcat:Dataset"))
    assert catalogued["odrl:hasPolicy"] == {"@id": policy["@id"]}
