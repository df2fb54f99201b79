"""How far the consents under a bundle reach: per text and kind of subject, in bands, never who."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from mutuali.consent import service as consent
from mutuali.consent.rules import Purpose, band
from mutuali.exports.rules.catalogue import DataClass
from mutuali.exports.rules.vocabulary import CLASSES, PURPOSES
from mutuali.exports.service.bundle import as_json
from mutuali.exports.service.snapshot import Snapshot

_CONTEXT = {
    "dct": "http://purl.org/dc/terms/",
    "dpv": "https://w3id.org/dpv#",
    "loc": "https://w3id.org/dpv/loc#",
    "mutuali": "https://w3id.org/mutuali#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


@dataclass(frozen=True, slots=True)
class ConsentedText:
    """A text as it was shown, and how many said yes to it: a band, both bounds included."""

    public_id: str
    version: int
    sha256: str
    subject: str
    lasts_months: int
    said_yes: tuple[int, int | None]


def consented_texts(
    session: Session, snapshot: Snapshot, purpose: Purpose, recipient_id: int
) -> Sequence[ConsentedText]:
    """The texts that the rows of a snapshot rest on."""
    said_yes = {"organization": len(snapshot.consenting)}
    return [
        ConsentedText(
            each.public_id,
            each.version,
            each.hash,
            "organization",
            each.lasts_months,
            band(said_yes["organization"]),
        )
        for each in consent.current_notices(session)
        if each.purpose is purpose and each.recipient_id == recipient_id
    ]


@dataclass(frozen=True, slots=True)
class Parties:
    """Who asked for the consents and who receives, and how to reach them."""

    controller: str
    contact: str
    recipient: str


def consent_records(
    texts: Sequence[ConsentedText],
    parties: Parties,
    *,
    page: str,
    address: Callable[[str], str],
    purpose: Purpose,
    data_class: DataClass,
    as_of: str,
    destroy_by: date,
) -> bytes:
    """The same for programs: a record per text after ISO/IEC TS 27560, in JSON-LD.

    Where that standard has one principal, a record here has all who said yes, in a band.
    """
    graph = [
        {
            "@id": f"{page}#consents-{each.public_id}",
            "@type": "dpv:ConsentRecord",
            "dct:conformsTo": {"@id": "https://w3id.org/dpv/schema/dpv-27560#record"},
            "dct:identifier": f"{page.rpartition('/')[2]}-{each.public_id}",
            "dpv:hasDataSubject": {
                "@id": f"{page}#consents-{each.public_id}-subjects",
                "@type": "dpv:DataSubject",
                "mutuali:subject": each.subject,
            },
            "mutuali:atLeast": _whole(each.said_yes[0]),
            **({} if each.said_yes[1] is None else {"mutuali:atMost": _whole(each.said_yes[1])}),
            "dpv:hasNotice": {
                "@id": address(f"/avis/{each.public_id}"),
                "@type": "dpv:ConsentNotice",
                "dct:language": ["fr", "en"],
                "dct:hasVersion": _whole(each.version),
                "mutuali:textSha256": each.sha256,
            },
            "dpv:hasPurpose": {"@id": PURPOSES[purpose]},
            "dpv:hasData": {"@id": CLASSES[data_class]},
            "dpv:hasDataController": {
                "@id": f"{page}#controller",
                "@type": "dpv:DataController",
                "dpv:hasName": parties.controller,
                "dpv:hasContact": parties.contact,
            },
            "dpv:hasRecipient": {
                "@id": f"{page}#recipient",
                "@type": "dpv:Recipient",
                "dpv:hasName": parties.recipient,
            },
            "dpv:hasStorageCondition": {
                "@id": f"{page}#storage",
                "@type": "dpv:StorageDuration",
                "dct:valid": {"@type": "xsd:date", "@value": destroy_by.isoformat()},
            },
            "dpv:hasJurisdiction": {"@id": "loc:CA-QC"},
            "mutuali:withdrawAt": {"@id": address("/organisme/consentements")},
            "dpv:hasDuration": {"@type": "xsd:duration", "@value": f"P{each.lasts_months}M"},
            "dpv:hasConsentStatus": {"@id": "dpv:ConsentGiven"},
            "dpv:isIndicatedAtTime": {"@type": "xsd:dateTime", "@value": as_of},
        }
        for each in texts
    ]
    return as_json({"@context": _CONTEXT, "@graph": graph})


def _whole(value: int) -> dict[str, str]:
    return {"@type": "xsd:integer", "@value": str(value)}
