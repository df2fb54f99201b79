"""What was checked and measured of a built bundle, in plain words for those who answer for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from mutuali.exports.service import Compared
from mutuali.exports.views.of_groups import GroupRemark, group_remarks
from mutuali.exports.views.shown import share
from mutuali.web.wording import in_french
from mutuali.web.words import label


@dataclass(frozen=True, slots=True)
class ShownCheck:
    """One check on one file."""

    name: str
    table: str
    passed: bool
    figure: str


@dataclass(frozen=True, slots=True)
class Measured:
    """The figures of the review page: ``risks`` as (what, 0 to 1, in words) for the picture."""

    finding: str
    risks: tuple[tuple[str, float, str], ...]
    criteria: tuple[tuple[str, str, str], ...]
    neighbour: tuple[str, ...]
    remarks: tuple[str, ...]
    groups: tuple[GroupRemark, ...]
    coverage: str


@dataclass(frozen=True, slots=True)
class Change:
    """One figure last time and now."""

    what: str
    before: str
    now: str
    is_worse: bool


def shown_checks(checks: Sequence[Mapping[str, Any]]) -> list[ShownCheck]:
    """Every check that was made, what failed first."""
    rows = [
        ShownCheck(
            label("exports.check", each["check"]),
            label("exports.table", each["table"]),
            each["passed"],
            _figure(each),
        )
        for each in checks
    ]
    return sorted(rows, key=lambda row: row.passed)


def measured(review: Mapping[str, Any]) -> Measured:
    """What was measured, from the figures of the review."""
    before, after, criteria = review["before"], review["after"], review["criteria"]
    pairs = (("highest", _("Le plus exposé")), ("average", _("En moyenne")), ("alone", _("Seuls")))
    language = "fr" if in_french() else "en"
    return Measured(
        finding=_(
            "Être reconnu, au pire\u00a0: %(before)s avant, %(after)s dans le fichier.",
            before=share(before["highest"]),
            after=share(after["highest"]),
        ),
        risks=tuple(
            row
            for name, words in pairs
            for row in (
                (_("%(what)s, avant", what=words), before[name], share(before[name])),
                (_("%(what)s, dans le fichier", what=words), after[name], share(after[name])),
            )
        ),
        criteria=tuple(
            (
                label("exports.criterion", name),
                share(each["risk"]),
                label("exports.measured_by", each["by"]),
            )
            for name, each in criteria.items()
        ),
        neighbour=tuple(dict.fromkeys(each[language] for each in review["neighbour"])),
        remarks=_remarks(review["groups"]),
        groups=group_remarks(review),
        coverage=label("exports.coverage", review["coverage"]),
    )


def shown_changes(compared: Compared, review: Mapping[str, Any]) -> list[Change]:
    """What was measured last time and this time, figure by figure."""
    last, worse = compared.review, {each.value for each in compared.worse}

    def found(each: Mapping[str, Any]) -> str:
        return str(sum(attack["disclosed"] for attack in each["neighbour"]))

    def band(each: Mapping[str, Any]) -> str:
        return label("exports.coverage", each["coverage"])

    def tables(each: Mapping[str, Any]) -> str:
        return ", ".join(label("exports.table", name) for name in each["columns"])

    return [
        *(
            Change(
                label("exports.criterion", name),
                share(last["criteria"][name]["risk"]),
                share(each["risk"]),
                name in worse,
            )
            for name, each in review["criteria"].items()
        ),
        *(
            Change(what, say(last), say(review), name in worse)
            for what, say, name in (
                (_("Ce que les attaques ont trouvé"), found, "attacks"),
                (_("Part du réseau qui a dit oui"), band, "coverage"),
                (_("Tableaux"), tables, "columns"),
            )
        ),
    ]


def _figure(check: Mapping[str, Any]) -> str:
    figure, limit = check["figure"], check["limit"]
    match check["check"]:
        case "contributors":
            return _("%(n)s au moins; il en faut %(limit)s", n=f"{figure:g}", limit=limit)
        case "dominance":
            return _("%(n)s au plus; la limite est %(limit)s", n=share(figure), limit=share(limit))
        case "shares":
            return _(
                "à %(n)s près au mieux; il faut %(limit)s au moins",
                n=share(figure / 100),
                limit=share(limit / 100),
            )
    return ngettext("%(num)d cas", "%(num)d cas", round(figure)) if figure else _("aucun cas")


def _remarks(groups: Mapping[str, int]) -> tuple[str, ...]:
    found = [
        _("Aucune case et aucun groupe ne tient à un seul organisme.")
        if not groups["single"]
        else _("Attention\u00a0: une case tient à un seul organisme.")
    ]
    if groups["small"]:
        found.append(
            ngettext(
                "%(num)d groupe compte à peine plus d’organismes qu’il n’en faut\u00a0: "
                "un quartier peut se sentir visé, même si personne n’y est reconnaissable.",
                "%(num)d groupes comptent à peine plus d’organismes qu’il n’en faut\u00a0: "
                "un quartier peut se sentir visé, même si personne n’y est reconnaissable.",
                groups["small"],
            )
        )
    return tuple(found)
