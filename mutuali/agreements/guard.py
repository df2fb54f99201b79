"""The last word of the database: what was accepted stays as it was accepted.

Row triggers on both engines, whatever code path writes. The terms, text and hash of an agreement
change only while it is a draft; it takes effect only when both sides have accepted the very hash
it holds; nothing of it changes or goes away afterwards, except that it is suspended, taken up again
and ended. The newest migration of agreements runs these statements, and a test at head compares
what the database holds with them.
"""

#: Names that the errors carry.
TEXT_FIXED = "agreement_text_fixed"
NOT_ACCEPTED = "agreement_not_accepted"

_BOUND = "('in_force', 'suspended', 'ended')"
_TERMS = (
    *("operator_id", "partner_id", "purposes", "datasets", "restrictions", "warranties"),
    *("liability", "intended_use", "starts_at", "ends_at", "text_fr", "text_en", "hash"),
    *("instrument", "outside_quebec", "k", "share_percent", "base", "on_withdrawal"),
    *("days_to_act", "download_days", "keep_days", "downloads_each", "years"),
)
_TERMS_CHANGE = "(" + " OR ".join(f"NEW.{name} <> OLD.{name}" for name in _TERMS) + ")"
#: A proposed text changes only on its way back to the draft; one in force is only suspended, taken
#: up again and ended. The day on which it was sent to the CAI is said once.
_BREAKS = f"""(OLD.state <> 'draft' AND NEW.state <> 'draft' AND {_TERMS_CHANGE})
  OR (OLD.state IN {_BOUND} AND NEW.state NOT IN {_BOUND})
  OR (OLD.state = 'ended' AND NEW.state <> 'ended')
  OR (NEW.state = 'suspended' AND OLD.state NOT IN ('in_force', 'suspended'))
  OR (OLD.cai_sent_on IS NOT NULL
    AND (NEW.cai_sent_on IS NULL OR NEW.cai_sent_on <> OLD.cai_sent_on))"""
_TAKES_EFFECT = "NEW.state = 'in_force' AND OLD.state <> 'in_force'"
_BORN_BOUND = f"NEW.state IN {_BOUND}"
_ACCEPTED = """SELECT count(*) FROM agreement_acceptance
      WHERE agreement_id = NEW.id AND hash = NEW.hash"""


_STATE_OF_NEW = "(SELECT state FROM agreement WHERE id = NEW.agreement_id)"
_STATE_OF_OLD = "(SELECT state FROM agreement WHERE id = OLD.agreement_id)"
_OTHER_TEXT = "NEW.hash <> (SELECT hash FROM agreement WHERE id = NEW.agreement_id)"


def _pg_raises(name: str) -> str:
    return f"RAISE EXCEPTION '{name}' USING ERRCODE = 'check_violation', CONSTRAINT = '{name}';"


def _pg_function(name: str, condition: str, error: str) -> str:
    return f"""CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $guard$
BEGIN
  IF {condition} THEN
    {_pg_raises(error)}
  END IF;
  RETURN NULL;
END $guard$"""


def _pg_trigger(name: str, event: str, table: str, function: str, when: str = "") -> str:
    condition = f"WHEN ({when})\n" if when else ""
    return f"""CREATE TRIGGER {name} AFTER {event} ON {table} FOR EACH ROW
{condition}EXECUTE FUNCTION {function}()"""


POSTGRESQL = (
    _pg_function(TEXT_FIXED, "TRUE", TEXT_FIXED),
    _pg_function(NOT_ACCEPTED, f"({_ACCEPTED}) <> 2", NOT_ACCEPTED),
    _pg_function("agreement_part_added", f"{_STATE_OF_NEW} IN {_BOUND}", TEXT_FIXED),
    _pg_function("agreement_part_gone", f"{_STATE_OF_OLD} IN {_BOUND}", TEXT_FIXED),
    _pg_function("agreement_other_text", _OTHER_TEXT, NOT_ACCEPTED),
    _pg_trigger(f"{TEXT_FIXED}_update", "UPDATE", "agreement", TEXT_FIXED, _BREAKS),
    _pg_trigger(
        f"{TEXT_FIXED}_delete", "DELETE", "agreement", TEXT_FIXED, f"OLD.state IN {_BOUND}"
    ),
    _pg_trigger(f"{NOT_ACCEPTED}_update", "UPDATE", "agreement", NOT_ACCEPTED, _TAKES_EFFECT),
    _pg_trigger(f"{NOT_ACCEPTED}_insert", "INSERT", "agreement", NOT_ACCEPTED, _BORN_BOUND),
    _pg_trigger(
        "agreement_analyst_added", "INSERT OR UPDATE", "agreement_analyst", "agreement_part_added"
    ),
    _pg_trigger(
        "agreement_analyst_gone", "UPDATE OR DELETE", "agreement_analyst", "agreement_part_gone"
    ),
    _pg_trigger(
        "agreement_acceptance_added",
        "INSERT OR UPDATE",
        "agreement_acceptance",
        "agreement_part_added",
    ),
    _pg_trigger(
        "agreement_acceptance_gone",
        "UPDATE OR DELETE",
        "agreement_acceptance",
        "agreement_part_gone",
    ),
    _pg_trigger(
        "agreement_acceptance_text",
        "INSERT OR UPDATE",
        "agreement_acceptance",
        "agreement_other_text",
    ),
)


def _lite(name: str, event: str, table: str, error: str, when: str) -> str:
    return f"""CREATE TRIGGER {name} AFTER {event} ON {table}
WHEN {when} BEGIN
  SELECT RAISE(ABORT, '{error}');
END"""


def _lite_parts(table: str) -> tuple[str, ...]:
    added, gone = f"{_STATE_OF_NEW} IN {_BOUND}", f"{_STATE_OF_OLD} IN {_BOUND}"
    return (
        _lite(f"{table}_insert", "INSERT", table, TEXT_FIXED, added),
        _lite(f"{table}_update", "UPDATE", table, TEXT_FIXED, f"{added} OR {gone}"),
        _lite(f"{table}_delete", "DELETE", table, TEXT_FIXED, gone),
    )


SQLITE = (
    _lite(f"{TEXT_FIXED}_update", "UPDATE", "agreement", TEXT_FIXED, _BREAKS),
    _lite(f"{TEXT_FIXED}_delete", "DELETE", "agreement", TEXT_FIXED, f"OLD.state IN {_BOUND}"),
    _lite(
        f"{NOT_ACCEPTED}_update",
        "UPDATE",
        "agreement",
        NOT_ACCEPTED,
        f"{_TAKES_EFFECT} AND ({_ACCEPTED}) <> 2",
    ),
    _lite(f"{NOT_ACCEPTED}_insert", "INSERT", "agreement", NOT_ACCEPTED, _BORN_BOUND),
    *_lite_parts("agreement_analyst"),
    *_lite_parts("agreement_acceptance"),
    _lite(
        "agreement_acceptance_text_insert",
        "INSERT",
        "agreement_acceptance",
        NOT_ACCEPTED,
        _OTHER_TEXT,
    ),
    _lite(
        "agreement_acceptance_text_update",
        "UPDATE",
        "agreement_acceptance",
        NOT_ACCEPTED,
        _OTHER_TEXT,
    ),
)

#: Statements that put the guard in place, by dialect.
STATEMENTS = {"postgresql": POSTGRESQL, "sqlite": SQLITE}


def _named(statement: str) -> tuple[str, str]:
    words = statement.split()
    return words[2], words[words.index("ON") + 1]


#: The triggers by dialect, each with its table, and the functions of PostgreSQL: to drop them.
TRIGGERS = {
    dialect: tuple(_named(each) for each in statements if each.startswith("CREATE TRIGGER"))
    for dialect, statements in STATEMENTS.items()
}
FUNCTIONS = tuple(
    each.split()[2].removesuffix("()") for each in POSTGRESQL if each.startswith("CREATE FUNCTION")
)
