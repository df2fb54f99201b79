"""Impact assessments: writing one, keeping the opinion of the person in charge, finding those in
force."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.agreements.rules import Dataset
from mutuali.audit import service as audit
from mutuali.core.errors import Conflict, NotFound, Refused
from mutuali.core.period import local
from mutuali.core.permissions import Actor, Permission, require
from mutuali.exports.models import Assessment
from mutuali.exports.rules.assessments import (
    AssessmentDraft,
    Factor,
    Form,
    Level,
    Opinion,
    OpinionDraft,
    holds,
    objections,
    opinion_objections,
)


@dataclass(frozen=True, slots=True)
class AssessmentFacts:
    """An assessment as those who answer for the data read it."""

    id: int
    public_id: str
    dataset: Dataset
    place: str
    form: Form
    levels: Mapping[Factor, Level]
    answers: Mapping[str, str]
    written_by_name: str
    written_at: datetime
    opinion: Opinion | None
    opinion_text: str
    opinion_by: str
    opinion_on: date | None
    valid_until: date | None
    in_force: bool


def write_assessment(
    session: Session, actor: Actor, draft: AssessmentDraft, *, public_id: str, now: datetime
) -> int:
    """Keep an assessment; it lets nothing be built before an opinion is recorded.

    Raises:
        Forbidden: the actor writes none.
        Refused: a factor without a level, a question without an answer.
    """
    require(actor, Permission.ASSESSMENT_WRITE)
    if wrong := list(objections(draft)):
        raise Refused.because(wrong)
    row = Assessment(
        public_id=public_id,
        dataset=draft.dataset,
        place=draft.place,
        form=draft.form,
        levels={factor.value: level.value for factor, level in draft.levels.items()},
        answers=dict(draft.answers),
        written_by=actor.person_id,
        written_at=now,
    )
    session.add(row)
    session.flush()
    facts = {"dataset": row.dataset, "form": row.form, "outside_quebec": draft.outside}
    audit.record(session, actor, "assessment.written", "assessment", row.id, now=now, facts=facts)
    return row.id


def record_opinion(
    session: Session, actor: Actor, public_id: str, draft: OpinionDraft, *, now: datetime
) -> None:
    """Keep what the person in charge thinks of it; from then on it stays as it is.

    Raises:
        Forbidden, NotFound; Conflict: it has an opinion.
        Refused: a date outside of what the law's order allows, no name, no words.
    """
    require(actor, Permission.ASSESSMENT_WRITE)
    query = select(Assessment).where(Assessment.public_id == public_id).with_for_update()
    row = session.scalars(query).one_or_none()
    if row is None:
        raise NotFound
    if row.opinion is not None:
        raise Conflict("assessment.has_opinion")
    written_on, today = local(row.written_at).date(), local(now).date()
    wrong = list(opinion_objections(draft, Form(row.form), written_on, today))
    if wrong:
        raise Refused.because(wrong)
    row.opinion, row.opinion_text = draft.opinion, draft.text
    row.opinion_by, row.opinion_on, row.valid_until = (
        draft.given_by,
        draft.given_on,
        draft.valid_until,
    )
    row.recorded_by, row.recorded_at = actor.person_id, now
    facts = {
        "dataset": row.dataset,
        "opinion": row.opinion,
        "valid_until": draft.valid_until.isoformat(),
    }
    audit.record(session, actor, "assessment.opinion", "assessment", row.id, now=now, facts=facts)


def assessment(session: Session, actor: Actor, public_id: str, *, now: datetime) -> AssessmentFacts:
    """One assessment. Raises Forbidden, NotFound."""
    require(actor, Permission.ASSESSMENT_WRITE)
    row = session.scalars(select(Assessment).where(Assessment.public_id == public_id)).one_or_none()
    if row is None:
        raise NotFound
    return _facts(session, [row], now)[0]


def assessments(session: Session, actor: Actor, *, now: datetime) -> list[AssessmentFacts]:
    """All of them, newest first. Raises Forbidden."""
    require(actor, Permission.ASSESSMENT_WRITE)
    rows = session.scalars(select(Assessment).order_by(Assessment.id.desc()).limit(200))
    return _facts(session, rows, now)


def assessment_in_force(
    session: Session, dataset: Dataset, *, outside: bool, now: datetime
) -> Assessment | None:
    """What lets the dataset be built, in Québec or outside: the latest with an opinion, if that is
    favourable and holds today."""
    row = session.scalars(
        select(Assessment)
        .where(
            Assessment.dataset == dataset,
            (Assessment.place != "") if outside else (Assessment.place == ""),
            Assessment.opinion.is_not(None),
        )
        .order_by(Assessment.recorded_at.desc(), Assessment.id.desc())
        .limit(1)
    ).one_or_none()
    return row if row is not None and _holds(row, now) else None


def _holds(row: Assessment, now: datetime) -> bool:
    opinion = Opinion(row.opinion) if row.opinion else None
    return holds(opinion, row.valid_until, local(now).date())


def _facts(session: Session, rows: Iterable[Assessment], now: datetime) -> list[AssessmentFacts]:
    rows = list(rows)
    people = accounts.people(session, frozenset(row.written_by for row in rows))
    current = {
        found.id
        for dataset, outside in {(Dataset(row.dataset), bool(row.place)) for row in rows}
        if (found := assessment_in_force(session, dataset, outside=outside, now=now))
    }
    return [
        AssessmentFacts(
            id=row.id,
            public_id=row.public_id,
            dataset=Dataset(row.dataset),
            place=row.place,
            form=Form(row.form),
            levels={Factor(factor): Level(level) for factor, level in row.levels.items()},
            answers=row.answers,
            written_by_name=people[row.written_by].name,
            written_at=row.written_at,
            opinion=Opinion(row.opinion) if row.opinion else None,
            opinion_text=row.opinion_text,
            opinion_by=row.opinion_by,
            opinion_on=row.opinion_on,
            valid_until=row.valid_until,
            in_force=row.id in current,
        )
        for row in rows
    ]
