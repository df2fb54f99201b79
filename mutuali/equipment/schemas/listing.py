"""What people type about a listing, its hours and photos."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load

from mutuali.equipment.rules import (
    GRANULARITIES,
    MINUTES_PER_DAY,
    MOST_UNITS,
    Approver,
    Kind,
    ListingState,
    OpenHours,
    Permit,
    PricePer,
)
from mutuali.equipment.schemas.demands import NeedSchema, demands_of, typed_demands
from mutuali.equipment.schemas.opening import SPANS, ClockMinute, OpenHoursSchema
from mutuali.equipment.service import ListingDraft
from mutuali.organizations.rules import Allergen, DocumentKind, LicenceClass, Training
from mutuali.web.parsing import (
    Cents,
    OneOf,
    Text,
    Whole,
    refuse_field,
)

_LONGEST_MINUTES = 365 * MINUTES_PER_DAY
_MOST_HOLD_HOURS = 72
_MOST_NO_SHOW_HOURS = 48


#: Fields that the draft takes as they are.
_AS_TYPED = (
    *("kind", "units", "title_fr", "title_en", "description_fr", "description_en"),
    *("conditions_fr", "conditions_en", "refrigerated", "driver_included", "payload_kg"),
    *("temperature_low", "temperature_high", "price_per", "approver", "granularity_minutes"),
    *("two_decide", "trusted_at_once", "no_show_hours"),
)


class DurationUnit(StrEnum):
    """The unit in which somebody types a duration."""

    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"


MINUTES_IN = {
    DurationUnit.MINUTES: 1,
    DurationUnit.HOURS: 60,
    DurationUnit.DAYS: MINUTES_PER_DAY,
}


@dataclass(frozen=True, slots=True)
class ListingForm:
    """The listing form as posted: the draft lacks its site, named here by public id."""

    site: str
    draft: ListingDraft
    publish: bool
    version: int | None


class ListingFormSchema(Schema):
    """The form of a listing; ``opens_0`` to ``closes_6b`` are its weekly hours."""

    class Meta:
        include = {  # noqa: RUF012 - marshmallow reads it once
            f"{edge}_{day}{span}": ClockMinute(load_default=None)
            for edge in ("opens", "closes")
            for day in range(7)
            for span in SPANS
        }

    version = Whole(low=1, high=2**31 - 1, load_default=None)
    publish = fields.Boolean(load_default=False)
    site = Text(longest=22, required=True)
    kind = OneOf(Kind, required=True)
    units = Whole(low=1, high=MOST_UNITS, load_default=1)
    title_fr = Text(longest=120, load_default="")
    title_en = Text(longest=120, load_default="")
    description_fr = Text(longest=4000, load_default="")
    description_en = Text(longest=4000, load_default="")
    conditions_fr = Text(longest=4000, load_default="")
    conditions_en = Text(longest=4000, load_default="")
    refrigerated = fields.Boolean(load_default=False)
    driver_included = fields.Boolean(load_default=False)
    payload_kg = Whole(low=0, high=100_000, load_default=None)
    temperature_low = Whole(low=-60, high=100, load_default=None)
    temperature_high = Whole(low=-60, high=100, load_default=None)
    permits = fields.List(OneOf(Permit), load_default=list)
    demands = fields.List(OneOf(DocumentKind), load_default=list)
    demanded_licence = OneOf(LicenceClass, load_default=None)
    demanded_trainings = fields.List(OneOf(Training), load_default=list)
    demanded_training = Text(longest=120, load_default="")
    allergens = fields.List(OneOf(Allergen), load_default=list)
    any_time = fields.Boolean(load_default=False)
    shortest = Whole(low=1, high=_LONGEST_MINUTES, required=True)
    shortest_unit = OneOf(DurationUnit, required=True)
    longest = Whole(low=1, high=_LONGEST_MINUTES, required=True)
    longest_unit = OneOf(DurationUnit, required=True)
    lead = Whole(low=0, high=_LONGEST_MINUTES, load_default=0)
    lead_unit = OneOf(DurationUnit, load_default=DurationUnit.HOURS)
    turnaround = Whole(low=0, high=_LONGEST_MINUTES, load_default=0)
    turnaround_unit = OneOf(DurationUnit, load_default=DurationUnit.MINUTES)
    granularity_minutes = Whole(low=0, high=MINUTES_PER_DAY, load_default=None)
    price = Cents(load_default=0)
    deposit = Cents(load_default=0)
    price_per = OneOf(PricePer, load_default=PricePer.LOAN)
    approver = OneOf(Approver, required=True)
    two_decide = fields.Boolean(load_default=False)
    trusted_at_once = fields.Boolean(load_default=False)
    hold_hours = Whole(low=0, high=_MOST_HOLD_HOURS, load_default=0)
    no_show_hours = Whole(low=1, high=_MOST_NO_SHOW_HOURS, load_default=None)

    @post_load
    def to_form(self, data: dict[str, Any], **_: object) -> ListingForm:
        durations: dict[str, Any] = {
            f"{name}_minutes": _minutes(data, name)
            for name in ("shortest", "longest", "lead", "turnaround")
        }
        draft = ListingDraft(
            site_id=0,
            **{name: data[name] for name in _AS_TYPED},
            permits=tuple(data["permits"]),
            demands=demands_of(data),
            allergens=tuple(data["allergens"]),
            price_cents=data["price"],
            deposit_cents=data["deposit"],
            hold_minutes=data["hold_hours"] * 60,
            **durations,
            hours=() if data["any_time"] else _hours(data),
        )
        return ListingForm(data["site"], draft, data["publish"], data["version"])


def _minutes(data: Mapping[str, Any], name: str) -> int:
    minutes: int = data[name] * MINUTES_IN[data[f"{name}_unit"]]
    if minutes > _LONGEST_MINUTES:
        raise refuse_field(name, "listing.duration_too_long")
    return minutes


def _hours(data: Mapping[str, Any]) -> tuple[OpenHours, ...]:
    """The spans that were typed; midnight as a closing time is the end of the day.

    Raises:
        ValidationError: half a span, a reversed one, or none at all.
    """
    found: list[OpenHours] = []
    wrong: dict[str, Any] = {}
    for day in range(7):
        for span in SPANS:
            opens, closes = data[f"opens_{day}{span}"], data[f"closes_{day}{span}"]
            if opens is None and closes is None:
                continue
            if opens is None or closes is None:
                missing = "opens" if opens is None else "closes"
                wrong[f"{missing}_{day}{span}"] = [{"code": "field.missing", "params": {}}]
                continue
            closes = closes or MINUTES_PER_DAY
            if opens >= closes:
                wrong[f"closes_{day}{span}"] = [{"code": "hours.reversed", "params": {}}]
            found.append(OpenHours(day, opens, closes))
    if wrong:
        raise ValidationError(wrong)
    if not found:
        raise refuse_field("any_time", "hours.none")
    return tuple(found)


def typed_of(draft: ListingDraft, *, site: str, decimal_mark: str) -> dict[str, Any]:
    """``draft`` as its form shows it: what :class:`ListingFormSchema` would read back."""
    typed: dict[str, Any] = {
        name: getattr(draft, name)
        for name in ListingDraft.__dataclass_fields__
        if name not in {"hours", "permits", "demands", "allergens", "site_id"}
    }
    typed |= {
        "site": site,
        "permits": [permit.value for permit in draft.permits],
        **typed_demands(draft.demands),
        "allergens": [each.value for each in draft.allergens],
        "any_time": not draft.hours,
        "hold_hours": -(-draft.hold_minutes // 60),
        "price": _dollars(draft.price_cents, decimal_mark),
        "deposit": _dollars(draft.deposit_cents, decimal_mark),
    }
    for name in ("shortest", "longest", "lead", "turnaround"):
        typed[name], typed[f"{name}_unit"] = _said(getattr(draft, f"{name}_minutes"))
    for day in range(7):
        todays = [each for each in draft.hours if each.weekday == day]
        for span, each in zip(SPANS, todays, strict=False):
            typed[f"opens_{day}{span}"] = _clock(each.opens)
            typed[f"closes_{day}{span}"] = _clock(each.closes % MINUTES_PER_DAY)
    return typed


def _dollars(cents: int, decimal_mark: str) -> str:
    whole, rest = divmod(cents, 100)
    return f"{whole}{decimal_mark}{rest:02d}" if rest else str(whole)


def _said(minutes: int) -> tuple[int, str]:
    """The largest unit that says it without a rest."""
    for unit in (DurationUnit.DAYS, DurationUnit.HOURS):
        if minutes and minutes % MINUTES_IN[unit] == 0:
            return minutes // MINUTES_IN[unit], unit.value
    return minutes, DurationUnit.MINUTES.value


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


class ListingTermsSchema(Schema):
    """Everything a lender says about a thing, by the API; what is left out keeps its default.

    Durations in minutes, prices in cents; no hours: it changes hands at any time.
    """

    site = Text(longest=22, required=True)
    kind = OneOf(Kind, required=True)
    units = Whole(low=1, high=MOST_UNITS, strict=True, load_default=1)
    title_fr = Text(longest=120)
    title_en = Text(longest=120)
    description_fr = Text(longest=4000)
    description_en = Text(longest=4000)
    conditions_fr = Text(longest=4000)
    conditions_en = Text(longest=4000)
    refrigerated = fields.Boolean()
    driver_included = fields.Boolean()
    payload_kg = Whole(low=0, high=100_000, allow_none=True, strict=True)
    temperature_low = Whole(low=-60, high=100, allow_none=True, strict=True)
    temperature_high = Whole(low=-60, high=100, allow_none=True, strict=True)
    permits = fields.List(OneOf(Permit))
    demands = fields.List(fields.Nested(NeedSchema))
    allergens = fields.List(OneOf(Allergen))
    price_cents = Whole(low=0, high=99_999_999, strict=True)
    deposit_cents = Whole(low=0, high=99_999_999, strict=True)
    price_per = OneOf(PricePer)
    approver = OneOf(Approver)
    two_decide = fields.Boolean()
    trusted_at_once = fields.Boolean()
    hold_minutes = Whole(low=0, high=_MOST_HOLD_HOURS * 60, strict=True)
    shortest_minutes = Whole(low=1, high=_LONGEST_MINUTES, strict=True)
    longest_minutes = Whole(low=1, high=_LONGEST_MINUTES, strict=True)
    lead_minutes = Whole(low=0, high=_LONGEST_MINUTES, strict=True)
    turnaround_minutes = Whole(low=0, high=_LONGEST_MINUTES, strict=True)
    granularity_minutes = Whole(
        low=min(GRANULARITIES),
        high=max(GRANULARITIES),
        allow_none=True,
        strict=True,
        metadata={"enum": [*GRANULARITIES, None]},
    )
    no_show_hours = Whole(low=1, high=_MOST_NO_SHOW_HOURS, allow_none=True, strict=True)
    hours = fields.List(fields.Nested(OpenHoursSchema))

    @post_load
    def to_said(self, data: dict[str, Any], **_: object) -> dict[str, Any]:
        """What was said, as :class:`ListingDraft` takes it; ``site`` stays a public id."""
        for name in ("permits", "demands", "allergens", "hours"):
            if name in data:
                data[name] = tuple(dict.fromkeys(data[name]))
        return data


class StateSchema(Schema):
    """Publish or withdraw; nothing becomes a draft again."""

    state = OneOf(ListingState, required=True)

    @post_load
    def to_state(self, data: dict[str, Any], **_: object) -> ListingState:
        if data["state"] is ListingState.DRAFT:
            raise refuse_field("state", "field.not_a_choice")
        state: ListingState = data["state"]
        return state


@dataclass(frozen=True, slots=True)
class PhotoWords:
    """What a photo shows, in words."""

    alt_fr: str
    alt_en: str


class PhotoSchema(Schema):
    """The words of a photo; the file comes beside them."""

    alt_fr = Text(longest=200, load_default="")
    alt_en = Text(longest=200, load_default="")

    @post_load
    def to_words(self, data: dict[str, Any], **_: object) -> PhotoWords:
        if not data["alt_fr"]:
            raise refuse_field("alt_fr", "photo.alt_missing")
        return PhotoWords(data["alt_fr"], data["alt_en"])
