"""The public register of what left: no names of people, no questions, nothing that counts few."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from mutuali.agreements.rules import Dataset
from mutuali.consent.rules import Purpose
from mutuali.core.period import local
from mutuali.exports.rules.catalogue import CATALOGUE, DataClass
from mutuali.exports.rules.life import ExportState
from mutuali.exports.rules.regimes import Regime
from mutuali.exports.service.ask import released


class Standing(StrEnum):
    """What has become of something that left."""

    RELEASED = "released"
    RECALLED = "recalled"


@dataclass(frozen=True, slots=True)
class Entry:
    """One release; ``month`` is the first day of its month."""

    dataset: Dataset
    recipient: str
    purpose: Purpose
    month: date
    data_class: DataClass
    regime: Regime
    standing: Standing


#: The columns of the register as a file, in their order.
COLUMNS = ("month", "dataset", "recipient", "purpose", "data_class", "regime", "standing")


def register(session: Session, *, now: datetime) -> list[Entry]:
    """Everything that left, newest first."""
    return [
        Entry(
            each.dataset,
            each.agreement.partner_name,
            each.purpose,
            local(each.released_at or each.created_at).date().replace(day=1),
            CATALOGUE[each.dataset].data_class,
            each.regime,
            Standing.RECALLED if each.state is ExportState.RECALLED else Standing.RELEASED,
        )
        for each in released(session, now=now)
    ]


def as_row(entry: Entry) -> dict[str, str]:
    """An entry as a line of a file: codes, and the month as ``2026-05``."""
    return {
        "month": f"{entry.month:%Y-%m}",
        "dataset": entry.dataset.value,
        "recipient": entry.recipient,
        "purpose": entry.purpose.value,
        "data_class": entry.data_class.value,
        "regime": entry.regime.value,
        "standing": entry.standing.value,
    }
