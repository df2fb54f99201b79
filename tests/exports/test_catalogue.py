"""The catalogue for everybody: pages, dictionary, and metadata that other catalogues accept."""

import hashlib
import json
from pathlib import Path

import pyshacl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from rdflib import DCAT, DCTERMS, RDF, Graph, Namespace, URIRef
from rdflib.compare import isomorphic
from sqlalchemy.orm import Session

from mutuali.agreements.rules import Dataset
from mutuali.core.permissions import SYSTEM
from mutuali.exports import service
from mutuali.exports.rules.catalogue import CATALOGUE
from mutuali.web.clock import utc_now
from tests.exports.stored import shared_year
from tests.factories import World

# The libraries' own reading of JSON-LD and of shapes still uses what rdflib has deprecated.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

SHAPES = Path(__file__).parents[1] / "shapes" / "dcat-ap.ttl"
SPDX = Namespace("http://spdx.org/rdf/terms#")
FORMATS = {"ttl": "turtle", "jsonld": "json-ld", "rdf": "xml"}


@pytest.fixture
def client(app: Flask, session: Session) -> FlaskClient:
    return app.test_client()


def feed(client: FlaskClient, form: str = "ttl") -> Graph:
    answer = client.get(f"/catalogue.{form}")
    assert answer.status_code == 200
    return Graph().parse(data=answer.data, format=FORMATS[form])


def accepted(graph: Graph) -> bool:
    conforms, _, text = pyshacl.validate(graph, shacl_graph=str(SHAPES))
    if not conforms:
        print(text)
    return bool(conforms)


def test_other_catalogues_accept_the_feed_and_its_three_forms_say_the_same(
    client: FlaskClient,
) -> None:
    graphs = [feed(client, form) for form in FORMATS]

    assert accepted(graphs[0])
    assert all(isomorphic(graphs[0], other) for other in graphs[1:])
    datasets = set(graphs[0].subjects(RDF.type, DCAT.Dataset))
    assert len(datasets) == len(CATALOGUE)


@pytest.mark.parametrize(
    ("subject", "predicate", "value"),
    [
        (DCAT.Catalog, DCTERMS.publisher, None),
        (DCAT.Dataset, DCTERMS.title, None),
        (DCAT.Dataset, DCTERMS.description, None),
        (DCAT.Distribution, DCAT.accessURL, None),
        (SPDX.Checksum, SPDX.checksumValue, None),
        (DCTERMS.RightsStatement, RDF.type, DCTERMS.RightsStatement),
        (DCTERMS.LicenseDocument, RDF.type, DCTERMS.LicenseDocument),
        (SPDX.ChecksumAlgorithm, RDF.type, SPDX.ChecksumAlgorithm),
        (DCTERMS.MediaType, RDF.type, DCTERMS.MediaType),
    ],
)
def test_a_feed_that_lacks_one_thing_is_not_accepted(
    client: FlaskClient, subject: URIRef, predicate: URIRef, value: URIRef | None
) -> None:
    graph = feed(client)
    one = min(graph.subjects(RDF.type, subject), key=str)
    graph.remove((one, predicate, value))

    assert not accepted(graph)


def test_the_feed_is_the_same_whatever_the_members_do(app: Flask, session: Session) -> None:
    before = app.test_client().get("/catalogue.ttl").data
    now = utc_now()
    net = shared_year(session, World(session, now), Dataset.EQUIPMENT_USE, now=now)
    service.climb(session, SYSTEM, now=now)
    session.commit()

    after = app.test_client().get("/catalogue.ttl").data
    assert after == before
    pages = [app.test_client().get(f"/jeux-de-donnees/{name.value}").text for name in Dataset]
    assert net.organizations
    assert "vaut pour" in pages[0]
    assert not any(" 16 " in page for page in pages)


def test_the_files_behind_an_agreement_have_no_address_to_download_from(
    client: FlaskClient,
) -> None:
    graph = feed(client)
    downloads = {str(address) for address in graph.objects(None, DCAT.downloadURL)}

    assert {address.rpartition("/")[2] for address in downloads} == {"dictionnaire.json"}
    assert len(downloads) == len(CATALOGUE)


@pytest.mark.parametrize("dataset", list(Dataset))
def test_the_dictionary_has_every_column_in_both_languages_and_the_sum_of_the_feed(
    client: FlaskClient, dataset: Dataset
) -> None:
    data = client.get(f"/jeux-de-donnees/{dataset.value}/dictionnaire.json").data
    found = json.loads(data)

    assert [table["name"] for table in found["tables"]] == [
        table.name for table in CATALOGUE[dataset].tables
    ]
    for table, declared in zip(found["tables"], CATALOGUE[dataset].tables, strict=True):
        fields = table["schema"]["fields"]
        assert tuple(field["name"] for field in fields) == declared.column_names
        for field in fields:
            assert all(field["title"][code] for code in ("fr", "en"))
            assert set(field["needs"]) <= {"lender", "borrower"}
    sums = {str(value) for value in feed(client).objects(None, SPDX.checksumValue)}
    assert hashlib.sha256(data).hexdigest() in {value.lower() for value in sums}


@pytest.mark.parametrize("dataset", list(Dataset))
def test_search_engines_find_a_description_linked_from_the_page(
    client: FlaskClient, dataset: Dataset
) -> None:
    page = client.get(f"/jeux-de-donnees/{dataset.value}").text
    address = f"/jeux-de-donnees/{dataset.value}/schema.jsonld"
    assert f'<link rel="alternate" type="application/ld+json" href="{address}">' in page
    assert "<script type" not in page

    found = client.get(address).get_json(force=True)
    assert (found["@context"], found["@type"]) == ("https://schema.org/", "Dataset")
    assert {"name", "description", "creator", "conditionsOfAccess", "url"} <= set(found)
    english = client.get(address, headers={"Accept-Language": "en"}).get_json(force=True)
    assert english["name"] != found["name"]


def test_what_is_not_in_the_catalogue_is_not_found(client: FlaskClient) -> None:
    for address in ("", "/dictionnaire.json", "/schema.jsonld"):
        assert client.get(f"/jeux-de-donnees/secrets{address}").status_code == 404
    assert client.get("/catalogue.xlsx").status_code == 404


def test_the_page_says_the_class_the_calendar_and_what_is_done_when_something_changes(
    client: FlaskClient,
) -> None:
    page = client.get("/jeux-de-donnees/unmet-demand").text
    for words in ("Anonymisé", "Trente jours après", "la clé", "Les paliers", "de 15 à 49"):
        assert words in page
