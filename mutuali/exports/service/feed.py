"""The catalogue as metadata for other catalogues: DCAT-AP 3 and schema.org.

It says what there could be and under which conditions, and where what is open can be taken. Of what
went to partners it is silent: no figure, no date, nobody's name but the operator's.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rdflib import DCAT, DCTERMS, FOAF, RDF, RDFS, SKOS, XSD, Graph, Literal, Namespace, URIRef

from mutuali.exports.rules.catalogue import ColumnRole, DeclaredDataset, DeclaredTable

_SPDX = Namespace("http://spdx.org/rdf/terms#")
#: Of DCAT 3; rdflib knows the second edition.
_VERSION = URIRef(f"{DCAT._NS}version")
_VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
_EU = Namespace("http://publications.europa.eu/resource/authority/")
_IANA = Namespace("https://www.iana.org/assignments/media-types/")
_MONTREAL = URIRef("https://www.geonames.org/6077243")
#: Under what open datasets, and the descriptions of all, may be used.
OPEN_LICENCE = "https://creativecommons.org/licenses/by/4.0/"
_CC_BY = URIRef(OPEN_LICENCE)

#: How each serialization is called by rdflib, and its media type, by the end of its address.
FORMS: Mapping[str, tuple[str, str]] = {
    "ttl": ("turtle", "text/turtle"),
    "jsonld": ("json-ld", "application/ld+json"),
    "rdf": ("xml", "application/rdf+xml"),
}

#: A text in each language, by its code.
Said = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who answers for the catalogue, and how to write to them."""

    name: str
    contact: str


@dataclass(frozen=True, slots=True)
class OpenRelease:
    """The version of a dataset that anybody may take: its page, its tables by name (and which have
    a map), and the size and SHA-256 of all in one file."""

    page: str
    number: int
    issued: datetime
    tables: Sequence[str]
    maps: Sequence[str]
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Told:
    """A dataset in plain words, both languages; ``columns`` and ``tables`` by their names."""

    declared: DeclaredDataset
    title: Said
    answers: Said
    conditions: Said
    revision: Said
    keywords: Mapping[str, Sequence[str]]
    tables: Mapping[str, Said]
    columns: Mapping[str, Said]
    release: OpenRelease | None = None


#: A table by itself: end of its address -> name and media type of the form.
_TABLE_FORMS = {
    "csv": ("CSV", "text/csv"),
    "parquet": ("PARQUET", "application/vnd.apache.parquet"),
    "json": ("JSON", "application/json"),
}


def dictionary(told: Told) -> bytes:
    """The dictionary of a dataset: each file as a Table Schema, its words in both languages."""
    content = {
        "name": told.declared.name.value,
        "title": told.title,
        "description": told.answers,
        "missingValues": [""],
        "tables": [
            {
                "name": table.name,
                "title": told.tables[table.name],
                "schema": {"fields": [_field(told, table, name) for name in table.column_names]},
            }
            for table in told.declared.tables
        ],
    }
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def catalogue(
    datasets: Sequence[Told], publisher: Publisher, *, base: str, title: Said, description: Said
) -> Graph:
    """The catalogue under the address ``base`` as a DCAT-AP 3 graph.

    Whatever the profile wants typed is typed in the same graph: rights, licences, media types,
    languages, places, frequencies and the algorithm of a checksum.
    """
    graph = Graph()
    for prefix, namespace in (("dcat", DCAT), ("dct", DCTERMS), ("spdx", _SPDX), ("vcard", _VCARD)):
        graph.bind(prefix, namespace)
    whole, agent = URIRef(f"{base}/catalogue"), URIRef(f"{base}/catalogue#exploitant")
    contact = URIRef(f"{base}/catalogue#contact")
    home = _typed(graph, URIRef(f"{base}/jeux-de-donnees"), FOAF.Document)
    graph.add((agent, RDF.type, FOAF.Agent))
    graph.add((agent, FOAF.name, Literal(publisher.name)))
    graph.add((contact, RDF.type, _VCARD.Kind))
    graph.add((contact, _VCARD.fn, Literal(publisher.name)))
    if "@" in publisher.contact:
        graph.add((contact, _VCARD.hasEmail, URIRef(f"mailto:{publisher.contact}")))
    graph.add((whole, RDF.type, DCAT.Catalog))
    _say(graph, whole, DCTERMS.title, title)
    _say(graph, whole, DCTERMS.description, description)
    graph.add((whole, DCTERMS.publisher, agent))
    graph.add((whole, FOAF.homepage, home))
    graph.add((whole, DCTERMS.license, _typed(graph, _CC_BY, DCTERMS.LicenseDocument)))
    graph.add((whole, DCTERMS.spatial, _typed(graph, _MONTREAL, DCTERMS.Location)))
    for language in _languages(graph):
        graph.add((whole, DCTERMS.language, language))
    for told in datasets:
        one = _dataset(graph, told, agent, contact, base)
        graph.add((whole, DCAT.dataset, one))
    return graph


def schema_org(told: Told, publisher: Publisher, *, base: str, language: str) -> dict[str, Any]:
    """A dataset in the words of schema.org, in one language."""
    page = _page(base, told.declared)
    return {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": f"{page}#jeu",
        "name": told.title[language],
        "description": told.answers[language],
        "inLanguage": language,
        "url": page,
        "identifier": told.declared.name.value,
        "keywords": list(told.keywords[language]),
        "creator": {"@type": "Organization", "name": publisher.name},
        "isAccessibleForFree": True,
        "conditionsOfAccess": told.conditions[language],
        "spatialCoverage": {"@type": "Place", "name": "Montréal", "sameAs": str(_MONTREAL)},
        "includedInDataCatalog": {"@type": "DataCatalog", "url": f"{base}/jeux-de-donnees"},
        "variableMeasured": [
            {"@type": "PropertyValue", "name": name, "description": words[language]}
            for name, words in told.columns.items()
        ],
        "distribution": [
            {
                "@type": "DataDownload",
                "name": f"{told.title[language]} (JSON)",
                "encodingFormat": "application/json",
                "contentUrl": f"{page}/dictionnaire.json",
            }
        ],
    }


def _dataset(graph: Graph, told: Told, agent: URIRef, contact: URIRef, base: str) -> URIRef:
    declared, page = told.declared, _page(base, told.declared)
    one = URIRef(f"{page}#jeu")
    rights = URIRef(f"{page}#conditions")
    is_open = declared.is_open or told.release is not None
    access = _EU["access-right/PUBLIC" if is_open else "access-right/RESTRICTED"]
    graph.add((one, RDF.type, DCAT.Dataset))
    graph.add((one, DCTERMS.identifier, Literal(declared.name.value)))
    _say(graph, one, DCTERMS.title, told.title)
    _say(graph, one, DCTERMS.description, told.answers)
    for language, words in told.keywords.items():
        for word in words:
            graph.add((one, DCAT.keyword, Literal(word, lang=language)))
    graph.add((one, DCTERMS.publisher, agent))
    graph.add((one, DCAT.contactPoint, contact))
    graph.add((one, DCAT.landingPage, _typed(graph, URIRef(page), FOAF.Document)))
    graph.add((one, DCTERMS.accessRights, _typed(graph, access, DCTERMS.RightsStatement)))
    graph.add((one, DCTERMS.spatial, _typed(graph, _MONTREAL, DCTERMS.Location)))
    often = _EU["frequency/IRREG" if is_open else "frequency/QUARTERLY"]
    graph.add((one, DCTERMS.accrualPeriodicity, _typed(graph, often, DCTERMS.Frequency)))
    for language in _languages(graph):
        graph.add((one, DCTERMS.language, language))
    revision = _typed(graph, URIRef(f"{page}#revision"), DCTERMS.ProvenanceStatement)
    _say(graph, revision, SKOS.prefLabel, told.revision)
    graph.add((one, DCTERMS.provenance, revision))
    _typed(graph, rights, DCTERMS.RightsStatement)
    _say(graph, rights, SKOS.prefLabel, told.conditions)
    for table in declared.tables:
        graph.add((one, DCAT.distribution, _file(graph, told, table, page, rights)))
    graph.add((one, DCAT.distribution, _words_file(graph, told, page)))
    if told.release is not None:
        issued = Literal(told.release.issued.date().isoformat(), datatype=XSD.date)
        graph.add((one, DCTERMS.issued, issued))
        graph.add((one, _VERSION, Literal(str(told.release.number))))
        for file in _released(graph, told, told.release, rights):
            graph.add((one, DCAT.distribution, file))
    return one


def _released(graph: Graph, told: Told, release: OpenRelease, rights: URIRef) -> Iterator[URIRef]:
    """The files of a version that anybody may take, in every form, and all in one."""
    for name in release.tables:
        forms = dict(_TABLE_FORMS)
        if name in release.maps:
            forms["geojson"] = ("GEOJSON", "application/geo+json")
        for end, (form, media) in forms.items():
            file = _open_file(graph, release, f"{release.page}/{name}.{end}", rights)
            _say(graph, file, DCTERMS.title, told.tables[name])
            _format(graph, file, form, media)
            yield file
    whole = _open_file(graph, release, f"{release.page}/fichier", rights)
    _say(graph, whole, DCTERMS.title, told.title)
    _format(graph, whole, "ZIP", "application/zip")
    graph.add((whole, DCAT.byteSize, Literal(release.size, datatype=XSD.nonNegativeInteger)))
    _checksum(graph, whole, URIRef(f"{release.page}#empreinte"), release.sha256)
    yield whole


def _open_file(graph: Graph, release: OpenRelease, address: str, rights: URIRef) -> URIRef:
    file = URIRef(f"{address}#fichier")
    graph.add((file, RDF.type, DCAT.Distribution))
    page = _typed(graph, URIRef(release.page), RDFS.Resource)
    graph.add((file, DCAT.accessURL, page))
    graph.add((file, DCAT.downloadURL, _typed(graph, URIRef(address), RDFS.Resource)))
    graph.add((file, DCTERMS.license, _typed(graph, _CC_BY, DCTERMS.LicenseDocument)))
    graph.add((file, DCTERMS.rights, rights))
    return file


def _file(graph: Graph, told: Told, table: DeclaredTable, page: str, rights: URIRef) -> URIRef:
    """A file that leaves under conditions: how to get at it, and no way around that."""
    file = URIRef(f"{page}#{table.name}")
    graph.add((file, RDF.type, DCAT.Distribution))
    _say(graph, file, DCTERMS.title, told.tables[table.name])
    graph.add((file, DCAT.accessURL, _typed(graph, URIRef(page), RDFS.Resource)))
    licence = _CC_BY if told.declared.is_open else URIRef(f"{page}#entente")
    graph.add((file, DCTERMS.license, _typed(graph, licence, DCTERMS.LicenseDocument)))
    graph.add((file, DCTERMS.rights, rights))
    _format(graph, file, "CSV", "text/csv")
    return file


def _words_file(graph: Graph, told: Told, page: str) -> URIRef:
    """The dictionary: for everybody, at once."""
    data, file = dictionary(told), URIRef(f"{page}#dictionnaire")
    address, sum_ = URIRef(f"{page}/dictionnaire.json"), URIRef(f"{page}#empreinte")
    graph.add((file, RDF.type, DCAT.Distribution))
    _say(graph, file, DCTERMS.title, {"fr": "Dictionnaire", "en": "Dictionary"})
    graph.add((file, DCAT.accessURL, _typed(graph, URIRef(page), RDFS.Resource)))
    graph.add((file, DCAT.downloadURL, _typed(graph, address, RDFS.Resource)))
    graph.add((file, DCTERMS.license, _typed(graph, _CC_BY, DCTERMS.LicenseDocument)))
    graph.add((file, DCAT.byteSize, Literal(len(data), datatype=XSD.nonNegativeInteger)))
    _format(graph, file, "JSON", "application/json")
    _checksum(graph, file, sum_, hashlib.sha256(data).hexdigest())
    return file


def _checksum(graph: Graph, file: URIRef, sum_: URIRef, digest: str) -> None:
    graph.add((file, _SPDX.checksum, sum_))
    graph.add((sum_, RDF.type, _SPDX.Checksum))
    algorithm = _typed(graph, _SPDX.checksumAlgorithm_sha256, _SPDX.ChecksumAlgorithm)
    graph.add((sum_, _SPDX.algorithm, algorithm))
    graph.add((sum_, _SPDX.checksumValue, Literal(digest, datatype=XSD.hexBinary)))


def _format(graph: Graph, file: URIRef, name: str, media: str) -> None:
    kind = _typed(graph, _EU[f"file-type/{name}"], DCTERMS.MediaTypeOrExtent)
    graph.add((file, DCTERMS["format"], kind))
    graph.add((file, DCAT.mediaType, _typed(graph, _IANA[media], DCTERMS.MediaType)))


def _languages(graph: Graph) -> Iterator[URIRef]:
    for code in ("FRA", "ENG"):
        yield _typed(graph, _EU[f"language/{code}"], DCTERMS.LinguisticSystem)


def _typed(graph: Graph, node: URIRef, kind: URIRef) -> URIRef:
    graph.add((node, RDF.type, kind))
    return node


def _say(graph: Graph, node: URIRef, what: URIRef, said: Said) -> None:
    for language, words in said.items():
        graph.add((node, what, Literal(words, lang=language)))


def _page(base: str, declared: DeclaredDataset) -> str:
    return f"{base}/jeux-de-donnees/{declared.name.value}"


def _field(told: Told, table: DeclaredTable, name: str) -> dict[str, Any]:
    column = next(each for each in table.columns if each.name == name)
    return {
        "name": name,
        "type": "integer" if column.role is ColumnRole.FIGURE else "string",
        "title": told.columns[name.removesuffix("_status")],
        "role": column.role.value,
        "needs": sorted(side.value for side in column.needs),
    }
