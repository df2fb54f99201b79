"""Where somebody's data went, and the true state of every copy: for themselves only."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mutuali.consent.rules import Purpose
from mutuali.core.errors import Forbidden
from mutuali.core.permissions import Actor, Permission, require
from mutuali.exports.models import Export, ExportDownload, ExportRecall, RecallNotice
from mutuali.exports.rules.lineage import Kind, fingerprints
from mutuali.exports.rules.recalls import Answer, CopyState, state_of_copies
from mutuali.exports.rules.regimes import Regime
from mutuali.exports.service.lineage import holding, saying_yes
from mutuali.exports.service.records import ExportFacts, facts_of


@dataclass(frozen=True, slots=True)
class HeldCopy:
    """An export that somebody is in, and what became of its copies.

    ``taken`` people have a copy, ``notified`` were told to destroy theirs, ``answers`` came back;
    ``due_at`` is by when, once it was called back; ``kept_until`` by when the agreement has every
    copy destroyed in any case.
    """

    export: ExportFacts
    state: CopyState
    taken: int
    notified: int
    answers: tuple[Answer, ...]
    due_at: datetime | None
    kept_until: datetime | None


def copies_of_organization(
    session: Session, actor: Actor, organization_id: int, *, key: bytes, now: datetime
) -> list[HeldCopy]:
    """What left with data of an organization, latest first.

    Raises:
        Forbidden: the actor does not answer for it: who may say yes or take it back reads this.
    """
    require(actor, Permission.CONSENT_ANSWER, over=organization_id)
    mark = fingerprints(key, Kind.ORGANIZATION, [organization_id])[organization_id]
    return _held(session, mark, key=key, now=now)


def copies_of_person(
    session: Session, actor: Actor, *, key: bytes, now: datetime
) -> list[HeldCopy]:
    """What left with data of the actor in person, latest first; no employer reads this.

    Raises:
        Forbidden: nobody is signed in.
    """
    if actor.person_id is None:
        raise Forbidden
    mark = fingerprints(key, Kind.PERSON, [actor.person_id])[actor.person_id]
    return _held(session, mark, key=key, now=now)


def _held(session: Session, fingerprint: str, *, key: bytes, now: datetime) -> list[HeldCopy]:
    yes: dict[tuple[Purpose, int], frozenset[str]] = {}
    rows = session.scalars(
        select(Export)
        .where(Export.id.in_(holding(session, fingerprint)), Export.released_at.is_not(None))
        .order_by(Export.released_at.desc(), Export.id.desc())
    ).all()
    ids = [row.id for row in rows]
    taken: dict[int, int] = {}
    for export_id, count in session.execute(
        select(ExportDownload.export_id, func.count(ExportDownload.person_id.distinct()))
        .where(ExportDownload.export_id.in_(ids))
        .group_by(ExportDownload.export_id)
    ):
        taken[export_id] = count
    recalls = session.scalars(select(ExportRecall).where(ExportRecall.export_id.in_(ids)))
    due_at = {recall.export_id: recall.due_at for recall in recalls}
    asked: dict[int, list[Answer | None]] = {}
    for export_id, answer in session.execute(
        select(RecallNotice.export_id, RecallNotice.answer).where(RecallNotice.export_id.in_(ids))
    ):
        asked.setdefault(export_id, []).append(Answer(answer) if answer else None)
    found = []
    for row, export in zip(rows, facts_of(session, rows, now=now), strict=True):
        about = (export.purpose, export.agreement.partner_id)
        if about not in yes:
            yes[about] = saying_yes(session, key, *about, now=now)
        answers = asked.get(row.id, [])
        given = tuple(each for each in answers if each is not None)
        is_open = row.regime == Regime.OPEN
        settings = export.agreement.settings
        released = row.released_at or now
        found.append(
            HeldCopy(
                export=export,
                state=state_of_copies(
                    export.state,
                    settings.on_withdrawal,
                    says_yes=fingerprint in yes[about],
                    notified=len(answers),
                    answers=given,
                    is_open=is_open,
                ),
                taken=taken.get(row.id, 0),
                notified=len(answers),
                answers=given,
                due_at=due_at.get(row.id),
                kept_until=None if is_open else released + timedelta(days=settings.keep_days),
            )
        )
    return found
