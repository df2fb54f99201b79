"""The last word of the database: what is asked no more is not stored, whatever code path writes it.

Triggers on both engines put nothing in its place; an import that writes thousands of rows at once
passes no object of ours. Decisions are only ever added to. The migration runs these statements, and
a test at head compares what the database holds with them.
"""

from collections.abc import Iterator

from mutuali.collecting.rules import ASKED, Asked, Place, Question

#: The name that the errors carry.
APPEND_ONLY = "choice_is_append_only"
_TABLE = "collection_choice"


def _dropped(question: Question) -> str:
    """SQL that is true while the latest decision says no."""
    return (
        f"(SELECT NOT collects FROM {_TABLE} WHERE question = '{question.value}' "  # noqa: S608
        "ORDER BY id DESC LIMIT 1)"
    )


def _nothing(asked: Asked) -> tuple[str, str]:
    """What stands for no answer, and the test that a new row says something."""
    return ("NULL", "IS NOT NULL") if asked.nothing is None else ("''", "<> ''")


def _postgresql(question: Question, asked: Asked, place: Place) -> Iterator[str]:
    name = f"uncollected_{place.table}_{place.column}"
    nothing, says = _nothing(asked)
    yield f"""CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $guard$
BEGIN
  IF {_dropped(question)} THEN
    NEW.{place.column} := {nothing};
  END IF;
  RETURN NEW;
END $guard$"""
    yield f"""CREATE TRIGGER {name} BEFORE INSERT OR UPDATE OF {place.column} ON {place.table}
FOR EACH ROW WHEN (NEW.{place.column} {says}) EXECUTE FUNCTION {name}()"""


def _sqlite(question: Question, asked: Asked, place: Place) -> Iterator[str]:
    nothing, says = _nothing(asked)
    for deed, event in (("insert", "INSERT"), ("update", f"UPDATE OF {place.column}")):
        empties = f"UPDATE {place.table} SET {place.column} = {nothing} WHERE id = NEW.id"  # noqa: S608
        yield f"""CREATE TRIGGER uncollected_{place.table}_{place.column}_{deed}
AFTER {event} ON {place.table} WHEN NEW.{place.column} {says} AND {_dropped(question)}
BEGIN {empties}; END"""


POSTGRESQL = (
    f"""CREATE FUNCTION {APPEND_ONLY}() RETURNS trigger LANGUAGE plpgsql AS $guard$
BEGIN
  RAISE EXCEPTION '{APPEND_ONLY}' USING ERRCODE = 'check_violation', CONSTRAINT = '{APPEND_ONLY}';
END $guard$""",
    f"""CREATE TRIGGER {_TABLE}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {_TABLE}
EXECUTE FUNCTION {APPEND_ONLY}()""",
    *(
        statement
        for question, asked in ASKED.items()
        for place in asked.places
        for statement in _postgresql(question, asked, place)
    ),
)

SQLITE = (
    *(
        f"""CREATE TRIGGER {_TABLE}_no_{deed.lower()} BEFORE {deed} ON {_TABLE}
BEGIN SELECT RAISE(ABORT, '{APPEND_ONLY}'); END"""
        for deed in ("UPDATE", "DELETE")
    ),
    *(
        statement
        for question, asked in ASKED.items()
        for place in asked.places
        for statement in _sqlite(question, asked, place)
    ),
)

STATEMENTS = {"postgresql": POSTGRESQL, "sqlite": SQLITE}
