"""From what arrived to what a use case takes: marshmallow schemas over JSON and forms."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from flask import current_app, g, request
from marshmallow import Schema, ValidationError, fields
from werkzeug.datastructures import MultiDict

from mutuali.core.errors import Reason, Refused, Unreadable
from mutuali.core.period import NoSuchLocalTime, Period, TwoSuchLocalTimes, instant_at, local

#: No instant outside these years is anybody's business here.
FIRST_YEAR, LAST_YEAR = 2000, 2100

#: Words of marshmallow's messages -> our codes; what is not listed is ``field.invalid``.
_CODES = {
    "Missing data for required field.": "field.missing",
    "Field may not be null.": "field.missing",
    "Unknown field.": "field.unknown",
    "Not a valid integer.": "field.not_a_number",
    "Not a valid number.": "field.not_a_number",
    "Not a valid email address.": "field.not_an_email",
    "Not a valid date.": "field.not_a_date",
    "Not a valid time.": "field.not_a_time",
}

#: Key under which ``app.extensions`` holds what tells the optional questions asked no more.
DROPPED_KEY = "mutuali_dropped_questions"


def collects(question: str) -> bool:
    """Whether an optional question is asked; looked up once in a request, and only where a form
    shows it or somebody answers it."""
    if "dropped_questions" not in g:
        g.dropped_questions = current_app.extensions[DROPPED_KEY]()
    return question not in g.dropped_questions


class Text(fields.String):
    """Text of at most ``longest`` characters: line ends become LF, outer space goes, Unicode stays.

    NUL and lone surrogates are refused (no database column and no file can hold them); other
    characters come back as they went in. The answer to an optional ``question`` that is asked no
    more is read as none.
    """

    def __init__(
        self, *, longest: int, shortest: int = 0, question: str | None = None, **options: Any
    ) -> None:
        self.question = question
        least = max(shortest, int(options.get("required", False)))
        super().__init__(**_described(options, maxLength=longest, minLength=least))
        self.longest, self.shortest = longest, shortest

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any
    ) -> str:
        text = super()._deserialize(value, attr, data, **options) or ""
        text = text.replace("\r\n", "\n").replace("\r", "\n").strip(" \t\n")
        if len(text) > self.longest:  # before each character is looked at
            raise ValidationError(_coded("field.too_long", max=self.longest))
        if any(c == "\x00" or unicodedata.category(c) == "Cs" for c in text):
            raise ValidationError(_coded("field.control_character"))
        if not text and self.required:
            raise ValidationError(_coded("field.missing"))
        if len(text) < self.shortest:
            raise ValidationError(_coded("field.too_short", min=self.shortest))
        return text if self.question is None or not text or collects(self.question) else ""

    def make_coded(self, code: str, **params: object) -> ValidationError:
        """An error of this field, for subclasses."""
        return ValidationError(_coded(code, **params))


class Email(Text):
    """An address that can get e-mail: the HTML Standard's pattern, with a dot after the ``@``."""

    _LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
    _PATTERN = re.compile(
        rf"[a-z0-9.!#$%&'*+/=?^_`{{|}}~-]+@{_LABEL}(?:\.{_LABEL})+", re.ASCII | re.IGNORECASE
    )

    def __init__(self, **options: Any) -> None:
        super().__init__(longest=254, **_described(options, format="email"))

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any
    ) -> str:
        text = super()._deserialize(value, attr, data, **options)
        if not self._PATTERN.fullmatch(text):
            raise self.make_coded("field.not_an_email")
        return text


class OneOf(fields.String):
    """One of a closed list of values, returned as that very enum member."""

    def __init__(self, choices: type[StrEnum], **options: Any) -> None:
        super().__init__(**_described(options, enum=[choice.value for choice in choices]))
        self.choices = choices

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any
    ) -> Any:
        try:
            return self.choices(value)
        except ValueError:
            raise ValidationError(_coded("field.not_a_choice")) from None


class Whole(fields.Integer):
    """A whole number within bounds that every column can hold; None where it answers an optional
    ``question`` that is asked no more."""

    def __init__(self, *, low: int, high: int, question: str | None = None, **options: Any) -> None:
        self.question = question
        super().__init__(**_described(options, minimum=low, maximum=high))
        self.low, self.high = low, high

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any
    ) -> Any:
        if isinstance(value, bool | float):
            raise ValidationError(_coded("field.not_a_number"))
        if isinstance(value, str) and len(value) > 20:
            raise ValidationError(_coded("field.out_of_range", min=self.low, max=self.high))
        number = super()._deserialize(value, attr, data, **options)
        if number is None or not self.low <= number <= self.high:
            raise ValidationError(_coded("field.out_of_range", min=self.low, max=self.high))
        return number if self.question is None or collects(self.question) else None


_PRICE = re.compile(r"([0-9]{1,6})(?:[.,]([0-9]{1,2}))?")


class Cents(fields.Field[int]):
    """``12,50``, ``12.5`` or ``12 $`` as cents."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any
    ) -> int:
        found = _PRICE.fullmatch(re.sub(r"[\s$]", "", str(value)))
        if found is None:
            raise ValidationError(_coded("field.not_a_price"))
        return int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0"))


def _described(options: dict[str, Any], **bounds: object) -> dict[str, Any]:
    """The options of a field, with its bounds for the description of the API."""
    return {**options, "metadata": {**bounds, **options.get("metadata", {})}}


def _coded(code: str, **params: object) -> list[Any]:
    return [{"code": code, "params": params}]


def raise_reasons(reasons: Iterable[Reason]) -> None:
    """Refuse with the reasons that a rule gave, if any; for a schema's own checks."""
    messages: dict[str, list[Any]] = {}
    for reason in reasons:
        coded = _coded(reason.code, **reason.params)
        messages.setdefault(reason.field or "_schema", []).extend(coded)
    if messages:
        raise ValidationError(messages)


def refuse_field(field: str, code: str, **params: object) -> ValidationError:
    """An error of one field, for a schema's own ``post_load``."""
    return ValidationError({field: _coded(code, **params)})


class Instant(fields.AwareDateTime):
    """An instant in ISO 8601 whose offset is Montréal's at that moment, or that of UTC.

    Another offset is a slip of whoever wrote the program: people here would read another hour.
    """

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any
    ) -> datetime:
        instant = super()._deserialize(value, attr, data, **options)
        if not FIRST_YEAR <= instant.year <= LAST_YEAR:
            raise ValidationError(_coded("time.too_far"))
        if instant.utcoffset() not in (timedelta(), local(instant).utcoffset()):
            raise ValidationError(_coded("time.foreign_offset"))
        return instant


def period_of(start: datetime, end: datetime) -> Period:
    """Two instants as a period; refused where the end does not come after the start."""
    if end <= start:
        raise refuse_field("ends_at", "time.end_before_start")
    return Period(start, end)


def local_instant(day: date, clock: time, field: str, fold: int | None) -> datetime:
    """The instant people mean by a day and a time of Montréal's clock.

    Raises:
        ValidationError: the clock jumps over it, or shows it twice and ``fold`` does not say which.
    """
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise refuse_field(field, "time.too_far")
    try:
        return instant_at(day, clock, fold=fold)
    except NoSuchLocalTime as error:
        raise refuse_field(field, "time.does_not_exist", next=error.next_one) from None
    except TwoSuchLocalTimes:
        raise refuse_field(field, "time.exists_twice") from None


class ClockTime(fields.Field[time]):
    """``08:30``; ``24:00`` is not a time."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **options: Any
    ) -> time:
        try:
            return time.fromisoformat(str(value)).replace(second=0, microsecond=0, tzinfo=None)
        except ValueError:
            raise ValidationError([{"code": "field.not_a_time", "params": {}}]) from None


class LocalSpanSchema(Schema):
    """A span on the clock of Montréal: days, times, and which of two equal times if need be."""

    day = fields.Date(required=True)
    starts = ClockTime(required=True)
    end_day = fields.Date(load_default=None)
    ends = ClockTime(required=True)
    start_fold = Whole(low=0, high=1, load_default=None)
    end_fold = Whole(low=0, high=1, load_default=None)

    def span(self, data: Mapping[str, Any]) -> Period:
        """The period that the fields describe."""
        start = local_instant(data["day"], data["starts"], "starts", data["start_fold"])
        last_day = data["end_day"] or data["day"]
        end = local_instant(last_day, data["ends"], "ends", data["end_fold"])
        if end <= start:
            raise refuse_field("ends", "time.end_before_start")
        return Period(start, end)


#: The fields by which a form hands a span on.
SPAN_FIELDS = ("day", "starts", "end_day", "ends", "start_fold", "end_fold")


def load_form(schema: Schema) -> Any:
    """The posted form through ``schema``; empty fields count as absent, extra ones are dropped.

    Raises:
        Refused: every field that is wrong, with its name.
    """
    return load_data(schema, _known(schema, request.form))


def load_query(schema: Schema) -> Any:
    """The query string through ``schema``, as :func:`load_form`."""
    return load_data(schema, _known(schema, request.args))


def _known(schema: Schema, sent: MultiDict[str, str]) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for attribute, field in schema.fields.items():
        name = field.data_key or attribute
        if isinstance(field, fields.List):
            data[name] = [value for value in sent.getlist(name) if value != ""]
        elif isinstance(field, fields.Boolean):
            data[name] = name in sent
        elif sent.get(name, "") != "":
            data[name] = sent[name]
    return data


def load_json(schema: Schema) -> Any:
    """The JSON body through ``schema``; no body at all is an empty object.

    Raises:
        Unreadable: not JSON, or not an object.
        Refused: every field that is wrong, with its name.
    """
    body = request.get_json(silent=True) if request.get_data(cache=True) else {}
    if not isinstance(body, dict):
        raise Unreadable("unreadable")
    return load_data(schema, body)


def load_data(schema: Schema, data: Mapping[str, Any]) -> Any:
    try:
        return schema.load(data)
    except ValidationError as error:
        raise Refused.because(reasons_of(error.messages)) from None


def reasons_of(messages: Any, field: str | None = None) -> Iterator[Reason]:
    """marshmallow's error messages as reasons, one per field and message."""
    if isinstance(messages, Mapping):
        if set(messages) == {"code", "params"}:
            yield Reason(str(messages["code"]), dict(messages["params"]), field)
            return
        for name, inner in messages.items():
            here = field if name == "_schema" else f"{field}.{name}" if field else str(name)
            yield from reasons_of(inner, here)
    elif isinstance(messages, list):
        for message in messages:
            yield from reasons_of(message, field)
    else:
        yield Reason(_CODES.get(str(messages), "field.invalid"), {}, field)
