"""What people type about the documents that a listing asks of its borrower."""

from collections.abc import Iterable, Mapping
from typing import Any

from marshmallow import Schema, post_load

from mutuali.organizations.rules import WITH_FILE, DocumentKind, LicenceClass, Need, Training
from mutuali.web.parsing import OneOf, Text, refuse_field

_TRAININGS = frozenset(each.value for each in Training)


def demands_of(data: Mapping[str, Any]) -> tuple[Need, ...]:
    """What the fields of a listing's form ask for; a box that is not about a whole organization
    asks for nothing."""
    found = [Need(kind) for kind in data["demands"] if kind in WITH_FILE]
    if data["demanded_licence"] is not None:
        found.append(Need(DocumentKind.DRIVING_LICENCE, data["demanded_licence"].value))
    trainings = [each.value for each in data["demanded_trainings"]]
    trainings += [data["demanded_training"]] if data["demanded_training"] else []
    found += [Need(DocumentKind.TRAINING, each) for each in trainings]
    return tuple(dict.fromkeys(found))


def typed_demands(demands: Iterable[Need]) -> dict[str, Any]:
    """The same fields as the form shows them; the highest class is the one that is asked for, and
    of trainings by name the form takes one."""
    by_kind: dict[DocumentKind, list[str]] = {}
    for need in demands:
        by_kind.setdefault(need.kind, []).append(need.detail)
    classes, trainings = (
        by_kind.get(DocumentKind.DRIVING_LICENCE, []),
        by_kind.get(DocumentKind.TRAINING, []),
    )
    asked = [each.value for each in LicenceClass if each.value in classes]
    return {
        "demands": [kind.value for kind in by_kind if kind in WITH_FILE],
        "demanded_licence": asked[-1] if asked else "",
        "demanded_trainings": [each for each in trainings if each in _TRAININGS],
        "demanded_training": next((each for each in trainings if each not in _TRAININGS), ""),
    }


class NeedSchema(Schema):
    """A document that a borrower must have; ``detail`` is the class of a licence or a training."""

    kind = OneOf(DocumentKind, required=True)
    detail = Text(longest=120, load_default="")

    @post_load
    def to_need(self, data: dict[str, Any], **_: object) -> Need:
        # A change of part of a listing reads what is inside it in part too.
        if "kind" not in data:
            raise refuse_field("kind", "field.missing")
        return Need(data["kind"], data.get("detail", ""))
