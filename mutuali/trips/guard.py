"""The last word of the database: on no leg of a trip is more on board than was offered.

Triggers on both engines, whatever code path writes. On PostgreSQL the trigger takes the trip's turn
itself: that UPDATE queues rivals and makes a stale snapshot fail. What is on board changes only
where somebody loads, so the legs that begin at a stop where an accepted place starts are all that
can be the fullest. A trip that was called off carries nobody. The migration runs these statements,
and a test at head compares what the database holds with them.
"""

from mutuali.trips.rules import PlaceState, TripState

#: Names that the errors carry.
CAPACITY = "trip_capacity"
CALLED_OFF = "trip_called_off"
SHRINKS = "trip_shrinks"

_ACCEPTED = f"state = '{PlaceState.ACCEPTED.value}'"
_ON_BOARD = f"NEW.{_ACCEPTED}"
_GROWS = f"""(OLD.state <> '{PlaceState.ACCEPTED.value}' OR NEW.trip_id <> OLD.trip_id
  OR NEW.pallets > OLD.pallets OR NEW.kg > OLD.kg
  OR NEW.from_stop < OLD.from_stop OR NEW.to_stop > OLD.to_stop)"""


def _too_full(trip: str, where: str) -> str:
    """SQL for whether some leg of ``trip`` (an id), among those that begin at an accepted place
    ``where``, has more on board than its row offers."""
    return f"""EXISTS (
    SELECT 1 FROM trip_place AS begins, trip, trip_place AS aboard
    WHERE trip.id = {trip} AND begins.trip_id = trip.id AND begins.{_ACCEPTED}{where}
    AND aboard.trip_id = trip.id AND aboard.{_ACCEPTED}
    AND aboard.from_stop <= begins.from_stop AND begins.from_stop < aboard.to_stop
    GROUP BY begins.id, trip.pallets, trip.kg
    HAVING sum(aboard.pallets) > trip.pallets OR sum(aboard.kg) > trip.kg)"""


_ON_ITS_LEGS = """
    AND NEW.from_stop <= begins.from_stop AND begins.from_stop < NEW.to_stop"""
_PLACE_TOO_MUCH = _too_full("NEW.trip_id", _ON_ITS_LEGS)
_TRIP_TOO_SMALL = _too_full("NEW.id", "")
_IS_OFF = f"""EXISTS (
    SELECT 1 FROM trip WHERE id = NEW.trip_id AND state <> '{TripState.OPEN.value}')"""
_CARRIES_SOMEBODY = f"EXISTS (SELECT 1 FROM trip_place WHERE trip_id = NEW.id AND {_ACCEPTED})"
_IS_LESS = "NEW.pallets < OLD.pallets OR NEW.kg < OLD.kg"
_GOES_OFF = f"NEW.state <> '{TripState.OPEN.value}' AND OLD.state = '{TripState.OPEN.value}'"


def _raise(name: str) -> str:
    return f"RAISE EXCEPTION '{name}' USING ERRCODE = 'check_violation', CONSTRAINT = '{name}';"


_POSTGRESQL = (
    f"""CREATE FUNCTION {CAPACITY}() RETURNS trigger LANGUAGE plpgsql AS $guard$
BEGIN
  UPDATE trip SET turn = turn + 1 WHERE id = NEW.trip_id;
  IF {_IS_OFF} THEN
    {_raise(CALLED_OFF)}
  END IF;
  IF {_PLACE_TOO_MUCH} THEN
    {_raise(CAPACITY)}
  END IF;
  RETURN NULL;
END $guard$""",
    f"""CREATE TRIGGER {CAPACITY}_insert AFTER INSERT ON trip_place FOR EACH ROW
WHEN ({_ON_BOARD}) EXECUTE FUNCTION {CAPACITY}()""",
    f"""CREATE TRIGGER {CAPACITY}_update AFTER UPDATE ON trip_place FOR EACH ROW
WHEN ({_ON_BOARD} AND {_GROWS}) EXECUTE FUNCTION {CAPACITY}()""",
    f"""CREATE FUNCTION {SHRINKS}() RETURNS trigger LANGUAGE plpgsql AS $guard$
BEGIN
  IF {_TRIP_TOO_SMALL} THEN
    {_raise(SHRINKS)}
  END IF;
  RETURN NULL;
END $guard$""",
    f"""CREATE TRIGGER {SHRINKS} AFTER UPDATE OF pallets, kg ON trip FOR EACH ROW
WHEN ({_IS_LESS}) EXECUTE FUNCTION {SHRINKS}()""",
    f"""CREATE FUNCTION {CALLED_OFF}() RETURNS trigger LANGUAGE plpgsql AS $guard$
BEGIN
  IF {_CARRIES_SOMEBODY} THEN
    {_raise(CALLED_OFF)}
  END IF;
  RETURN NULL;
END $guard$""",
    f"""CREATE TRIGGER {CALLED_OFF} AFTER UPDATE OF state ON trip FOR EACH ROW
WHEN ({_GOES_OFF}) EXECUTE FUNCTION {CALLED_OFF}()""",
)

_CHECK = f"""BEGIN
  SELECT RAISE(ABORT, '{CALLED_OFF}') WHERE {_IS_OFF};
  SELECT RAISE(ABORT, '{CAPACITY}') WHERE {_PLACE_TOO_MUCH};
END"""

_SQLITE = (
    f"""CREATE TRIGGER {CAPACITY}_insert AFTER INSERT ON trip_place
WHEN {_ON_BOARD} {_CHECK}""",
    f"""CREATE TRIGGER {CAPACITY}_update AFTER UPDATE ON trip_place
WHEN {_ON_BOARD} AND {_GROWS} {_CHECK}""",
    f"""CREATE TRIGGER {SHRINKS} AFTER UPDATE OF pallets, kg ON trip
WHEN {_IS_LESS} BEGIN
  SELECT RAISE(ABORT, '{SHRINKS}') WHERE {_TRIP_TOO_SMALL};
END""",
    f"""CREATE TRIGGER {CALLED_OFF} AFTER UPDATE OF state ON trip
WHEN {_GOES_OFF} BEGIN
  SELECT RAISE(ABORT, '{CALLED_OFF}') WHERE {_CARRIES_SOMEBODY};
END""",
)

#: Statements that put the guard in place, by dialect.
STATEMENTS = {"postgresql": _POSTGRESQL, "sqlite": _SQLITE}
