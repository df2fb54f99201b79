"""How a catalogue describes a bundle (DCAT-AP 3), and how it came about (PROV-O): JSON-LD."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from mutuali.exports.service.bundle import Written, as_json

_CONTEXT = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "odrl": "http://www.w3.org/ns/odrl/2/",
    "prov": "http://www.w3.org/ns/prov#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_VOCABULARY = "http://publications.europa.eu/resource/authority"
_FORMATS = {
    "csv": (f"{_VOCABULARY}/file-type/CSV", "text/csv"),
    "parquet": (f"{_VOCABULARY}/file-type/PARQUET", "application/vnd.apache.parquet"),
    "geojson": (f"{_VOCABULARY}/file-type/GEOJSON", "application/geo+json"),
}
#: Montréal in GeoNames.
_PLACE = "https://sws.geonames.org/6077243/"


@dataclass(frozen=True, slots=True)
class Catalogued:
    """What the description of one bundle says; texts in French and English.

    ``address`` is the page of the export; ``notices`` are the addresses of the consent texts it
    rests on; ``first`` and ``last`` are the days it speaks of, both included.
    """

    address: str
    identifier: str
    title: tuple[str, str]
    description: tuple[str, str]
    publisher: str
    contact: str
    licence: str
    policy: str
    is_open: bool
    made_at: str
    first: date
    last: date
    method: str
    notices: Sequence[str]
    files: Sequence[Written]


def catalogue_entry(said: Catalogued) -> bytes:
    """``dcat.jsonld``: the dataset, its files, its policy, and the activity that made it."""
    graph = [
        _dataset(said),
        *(_distribution(said, each) for each in said.files),
        _node(said, "publisher", "foaf:Agent", {"foaf:name": said.publisher}),
        _contact(said),
        *_provenance(said),
        *_vocabulary(said),
    ]
    return as_json({"@context": _CONTEXT, "@graph": graph})


def _dataset(said: Catalogued) -> dict[str, Any]:
    return {
        "@id": said.address,
        "@type": ["dcat:Dataset", "prov:Entity"],
        "dct:identifier": said.identifier,
        "dct:title": _both(said.title),
        "dct:description": _both(said.description),
        "dct:publisher": {"@id": f"{said.address}#publisher"},
        "dcat:contactPoint": {"@id": f"{said.address}#contact"},
        "dct:accessRights": {"@id": _rights(said)},
        "dct:issued": _typed(said.made_at, "dateTime"),
        "dct:language": [{"@id": f"{_VOCABULARY}/language/{code}"} for code in ("FRA", "ENG")],
        "dct:spatial": {"@id": _PLACE},
        "dct:temporal": {"@id": f"{said.address}#period"},
        "odrl:hasPolicy": {"@id": said.policy},
        "dcat:distribution": [{"@id": _file(said, each)} for each in said.files],
        "prov:wasGeneratedBy": {"@id": f"{said.address}#build"},
        "prov:wasDerivedFrom": {"@id": f"{said.address}#records"},
    }


def _distribution(said: Catalogued, file: Written) -> dict[str, Any]:
    kind, media = _FORMATS[file.path.rpartition(".")[2]]
    return {
        "@id": _file(said, file),
        "@type": "dcat:Distribution",
        "dct:title": file.path,
        "dcat:accessURL": {"@id": said.address, "@type": "rdfs:Resource"},
        "dct:format": {"@id": kind},
        "dcat:mediaType": {"@id": f"https://www.iana.org/assignments/media-types/{media}"},
        "dct:license": {"@id": said.licence},
        "dcat:byteSize": _typed(str(file.size), "nonNegativeInteger"),
        "spdx:checksum": {
            "@id": f"{_file(said, file)}-sha256",
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": _typed(file.sha256, "hexBinary"),
        },
    }


def _contact(said: Catalogued) -> dict[str, Any]:
    mail = {"vcard:hasEmail": {"@id": f"mailto:{said.contact}"}} if "@" in said.contact else {}
    return _node(
        said, "contact", ["vcard:Organization", "vcard:Kind"], {"vcard:fn": said.publisher, **mail}
    )


def _provenance(said: Catalogued) -> list[dict[str, Any]]:
    """One activity that read the records under the agreement and the consents; roles, no names."""
    roles = {
        "analyst": ("personne analyste", "analyst"),
        "steward": ("intendance des données", "data steward"),
    }
    build = {
        "prov:startedAtTime": _typed(said.made_at, "dateTime"),
        "prov:endedAtTime": _typed(said.made_at, "dateTime"),
        "prov:used": [
            {"@id": each} for each in (f"{said.address}#records", said.policy, *said.notices)
        ],
        "prov:wasAssociatedWith": [
            {"@id": f"{said.address}#{name}"} for name in (*roles, "program")
        ],
    }
    records = {
        "dct:title": _both(("registre des prêts du réseau", "record of the network’s loans")),
        "dct:temporal": {"@id": f"{said.address}#period"},
    }
    period = {
        "dcat:startDate": _typed(said.first.isoformat(), "date"),
        "dcat:endDate": _typed(said.last.isoformat(), "date"),
    }
    return [
        _node(said, "build", "prov:Activity", build),
        _node(said, "records", "prov:Entity", records),
        _node(said, "period", "dct:PeriodOfTime", period),
        _node(said, "program", "prov:SoftwareAgent", {"rdfs:label": f"MutuAli, {said.method}"}),
        *(
            _node(said, name, "prov:Agent", {"rdfs:label": _both(words)})
            for name, words in roles.items()
        ),
        *({"@id": each, "@type": "prov:Entity"} for each in said.notices),
    ]


def _vocabulary(said: Catalogued) -> list[dict[str, Any]]:
    """The classes of what others define: their shapes ask for them in the same graph."""
    formats = {_FORMATS[each.path.rpartition(".")[2]] for each in said.files}
    return [
        {"@id": said.licence, "@type": "dct:LicenseDocument"},
        {"@id": said.policy, "@type": ["odrl:Policy", "prov:Entity"]},
        {"@id": _rights(said), "@type": "dct:RightsStatement"},
        {"@id": "spdx:checksumAlgorithm_sha256", "@type": "spdx:ChecksumAlgorithm"},
        {"@id": _PLACE, "@type": "dct:Location"},
        *(
            {"@id": f"{_VOCABULARY}/language/{code}", "@type": "dct:LinguisticSystem"}
            for code in ("FRA", "ENG")
        ),
        *({"@id": kind, "@type": "dct:MediaTypeOrExtent"} for kind, _media in sorted(formats)),
        *(
            {
                "@id": f"https://www.iana.org/assignments/media-types/{media}",
                "@type": "dct:MediaType",
            }
            for _kind, media in sorted(formats)
        ),
    ]


def _rights(said: Catalogued) -> str:
    return f"{_VOCABULARY}/access-right/{'PUBLIC' if said.is_open else 'RESTRICTED'}"


def _file(said: Catalogued, file: Written) -> str:
    return f"{said.address}#{file.path}"


def _node(
    said: Catalogued, name: str, kind: str | list[str], values: Mapping[str, Any]
) -> dict[str, Any]:
    return {"@id": f"{said.address}#{name}", "@type": kind, **values}


def _both(words: tuple[str, str]) -> list[dict[str, str]]:
    return [
        {"@language": language, "@value": text}
        for language, text in zip(("fr", "en"), words, strict=True)
    ]


def _typed(value: str, kind: str) -> dict[str, str]:
    return {"@type": f"xsd:{kind}", "@value": value}
