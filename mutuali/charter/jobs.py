"""Once a month each organization's way is kept, so that its change can be shown."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from mutuali.charter import service
from mutuali.charter.views.public import questions


def tick(session: Session, _arguments: Mapping[str, Any], now: datetime) -> None:
    """Keep how far each organization has come this month."""
    service.note_marks(session, questions=questions(), now=now)


HANDLERS = {"charter.tick": tick}
