"""What machines read of an agreement: an ``odrl:Agreement`` or ``odrl:Offer`` (W3C ODRL 2.2)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from mutuali.agreements.rules.phrases import Terms
from mutuali.agreements.rules.settings import OnWithdrawal
from mutuali.agreements.rules.terms import Dataset, Restriction, term_of
from mutuali.consent.rules import Purpose

#: Inline, with the names of ODRL's own context, so that nobody has to fetch anything to read it.
_CONTEXT: Mapping[str, object] = {
    "@vocab": "http://www.w3.org/ns/odrl/2/",
    "odrl": "http://www.w3.org/ns/odrl/2/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "dct": "http://purl.org/dc/terms/",
    "dpv": "https://w3id.org/dpv#",
    "cc": "http://creativecommons.org/ns#",
    "mutuali": "https://w3id.org/mutuali#",
    **{
        name: {"@id": f"odrl:{name}", "@type": kind}
        for name, kind in (
            *(("uid", "@id"), ("assigner", "@id"), ("assignee", "@id"), ("target", "@id")),
            *(("action", "@vocab"), ("leftOperand", "@vocab"), ("operator", "@vocab")),
        )
    },
}
#: Purposes in the words of the Data Privacy Vocabulary (W3C DPV 2.3).
_PURPOSES: Mapping[Purpose, str] = {
    Purpose.NETWORK_STATISTICS: "dpv:ServiceOptimisation",
    Purpose.SHARING_STUDY: "dpv:AcademicResearch",
    Purpose.MOBILITY_PLANNING: "dpv:ImprovePublicServices",
    Purpose.NAMED_PUBLICLY: "dpv:PublicBenefit",
    Purpose.OPEN_DATA: "dpv:PublicBenefit",
}
#: Restrictions that ODRL has an action for; the others are prohibited uses in our own words.
_ACTIONS: Mapping[Restriction, str] = {
    Restriction.NO_REIDENTIFICATION: "mutuali:reidentify",
    Restriction.NO_MATCHING: "mutuali:match",
    Restriction.NO_ONWARD_SHARING: "distribute",
    Restriction.NOT_FOR_DECISIONS: "mutuali:decideAboutOrganizations",
    Restriction.NO_COMMERCIAL_USE: "cc:CommercialUse",
    Restriction.NO_MODEL_TRAINING: "mutuali:trainModels",
    Restriction.KEPT_IN_QUEBEC: "mutuali:moveOutsideQuebec",
}


@dataclass(frozen=True, slots=True)
class Addresses:
    """The IRIs that a policy speaks of: itself, both sides, and each named person by public id."""

    policy: str
    operator: str
    partner: str
    datasets: str
    people: tuple[str, ...]


def policy(terms: Terms, addresses: Addresses, hash_: str) -> dict[str, object]:
    """The agreement as JSON-LD; the same terms give the same object.

    Permission to use each dataset for the purposes, within the term, by the named persons, with
    the duties to keep to the threshold, to inform and to destroy; a prohibition per restriction.
    """
    start, end = term_of(terms.starts_on, terms.ends_on)
    sides = {"assigner": addresses.operator, "assignee": addresses.partner}
    targets = [f"{addresses.datasets}{dataset.value}" for dataset in terms.datasets]
    within = [
        _constraint(
            "purpose", "isAnyOf", [{"@id": _PURPOSES[purpose]} for purpose in terms.purposes]
        ),
        _constraint("dateTime", "gteq", _instant(start)),
        _constraint("dateTime", "lt", _instant(end)),
    ]
    return {
        "@context": _CONTEXT,
        "@type": "Agreement",
        "@id": addresses.policy,
        "uid": addresses.policy,
        "dct:identifier": terms.number,
        "mutuali:textSha256": hash_,
        **sides,
        "permission": [
            {
                **sides,
                "target": target,
                "action": "use",
                "constraint": [
                    *within,
                    _constraint(
                        "recipient", "isAnyOf", [{"@id": each} for each in addresses.people]
                    ),
                ],
                "duty": list(_duties(terms)),
            }
            for target in targets
        ],
        "prohibition": [
            {**sides, "target": target, "action": _ACTIONS[restriction]}
            for target in targets
            for restriction in Restriction
            if restriction in terms.restrictions and restriction in _ACTIONS
        ],
    }


def offer(terms: Terms, dataset: Dataset, uid: str, addresses: Addresses) -> dict[str, object]:
    """What anybody may do with a dataset once it is published: the terms of CC BY 4.0.

    It binds whoever takes the file, names nobody, and says nothing of the agreement behind it.
    """
    attribute: dict[str, object] = {"action": "attribute"}
    if terms.attribution.strip():
        attribute["dct:description"] = terms.attribution
    return {
        "@context": _CONTEXT,
        "@type": "Offer",
        "@id": uid,
        "uid": uid,
        "assigner": addresses.operator,
        "permission": [
            {
                "assigner": addresses.operator,
                "target": f"{addresses.datasets}{dataset.value}",
                "action": action,
                "duty": [attribute],
            }
            for action in ("use", "reproduce", "distribute", "derive")
        ],
    }


def _duties(terms: Terms) -> Iterable[dict[str, object]]:
    settings, promises = terms.settings, terms.promises
    yield {
        "action": "anonymize",
        "constraint": [
            _constraint("mutuali:contributors", "gteq", _whole(settings.k)),
            _constraint("mutuali:sharePercent", "gteq", _whole(settings.share_percent)),
            _constraint("mutuali:roundingBase", "eq", _whole(settings.base)),
        ],
    }
    yield {
        "action": "inform",
        "constraint": [
            _constraint("mutuali:hoursAfterIncident", "lteq", _whole(promises.breach_hours))
        ],
    }
    yield {
        "action": "delete",
        "constraint": [
            _constraint("mutuali:daysAfterRelease", "lteq", _whole(settings.keep_days)),
            _constraint(
                "dateTime", "lteq", _day(terms.ends_on + timedelta(days=promises.destroy_days))
            ),
        ],
    }
    if settings.on_withdrawal is not OnWithdrawal.STOP:
        yield {
            "action": "delete",
            "constraint": [
                _constraint("mutuali:daysAfterWithdrawal", "lteq", _whole(settings.days_to_act))
            ],
        }
    if Restriction.SHOW_BEFORE_PUBLISHING in terms.restrictions:
        yield {
            "action": "reviewPolicy",
            "constraint": [
                _constraint("mutuali:daysBeforePublishing", "gteq", _whole(promises.review_days))
            ],
        }
    if terms.attribution.strip():
        yield {"action": "attribute", "dct:description": terms.attribution}


def _constraint(left: str, operator: str, right: object) -> dict[str, object]:
    return {"leftOperand": left, "operator": operator, "rightOperand": right}


def _whole(value: int) -> dict[str, str]:
    return {"@value": str(value), "@type": "xsd:integer"}


def _instant(at: datetime) -> dict[str, str]:
    return {"@value": at.isoformat(), "@type": "xsd:dateTime"}


def _day(day: date) -> dict[str, str]:
    return {"@value": day.isoformat(), "@type": "xsd:date"}
