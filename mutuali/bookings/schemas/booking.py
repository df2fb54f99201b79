"""What people type and programs send to search, ask, decide and carry out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, pre_load

from mutuali.bookings.rules import MOST_IN_CART, Purpose, day_parts
from mutuali.bookings.service import BookingDraft, Wish
from mutuali.core.period import (
    Period,
    local,
)
from mutuali.core.places import locate
from mutuali.equipment.rules import MOST_UNITS, Kind, Permit
from mutuali.web.parsing import (
    FIRST_YEAR,
    LAST_YEAR,
    Instant,
    LocalSpanSchema,
    OneOf,
    Text,
    Whole,
    period_of,
    refuse_field,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A search as it was asked: the wish, the page, the words typed for the place and the slug of
    the borough they mean."""

    wish: Wish
    page: int
    place: str
    borough: str | None


class WishSchema(LocalSpanSchema):
    """The four fields of the search page, and its filters."""

    kinds = fields.List(OneOf(Kind), load_default=list, data_key="kind")
    units = Whole(low=1, high=MOST_UNITS, load_default=1)
    place = Text(longest=120, load_default="")
    page = Whole(low=1, high=10_000, load_default=1)
    refrigerated = fields.Boolean(load_default=False)
    driver_included = fields.Boolean(load_default=False)
    free_of_charge = fields.Boolean(load_default=False)
    payload_kg = Whole(low=0, high=100_000, load_default=0)
    permits = fields.List(OneOf(Permit), load_default=list, data_key="permit")
    words = Text(longest=80, load_default="")

    @post_load
    def to_asked(self, data: dict[str, Any], **_: object) -> Asked:
        span = self.span(data)
        located = locate(data["place"]) if data["place"] else None
        if data["place"] and located is None:
            raise refuse_field("place", "site.place_unknown")
        wish = Wish(
            period=span,
            units=data["units"],
            kinds=tuple(data["kinds"]),
            near=located[0] if located else None,
            refrigerated=data["refrigerated"],
            driver_included=data["driver_included"],
            free_of_charge=data["free_of_charge"],
            payload_kg=data["payload_kg"],
            permits=tuple(data["permits"]),
            words=data["words"],
        )
        borough = located[1] if located else None
        return Asked(wish, data["page"], data["place"], borough)


class RequestFormSchema(LocalSpanSchema):
    """The request form of a listing's page; the door adds the listing."""

    units = Whole(low=1, high=MOST_UNITS, load_default=1)
    purpose = OneOf(Purpose, required=True)
    meals = Whole(low=0, high=1_000_000, question="meals", load_default=None)
    note = Text(longest=1000, question="note", load_default="")
    borrower = Text(longest=22, load_default="")

    @post_load
    def to_form(self, data: dict[str, Any], **_: object) -> dict[str, Any]:
        return {**data, "period": self.span(data)}


class _AskedSchema(Schema):
    """What one request says by the API: instants in ISO 8601 with an offset."""

    listing = Text(longest=22, required=True)
    units = Whole(low=1, high=MOST_UNITS, load_default=1, strict=True)
    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    purpose = OneOf(Purpose, required=True)
    meals = Whole(
        low=0, high=1_000_000, question="meals", load_default=None, allow_none=True, strict=True
    )
    note = Text(longest=1000, question="note", load_default="")

    @staticmethod
    def draft(data: dict[str, Any]) -> BookingDraft:
        """What the use case takes."""
        period = period_of(data["starts_at"], data["ends_at"])
        return BookingDraft(
            data["listing"], data["units"], period, data["purpose"], data["meals"], data["note"]
        )


class BookingDraftSchema(_AskedSchema):
    """A request by the API."""

    borrower = Text(longest=22, load_default="")

    @post_load
    def to_draft(self, data: dict[str, Any], **_: object) -> tuple[str, BookingDraft]:
        return data["borrower"], self.draft(data)


class BasketLineSchema(_AskedSchema):
    """One of several requests."""

    @post_load
    def to_draft(self, data: dict[str, Any], **_: object) -> BookingDraft:
        return self.draft(data)


class BasketSchema(Schema):
    """Several requests at once, of any lenders: all or none; at most ``MOST_IN_CART``."""

    borrower = Text(longest=22, load_default="")
    lines = fields.List(
        fields.Nested(BasketLineSchema),
        required=True,
        metadata={"minItems": 1, "maxItems": MOST_IN_CART},
    )

    @post_load
    def to_drafts(self, data: dict[str, Any], **_: object) -> tuple[str, list[BookingDraft]]:
        if not 1 <= len(data["lines"]) <= MOST_IN_CART:
            raise refuse_field("lines", "field.out_of_range", min=1, max=MOST_IN_CART)
        return data["borrower"], data["lines"]


class CartFormSchema(LocalSpanSchema):
    """How many of a thing and when, as the request form of its page says it."""

    units = Whole(low=1, high=MOST_UNITS, load_default=1)

    @post_load
    def to_asked(self, data: dict[str, Any], **_: object) -> tuple[int, Period]:
        return data["units"], self.span(data)


class CheckOutSchema(Schema):
    """What is said once for everything in a cart."""

    purpose = OneOf(Purpose, required=True)
    meals = Whole(low=0, high=1_000_000, question="meals", load_default=None)
    note = Text(longest=1000, question="note", load_default="")


class ReasonSchema(Schema):
    """Why a request is declined or a booking cancelled."""

    reason = Text(longest=1000, load_default="")


class ConditionSchema(Schema):
    """The state of the thing when it changes hands."""

    note = Text(longest=1000, load_default="")
    temperature = Whole(low=-60, high=100, load_default=None, allow_none=True)


class SearchQuerySchema(Schema):
    """A search by the API."""

    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    kind = fields.List(OneOf(Kind), load_default=list)
    units = Whole(low=1, high=MOST_UNITS, load_default=1)
    near = Text(longest=120, load_default="")
    words = Text(longest=80, load_default="")
    page = Whole(low=1, high=10_000, load_default=1)

    @pre_load
    def one_kind_is_a_list(self, data: Mapping[str, Any], **_: object) -> dict[str, Any]:
        plain = dict(data)
        if isinstance(plain.get("kind"), str):
            plain["kind"] = [plain["kind"]]
        return plain

    @post_load
    def to_asked(self, data: dict[str, Any], **_: object) -> Asked:
        period = period_of(data["starts_at"], data["ends_at"])
        located = locate(data["near"]) if data["near"] else None
        if data["near"] and located is None:
            raise refuse_field("near", "site.place_unknown")
        near = located[0] if located else None
        wish = Wish(period, data["units"], tuple(data["kind"]), near, words=data["words"])
        return Asked(wish, data["page"], data["near"], located[1] if located else None)


class DayField(fields.Date):
    """A day within the years that anybody books in."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any
    ) -> date:
        day: date = super()._deserialize(value, attr, data, **options)
        if not FIRST_YEAR <= day.year < LAST_YEAR:
            raise ValidationError([{"code": "time.too_far", "params": {}}])
        return day


class WeekSchema(Schema):
    """From which day on."""

    from_day = DayField(load_default=None)


class MonthField(fields.Field[date]):
    """``2026-03``, as the first day of that month."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any
    ) -> date:
        try:
            first = datetime.strptime(str(value), "%Y-%m").date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            raise ValidationError([{"code": "field.not_a_date", "params": {}}]) from None
        if not FIRST_YEAR <= first.year < LAST_YEAR:
            raise ValidationError([{"code": "time.too_far", "params": {}}])
        return first


class MonthSchema(Schema):
    """Which month of which listings; no month means the current one."""

    month = MonthField(load_default=None)
    kind = OneOf(Kind, load_default=None)
    borough = Text(longest=60, load_default="")
    page = Whole(low=1, high=10_000, load_default=1)


class MonthPageSchema(MonthSchema):
    """The same in the words of the page's address."""

    month = MonthField(load_default=None, data_key="mois")


def default_span(now: datetime) -> dict[str, str]:
    """Tomorrow morning, as the search form shows it."""
    tomorrow = (local(now) + timedelta(days=1)).date()
    return {"day": tomorrow.isoformat(), "starts": "08:00", "ends": "12:00"}


def week_days(first: date, count: int = 7) -> list[tuple[date, list[Period]]]:
    """Each day with its parts, as ``day_parts`` tells them."""
    days = (first + timedelta(days=n) for n in range(count))
    return [(day, list(day_parts(day))) for day in days]
