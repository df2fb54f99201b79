"""Where a booking stands and what people, or time, do to it: which step leads where."""

from collections.abc import Mapping
from enum import StrEnum

from mutuali.core.errors import Conflict
from mutuali.core.states import follow


class State(StrEnum):
    """Where a booking stands; overdue is derived, see :func:`is_overdue`."""

    REQUESTED = "requested"
    HELD = "held"
    APPROVED = "approved"
    ON_LOAN = "on_loan"
    RETURNED = "returned"
    CLOSED = "closed"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class Step(StrEnum):
    """What people (or time) do to a booking."""

    REQUEST = "request"
    APPROVE = "approve"
    DECLINE = "decline"
    CANCEL = "cancel"
    EXPIRE = "expire"
    HAND_OVER = "hand_over"
    TAKE_BACK = "take_back"
    CLOSE = "close"
    #: Somebody who decides offers another time, other units or another listing instead.
    PROPOSE = "propose"
    #: A decision is taken back within minutes.
    UNDO = "undo"
    #: A running or coming booking lasts longer.
    EXTEND = "extend"
    #: It moves to another time or another listing.
    MOVE = "move"
    #: Its units become more or fewer, its time stays.
    UNITS = "units"
    #: Some of the units come back before the others.
    PART_BACK = "part_back"
    #: Nobody came: the units are free again.
    NO_SHOW = "no_show"
    #: The two parties do not say the same of its state.
    DISPUTE = "dispute"
    #: The first yes, where two persons have to say it.
    FIRST_YES = "first_yes"
    #: What was proposed is not wanted: the request waits again.
    TURN_DOWN = "turn_down"
    #: Nobody answered what was proposed, or asked of a running booking, in time.
    LAPSE = "lapse"
    #: The borrower asks a coming or running booking to last longer.
    ASK_LONGER = "ask_longer"
    #: It may not last longer.
    NOT_LONGER = "not_longer"
    #: It ends earlier than was promised.
    SHORTEN = "shorten"


class WholeAs(StrEnum):
    """How a row belongs to a whole booking: what a kit is made of, or units back before others."""

    KIT = "kit"
    RETURN = "return"


class Purpose(StrEnum):
    """What the borrower needs it for."""

    FOOD_DELIVERY = "food_delivery"
    FOOD_RESCUE = "food_rescue"
    COOKING = "cooking"
    STORAGE = "storage"
    EVENT = "event"
    HARVEST = "harvest"
    REPLACEMENT = "replacement"
    OTHER = "other"


#: States whose units nobody else can have, from ``starts_at`` to ``occupied_until``.
OCCUPYING = (State.HELD, State.APPROVED, State.ON_LOAN, State.RETURNED, State.CLOSED)
#: States in which nothing is to come.
OVER = (State.CLOSED, State.DECLINED, State.CANCELLED, State.EXPIRED)
#: States that still promise units: what a lender may not take away.
PROMISED = (State.HELD, State.APPROVED, State.ON_LOAN)
#: States in which both parties may know where the thing is and whom to call.
CONFIRMED = (State.APPROVED, State.ON_LOAN, State.RETURNED, State.CLOSED)
#: States that wait for somebody's decision.
UNDECIDED = (State.REQUESTED, State.HELD)

_NEXT: Mapping[tuple[State, Step], State] = {
    (State.REQUESTED, Step.APPROVE): State.APPROVED,
    (State.REQUESTED, Step.DECLINE): State.DECLINED,
    (State.REQUESTED, Step.CANCEL): State.CANCELLED,
    (State.REQUESTED, Step.EXPIRE): State.EXPIRED,
    (State.HELD, Step.APPROVE): State.APPROVED,
    (State.HELD, Step.DECLINE): State.DECLINED,
    (State.HELD, Step.CANCEL): State.CANCELLED,
    (State.HELD, Step.EXPIRE): State.EXPIRED,
    (State.APPROVED, Step.CANCEL): State.CANCELLED,
    (State.APPROVED, Step.NO_SHOW): State.CANCELLED,
    (State.APPROVED, Step.HAND_OVER): State.ON_LOAN,
    (State.ON_LOAN, Step.TAKE_BACK): State.RETURNED,
    (State.RETURNED, Step.CLOSE): State.CLOSED,
}

#: Steps after which a booking stands where it stood.
_STAYS: Mapping[Step, tuple[State, ...]] = {
    Step.FIRST_YES: (*UNDECIDED, State.APPROVED, State.ON_LOAN),
    Step.PROPOSE: UNDECIDED,
    Step.TURN_DOWN: UNDECIDED,
    Step.LAPSE: (*UNDECIDED, State.APPROVED, State.ON_LOAN),
    Step.ASK_LONGER: (State.APPROVED, State.ON_LOAN),
    Step.NOT_LONGER: (State.APPROVED, State.ON_LOAN),
    Step.EXTEND: (State.APPROVED, State.ON_LOAN),
    Step.SHORTEN: (State.APPROVED, State.ON_LOAN),
}

#: Steps that lead to one of several states: which, the rules of the step say.
_LEADS: Mapping[tuple[State, Step], tuple[State, ...]] = {
    (State.APPROVED, Step.UNDO): UNDECIDED,
    (State.DECLINED, Step.UNDO): UNDECIDED,
    # Somebody came after all: see ``rules.no_shows``.
    (State.CANCELLED, Step.UNDO): (State.APPROVED,),
    **{
        (state, step): (*UNDECIDED, State.APPROVED)
        for state in (*UNDECIDED, State.APPROVED)
        for step in (Step.MOVE, Step.UNITS)
    },
}


def advance(state: State, step: Step) -> State:
    """The state that ``step`` leads to.

    Raises:
        Conflict: the table has no such step from ``state``.
    """
    if state in _STAYS.get(step, ()):
        return state
    return follow(_NEXT, state, step, "booking.no_such_step")


def advance_to(state: State, step: Step, reached: State) -> State:
    """``reached``, where ``step`` can lead to several states and this is one of them.

    Raises:
        Conflict: it cannot.
    """
    if reached not in leads_to(state, step):
        raise Conflict("booking.no_such_step", state=state.value, step=step.value)
    return reached


def leads_to(state: State, step: Step) -> tuple[State, ...]:
    """Every state that ``step`` can lead to from ``state``; none when there is no such step."""
    several = _LEADS.get((state, step))
    if several is not None:
        return several
    try:
        return (advance(state, step),)
    except Conflict:
        return ()
