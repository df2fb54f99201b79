"""What somebody says, and what the coordination answers."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from mutuali.core.permissions import Actor
from mutuali.storage import Base
from mutuali.voices import service
from mutuali.voices.models import Voice
from mutuali.voices.rules import Draft, Leave, Topic
from mutuali.voices.views.saying import FORM
from mutuali.web.clock import utc_now
from mutuali.web.secrets import new_public_id
from mutuali.web.strangers import form_token
from tests.factories import NOW

WORDS = "Que gardez-vous de mon passage, et jusqu’à quand?"
DRAFT = Draft("Ce qui reste d’un passage", "Rien du tout.")
MINUTE = timedelta(minutes=1)


def said(words: str = WORDS, **more: Any) -> service.Said:
    """What somebody says in French about nothing in particular, to be published."""
    values: dict[str, Any] = {
        "topic": Topic.KEPT,
        "page": "",
        "language": "fr",
        "email": "",
        "leave": Leave.YES,
    }
    return service.Said(words=words, **(values | more))


def says(session: Session, words: str = WORDS, *, now: datetime = NOW, **more: Any) -> str:
    """Say it as a person does; returns its public id."""
    public_id = new_public_id()
    service.say(session, said(words, **more), public_id=public_id, opened_at=now - MINUTE, now=now)
    return public_id


def published(
    session: Session,
    desk: Actor,
    public_id: str,
    draft: Draft = DRAFT,
    *,
    shown: str = WORDS,
    now: datetime = NOW,
) -> str:
    """Answer in public; returns the public id of the answer."""
    answer_id = new_public_id()
    service.publish(session, desk, public_id, shown, draft, answer_id=answer_id, now=now)
    return answer_id


def row(session: Session, public_id: str) -> Voice:
    """What is stored of it now."""
    session.expire_all()
    return session.scalars(sa.select(Voice).where(Voice.public_id == public_id)).one()


def form(app: Flask, ago: timedelta = MINUTE, /, **typed: str) -> dict[str, str]:
    """The form as a browser sends it, shown so long ago."""
    with app.app_context():
        token = form_token(FORM, utc_now() - ago)
    return {"topic": "kept", "words": WORDS, "leave": "no", "token": token, **typed}


def everything(session: Session) -> str:
    """All that is stored, in all tables."""
    session.expire_all()
    return "\n".join(
        repr(tuple(each))
        for table in Base.metadata.sorted_tables
        for each in session.execute(sa.select(table))
    )
