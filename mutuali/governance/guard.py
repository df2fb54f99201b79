"""The last word of the database: registers are only ever added to.

Triggers on both engines, whatever code path writes. The migration runs these statements, and a
test at head compares what the database holds with them.
"""

#: The name that the errors carry.
APPEND_ONLY = "register_is_append_only"

_TABLES = ("anonymization_entry", "retention_run", "tombstone")

POSTGRESQL = (
    f"""CREATE FUNCTION {APPEND_ONLY}() RETURNS trigger LANGUAGE plpgsql AS $guard$
BEGIN
  RAISE EXCEPTION '{APPEND_ONLY}'
    USING ERRCODE = 'check_violation', CONSTRAINT = '{APPEND_ONLY}';
END $guard$""",
    *(
        f"""CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
EXECUTE FUNCTION {APPEND_ONLY}()"""
        for table in _TABLES
    ),
)

SQLITE = tuple(
    f"""CREATE TRIGGER {table}_no_{deed.lower()} BEFORE {deed} ON {table}
BEGIN SELECT RAISE(ABORT, '{APPEND_ONLY}'); END"""
    for table in _TABLES
    for deed in ("UPDATE", "DELETE")
)

STATEMENTS = {"postgresql": POSTGRESQL, "sqlite": SQLITE}
