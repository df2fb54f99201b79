"""How far the consents under a bundle reach: per text and kind of subject, in bands, never who."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from mutuali.consent import service as consent
from mutuali.consent.rules import Purpose, band
from mutuali.exports.service.snapshot import Snapshot


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
