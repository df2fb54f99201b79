"""What may be agreed, by whom it takes effect, and which steps lead there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from mutuali.agreements.rules.promises import (
    DEFAULT_MEASURES,
    Measure,
    Named,
    Party,
    Promises,
    broken_bounds,
)
from mutuali.agreements.rules.settings import ReleaseSettings, out_of_bounds
from mutuali.consent.rules import PUBLISHED, Purpose
from mutuali.core.errors import Reason
from mutuali.core.period import local_midnight
from mutuali.core.states import follow

#: An agreement is made anew after three years at the latest: silence is no.
LONGEST_TERM_YEARS = 3
#: An agreement starts within a year of the day it is written.
_START_WITHIN = timedelta(days=366)
MOST_ANALYSTS = 20
SHORTEST_USE = 20


class Dataset(StrEnum):
    """A product of the catalogue; what each holds is declared in exports/rules/catalogue.py."""

    EQUIPMENT_USE = "equipment-use"
    LOANS = "loans"
    UNMET_DEMAND = "unmet-demand"
    LENDING_FLOWS = "lending-flows"
    ORGANIZATIONS_CAPACITY = "organizations-capacity"


#: What each dataset may be used for.
ALLOWED: Mapping[Dataset, frozenset[Purpose]] = {
    Dataset.EQUIPMENT_USE: frozenset(
        {Purpose.NETWORK_STATISTICS, Purpose.MOBILITY_PLANNING, Purpose.OPEN_DATA}
    ),
    Dataset.LOANS: frozenset({Purpose.SHARING_STUDY}),
    Dataset.UNMET_DEMAND: frozenset({Purpose.NETWORK_STATISTICS, Purpose.OPEN_DATA}),
    Dataset.LENDING_FLOWS: frozenset({Purpose.MOBILITY_PLANNING, Purpose.OPEN_DATA}),
    Dataset.ORGANIZATIONS_CAPACITY: frozenset({Purpose.NAMED_PUBLICLY}),
}


class Instrument(StrEnum):
    """What kind of agreement it is, and so on which ground of law data leaves."""

    #: About organizations only; their consent.
    ORGANIZATION_DATA = "organization_data"
    #: De-identified and so still personal; consent of the persons (P-39.1 s. 14).
    PERSONAL_DEIDENTIFIED = "personal_deidentified"
    #: Study, research or statistics without consent (P-39.1 s. 21 to 21.0.2, A-2.1 s. 67.2.1).
    RESEARCH = "research"
    #: The operator studies its own, de-identified (P-39.1 s. 12).
    OWN_STUDY = "own_study"
    #: Anonymized, for everybody (P-39.1 s. 23).
    OPEN = "open"


#: A research agreement takes effect that long after the CAI received it (A-2.1 s. 67.2.3).
CAI_WAIT = timedelta(days=30)


class Restriction(StrEnum):
    """A coded clause on what the partner does and does not do, in the order of the text."""

    NO_REIDENTIFICATION = "no_reidentification"
    NO_MATCHING = "no_matching"
    NO_ONWARD_SHARING = "no_onward_sharing"
    PUBLISH_ABOVE_THRESHOLD = "publish_above_threshold"
    KEEP_SAFE = "keep_safe"
    TELL_INCIDENTS = "tell_incidents"
    FOLLOW_WITHDRAWALS = "follow_withdrawals"
    DESTROY_AT_END = "destroy_at_end"
    NOT_FOR_DECISIONS = "not_for_decisions"
    NO_COMMERCIAL_USE = "no_commercial_use"
    NO_MODEL_TRAINING = "no_model_training"
    KEPT_IN_QUEBEC = "kept_in_quebec"
    SHOW_BEFORE_PUBLISHING = "show_before_publishing"
    SHARE_RESULTS = "share_results"


#: The law (P-39.1 s. 12 and 18.4, A-2.1 s. 67.2.3) or this house asks for these.
REQUIRED_RESTRICTIONS = frozenset(
    {
        Restriction.NO_REIDENTIFICATION,
        Restriction.NO_MATCHING,
        Restriction.NO_ONWARD_SHARING,
        Restriction.PUBLISH_ABOVE_THRESHOLD,
        Restriction.KEEP_SAFE,
        Restriction.TELL_INCIDENTS,
        Restriction.FOLLOW_WITHDRAWALS,
        Restriction.DESTROY_AT_END,
    }
)
#: What a new draft starts from.
DEFAULT_RESTRICTIONS = REQUIRED_RESTRICTIONS | {
    Restriction.NOT_FOR_DECISIONS,
    Restriction.NO_COMMERCIAL_USE,
    Restriction.NO_MODEL_TRAINING,
    Restriction.KEPT_IN_QUEBEC,
}


class Liability(StrEnum):
    """Who answers for harm; the first is what suits small non-profits."""

    EACH_ITS_OWN = "each_its_own"
    PARTNER_INSURED = "partner_insured"
    PARTNER_COVERS = "partner_covers"


class Warranty(StrEnum):
    """What a party vouches for, in the order of the text."""

    AUTHORITY = "authority"
    CONSENTS_IN_FORCE = "consents_in_force"
    CAPABLE = "capable"
    AS_IS = "as_is"
    CORRECTIONS = "corrections"


REQUIRED_WARRANTIES = frozenset({Warranty.AUTHORITY, Warranty.CONSENTS_IN_FORCE, Warranty.CAPABLE})
DEFAULT_WARRANTIES = REQUIRED_WARRANTIES | {Warranty.AS_IS}


class Side(StrEnum):
    """For whom a person accepts or ends an agreement."""

    OPERATOR = "operator"
    PARTNER = "partner"


class Method(StrEnum):
    """How somebody accepted: signed in with a password, or with a second factor besides."""

    PASSWORD = "password"  # noqa: S105 - the word, no secret
    SECOND_FACTOR = "second_factor"


class AgreementState(StrEnum):
    """Where an agreement stands; that its term is over is derived from ``ends_at``."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    IN_FORCE = "in_force"
    SUSPENDED = "suspended"
    ENDED = "ended"


class Cause(StrEnum):
    """Why an agreement is suspended."""

    #: A side asked for it, and alone lifts it.
    PARTY = "party"
    #: A side took back its acceptance: only a new acceptance, of an amendment, leads on.
    REVOKED = "revoked"
    #: The three of A-2.1 s. 67.2.3: the operator lifts them.
    BREACH = "breach"
    FAILED_MEASURE = "failed_measure"
    INCIDENT = "incident"


class Step(StrEnum):
    """What can happen to an agreement."""

    PROPOSE = "propose"
    SEND_BACK = "send_back"
    TAKE_EFFECT = "take_effect"
    SUSPEND = "suspend"
    RESUME = "resume"
    END = "end"


_NEXT: Mapping[tuple[AgreementState, Step], AgreementState] = {
    (AgreementState.DRAFT, Step.PROPOSE): AgreementState.PROPOSED,
    (AgreementState.PROPOSED, Step.SEND_BACK): AgreementState.DRAFT,
    (AgreementState.PROPOSED, Step.TAKE_EFFECT): AgreementState.IN_FORCE,
    (AgreementState.PROPOSED, Step.END): AgreementState.ENDED,
    (AgreementState.IN_FORCE, Step.SUSPEND): AgreementState.SUSPENDED,
    (AgreementState.IN_FORCE, Step.END): AgreementState.ENDED,
    (AgreementState.SUSPENDED, Step.RESUME): AgreementState.IN_FORCE,
    (AgreementState.SUSPENDED, Step.END): AgreementState.ENDED,
}


def next_state(state: AgreementState, step: Step) -> AgreementState:
    """Where ``step`` leads from ``state``.

    Raises:
        Conflict: it leads nowhere from there.
    """
    return follow(_NEXT, state, step, "agreement.no_such_step")


@dataclass(frozen=True, slots=True)
class AgreementDraft:
    """What a steward answers; analysts by e-mail address, both days of the term included."""

    purposes: tuple[Purpose, ...]
    datasets: tuple[Dataset, ...]
    analysts: tuple[Named, ...]
    intended_use: str
    restrictions: tuple[Restriction, ...]
    liability: Liability
    warranties: tuple[Warranty, ...]
    starts_on: date
    ends_on: date
    instrument: Instrument = Instrument.ORGANIZATION_DATA
    assessment_ref: str = ""
    ethics_ref: str = ""
    outside_quebec: bool = False
    kept_at: str = ""
    measures: tuple[Measure, ...] = DEFAULT_MEASURES
    benefit: str = ""
    outputs: str = ""
    attribution: str = ""
    settings: ReleaseSettings = field(default_factory=ReleaseSettings)
    promises: Promises = field(default_factory=Promises)
    operator: Party = field(default_factory=Party)
    partner: Party = field(default_factory=Party)


class _HasTerm(Protocol):
    @property
    def state(self) -> AgreementState: ...
    @property
    def starts_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime: ...
    @property
    def instrument(self) -> Instrument: ...
    @property
    def cai_sent_on(self) -> date | None: ...


def is_in_force(facts: _HasTerm, now: datetime) -> bool:
    """Whether both have accepted, nobody has suspended or ended it, and ``now`` is in the term.

    One for research waits for the CAI besides: 30 days from the day it was sent there.
    """
    begins = effective_at(facts)
    return (
        facts.state is AgreementState.IN_FORCE
        and begins is not None
        and (begins <= now < facts.ends_at)
    )


def effective_at(facts: _HasTerm) -> datetime | None:
    """When an accepted agreement begins; None while one for research was not sent to the CAI."""
    if facts.instrument is not Instrument.RESEARCH:
        return facts.starts_at
    if facts.cai_sent_on is None:
        return None
    return max(facts.starts_at, local_midnight(facts.cai_sent_on + CAI_WAIT))


def latest_end(starts_on: date) -> date:
    """The last day that a term from ``starts_on`` may include: three years, less a day."""
    year = starts_on.year + LONGEST_TERM_YEARS
    try:
        anniversary = starts_on.replace(year=year)
    except ValueError:  # from a 29 February
        anniversary = date(year, 3, 1)
    return anniversary - timedelta(days=1)


def term_of(starts_on: date, ends_on: date) -> tuple[datetime, datetime]:
    """The instants between which the term runs: from the first midnight to the last."""
    return local_midnight(starts_on), local_midnight(ends_on + timedelta(days=1))


def objections(
    draft: AgreementDraft, today: date, *, is_internal: bool = False, amends: bool = False
) -> tuple[Reason, ...]:
    """Every reason why ``draft`` cannot be proposed, all at once, each with its field."""
    return (
        *_use_objections(draft),
        *_ground_objections(draft, is_internal),
        *_people_objections(draft),
        *_clause_objections(draft),
        *_term_objections(draft, today, amends),
    )


def _use_objections(draft: AgreementDraft) -> Iterator[Reason]:
    if not draft.purposes:
        yield Reason("agreement.no_purpose", {}, "purposes")
    if not draft.datasets:
        yield Reason("agreement.no_dataset", {}, "datasets")
    if draft.purposes and draft.datasets:
        served = frozenset[Purpose]().union(*(ALLOWED[dataset] for dataset in draft.datasets))
        if not served >= set(draft.purposes):
            yield Reason("agreement.purpose_without_dataset", {}, "purposes")
        if any(not ALLOWED[dataset] & set(draft.purposes) for dataset in draft.datasets):
            yield Reason("agreement.dataset_without_purpose", {}, "datasets")
    if len(draft.intended_use.strip()) < SHORTEST_USE:
        yield Reason("field.too_short", {"min": SHORTEST_USE}, "intended_use")


def _ground_objections(draft: AgreementDraft, is_internal: bool) -> Iterator[Reason]:
    if draft.instrument is Instrument.OWN_STUDY and not is_internal:
        yield Reason("agreement.own_study_of_another", {}, "instrument")
    personal = {Instrument.PERSONAL_DEIDENTIFIED, Instrument.RESEARCH, Instrument.OWN_STUDY}
    if Dataset.LOANS in draft.datasets and draft.instrument not in personal:
        yield Reason("agreement.rows_are_personal", {}, "instrument")
    if PUBLISHED & set(draft.purposes) and draft.instrument is not Instrument.OPEN:
        yield Reason("agreement.open_is_apart", {}, "instrument")
    if draft.instrument is Instrument.OPEN and not set(draft.purposes) <= PUBLISHED:
        yield Reason("agreement.open_is_apart", {}, "purposes")
    needs = draft.instrument is Instrument.RESEARCH or draft.outside_quebec
    if needs and not draft.assessment_ref.strip():
        yield Reason("agreement.assessment_missing", {}, "assessment_ref")
    if draft.outside_quebec and Restriction.KEPT_IN_QUEBEC in draft.restrictions:
        yield Reason("agreement.outside_and_inside", {}, "restrictions")


def _people_objections(draft: AgreementDraft) -> Iterator[Reason]:
    if any(
        (each.starts_on or each.ends_on)
        and not draft.starts_on
        <= (each.starts_on or draft.starts_on)
        <= (each.ends_on or draft.ends_on)
        <= draft.ends_on
        for each in draft.analysts
    ):
        yield Reason("agreement.access_outside_term", {}, "analysts")
    if not draft.analysts:
        yield Reason("agreement.no_analyst", {}, "analysts")
    if len(draft.analysts) > MOST_ANALYSTS:
        yield Reason("agreement.too_many_analysts", {"max": MOST_ANALYSTS}, "analysts")


def _clause_objections(draft: AgreementDraft) -> Iterator[Reason]:
    if not set(draft.restrictions) >= REQUIRED_RESTRICTIONS:
        yield Reason("agreement.required_clause_missing", {}, "restrictions")
    if not set(draft.warranties) >= REQUIRED_WARRANTIES:
        yield Reason("agreement.required_clause_missing", {}, "warranties")
    yield from out_of_bounds(draft.settings)
    yield from broken_bounds(draft.promises)


def _term_objections(draft: AgreementDraft, today: date, amends: bool) -> Iterator[Reason]:
    # An amendment keeps the first day of what it amends, so that it lengthens no three years.
    if not amends and abs(draft.starts_on - today) > _START_WITHIN:
        yield Reason("agreement.start_too_far", {}, "starts_on")
        return  # the rest is measured from a start that makes sense
    latest = latest_end(draft.starts_on)
    if draft.ends_on < draft.starts_on:
        yield Reason("time.end_before_start", {}, "ends_on")
    elif draft.ends_on < today:
        yield Reason("agreement.term_over", {}, "ends_on")
    elif draft.ends_on > latest:
        yield Reason("agreement.term_too_long", {"latest": latest}, "ends_on")
