"""Decisions kept with the files: a restored backup brings back what was removed."""

import json
from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from mutuali.collecting.rules import Question
from mutuali.collecting.service.choices import Signed, ask_less
from mutuali.collecting.service.dropped import uncollected
from mutuali.core.permissions import SYSTEM
from mutuali.exports import service as files

#: Where decisions are kept outside the database.
FOLDER = "collecting"


def note_choice(
    files_url: str, public_id: str, question: Question, *, collects: bool, at: datetime
) -> None:
    """Keep a decision where a restored database cannot have lost it; twice changes nothing."""
    key = f"{FOLDER}/{public_id}.json"
    if key not in files.names(files_url, FOLDER):
        told = {"question": question.value, "collects": collects, "at": at.isoformat()}
        files.put(files_url, key, json.dumps(told).encode())


def dropped_outside(files_url: str) -> frozenset[Question]:
    """The questions that are asked no more, by what is kept outside the database."""
    told = sorted(
        (json.loads(files.get(files_url, key)) for key in files.names(files_url, FOLDER)),
        key=lambda each: datetime.fromisoformat(each["at"]),
    )
    latest = {each["question"]: each["collects"] for each in told}
    return frozenset(Question(each) for each, collects in latest.items() if not collects)


def reapply(
    session: Session,
    outside: frozenset[Question],
    *,
    sign: Callable[[bytes], Signed],
    new_public_id: Callable[[], str],
    now: datetime,
) -> list[Question]:
    """Remove again the answers that came back with a backup; returns of which questions.

    ``outside`` is what :func:`dropped_outside` found.
    """
    back = sorted(outside - uncollected(session))
    for question in back:
        ask_less(session, SYSTEM, question, sign=sign, public_id=new_public_id(), now=now)
    return back
