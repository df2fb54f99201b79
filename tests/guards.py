"""Whether the guards that the code writes stand in the migrated database."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session


def missing_guards(
    session: Session, engine_name: str, statements: Mapping[str, Sequence[str]]
) -> list[str]:
    """The triggers and functions of ``statements`` (by dialect) that the database lacks."""
    if engine_name == "sqlite":
        stored = set(
            session.scalars(sa.text("SELECT sql FROM sqlite_master WHERE type = 'trigger'"))
        )
        return [text for text in statements["sqlite"] if text not in stored]
    bodies = " ".join(session.scalars(sa.text("SELECT prosrc FROM pg_proc WHERE prolang <> 12")))
    triggers = set(session.scalars(sa.text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")))
    functions = [text for text in statements["postgresql"] if "CREATE FUNCTION" in text]
    names = {text.split()[2] for text in statements["postgresql"] if "CREATE TRIGGER" in text}
    return [
        *(text for text in functions if text.split("$guard$")[1] not in bodies),
        *sorted(names - triggers),
    ]
