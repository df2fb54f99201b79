"""The last word of the database: no instant has more units out than exist.

Row triggers on both engines, whatever code path writes. The service explains a refusal beforehand;
the guard makes it true. On PostgreSQL the trigger takes the listing's turn itself: that UPDATE
queues rivals and makes a stale snapshot fail. A transaction that wrote the listing's newest version
has its turn already: taking it for each of thousands of loans would only pile up versions. The sum
of all that overlaps bounds the peak, so the peak is counted only where that sum is too much. The
migrations run these statements, and a test at head compares what the database holds with them.
"""

from collections.abc import Iterator, Mapping, Sequence
from enum import IntEnum

from mutuali.bookings.models import LENT, OCCUPIES
from mutuali.bookings.rules import OCCUPYING, PROMISED, UNDECIDED, State, WholeAs

#: Names that the errors carry.
CAPACITY = "booking_capacity"
UNITS_OUT = "booking_units_out"
UNITS_BOOKED = "listing_units_booked"
TWO_YESES = "booking_two_yeses"


def _in(states: tuple[State, ...]) -> str:
    return "(" + ", ".join(f"'{state.value}'" for state in states) + ")"


class _Broken(IntEnum):
    """What the guards of a time knew of outages."""

    UNKNOWN = 0
    COUNTED = 1
    #: What is lent and broken counts once.
    ONCE = 2


def _peak(where: str, broken: _Broken = _Broken.UNKNOWN) -> str:
    """SQL for the most units at any instant among the bookings ``where``; ends before starts.

    With what is ``broken`` meanwhile, where a row asks to occupy more.
    """
    outages = _broken_steps(broken) if broken else ""
    return f"""
    SELECT coalesce(max(level), 0) FROM (
      SELECT sum(change) OVER (ORDER BY at, change ROWS UNBOUNDED PRECEDING) AS level FROM (
        SELECT starts_at AS at, units AS change FROM booking WHERE {where}
        UNION ALL
        SELECT occupied_until AS at, -units AS change FROM booking WHERE {where}{outages}
      ) AS steps
    ) AS levels"""


# An outage without an end lasts. It takes units from new bookings; those promised before stay, for
# people to move, and units of a loan that come back before the others never have to stay away.
_MEETS_OUTAGE = """listing_id = NEW.listing_id AND starts_at < NEW.occupied_until
        AND (ends_at IS NULL OR ends_at > NEW.starts_at)"""
_NOT_A_RETURN = f"coalesce(NEW.whole_as, '') <> '{WholeAs.RETURN.value}'"
_BROKEN_NOW = """listing_id = NEW.listing_id AND starts_at <= NEW.handed_over_at
      AND (ends_at IS NULL OR ends_at > NEW.handed_over_at)"""
# Outages, each with the row of the loan that has its units: see service/lent_broken.py.
_LENT_BROKEN = f"""outage AS o
          LEFT JOIN booking_unit AS u
          ON u.id = (SELECT max(id) FROM booking_unit WHERE unit_id = o.unit_id)
          JOIN booking AS b ON b.id = coalesce(o.loan_id, u.booking_id)
          AND b.listing_id = o.listing_id AND b.state IN {_in(LENT)}
          AND (o.loan_id IS NOT NULL OR u.back_at IS NULL OR u.back_at = b.returned_at)
          WHERE o.listing_id = NEW.listing_id"""
_COUNTED_TWICE = f"""(
          SELECT o.units AS units,
            CASE WHEN o.starts_at > b.starts_at THEN o.starts_at ELSE b.starts_at END AS since,
            CASE WHEN o.ends_at < b.occupied_until THEN o.ends_at
              ELSE b.occupied_until END AS until
          FROM {_LENT_BROKEN}
        ) AS twice
        WHERE since < until AND since < NEW.occupied_until AND until > NEW.starts_at"""


def _meets_outage(broken: _Broken) -> str:
    return f"{_MEETS_OUTAGE} AND {_NOT_A_RETURN}" if broken is _Broken.ONCE else _MEETS_OUTAGE


def _sum_broken(broken: _Broken) -> str:
    if not broken:
        return "0"
    return f"(SELECT coalesce(sum(units), 0) FROM outage WHERE {_meets_outage(broken)})"


def _broken_now(broken: _Broken) -> str:
    if not broken:
        return "0"
    at_home = f"""
      AND id NOT IN (SELECT o.id FROM {_LENT_BROKEN} AND b.state = '{State.ON_LOAN.value}')"""
    return f"""(SELECT coalesce(sum(units), 0) FROM outage
      WHERE {_BROKEN_NOW}{at_home if broken is _Broken.ONCE else ""})"""


def _broken_steps(broken: _Broken) -> str:
    meets = _meets_outage(broken)
    steps = f"""
        UNION ALL
        SELECT starts_at AS at, units AS change FROM outage WHERE {meets}
        UNION ALL
        SELECT coalesce(ends_at, NEW.occupied_until) AS at, -units AS change
        FROM outage WHERE {meets}"""
    if broken is _Broken.COUNTED:
        return steps
    twice = f"{_COUNTED_TWICE} AND {_NOT_A_RETURN}"
    return f"""{steps}
        UNION ALL
        SELECT since AS at, -units AS change FROM {twice}
        UNION ALL
        SELECT until AS at, units AS change FROM {twice}"""


_NEW_OCCUPIES = f"NEW.state IN {_in(OCCUPYING)} AND NOT NEW.is_history"
# A row that only shrinks or moves on cannot break anything: lowered units of a listing must not
# stop an old booking from being closed.
_GROWS = f"""(OLD.state NOT IN {_in(OCCUPYING)} OR OLD.is_history
  OR NEW.units > OLD.units OR NEW.listing_id <> OLD.listing_id
  OR NEW.starts_at < OLD.starts_at OR NEW.occupied_until > OLD.occupied_until)"""
_GOES_OUT = f"NEW.state = '{State.ON_LOAN.value}' AND NOT NEW.is_history"
_OUT_NOW = f"""SELECT coalesce(sum(units), 0) FROM booking
      WHERE listing_id = NEW.listing_id AND state = '{State.ON_LOAN.value}' AND NOT is_history"""

_MEETS_NEW_PG = f"""{OCCUPIES}
        AND int8range(listing_id::bigint, listing_id::bigint, '[]')
            && int8range(NEW.listing_id::bigint, NEW.listing_id::bigint, '[]')
        AND tstzrange(starts_at, occupied_until)
            && tstzrange(NEW.starts_at, NEW.occupied_until)"""
_MEETS_NEW_SQLITE = f"""{OCCUPIES} AND listing_id = NEW.listing_id
        AND starts_at < NEW.occupied_until AND occupied_until > NEW.starts_at"""
_PROMISED_OF_NEW = f"state IN {_in(PROMISED)} AND NOT is_history AND listing_id = NEW.id"


def _postgresql(broken: _Broken) -> tuple[str, ...]:
    return (
        f"""CREATE FUNCTION {CAPACITY}() RETURNS trigger LANGUAGE plpgsql AS $guard$
DECLARE
  capacity integer;
BEGIN
  SELECT units INTO capacity FROM listing
  WHERE id = NEW.listing_id AND xmin = pg_current_xact_id()::xid;
  IF NOT FOUND THEN
    UPDATE listing SET turn = turn + 1 WHERE id = NEW.listing_id RETURNING units INTO capacity;
  END IF;
  IF (SELECT sum(units) FROM booking WHERE {_MEETS_NEW_PG}) + {_sum_broken(broken)} > capacity
  AND ({_peak(_MEETS_NEW_PG, broken)}) > capacity THEN
    RAISE EXCEPTION '{CAPACITY}' USING ERRCODE = 'check_violation', CONSTRAINT = '{CAPACITY}';
  END IF;
  RETURN NULL;
END $guard$""",
        f"""CREATE TRIGGER {CAPACITY}_insert AFTER INSERT ON booking FOR EACH ROW
WHEN ({_NEW_OCCUPIES}) EXECUTE FUNCTION {CAPACITY}()""",
        f"""CREATE TRIGGER {CAPACITY}_update AFTER UPDATE ON booking FOR EACH ROW
WHEN ({_NEW_OCCUPIES} AND {_GROWS}) EXECUTE FUNCTION {CAPACITY}()""",
        f"""CREATE FUNCTION {UNITS_OUT}() RETURNS trigger LANGUAGE plpgsql AS $guard$
DECLARE
  capacity integer;
BEGIN
  UPDATE listing SET turn = turn + 1 WHERE id = NEW.listing_id RETURNING units INTO capacity;
  IF ({_OUT_NOW}) + {_broken_now(broken)} > capacity THEN
    RAISE EXCEPTION '{UNITS_OUT}' USING ERRCODE = 'check_violation', CONSTRAINT = '{UNITS_OUT}';
  END IF;
  RETURN NULL;
END $guard$""",
        f"""CREATE TRIGGER {UNITS_OUT}_insert AFTER INSERT ON booking FOR EACH ROW
WHEN ({_GOES_OUT}) EXECUTE FUNCTION {UNITS_OUT}()""",
        f"""CREATE TRIGGER {UNITS_OUT}_update AFTER UPDATE ON booking FOR EACH ROW
WHEN ({_GOES_OUT} AND (OLD.state <> NEW.state OR NEW.units > OLD.units))
EXECUTE FUNCTION {UNITS_OUT}()""",
        f"""CREATE FUNCTION {UNITS_BOOKED}() RETURNS trigger LANGUAGE plpgsql AS $guard$
BEGIN
  IF ({_peak(_PROMISED_OF_NEW)}) > NEW.units THEN
    RAISE EXCEPTION '{UNITS_BOOKED}'
      USING ERRCODE = 'check_violation', CONSTRAINT = '{UNITS_BOOKED}';
  END IF;
  RETURN NULL;
END $guard$""",
        f"""CREATE TRIGGER {UNITS_BOOKED} AFTER UPDATE OF units ON listing FOR EACH ROW
WHEN (NEW.units < OLD.units) EXECUTE FUNCTION {UNITS_BOOKED}()""",
    )


def _sqlite(broken: _Broken) -> tuple[str, ...]:
    capacity = f"""BEGIN
  SELECT RAISE(ABORT, '{CAPACITY}') FROM listing WHERE id = NEW.listing_id
  AND (SELECT sum(units) FROM booking WHERE {_MEETS_NEW_SQLITE}) + {_sum_broken(broken)} > units
  AND ({_peak(_MEETS_NEW_SQLITE, broken)}) > units;
END"""
    out = f"""BEGIN
  SELECT RAISE(ABORT, '{UNITS_OUT}')
  WHERE ({_OUT_NOW}) + {_broken_now(broken)}
  > (SELECT units FROM listing WHERE id = NEW.listing_id);
END"""
    return (
        f"""CREATE TRIGGER {CAPACITY}_insert AFTER INSERT ON booking
WHEN {_NEW_OCCUPIES} {capacity}""",
        f"""CREATE TRIGGER {CAPACITY}_update AFTER UPDATE ON booking
WHEN {_NEW_OCCUPIES} AND {_GROWS} {capacity}""",
        f"""CREATE TRIGGER {UNITS_OUT}_insert AFTER INSERT ON booking
WHEN {_GOES_OUT} {out}""",
        f"""CREATE TRIGGER {UNITS_OUT}_update AFTER UPDATE ON booking
WHEN {_GOES_OUT} AND (OLD.state <> NEW.state OR NEW.units > OLD.units) {out}""",
        f"""CREATE TRIGGER {UNITS_BOOKED} AFTER UPDATE OF units ON listing
WHEN NEW.units < OLD.units BEGIN
  SELECT RAISE(ABORT, '{UNITS_BOOKED}') WHERE ({_peak(_PROMISED_OF_NEW)}) > NEW.units;
END""",
    )


_APPROVED = f"""NEW.whole_id IS NULL
  AND NEW.state = '{State.APPROVED.value}' AND OLD.state IN {_in(UNDECIDED)}"""
_YES_MISSING = """(SELECT two_decide FROM listing WHERE id = NEW.listing_id)
  AND (SELECT count(*) FROM booking_approval WHERE booking_id = NEW.id) < 2"""

#: Where two persons have to say yes, nothing is approved by one; of one person, the table of their
#: yeses keeps one.
YES_STATEMENTS = {
    "postgresql": (
        f"""CREATE FUNCTION {TWO_YESES}() RETURNS trigger LANGUAGE plpgsql AS $guard$
BEGIN
  IF {_YES_MISSING} THEN
    RAISE EXCEPTION '{TWO_YESES}' USING ERRCODE = 'check_violation', CONSTRAINT = '{TWO_YESES}';
  END IF;
  RETURN NULL;
END $guard$""",
        f"""CREATE TRIGGER {TWO_YESES} AFTER UPDATE ON booking FOR EACH ROW
WHEN ({_APPROVED}) EXECUTE FUNCTION {TWO_YESES}()""",
    ),
    "sqlite": (
        f"""CREATE TRIGGER {TWO_YESES} AFTER UPDATE ON booking WHEN {_APPROVED} BEGIN
  SELECT RAISE(ABORT, '{TWO_YESES}') WHERE {_YES_MISSING};
END""",
    ),
}

#: Statements that put the guard in place, by dialect.
STATEMENTS = {"postgresql": _postgresql(_Broken.ONCE), "sqlite": _sqlite(_Broken.ONCE)}
#: The same while what is lent and broken counted twice, for the migrations of that time.
BEFORE_LENT_AND_BROKEN = {
    "postgresql": _postgresql(_Broken.COUNTED),
    "sqlite": _sqlite(_Broken.COUNTED),
}
#: The same as long as nothing could be out of service.
BEFORE_OUTAGES = {
    "postgresql": _postgresql(_Broken.UNKNOWN),
    "sqlite": _sqlite(_Broken.UNKNOWN),
}


def counting_anew(statements: Mapping[str, Sequence[str]], dialect: str) -> Iterator[str]:
    """What makes the guards of what is booked and of what is out count as ``statements`` say, where
    they are in place already."""
    for statement in statements[dialect]:
        first = statement.split("(", 1)[0].split()
        name = first[2]
        if not name.startswith((CAPACITY, UNITS_OUT)):
            continue
        if dialect != "postgresql":
            yield f"DROP TRIGGER {name}"
            yield statement
        elif first[1] == "FUNCTION":
            yield statement.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
