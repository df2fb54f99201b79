"""The last word of the database: what a lender said of showing a vehicle stays as it was.

Triggers on both engines, whatever code path writes. An answer may go once a yes of then has been
over for as long as the inventory says, by the clock of the database. The migrations run these
statements, and a test at head compares what the database holds with them.
"""

from mutuali.inventory.rules import LASTS, Keep
from mutuali.mobility.rules import LASTS_MONTHS

#: The name that the errors carry.
APPEND_ONLY = "vehicle_answer_is_append_only"

#: A day less than the rule that destroys waits, so that two clocks need not agree.
_KEPT_DAYS = LASTS[Keep.AGREEMENT].days + 30 * LASTS_MONTHS - 1

POSTGRESQL = (
    f"""CREATE FUNCTION {APPEND_ONLY}() RETURNS trigger LANGUAGE plpgsql AS $guard$
BEGIN
  RAISE EXCEPTION '{APPEND_ONLY}'
    USING ERRCODE = 'check_violation', CONSTRAINT = '{APPEND_ONLY}';
END $guard$""",
    f"""CREATE TRIGGER vehicle_answer_append_only BEFORE UPDATE OR TRUNCATE ON vehicle_answer
EXECUTE FUNCTION {APPEND_ONLY}()""",
    f"""CREATE TRIGGER vehicle_answer_kept BEFORE DELETE ON vehicle_answer FOR EACH ROW
WHEN (OLD.said_at > now() - interval '{_KEPT_DAYS} days') EXECUTE FUNCTION {APPEND_ONLY}()""",
)

_SQLITE_REFUSES = f"BEGIN SELECT RAISE(ABORT, '{APPEND_ONLY}'); END"
SQLITE = (
    f"CREATE TRIGGER vehicle_answer_no_update BEFORE UPDATE ON vehicle_answer\n{_SQLITE_REFUSES}",
    f"""CREATE TRIGGER vehicle_answer_no_delete BEFORE DELETE ON vehicle_answer
WHEN OLD.said_at > datetime('now', '-{_KEPT_DAYS} days') {_SQLITE_REFUSES}""",
)

STATEMENTS = {"postgresql": POSTGRESQL, "sqlite": SQLITE}
