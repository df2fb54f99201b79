"""What people type and programs send about the state of a thing that changes hands."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load

from mutuali.equipment.rules import MOST_UNITS
from mutuali.loans.rules import (
    COLDEST_AND_WARMEST,
    MOST_CENTS,
    MOST_KM,
    Checked,
    Condition,
    Direction,
    Item,
    Means,
    PaymentKind,
    Side,
)
from mutuali.loans.service import PaymentDraft
from mutuali.web.parsing import FIRST_YEAR, LAST_YEAR, Cents, OneOf, Text, Whole, refuse_field


class Ticked(StrEnum):
    """What one says of a thing that one looked at."""

    OK = "ok"
    NOT_OK = "not_ok"


class Degrees(fields.Field[int]):
    """``3,5``, ``3.5`` or ``-18`` degrees Celsius, as tenths; a tenth is as fine as it gets."""

    def __init__(self, **options: Any) -> None:
        low, high = (each / 10 for each in COLDEST_AND_WARMEST)
        described = {"type": ["number", "null"], "minimum": low, "maximum": high}
        super().__init__(metadata={**described, "multipleOf": 0.1}, **options)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any
    ) -> int:
        text = str(value).strip().replace(",", ".").replace("−", "-")
        try:
            tenths = Decimal(text if len(text) < 20 else "x") * 10
        except InvalidOperation:
            raise _wrong("field.not_a_number") from None
        low, high = COLDEST_AND_WARMEST
        if isinstance(value, bool) or not tenths.is_finite():
            raise _wrong("field.not_a_number")
        if not low <= tenths <= high:
            raise _wrong("field.out_of_range", min=low // 10, max=high // 10)
        if tenths != int(tenths):
            raise _wrong("condition.too_fine")
        return int(tenths)

    def _serialize(self, value: Any, attr: str | None, obj: object, **options: Any) -> float | None:
        return None if value is None else value / 10


def _wrong(code: str, **params: object) -> ValidationError:
    return ValidationError([{"code": code, "params": params}])


@dataclass(frozen=True, slots=True)
class Said:
    """A report as it was sent: for which side, if named, and in words what is different."""

    condition: Condition
    side: Side | None
    differs: str
    units: tuple[str, ...]


class _Common(Schema):
    """What the form and programs say the same way."""

    side = OneOf(Side, load_default=None)
    temperature = Degrees(load_default=None, allow_none=True)
    cleaned = fields.Boolean(load_default=False)
    odometer_km = Whole(
        low=0, high=MOST_KM, question="odometer", load_default=None, allow_none=True
    )
    note = Text(longest=1000, load_default="")
    signed_by = Text(longest=120, load_default="")
    differs = Text(longest=1000, load_default="")

    def said(
        self, data: Mapping[str, Any], items: tuple[Checked, ...], units: Iterable[str]
    ) -> Said:
        """The report, with what was looked at and which things with names change hands."""
        condition = Condition(
            items=items,
            signed_by=data["signed_by"],
            temperature=data["temperature"],
            cleaned=data["cleaned"],
            odometer_km=data["odometer_km"],
            note=data["note"],
        )
        return Said(condition, data["side"], data["differs"], tuple(units))


class ConditionFormSchema(_Common):
    """The form at the dock: each thing to look at is right or not; ``<item>_word`` says why not."""

    unit = fields.List(Text(longest=22), load_default=list)
    scanned = Text(longest=5000, load_default="")

    class Meta:
        include = {  # noqa: RUF012 - marshmallow reads it once
            **{item.value: OneOf(Ticked, load_default=None) for item in Item},
            **{f"{item.value}_word": Text(longest=200, load_default="") for item in Item},
        }

    @post_load
    def to_said(self, data: dict[str, Any], **_: object) -> Said:
        items = tuple(
            # What is right needs no word, even if one was typed before.
            Checked(item, True)
            if data[item.value] is Ticked.OK
            else Checked(item, False, data[f"{item.value}_word"])
            for item in Item
            if data[item.value] is not None
        )
        return self.said(data, items, named_in(data))


class CheckedSchema(Schema):
    """A thing that was looked at; ``word`` says what is wrong when it is not ``ok``."""

    item = OneOf(Item, required=True)
    ok = fields.Boolean(required=True)
    word = Text(longest=200, load_default="")

    @post_load
    def to_checked(self, data: dict[str, Any], **_: object) -> Checked:
        return Checked(data["item"], data["ok"], "" if data["ok"] else data["word"])


class ConditionReportSchema(_Common):
    """A report by the API; the temperature in degrees Celsius, to a tenth."""

    direction = OneOf(Direction, required=True)
    items = fields.List(fields.Nested(CheckedSchema), required=True)
    units = fields.List(Text(longest=200), load_default=list)

    @post_load
    def to_said(self, data: dict[str, Any], **_: object) -> tuple[Direction, Said]:
        return data["direction"], self.said(data, tuple(data["items"]), data["units"])


def named_in(data: Mapping[str, Any]) -> list[str]:
    """The things that were ticked, and those whose codes were typed or scanned."""
    scanned = (each.strip() for each in re.split(r"[\n,;]", data["scanned"]))
    return [*data["unit"], *filter(None, scanned)]


class PartBackFormSchema(Schema):
    """How many units come back before the others, and which, where they have names."""

    units = Whole(low=1, high=MOST_UNITS, load_default=None)
    unit = fields.List(Text(longest=22), load_default=list)
    scanned = Text(longest=5000, load_default="")
    note = Text(longest=1000, load_default="")

    @post_load
    def to_part(self, data: dict[str, Any], **_: object) -> "PartBack":
        said = named_in(data)
        units = data["units"] or len(set(said))
        if not units:
            raise refuse_field("units", "field.missing")
        return PartBack(units, tuple(said), data["note"])


@dataclass(frozen=True, slots=True)
class PartBack:
    """So many units that come back, those with names as they were ticked or typed."""

    units: int
    said: tuple[str, ...]
    note: str


class PartBackSchema(Schema):
    """The same by the API; ``named`` are public ids or codes."""

    units = Whole(low=1, high=MOST_UNITS, required=True, strict=True)
    named = fields.List(Text(longest=200), load_default=list)
    note = Text(longest=1000, load_default="")

    @post_load
    def to_part(self, data: dict[str, Any], **_: object) -> PartBack:
        return PartBack(data["units"], tuple(data["named"]), data["note"])


class SignatureSchema(Schema):
    """A name typed as a signature."""

    signed_by = Text(longest=120, required=True)


class DayContactSchema(Schema):
    """Whom to call on the day, and where the keys are."""

    side = OneOf(Side, load_default=None)
    phone = Text(longest=30, load_default="")
    keys = Text(longest=500, load_default="")


class AgreementSignatureSchema(SignatureSchema):
    """A name typed under one exact text, named by its hash."""

    sha256 = Text(longest=64, required=True)


class ShownTextSchema(Schema):
    """Which text was shown, named by its hash."""

    sha256 = Text(longest=64, required=True)


class _PaymentSchema(Schema):
    """What the form and programs say the same way of money that changed hands."""

    kind = OneOf(PaymentKind, required=True)
    means = OneOf(Means, required=True)
    paid_on = fields.Date(required=True)
    note = Text(longest=200, question="payment_note", load_default="")

    @post_load
    def to_draft(self, data: dict[str, Any], **_: object) -> PaymentDraft:
        if not 1 <= data["cents"] <= MOST_CENTS:
            raise refuse_field("amount", "field.not_a_price")
        if not FIRST_YEAR <= data["paid_on"].year < LAST_YEAR:
            raise refuse_field("paid_on", "time.too_far")
        return PaymentDraft(**data)


class PaymentFormSchema(_PaymentSchema):
    """A payment as the lender types it, in dollars."""

    cents = Cents(required=True, data_key="amount")


class PaymentSchema(_PaymentSchema):
    """A payment by the API, in cents."""

    cents = Whole(low=1, high=MOST_CENTS, required=True, strict=True)


class SettlementSchema(Schema):
    """How a disagreement is settled."""

    words = Text(longest=1000, load_default="")
