"""What people answer to each question about an agreement, and what they accept."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from marshmallow import Schema, fields

from mutuali.agreements.rules import (
    BOUNDS,
    MOST_ANALYSTS,
    PROMISE_BOUNDS,
    REQUIRED_RESTRICTIONS,
    REQUIRED_WARRANTIES,
    AgreementDraft,
    Dataset,
    Instrument,
    Liability,
    Measure,
    Named,
    OnWithdrawal,
    Party,
    Regime,
    Restriction,
    Side,
    Warranty,
)
from mutuali.consent.rules import Purpose
from mutuali.web.parsing import OneOf, Text, Whole

#: How a person's row is called in the form: who, why, from, until.
ROWS = range(1, MOST_ANALYSTS + 1)


@dataclass(frozen=True, slots=True)
class Answered:
    """One question as posted: the version that was read, the partner by public id, the change."""

    version: int
    partner: str
    change: Callable[[AgreementDraft], AgreementDraft]
    later: bool


def _number(name: str) -> Whole:
    low, high = {**BOUNDS, **PROMISE_BOUNDS}[name]
    return Whole(low=low, high=high, required=True)


def _maybe(name: str) -> Whole:
    low, high = PROMISE_BOUNDS[name]
    return Whole(low=low, high=high, load_default=None)


def _words(longest: int) -> Text:
    return Text(longest=longest, load_default="")


def _several(kind: type[StrEnum]) -> fields.List[Any]:
    return fields.List(OneOf(kind), load_default=list)


#: What each party is asked, folded, before the name of its side.
PARTY_WORDS = ("legal_name", "place", "contact", "in_charge")

_ASKED: Mapping[int, Mapping[str, fields.Field[Any]]] = {
    1: {
        "partner": Text(longest=22, required=True),
        **{f"{side.value}_regime": OneOf(Regime, load_default=Regime.PRIVATE) for side in Side},
        **{f"{side.value}_{name}": _words(200) for side in Side for name in PARTY_WORDS},
    },
    2: {"purposes": _several(Purpose)},
    3: {"datasets": _several(Dataset), "years": _number("years")},
    4: {
        "intended_use": Text(longest=2000, required=True),
        "benefit": _words(2000),
        "outputs": _words(2000),
    },
    5: {
        "instrument": OneOf(Instrument, required=True),
        "assessment_ref": _words(200),
        "ethics_ref": _words(200),
    },
    6: {
        **{f"who_{n}": _words(254) for n in ROWS},
        **{f"why_{n}": _words(300) for n in ROWS},
        **{f"from_{n}": fields.Date(load_default=None) for n in ROWS},
        **{f"until_{n}": fields.Date(load_default=None) for n in ROWS},
    },
    7: {
        "outside_quebec": fields.Boolean(),
        "assessment_ref": _words(200),
        "kept_at": _words(200),
        "measures": _several(Measure),
    },
    8: {name: _number(name) for name in ("k", "share_percent", "base")},
    9: {
        "on_withdrawal": OneOf(OnWithdrawal, required=True),
        "days_to_act": _number("days_to_act"),
    },
    10: {
        "restrictions": _several(Restriction),
        "review_days": _number("review_days"),
        "attribution": _words(300),
    },
    11: {
        "liability": OneOf(Liability, required=True),
        "warranties": _several(Warranty),
        "breach_hours": _number("breach_hours"),
        "liability_cap": _maybe("liability_cap"),
        "insurance": _maybe("insurance"),
    },
    12: {
        "starts_on": fields.Date(required=True),
        "ends_on": fields.Date(required=True),
        **{
            name: _number(name)
            for name in (
                *("keep_days", "destroy_days", "download_days", "downloads_each"),
                *("review_months", "cure_days"),
            )
        },
    },
}

#: The schema of each question, with the version that was read and whether one comes back later.
SCHEMAS: Mapping[int, type[Schema]] = {
    number: Schema.from_dict(
        {
            **asked,
            "version": Whole(low=0, high=2**31 - 1, load_default=0),
            "later": _words(1),
        },
        name=f"Question{number}Schema",
    )
    for number, asked in _ASKED.items()
}
_ORDERED: Mapping[str, type[StrEnum]] = {
    "purposes": Purpose,
    "datasets": Dataset,
    "measures": Measure,
    "restrictions": Restriction,
    "warranties": Warranty,
}


def answered(number: int, data: Mapping[str, Any]) -> Answered:
    """What a question changes in a draft; clauses that cannot be left out are not asked about."""

    def change(draft: AgreementDraft) -> AgreementDraft:
        if number == 1:
            return replace(
                draft, operator=_party(data, Side.OPERATOR), partner=_party(data, Side.PARTNER)
            )
        if number == 6:
            return replace(draft, analysts=_named(data))
        kept: dict[str, Any] = {}
        settings, promises = draft.settings, draft.promises
        for name in _ASKED[number]:
            value = data[name]
            if name in _ORDERED:
                required = REQUIRED_RESTRICTIONS | REQUIRED_WARRANTIES
                chosen = {*value, *required}
                kept[name] = tuple(each for each in _ORDERED[name] if each in chosen)
            elif hasattr(settings, name):
                settings = replace(settings, **{name: value})
            elif hasattr(promises, name):
                promises = replace(promises, **{name: value})
            else:
                kept[name] = value
        if kept.get("outside_quebec"):
            # The clause that keeps the files in Québec makes no sense any more.
            kept["restrictions"] = tuple(
                each for each in draft.restrictions if each is not Restriction.KEPT_IN_QUEBEC
            )
        return replace(draft, settings=settings, promises=promises, **kept)

    return Answered(data["version"], data.get("partner", ""), change, bool(data["later"]))


def _party(data: Mapping[str, Any], side: Side) -> Party:
    return Party(
        regime=data[f"{side.value}_regime"],
        **{name: data[f"{side.value}_{name}"] for name in PARTY_WORDS},
    )


def _named(data: Mapping[str, Any]) -> tuple[Named, ...]:
    rows = (
        Named(data[f"who_{n}"].lower(), data[f"why_{n}"], data[f"from_{n}"], data[f"until_{n}"])
        for n in ROWS
    )
    return tuple({each.email: each for each in rows if each.email}.values())


def typed_of(draft: AgreementDraft) -> dict[str, Any]:
    """A draft as its questions show it."""
    typed: dict[str, Any] = {
        name: [each.value for each in getattr(draft, name)] for name in _ORDERED
    }
    for name in (
        *("intended_use", "benefit", "outputs", "assessment_ref", "ethics_ref", "kept_at"),
        *("attribution", "outside_quebec"),
    ):
        typed[name] = getattr(draft, name)
    typed |= {
        "instrument": draft.instrument.value,
        "liability": draft.liability.value,
        "on_withdrawal": draft.settings.on_withdrawal.value,
        "starts_on": draft.starts_on.isoformat(),
        "ends_on": draft.ends_on.isoformat(),
    }
    for name in (*BOUNDS, *PROMISE_BOUNDS):
        group = draft.settings if name in BOUNDS else draft.promises
        typed[name] = getattr(group, name)
    for side, party in ((Side.OPERATOR, draft.operator), (Side.PARTNER, draft.partner)):
        typed[f"{side.value}_regime"] = party.regime.value
        typed |= {f"{side.value}_{name}": getattr(party, name) for name in PARTY_WORDS}
    for n, each in enumerate(draft.analysts, 1):
        typed |= {f"who_{n}": each.email, f"why_{n}": each.why}
        typed |= {f"from_{n}": each.starts_on or "", f"until_{n}": each.ends_on or ""}
    return typed


class SideSchema(Schema):
    """For whom somebody acts."""

    side = OneOf(Side, required=True)


class AcceptanceSchema(SideSchema):
    """For whom somebody accepts which text."""

    hash = Text(longest=64, required=True)


class StopSchema(SideSchema):
    """For whom somebody stops an agreement, and why."""

    reason = Text(longest=1000, required=True)


class UndertakingSchema(Schema):
    """The hash of the text that a named person has read."""

    hash = Text(longest=64, required=True)


class SentSchema(Schema):
    """The day on which an agreement for research was sent to the Commission."""

    sent_on = fields.Date(required=True)
