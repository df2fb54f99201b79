"""From a data request to a bundle, and how long each may wait."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

from mutuali.core.states import follow


class ExportState(StrEnum):
    """Where an export stands."""

    REQUESTED = "requested"
    DECLINED = "declined"
    BUILDING = "building"
    READY = "ready"
    WITHHELD = "withheld"
    EXPIRED = "expired"


class ExportStep(StrEnum):
    """What people, the build or time do to an export."""

    APPROVE = "approve"
    DECLINE = "decline"
    RELEASE = "release"
    WITHHOLD = "withhold"
    EXPIRE = "expire"


_NEXT: Mapping[tuple[ExportState, ExportStep], ExportState] = {
    (ExportState.REQUESTED, ExportStep.APPROVE): ExportState.BUILDING,
    (ExportState.REQUESTED, ExportStep.DECLINE): ExportState.DECLINED,
    (ExportState.REQUESTED, ExportStep.EXPIRE): ExportState.EXPIRED,
    (ExportState.BUILDING, ExportStep.RELEASE): ExportState.READY,
    (ExportState.BUILDING, ExportStep.WITHHOLD): ExportState.WITHHELD,
    (ExportState.READY, ExportStep.EXPIRE): ExportState.EXPIRED,
}

#: Silence is no: a request nobody decides lapses.
DECIDE_WITHIN = timedelta(days=30)
#: How long a bundle can be downloaded.
DOWNLOAD_WITHIN = timedelta(days=30)


def advance(state: ExportState, step: ExportStep) -> ExportState:
    """The state that ``step`` leads to.

    Raises:
        Conflict: the table has no such step from ``state``.
    """
    return follow(_NEXT, state, step, "export.no_such_step")
