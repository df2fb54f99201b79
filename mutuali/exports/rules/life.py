"""From a data request to a bundle that left, and how long each step may wait."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

from mutuali.core.states import follow


class ExportState(StrEnum):
    """Where an export stands."""

    REQUESTED = "requested"
    DECLINED = "declined"
    BUILDING = "building"
    IN_REVIEW = "in_review"
    READY = "ready"
    WITHHELD = "withheld"
    EXPIRED = "expired"
    RECALLED = "recalled"


class ExportStep(StrEnum):
    """What people, the build or time do to an export."""

    PREPARE = "prepare"
    BUILT = "built"
    WITHHOLD = "withhold"
    SIGN = "sign"
    RETURN = "return"
    DECLINE = "decline"
    RECALL = "recall"
    EXPIRE = "expire"


_NEXT: Mapping[tuple[ExportState, ExportStep], ExportState] = {
    (ExportState.REQUESTED, ExportStep.PREPARE): ExportState.BUILDING,
    (ExportState.REQUESTED, ExportStep.DECLINE): ExportState.DECLINED,
    (ExportState.REQUESTED, ExportStep.EXPIRE): ExportState.EXPIRED,
    (ExportState.BUILDING, ExportStep.BUILT): ExportState.IN_REVIEW,
    (ExportState.BUILDING, ExportStep.WITHHOLD): ExportState.WITHHELD,
    # Once more, because something changed under it.
    (ExportState.IN_REVIEW, ExportStep.PREPARE): ExportState.BUILDING,
    (ExportState.IN_REVIEW, ExportStep.SIGN): ExportState.READY,
    (ExportState.IN_REVIEW, ExportStep.RETURN): ExportState.REQUESTED,
    (ExportState.IN_REVIEW, ExportStep.WITHHOLD): ExportState.WITHHELD,
    (ExportState.IN_REVIEW, ExportStep.DECLINE): ExportState.DECLINED,
    (ExportState.IN_REVIEW, ExportStep.EXPIRE): ExportState.EXPIRED,
    (ExportState.READY, ExportStep.RECALL): ExportState.RECALLED,
    (ExportState.READY, ExportStep.EXPIRE): ExportState.EXPIRED,
    # Its download time was over; the copy that was taken is still called back.
    (ExportState.EXPIRED, ExportStep.RECALL): ExportState.RECALLED,
}

#: Silence is no: a request nobody prepares lapses.
DECIDE_WITHIN = timedelta(days=30)
#: So does a built bundle that nobody signs.
SIGN_WITHIN = timedelta(days=30)
#: How long a link to a bundle waits for its first use.
LINK_LASTS = timedelta(minutes=10)
#: How long a download that began may be resumed.
RESUME_WITHIN = timedelta(hours=6)


def advance(state: ExportState, step: ExportStep) -> ExportState:
    """The state that ``step`` leads to.

    Raises:
        Conflict: the table has no such step from ``state``.
    """
    return follow(_NEXT, state, step, "export.no_such_step")
