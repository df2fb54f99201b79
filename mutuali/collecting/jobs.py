"""Work of collecting less: keeping each decision outside the database."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from mutuali.collecting import service
from mutuali.collecting.rules import Question


def read_choice(
    _session: Session, arguments: Mapping[str, Any], _now: datetime
) -> Mapping[str, Any]:
    """Which decision is to leave the database."""
    return arguments


def note_choice(told: Mapping[str, Any]) -> None:
    """Keep it with the files."""
    service.note_choice(
        current_app.config["SETTINGS"].files_url,
        told["choice"],
        Question(told["question"]),
        collects=told["collects"],
        at=datetime.fromisoformat(told["at"]),
    )
