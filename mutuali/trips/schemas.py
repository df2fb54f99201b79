"""What people type and programs send to offer a trip, to look for one and to join it."""

from datetime import date, datetime
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate

from mutuali.core.places import BOROUGHS, find_borough
from mutuali.trips.rules import (
    LONGEST,
    LONGEST_WHERE,
    MOST_KG,
    MOST_PALLETS,
    MOST_STOPS,
    Load,
    Ride,
    Stop,
)
from mutuali.trips.service import Capacity, PlaceDraft, TripSearch
from mutuali.web.parsing import (
    FIRST_YEAR,
    LAST_YEAR,
    Text,
    Whole,
    local_instant,
    refuse_field,
)

_FIRST, _LAST = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)


class BoroughName(Text):
    """A borough, by slug or by name; given on as its slug, empty where nothing is said."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **options: Any) -> str:
        text = super()._deserialize(value, attr, data, **options)
        if not text or text in BOROUGHS:
            return text
        found = find_borough(text)
        if found is None:
            raise self.make_coded("site.place_unknown")
        return found.slug


class Instant(fields.AwareDateTime):
    """An instant with its offset, of these times."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **options: Any) -> datetime:
        found = super()._deserialize(value, attr, data, **options)
        if not FIRST_YEAR < found.year < LAST_YEAR:
            raise ValidationError([{"code": "time.too_far", "params": {}}])
        return found


class WallClock(fields.NaiveDateTime):
    """``2026-03-03T08:00`` on the clock of Montréal."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **options: Any) -> datetime:
        found = super()._deserialize(value, attr, data, **options)
        name = attr or ""
        try:
            return local_instant(found.date(), found.time(), name, None)
        except ValidationError as error:
            # The field itself says what is wrong with it.
            raise ValidationError(error.messages_dict[name]) from None


class TripStopSchema(Schema):
    """A borough (slug) and when the vehicle passes it."""

    borough = BoroughName(longest=60, required=True)
    at: fields.Field[datetime] = Instant(required=True)

    @post_load
    def to_stop(self, data: dict[str, Any], **_: object) -> Stop:
        return Stop(data["borough"], data["at"])


class TripStopFormSchema(TripStopSchema):
    """The same as it is typed."""

    at = WallClock(required=True)


class TripChangeSchema(Schema):
    """What a trip offers, besides its route; of pallets and kilograms, 0 does not count."""

    pallets = Whole(low=0, high=MOST_PALLETS, load_default=0)
    kg = Whole(low=0, high=MOST_KG, load_default=0)
    join_by: fields.Field[datetime] = Instant(required=True)
    at_once = fields.Boolean(load_default=False)
    note = Text(longest=LONGEST, question="trip_note", load_default="")

    @post_load
    def to_capacity(self, data: dict[str, Any], **_: object) -> Any:
        room = Load(data["pallets"], data["kg"])
        return Capacity(room, data["join_by"], data["at_once"], data["note"])


class TripChangeFormSchema(TripChangeSchema):
    """The same as it is typed."""

    join_by = WallClock(required=True)


class TripSchema(TripChangeSchema):
    """A trip to offer: its route, then what it offers."""

    stops = fields.List(
        fields.Nested(TripStopSchema), required=True, validate=validate.Length(max=MOST_STOPS)
    )

    @post_load
    def to_capacity(self, data: dict[str, Any], **options: object) -> Any:
        return data["stops"], super().to_capacity(data, **options)


class TripFormSchema(TripSchema):
    """The same as it is typed."""

    stops = fields.List(
        fields.Nested(TripStopFormSchema), required=True, validate=validate.Length(max=MOST_STOPS)
    )
    join_by = WallClock(required=True)


class TripSearchSchema(Schema):
    """Which trips to look for; nothing said: all of them."""

    from_borough = BoroughName(longest=60, load_default="")
    to_borough = BoroughName(longest=60, load_default="")
    day = fields.Date(load_default=None, validate=validate.Range(_FIRST, _LAST))
    pallets = Whole(low=0, high=MOST_PALLETS, load_default=0)
    kg = Whole(low=0, high=MOST_KG, load_default=0)

    @post_load
    def to_search(self, data: dict[str, Any], **_: object) -> TripSearch:
        load = Load(data.pop("pallets"), data.pop("kg"))
        return TripSearch(**data, load=load)


class TripPlaceSchema(Schema):
    """A place to ask for: from which stop to which (positions from 0), what, where exactly."""

    from_stop = Whole(low=0, high=MOST_STOPS, required=True)
    to_stop = Whole(low=0, high=MOST_STOPS, required=True)
    pallets = Whole(low=0, high=MOST_PALLETS, load_default=0)
    kg = Whole(low=0, high=MOST_KG, load_default=0)
    load_at = Text(longest=LONGEST_WHERE, load_default="")
    unload_at = Text(longest=LONGEST_WHERE, load_default="")
    note = Text(longest=LONGEST, question="trip_note", load_default="")

    @post_load
    def to_draft(self, data: dict[str, Any], **_: object) -> PlaceDraft:
        if data["to_stop"] <= data["from_stop"]:
            raise refuse_field("to_stop", "trip.wrong_way")
        ride = Ride(data["from_stop"], data["to_stop"], Load(data["pallets"], data["kg"]))
        return PlaceDraft(ride, data["load_at"], data["unload_at"], data["note"])
