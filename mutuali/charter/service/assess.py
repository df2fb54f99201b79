"""How far an organization has come: mostly by facts, the rest as its people say."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mutuali.audit import service as audit
from mutuali.charter.models import ActionAnswer, CharterMark, CharterSize
from mutuali.charter.rules import (
    DEPTHS,
    LONGEST_SENTENCE,
    Answer,
    Said,
    Share,
    Size,
    Standing,
    network_bands,
    shares,
    stand,
    suggested,
)
from mutuali.charter.service.facts import Questions, amiss
from mutuali.charter.service.lists import Actions, current_actions
from mutuali.core.charter import Principle
from mutuali.core.errors import Conflict, NotFound, Reason, Refused
from mutuali.core.period import local
from mutuali.core.permissions import Actor, Permission, require


@dataclass(frozen=True, slots=True)
class Assessment:
    """Where an organization stands with each action that its size asks for.

    ``network`` says in which quarter the middle organization is, where enough have answered.
    ``before`` are the shares of earlier months, oldest first.
    """

    listed: Actions
    size: Size
    standings: tuple[Standing, ...]
    shares: Mapping[Principle, Share]
    next: Standing | None
    network: Mapping[Principle, int]
    before: Sequence[tuple[date, Share]]

    @property
    def whole(self) -> Share:
        """All principles together."""
        done, of = ([getattr(each, n) for each in self.shares.values()] for n in ("done", "of"))
        return Share(sum(done), sum(of))

    @property
    def by_facts(self) -> int:
        """How many the system answered by itself."""
        return sum(each.by_fact for each in self.standings)


def assess(
    session: Session,
    actor: Actor,
    organization_id: int,
    *,
    questions: Questions,
    now: datetime,
) -> Assessment:
    """Where an organization stands now. Raises Forbidden."""
    require(actor, Permission.ORGANIZATION_READ, over=organization_id)
    listed, size, standings = _standings(session, questions, organization_id, now)
    return Assessment(
        listed,
        size,
        standings,
        shares(standings),
        suggested(standings),
        _network(session),
        _before(session, organization_id),
    )


def standing(
    session: Session,
    actor: Actor,
    organization_id: int,
    code: str,
    *,
    questions: Questions,
    now: datetime,
) -> Standing:
    """Where an organization stands with one action. Raises Forbidden; NotFound: not on its list."""
    require(actor, Permission.ORGANIZATION_READ, over=organization_id)
    _, _, standings = _standings(session, questions, organization_id, now)
    found = [each for each in standings if each.action.code == code]
    if not found:
        raise NotFound
    return found[0]


def say(
    session: Session,
    actor: Actor,
    organization_id: int,
    code: str,
    said: Said,
    *,
    now: datetime,
) -> None:
    """Note what an organization says of an action.

    Raises:
        Forbidden: the actor does not manage it. NotFound: no such action on its list.
        Conflict: a fact answers the action. Refused: the sentence is too long.
    """
    require(actor, Permission.ORGANIZATION_EDIT, over=organization_id)
    listed = current_actions(session)
    action = next((each for each in listed.actions if each.code == code), None)
    if action is None:
        raise NotFound
    if action.fact is not None:
        raise Conflict("actions.by_fact")
    if len(said.sentence) > LONGEST_SENTENCE:
        raise Refused(Reason("field.too_long", {"max": LONGEST_SENTENCE}, "sentence"))
    row = session.get(ActionAnswer, (organization_id, code))
    if row is None:
        row = ActionAnswer(organization_id=organization_id, code=code)
        session.add(row)
    row.answer, row.sentence = said.answer, said.sentence
    row.person_id, row.at = actor.person_id, now
    session.flush()
    facts = {"code": code, "answer": said.answer.value}
    audit.record(
        session, actor, "actions.answered", "organization", organization_id, now=now, facts=facts
    )


def set_size(
    session: Session, actor: Actor, organization_id: int, size: Size, *, now: datetime
) -> None:
    """Note how large an organization is. Raises Forbidden."""
    require(actor, Permission.ORGANIZATION_EDIT, over=organization_id)
    row = session.get(CharterSize, organization_id)
    if row is None:
        session.add(CharterSize(organization_id=organization_id, size=size, at=now))
    else:
        row.size, row.at = size, now
    session.flush()
    facts = {"size": size.value}
    audit.record(
        session, actor, "actions.size", "organization", organization_id, now=now, facts=facts
    )


def note_marks(session: Session, *, questions: Questions, now: datetime) -> int:
    """Keep how far each organization that takes part in this has come this month; how many."""
    month = local(now).date().replace(day=1)
    ids = session.scalars(
        select(CharterSize.organization_id).union(select(ActionAnswer.organization_id))
    ).all()
    for organization_id in ids:
        _, _, standings = _standings(session, questions, organization_id, now)
        for principle, come in shares(standings).items():
            session.merge(
                CharterMark(
                    organization_id=organization_id,
                    month=month,
                    principle=principle,
                    done=come.done,
                    concerned=come.of,
                )
            )
    session.flush()
    return len(ids)


def _standings(
    session: Session, questions: Questions, organization_id: int, now: datetime
) -> tuple[Actions, Size, tuple[Standing, ...]]:
    listed = current_actions(session)
    said_size = session.scalar(
        select(CharterSize.size).where(CharterSize.organization_id == organization_id)
    )
    size = Size(said_size) if said_size else Size.FEW
    rows = session.scalars(
        select(ActionAnswer).where(ActionAnswer.organization_id == organization_id)
    )
    said = {row.code: Said(Answer(row.answer), row.sentence) for row in rows}
    mine = [each for each in listed.actions if each.depth in DEPTHS[size]]
    facts = {each.fact for each in mine if each.fact}
    known = amiss(session, questions, facts, organization_id, now=now)
    standings = tuple(
        stand(each, known[each.fact] if each.fact else None, said.get(each.code)) for each in mine
    )
    return listed, size, standings


def _network(session: Session) -> dict[Principle, int]:
    """The middle of the network by principle, of the last month that was kept of each."""
    last = (
        select(CharterMark.organization_id, func.max(CharterMark.month).label("month"))
        .group_by(CharterMark.organization_id)
        .subquery()
    )
    rows = session.execute(
        select(CharterMark.principle, CharterMark.done, CharterMark.concerned).join(
            last,
            (CharterMark.organization_id == last.c.organization_id)
            & (CharterMark.month == last.c.month),
        )
    )
    marks: defaultdict[Principle, list[Share]] = defaultdict(list)
    for principle, done, concerned in rows:
        marks[Principle(principle)].append(Share(done, concerned))
    return network_bands(marks)


def _before(session: Session, organization_id: int) -> list[tuple[date, Share]]:
    rows = session.execute(
        select(CharterMark.month, func.sum(CharterMark.done), func.sum(CharterMark.concerned))
        .where(CharterMark.organization_id == organization_id)
        .group_by(CharterMark.month)
        .order_by(CharterMark.month)
    )
    return [(month, Share(int(done), int(concerned))) for month, done, concerned in rows]
