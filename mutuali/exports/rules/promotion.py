"""From a partner to everybody: what was given to one may be made open, slowly.

What is open cannot be called back. So it is analysed anew with the yeses to exactly that, announced
to whoever is in it, and let out by a second signature that waits until the announcement is old
enough to have been read.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from mutuali.agreements.rules import Dataset
from mutuali.core.errors import Reason
from mutuali.exports.rules.catalogue import CATALOGUE, DataClass
from mutuali.exports.rules.life import ExportState
from mutuali.exports.rules.regimes import Regime

#: From the announcement of what will be open to the day on which it may be.
WAIT = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Source:
    """The release that is to be made open."""

    dataset: Dataset
    regime: Regime
    state: ExportState
    released_at: datetime | None


def is_promoted(dataset: Dataset) -> bool:
    """Whether a dataset becomes open by promotion only, as all do that name nobody."""
    return CATALOGUE[dataset].data_class is DataClass.ANONYMIZED


def promotable(source: Source) -> bool:
    """Whether a release may be made open: anonymized, let out to a partner, not called back."""
    return (
        is_promoted(source.dataset)
        and source.regime is not Regime.OPEN
        and source.released_at is not None
        and source.state is not ExportState.RECALLED
    )


def objections(dataset: Dataset, regime: Regime, source: Source | None) -> Iterator[Reason]:
    """Why a request cannot be the promotion, or the plain request, that it says it is."""
    if source is None and regime is Regime.OPEN and is_promoted(dataset):
        yield Reason("export.only_promoted", {}, "promotes")
    if source is not None and (
        regime is not Regime.OPEN or source.dataset is not dataset or not promotable(source)
    ):
        yield Reason("export.nothing_to_promote", {}, "promotes")


def opens_from(built_at: datetime) -> datetime:
    """From when on the last signature may let out what was announced when it was built."""
    return built_at + WAIT
