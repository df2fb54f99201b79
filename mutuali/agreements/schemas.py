"""What people type about an agreement, and what they accept."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from marshmallow import Schema, fields, post_load

from mutuali.agreements.rules import (
    BOUNDS,
    DEFAULT_RESTRICTIONS,
    DEFAULT_WARRANTIES,
    REQUIRED_RESTRICTIONS,
    REQUIRED_WARRANTIES,
    AgreementDraft,
    Dataset,
    Liability,
    ReleaseSettings,
    Restriction,
    Side,
    Warranty,
)
from mutuali.consent.rules import Purpose
from mutuali.web.parsing import OneOf, Text, Whole

_BETWEEN_ADDRESSES = re.compile(r"[\s,;]+")


@dataclass(frozen=True, slots=True)
class AgreementForm:
    """The form as posted: the partner by public id, the version that was read."""

    partner: str
    version: int
    draft: AgreementDraft


class AgreementFormSchema(Schema):
    """The form of an agreement; clauses that cannot be left out are not asked about."""

    version = Whole(low=0, high=2**31 - 1, load_default=0)
    partner = Text(longest=22, required=True)
    purposes = fields.List(OneOf(Purpose), load_default=list)
    datasets = fields.List(OneOf(Dataset), load_default=list)
    intended_use = Text(longest=2000, required=True)
    analysts = Text(longest=6000, load_default="")
    k = Whole(low=BOUNDS["k"][0], high=BOUNDS["k"][1], required=True)
    restrictions = fields.List(OneOf(Restriction), load_default=list)
    liability = OneOf(Liability, required=True)
    warranties = fields.List(OneOf(Warranty), load_default=list)
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True)

    @post_load
    def to_form(self, data: dict[str, Any], **_: object) -> AgreementForm:
        restrictions = REQUIRED_RESTRICTIONS | set(data["restrictions"])
        warranties = REQUIRED_WARRANTIES | set(data["warranties"])
        addresses = _BETWEEN_ADDRESSES.split(data["analysts"].lower())
        draft = AgreementDraft(
            purposes=tuple(each for each in Purpose if each in data["purposes"]),
            datasets=tuple(each for each in Dataset if each in data["datasets"]),
            analysts=tuple(dict.fromkeys(each for each in addresses if each)),
            intended_use=data["intended_use"],
            restrictions=tuple(each for each in Restriction if each in restrictions),
            liability=data["liability"],
            warranties=tuple(each for each in Warranty if each in warranties),
            starts_on=data["starts_on"],
            ends_on=data["ends_on"],
            settings=ReleaseSettings(k=data["k"]),
        )
        return AgreementForm(data["partner"], data["version"], draft)


def typed_of(draft: AgreementDraft) -> dict[str, Any]:
    """A draft as the form shows it."""
    return {
        "purposes": [each.value for each in draft.purposes],
        "datasets": [each.value for each in draft.datasets],
        "intended_use": draft.intended_use,
        "analysts": "\n".join(draft.analysts),
        "k": draft.settings.k,
        "restrictions": [each.value for each in draft.restrictions],
        "liability": draft.liability.value,
        "warranties": [each.value for each in draft.warranties],
        "starts_on": draft.starts_on.isoformat(),
        "ends_on": draft.ends_on.isoformat(),
    }


def first_draft(today: date) -> AgreementDraft:
    """What the form of a new agreement starts from: the good defaults, for a year."""
    return AgreementDraft(
        purposes=(),
        datasets=(),
        analysts=(),
        intended_use="",
        restrictions=tuple(each for each in Restriction if each in DEFAULT_RESTRICTIONS),
        liability=Liability.EACH_ITS_OWN,
        warranties=tuple(each for each in Warranty if each in DEFAULT_WARRANTIES),
        starts_on=today,
        ends_on=today + timedelta(days=364),
    )


class SideSchema(Schema):
    """For whom somebody acts."""

    side = OneOf(Side, required=True)


class AcceptanceSchema(SideSchema):
    """For whom somebody accepts which text."""

    hash = Text(longest=64, required=True)
