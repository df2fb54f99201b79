"""A recall as a steward follows it: who was notified, what they answered, who has to be told."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.exports import service
from mutuali.exports.rules.recalls import Answer, Told
from mutuali.web.wording import moment
from mutuali.web.words import label


@dataclass(frozen=True, slots=True)
class ShownNotice:
    """One person who was notified; ``tone`` and ``sign`` of the badge go with ``answer``."""

    name: str
    notified_at: datetime
    answer: str
    tone: str
    sign: str
    signed: str | None


@dataclass(frozen=True, slots=True)
class ShownRecall:
    """A recall, its notices, and how many of them came back."""

    facts: service.RecallFacts
    notices: tuple[ShownNotice, ...]
    answered: int
    is_overdue: bool

    @property
    def by_hand(self) -> bool:
        """Whether a steward has to tell the person in charge."""
        return self.facts.told is Told.BY_HAND


_SIGNS = {
    Answer.DESTROYED: ("leaf", "signature"),
    Answer.NEVER_DOWNLOADED: ("leaf", "signature"),
    Answer.CANNOT: ("alarm", "alert-triangle"),
}


def shown_recall(session: Session, recall: service.RecallFacts, *, now: datetime) -> ShownRecall:
    """The recall with the names of the people in it; some may have had their account erased."""
    people = accounts.people(session, frozenset(each.person_id for each in recall.notices))
    answered = sum(each.answer is not None for each in recall.notices)
    is_overdue = answered < len(recall.notices) and recall.due_at <= now
    return ShownRecall(
        recall,
        tuple(
            _notice(
                each,
                people[each.person_id].name if each.person_id in people else _("Compte effacé"),
                is_overdue=is_overdue,
            )
            for each in recall.notices
        ),
        answered,
        is_overdue,
    )


def _notice(notice: service.NoticeFacts, name: str, *, is_overdue: bool) -> ShownNotice:
    if notice.answer is None:
        words = _("Pas encore attesté, en retard") if is_overdue else _("Pas encore attesté")
        sign = ("alarm", "alert-triangle") if is_overdue else ("wheat", "hourglass")
        return ShownNotice(name, notice.notified_at, words, *sign, None)
    signed = (
        _("sous le nom %(name)s, %(when)s", name=notice.name, when=moment(notice.answered_at))
        if notice.answered_at
        else None
    )
    words = label("exports.attestation", notice.answer.value)
    return ShownNotice(name, notice.notified_at, words, *_SIGNS[notice.answer], signed)
