"""The answers that everybody reads."""

from typing import Any

from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from mutuali.core.permissions import Actor, Permission, may
from mutuali.voices import service
from mutuali.voices.schemas import ReadSchema
from mutuali.voices.views.blueprint import bp
from mutuali.web.clock import utc_now
from mutuali.web.doors import PUBLIC, door
from mutuali.web.pages import page
from mutuali.web.parsing import load_query


@bp.get("/questions-et-reponses")
@door(PUBLIC, parse=lambda: load_query(ReadSchema()))
def read(session: Session, actor: Actor, asked: dict[str, Any]) -> ResponseReturnValue:
    """Questions and answers by subject, the latest first, and the numbers of both."""
    topic = asked["topic"]
    found = None if topic is None else service.answers(session, topic, page=asked["page"])
    return page(
        "voices/public.html",
        topic=topic,
        found=found,
        groups=service.by_topic(session) if found is None else [],
        tally=service.tally(session, now=utc_now()),
        may_answer=may(actor, Permission.VOICE_ANSWER),
    )
