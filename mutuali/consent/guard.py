"""The last word of the database: what was shown and what was answered stays as it was.

Triggers on both engines, whatever code path writes. An event may go once everything that it could
prove is over for as long as the inventory says; by the clock of the database, which is what makes
it true. The migrations run these statements, and a test at head compares what the database holds
with them.
"""

from mutuali.consent.rules import LONGEST
from mutuali.inventory.rules import LASTS, Keep

#: The name that the errors carry.
APPEND_ONLY = "consent_is_append_only"

#: A day less than the rule that destroys waits, so that two clocks need not agree.
_KEPT_DAYS = (LASTS[Keep.AGREEMENT] + LONGEST).days - 1

POSTGRESQL = (
    f"""CREATE FUNCTION {APPEND_ONLY}() RETURNS trigger LANGUAGE plpgsql AS $guard$
BEGIN
  RAISE EXCEPTION '{APPEND_ONLY}'
    USING ERRCODE = 'check_violation', CONSTRAINT = '{APPEND_ONLY}';
END $guard$""",
    f"""CREATE TRIGGER notice_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON notice
EXECUTE FUNCTION {APPEND_ONLY}()""",
    f"""CREATE TRIGGER consent_event_append_only BEFORE UPDATE OR TRUNCATE ON consent_event
EXECUTE FUNCTION {APPEND_ONLY}()""",
    f"""CREATE TRIGGER consent_event_kept BEFORE DELETE ON consent_event FOR EACH ROW
WHEN (OLD.at > now() - interval '{_KEPT_DAYS} days') EXECUTE FUNCTION {APPEND_ONLY}()""",
)

_SQLITE_REFUSES = f"BEGIN SELECT RAISE(ABORT, '{APPEND_ONLY}'); END"
SQLITE = (
    *(
        f"CREATE TRIGGER {table}_no_{deed.lower()} BEFORE {deed} ON {table}\n{_SQLITE_REFUSES}"
        for table, deed in (("notice", "UPDATE"), ("notice", "DELETE"), ("consent_event", "UPDATE"))
    ),
    f"""CREATE TRIGGER consent_event_no_delete BEFORE DELETE ON consent_event
WHEN OLD.at > datetime('now', '-{_KEPT_DAYS} days') {_SQLITE_REFUSES}""",
)

STATEMENTS = {"postgresql": POSTGRESQL, "sqlite": SQLITE}
