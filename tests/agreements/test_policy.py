"""The agreement for machines is an odrl:Agreement that says what the text says."""

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pyshacl import validate
from rdflib import Graph, Literal, Namespace
from rdflib.namespace import XSD

from mutuali.agreements.rules import (
    Addresses,
    OnWithdrawal,
    ReleaseSettings,
    Restriction,
    hash_of,
    policy,
    render,
)
from tests.agreements.test_rules import TERMS

#: The parser of JSON-LD still uses what its library no longer wants used.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")
SHAPES = Path(__file__).resolve().parents[1] / "shapes" / "odrl-agreement.ttl"
ODRL = Namespace("http://www.w3.org/ns/odrl/2/")
OURS = Namespace("https://w3id.org/mutuali#")
HERE = "https://mutuali.exemple.org"
ADDRESSES = Addresses(
    f"{HERE}/ententes/a/politique",
    f"{HERE}/organismes/o",
    f"{HERE}/organismes/p",
    f"{HERE}/jeux-de-donnees/",
    (f"{HERE}/personnes/n",),
)


def made(**changed: Any) -> dict[str, Any]:
    terms = replace(TERMS, **changed)
    hash_ = hash_of(render(terms, "fr"), render(terms, "en"))
    return policy(terms, ADDRESSES, hash_)


def graph_of(document: dict[str, Any]) -> Graph:
    return Graph().parse(data=json.dumps(document), format="json-ld")


def conforms(document: dict[str, Any]) -> bool:
    shapes = Graph().parse(SHAPES)
    found, _report, _words = validate(graph_of(document), shacl_graph=shapes, inference="none")
    return bool(found)


@pytest.mark.parametrize("on_withdrawal", OnWithdrawal)
def test_a_policy_meets_its_shapes(on_withdrawal: OnWithdrawal) -> None:
    assert conforms(made(settings=ReleaseSettings(on_withdrawal=on_withdrawal)))
    assert conforms(made(restrictions=tuple(Restriction), attribution="MutuAli"))


BREAKS: dict[str, Callable[[dict[str, Any]], object]] = {
    "no assignee": lambda made: made.pop("assignee"),
    "no uid": lambda made: made.pop("uid"),
    "another kind": lambda made: made.update({"@type": "Offer"}),
    "nothing permitted": lambda made: made.pop("permission"),
    "nothing forbidden": lambda made: made.pop("prohibition"),
    "no hash": lambda made: made.update({"mutuali:textSha256": "abc"}),
    "no purpose": lambda made: made["permission"][0]["constraint"].pop(0),
    "no end": lambda made: made["permission"][0]["constraint"].pop(2),
    "anybody": lambda made: made["permission"][0]["constraint"].pop(3),
    "no anonymization": lambda made: made["permission"][0]["duty"].pop(0),
    "nobody informed": lambda made: made["permission"][0]["duty"].pop(1),
    "no operator": lambda made: made["permission"][0]["duty"][0]["constraint"][0].pop("operator"),
    "a low threshold": lambda made: made["permission"][0]["duty"][0]["constraint"][0].update(
        {"rightOperand": {"@value": "4", "@type": "xsd:integer"}}
    ),
    "nothing destroyed": lambda made: made["permission"][0].update(
        {"duty": [each for each in made["permission"][0]["duty"] if each["action"] != "delete"]}
    ),
    "no target": lambda made: made["prohibition"][0].pop("target"),
}


@pytest.mark.parametrize("name", BREAKS)
def test_a_broken_copy_does_not(name: str) -> None:
    broken = copy.deepcopy(made())
    BREAKS[name](broken)
    assert not conforms(broken)


def test_it_says_the_numbers_of_the_settings() -> None:
    graph = graph_of(made(settings=ReleaseSettings(k=12, keep_days=90, base=10)))
    said = {
        (str(left).rpartition("#")[2], int(right))
        for each, left in graph.subject_objects(ODRL.leftOperand)
        for right in graph.objects(each, ODRL.rightOperand)
        if isinstance(right, Literal) and right.datatype == XSD.integer
    }
    assert {("contributors", 12), ("daysAfterRelease", 90), ("roundingBase", 10)} <= said
    assert (None, ODRL.action, ODRL.delete) in graph
    assert (None, ODRL.action, OURS.decideAboutOrganizations) in graph


def test_every_restriction_that_forbids_something_is_in_it() -> None:
    few, many = (
        len(made(restrictions=chosen)["prohibition"])
        for chosen in (TERMS.restrictions[:1], TERMS.restrictions)
    )
    assert few == 1
    assert many == 7


def test_the_same_terms_give_the_same_policy() -> None:
    assert json.dumps(made()) == json.dumps(made())
