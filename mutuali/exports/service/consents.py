"""How far the consents under a bundle reach: per text and kind of subject, in bands, never who."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy.orm import Session

from mutuali.consent import service as consent
from mutuali.consent.rules import (
    Event,
    Happened,
    Named,
    Purpose,
    ReceiptFacts,
    Subject,
    band,
    receipt,
    until_of,
)
from mutuali.exports.service.bundle import as_json
from mutuali.exports.service.snapshot import Snapshot

_OURS = "https://w3id.org/mutuali#"


@dataclass(frozen=True, slots=True)
class ConsentedText:
    """A text as it was shown, and how many said yes to it: a band, both bounds included."""

    public_id: str
    version: int
    sha256: str
    published_at: datetime
    subject: Subject
    lasts_months: int
    said_yes: tuple[int, int | None]


def consented_texts(
    session: Session, snapshot: Snapshot, purpose: Purpose, recipient_id: int
) -> Sequence[ConsentedText]:
    """The texts that the rows of a snapshot rest on."""
    said_yes = {
        Subject.ORGANIZATION: len(snapshot.consenting),
        Subject.PERSON: len(snapshot.people),
    }
    return [
        ConsentedText(
            each.public_id,
            each.version,
            each.hash,
            each.published_at,
            each.subject,
            each.lasts_months,
            band(said_yes[each.subject]),
        )
        for each in consent.current_notices(session)
        if each.purpose is purpose and each.recipient_id == recipient_id
    ]


def consent_records(
    texts: Sequence[ConsentedText],
    purpose: Purpose,
    *,
    export: str,
    base_url: str,
    operator: Named,
    recipient: Named,
    as_of: datetime,
) -> bytes:
    """The same for programs: the record of a receipt per text (ISO/IEC TS 27560, JSON-LD).

    Where that standard has one principal, a record here has all who said yes at ``as_of``, named by
    the export's public id and counted in a band.
    """
    facts = [
        ReceiptFacts(
            base_url=base_url,
            subject=each.subject,
            subject_id=export,
            purpose=purpose,
            notice_id=each.public_id,
            notice_version=each.version,
            notice_hash=each.sha256,
            notice_published_at=each.published_at,
            lasts_months=each.lasts_months,
            operator=operator,
            recipient=recipient,
            events=[Happened(Event.GIVEN, as_of, until_of(as_of, each.lasts_months))],
        )
        for each in texts
    ]
    made = [receipt(each) for each in facts]
    records = [
        {**_inside(one, "dpv:hasRecordOfActivity"), **_counted(each.said_yes)}
        for one, each in zip(made, texts, strict=True)
    ]
    context = {"mutuali": _OURS, **(_inside(made[0], "@context") if made else {})}
    return as_json({"@context": context, "@graph": records})


def _inside(made: Mapping[str, object], name: str) -> Mapping[str, object]:
    return cast(Mapping[str, object], made[name])


def _counted(said_yes: tuple[int, int | None]) -> dict[str, object]:
    low, high = said_yes
    return {"mutuali:atLeast": low, **({} if high is None else {"mutuali:atMost": high})}
