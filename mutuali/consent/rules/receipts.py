"""What a subject keeps of a consent event: a record and its receipt after ISO/IEC TS 27560.

Written as the guide of the W3C Data Privacy Vocabulary maps the standard: the receipt wraps the
record, which names its notice, purpose, data, parties, storage, how to withdraw, and the events.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mutuali.consent.rules.answers import Event, Purpose, Subject

_PROFILE = "https://w3id.org/dpv/schema/dpv-27560#"
_CONTEXT = {
    "dpv": "https://w3id.org/dpv#",
    "loc": "https://w3id.org/dpv/loc#",
    "dct": "http://purl.org/dc/terms/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "schema": "https://schema.org/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

_STATUS: Mapping[Event, str] = {
    Event.ASKED: "dpv:ConsentRequested",
    Event.RE_ASKED: "dpv:ConsentRequested",
    Event.GIVEN: "dpv:ConsentGiven",
    Event.REFUSED: "dpv:ConsentRefused",
    Event.WITHDRAWN: "dpv:ConsentWithdrawn",
    Event.EXPIRED: "dpv:ConsentExpired",
}

_BROADER: Mapping[Purpose, str] = {
    Purpose.NETWORK_STATISTICS: "dpv:ServiceOptimisation",
    Purpose.SHARING_STUDY: "dpv:AcademicResearch",
    Purpose.MOBILITY_PLANNING: "dpv:ImprovePublicServices",
    Purpose.NAMED_PUBLICLY: "dpv:PublicBenefit",
    Purpose.OPEN_DATA: "dpv:PublicBenefit",
}

#: French and English: the purpose, then the data.
LABELS: Mapping[Purpose, tuple[tuple[str, str], tuple[str, str]]] = {
    Purpose.NETWORK_STATISTICS: (
        ("Statistiques du réseau", "Network statistics"),
        ("Des totaux où les prêts sont comptés", "Totals in which loans are counted"),
    ),
    Purpose.SHARING_STUDY: (
        ("Étude du partage", "Study of sharing"),
        (
            "Une ligne par prêt, sans nom ni date exacte",
            "One row per loan, without names or exact dates",
        ),
    ),
    Purpose.MOBILITY_PLANNING: (
        ("Planification de la mobilité", "Mobility planning"),
        ("Des totaux de prêts par grande zone", "Totals of loans by large zone"),
    ),
    Purpose.NAMED_PUBLICLY: (
        ("Être nommé publiquement", "Being named publicly"),
        (
            "Le nom de l’organisme, son secteur et ce qu’il offre",
            "The organization’s name, its area and what it offers",
        ),
    ),
    Purpose.OPEN_DATA: (
        ("Données ouvertes", "Open data"),
        (
            "Des totaux où les prêts sont comptés, publiés pour tout le monde",
            "Totals in which loans are counted, published for everybody",
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class Named:
    """A party: the operator who answers for the data, or who receives it."""

    id: str
    name: str
    address: str
    contact: str


@dataclass(frozen=True, slots=True)
class Happened:
    """One event of a record."""

    event: Event
    at: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class ReceiptFacts:
    """Everything that a receipt says; ``events`` end with the one it is for."""

    base_url: str
    subject: Subject
    subject_id: str
    purpose: Purpose
    notice_id: str
    notice_version: int
    notice_hash: str
    notice_published_at: datetime
    lasts_months: int
    operator: Named
    recipient: Named
    events: Sequence[Happened]

    @property
    def number(self) -> int:
        """Which event between this subject and this notice, from 1."""
        return len(self.events)

    @property
    def last(self) -> Happened:
        """The event that the receipt is for."""
        return self.events[-1]


def receipt(facts: ReceiptFacts) -> dict[str, object]:
    """The receipt as JSON-LD, without its signature; the same facts give the same bytes."""
    record_id = f"{facts.notice_id}.{facts.subject_id}"
    return {
        "@context": dict(_CONTEXT),
        "@id": f"urn:mutuali:receipt:{record_id}.{facts.number}",
        "@type": "dpv:ConsentReceipt",
        "dct:conformsTo": {"@id": f"{_PROFILE}receipt"},
        "dct:identifier": f"{record_id}.{facts.number}",
        "dct:created": _instant(facts.last.at),
        "dct:publisher": {"@id": facts.operator.id},
        "dpv:hasRecordOfActivity": _record(facts, record_id),
    }


def _record(facts: ReceiptFacts, record_id: str) -> dict[str, object]:
    home = "organisme" if facts.subject is Subject.ORGANIZATION else "compte"
    page = f"{facts.base_url}/{home}/consentements/{facts.notice_id}"
    is_person = facts.subject is Subject.PERSON
    return {
        "@id": f"urn:mutuali:consent:{record_id}",
        "@type": "dpv:ConsentRecord",
        "dct:conformsTo": {"@id": f"{_PROFILE}record"},
        "dct:identifier": record_id,
        "dpv:hasDataSubject": {
            "@id": f"urn:mutuali:{facts.subject.value}:{facts.subject_id}",
            "@type": "dpv:DataSubject" if is_person else "dpv:Organisation",
            "dct:identifier": facts.subject_id,
        },
        "dpv:hasDataController": _party(facts.operator, "dpv:DataController"),
        "dpv:hasRecipient": _party(facts.recipient, "dpv:Recipient"),
        "dpv:hasJurisdiction": {"@id": "loc:CA-QC"},
        "dpv:hasLegalBasis": {"@id": "dpv:ExplicitlyExpressedConsent"},
        "dpv:hasNotice": {
            "@id": f"{facts.base_url}/avis/{facts.notice_id}",
            "@type": "dpv:ConsentNotice",
            "dct:identifier": facts.notice_id,
            "dct:hasVersion": str(facts.notice_version),
            "dct:date": _instant(facts.notice_published_at),
            "dct:language": ["fr", "en"],
            "schema:sha256": facts.notice_hash,
        },
        "dpv:hasProcess": _process(facts),
        "dpv:hasConsentControl": {
            "@type": "dpv:WithdrawConsent",
            "dpv:isExercisedAt": {"@id": page},
            **_labels("Retirer son oui à cette page", "Take the yes back on this page"),
        },
        "dpv:hasConsentStatus": [_status(each, facts) for each in facts.events],
    }


def _process(facts: ReceiptFacts) -> dict[str, object]:
    purpose, data = LABELS[facts.purpose]
    return {
        "@type": "dpv:Process",
        "dpv:hasPurpose": {
            "@id": f"urn:mutuali:purpose:{facts.purpose.value}",
            "@type": "dpv:Purpose",
            "skos:broader": {"@id": _BROADER[facts.purpose]},
            **_labels(*purpose),
        },
        "dpv:hasPersonalData": {
            "@id": f"urn:mutuali:data:{facts.purpose.value}",
            "@type": "dpv:PersonalData",
            **_labels(*data),
        },
        "dpv:hasStorageCondition": [
            {"@type": "dpv:StorageLocation", "dpv:hasLocation": {"@id": "loc:CA-QC"}},
            {
                "@type": "dpv:StorageDuration",
                "dpv:hasDuration": {
                    "@type": "dpv:UntilEventDuration",
                    **_labels(
                        "Jusqu’à la date de destruction que l’entente fixe",
                        "Until the date of destruction that the agreement sets",
                    ),
                },
            },
        ],
    }


def _status(happened: Happened, facts: ReceiptFacts) -> dict[str, object]:
    by_subject = happened.event in {Event.GIVEN, Event.REFUSED, Event.WITHDRAWN}
    who = f"urn:mutuali:{facts.subject.value}:{facts.subject_id}"
    return {
        "@type": _STATUS[happened.event],
        "dct:type": happened.event.value,
        "dpv:isIndicatedBy": {"@id": who if by_subject else facts.operator.id},
        "dpv:hasIndicationMethod": "https" if by_subject else "automatic",
        "dpv:isIndicatedAtTime": _instant(happened.at),
        "dpv:hasDuration": {
            "@type": "xsd:duration",
            "@value": f"P{facts.lasts_months}M" if happened.until else "P0D",
        },
        **({"dct:valid": _instant(happened.until)} if happened.until else {}),
    }


def _party(party: Named, kind: str) -> dict[str, object]:
    return {
        "@id": party.id,
        "@type": [kind, "dpv:Organisation"],
        "dpv:hasName": party.name,
        "dpv:hasAddress": party.address,
        "dpv:hasContact": party.contact,
    }


def _labels(french: str, english: str) -> dict[str, object]:
    return {
        "skos:prefLabel": [
            {"@value": french, "@language": "fr"},
            {"@value": english, "@language": "en"},
        ]
    }


def _instant(value: datetime) -> dict[str, str]:
    return {"@type": "xsd:dateTime", "@value": value.isoformat(timespec="seconds")}


@dataclass(frozen=True, slots=True)
class Claim:
    """What a receipt claims, long or short, whoever wrote it."""

    subject: Subject
    subject_id: str
    notice_id: str
    number: int
    event: Event
    at: datetime
    until: datetime | None
    purpose: Purpose
    recipient: str


def short(facts: ReceiptFacts) -> dict[str, object]:
    """The receipt in as few words as a QR code holds."""
    return {
        "i": f"{facts.notice_id}.{facts.subject_id}.{facts.number}",
        "k": facts.subject.value,
        "e": facts.last.event.value,
        "t": facts.last.at.isoformat(timespec="seconds"),
        "u": facts.last.until.isoformat(timespec="seconds") if facts.last.until else "",
        "p": facts.purpose.value,
        "r": facts.recipient.name,
    }


def short_claim(value: Mapping[str, Any]) -> Claim:
    """What a short receipt claims.

    Raises:
        ValueError: it is none.
    """
    try:
        notice_id, subject_id, number = str(value["i"]).split(".")
        return Claim(
            Subject(value["k"]),
            subject_id,
            notice_id,
            int(number),
            Event(value["e"]),
            datetime.fromisoformat(value["t"]),
            datetime.fromisoformat(value["u"]) if value["u"] else None,
            Purpose(value["p"]),
            str(value["r"]),
        )
    except (KeyError, TypeError) as error:
        raise ValueError("not a short receipt") from error


def claim(value: Mapping[str, Any]) -> Claim:
    """What a receipt claims.

    Raises:
        ValueError: it is none.
    """
    try:
        record = value["dpv:hasRecordOfActivity"]
        notice_id, subject_id, number = str(value["dct:identifier"]).split(".")
        last = record["dpv:hasConsentStatus"][-1]
        until = last.get("dct:valid")
        is_person = record["dpv:hasDataSubject"]["@type"] == "dpv:DataSubject"
        purpose = record["dpv:hasProcess"]["dpv:hasPurpose"]["@id"].rpartition(":")[2]
        return Claim(
            Subject.PERSON if is_person else Subject.ORGANIZATION,
            subject_id,
            notice_id,
            int(number),
            Event(last["dct:type"]),
            datetime.fromisoformat(last["dpv:isIndicatedAtTime"]["@value"]),
            datetime.fromisoformat(until["@value"]) if until else None,
            Purpose(purpose),
            str(record["dpv:hasRecipient"]["dpv:hasName"]),
        )
    except (KeyError, TypeError, IndexError, AttributeError) as error:
        raise ValueError("not a receipt") from error
