"""Which rule lets data go to a recipient, and what must stand before anything is built."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from mutuali.agreements.rules import ALLOWED, CAI_WAIT, Dataset, Instrument
from mutuali.consent.rules import PUBLISHED, Purpose
from mutuali.core.errors import Reason


class Regime(StrEnum):
    """By what right an export leaves, in the words of the law on personal information.

    ``own_study``: the operator's own use, inside its own walls (P-39.1 s. 12). ``named_recipient``:
    the consents name who receives (s. 13). ``research``: study or research under a written
    request, an assessment and an agreement sent to the CAI (s. 21 to 21.0.2). ``open``: published
    for everybody.
    """

    OWN_STUDY = "own_study"
    NAMED_RECIPIENT = "named_recipient"
    RESEARCH = "research"
    OPEN = "open"


_OF = {
    Instrument.OWN_STUDY: Regime.OWN_STUDY,
    Instrument.RESEARCH: Regime.RESEARCH,
    Instrument.OPEN: Regime.OPEN,
}


def regime_of(instrument: Instrument) -> Regime:
    """The regime of whatever is asked under an agreement of this kind."""
    return _OF.get(instrument, Regime.NAMED_RECIPIENT)


@dataclass(frozen=True, slots=True)
class Ground:
    """What a build would stand on.

    ``assessed``: an impact assessment of the dataset is in force; ``outside``: the recipient or
    the host is outside Québec; ``assessed_outside``: so is an assessment of that;
    ``cai_sent_on``: when the agreement went to the CAI; ``in_charge``: somebody is named in charge
    of the protection of personal information.
    """

    regime: Regime
    dataset: Dataset
    purpose: Purpose
    to_operator: bool
    assessed: bool
    outside: bool
    assessed_outside: bool
    cai_sent_on: date | None
    in_charge: bool


_TO_SOMEBODY = frozenset({Regime.OWN_STUDY, Regime.NAMED_RECIPIENT, Regime.RESEARCH})

#: By which rights each dataset may leave. Rows of loans stay personal information where a person
#: stands behind an organization: never open. Names are published with a yes to exactly that.
#: Sums are open only once a partner was given them; see ``promotion``.
_LAWFUL: Mapping[Dataset, frozenset[Regime]] = {
    Dataset.EQUIPMENT_USE: _TO_SOMEBODY | {Regime.OPEN},
    Dataset.LOANS: _TO_SOMEBODY,
    Dataset.UNMET_DEMAND: _TO_SOMEBODY | {Regime.OPEN},
    Dataset.LENDING_FLOWS: _TO_SOMEBODY | {Regime.OPEN},
    Dataset.ORGANIZATIONS_CAPACITY: frozenset({Regime.OPEN}),
}


def lawful(dataset: Dataset, regime: Regime, purpose: Purpose) -> bool:
    """Whether a dataset may leave by that right at all; what the right asks for comes on top.

    A dataset serves its own purposes; open is what was said yes to as open, and nothing else.
    """
    if purpose not in ALLOWED[dataset]:
        return False
    return regime in _LAWFUL[dataset] and (regime is Regime.OPEN) == (purpose in PUBLISHED)


def may_be_open(dataset: Dataset) -> bool:
    """Whether a dataset may ever be published."""
    return Regime.OPEN in _LAWFUL[dataset]


def obstacles(ground: Ground, today: date) -> Iterator[Reason]:
    """Why nothing may be built or let out yet, all of it, each with what to do about it."""
    if not ground.assessed:
        yield Reason("export.not_assessed", {"dataset": ground.dataset.value})
    if ground.outside and not ground.assessed_outside:
        yield Reason("export.not_assessed_outside", {"dataset": ground.dataset.value})
    if not ground.in_charge:
        yield Reason("export.nobody_in_charge")
    if ground.regime is Regime.OWN_STUDY and not ground.to_operator:
        yield Reason("export.own_study_elsewhere")
    if not lawful(ground.dataset, ground.regime, ground.purpose):
        yield Reason("export.not_by_this_right")
    if ground.regime is Regime.RESEARCH:
        if ground.cai_sent_on is None:
            yield Reason("export.not_sent_to_cai")
        elif today < ground.cai_sent_on + CAI_WAIT:
            yield Reason("export.cai_waits", {"on": ground.cai_sent_on + CAI_WAIT})
