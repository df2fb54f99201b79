"""What pages and the report of a bundle say about a dataset and an export, in plain words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import format_date, ngettext
from flask_babel import gettext as _

from mutuali.agreements.rules import Dataset, said
from mutuali.core.period import local
from mutuali.exports.rules.answers import UNDER, Answers, Heading
from mutuali.exports.rules.catalogue import (
    BOTH,
    CATALOGUE,
    LENDER,
    ColumnRole,
    DeclaredColumn,
    DeclaredDataset,
    Rows,
)
from mutuali.exports.service import ExportFacts
from mutuali.web.wording import NBSP, in_french
from mutuali.web.words import label

Row = tuple[str, str]


@dataclass(frozen=True, slots=True)
class ShownColumn:
    """A column as the catalogue shows it."""

    name: str
    title: str
    role: str
    needs: str


@dataclass(frozen=True, slots=True)
class Shown:
    """An export's dataset and what was done and measured, sentence by sentence."""

    title: str
    answers: str
    done: tuple[str, ...]
    measured: tuple[Row, ...]
    columns: tuple[tuple[str, str, str], ...]
    tables: tuple[tuple[str, str, str, str, str], ...]


def shown_columns(dataset: DeclaredDataset) -> list[tuple[str, list[ShownColumn]]]:
    """The columns of each file in plain words; a figure and its status are one line."""
    return [
        (
            label("exports.table", table.name),
            [_column(column) for column in table.columns if column.role is not ColumnRole.STATUS],
        )
        for table in dataset.tables
    ]


def answers_of(dataset: Dataset) -> str:
    """Which questions a dataset answers, in a sentence."""
    return label("exports.answers", dataset.value)


def shown_export(export: ExportFacts, report: Mapping[str, Any]) -> Shown:
    """What was done to the data and what was measured, from the figures of the report."""
    declared = CATALOGUE[export.dataset]
    done = _DONE[declared.rows](report)
    sums = declared.rows is Rows.SUM
    return Shown(
        title=label("exports.dataset", export.dataset.value),
        answers=answers_of(export.dataset),
        done=(_consent_sentence(report), *done),
        measured=_measured_rows(report) if declared.row_level else (),
        columns=_levels(report) if declared.row_level else (),
        tables=_tables(report) if sums else (),
    )


def shown_answers(answers: Answers) -> list[tuple[Heading, list[Row]]]:
    """The written request, heading by heading: each question and what was answered."""
    said_of = answers.to_dict()
    return [
        (
            heading,
            [(label("exports.answer", name), said_of[name]) for name in names if said_of[name]],
        )
        for heading, names in UNDER.items()
    ]


def plain_restrictions(export: ExportFacts) -> list[str]:
    """What the agreement allows and forbids, a plain line each, in the language of the request."""
    language = "fr" if in_french() else "en"
    return [said(each, language).plain for each in export.agreement.restrictions]


def period_of(report: Mapping[str, Any]) -> str:
    """``janvier 2024 à décembre 2025``: the first and the last whole month of the window."""
    until = datetime.fromisoformat(report["until"]) - timedelta(days=1)
    return _("%(first)s à %(last)s", first=month_of(report["from"]), last=month_of(until))


def share(value: float) -> str:
    """``96 %``, ``96%`` in English; rounded to a whole per cent."""
    return f"{value * 100:.0f}{NBSP if in_french() else ''}%"


def month_of(instant: str | datetime) -> str:
    """``mars 2026``."""
    moment = datetime.fromisoformat(instant) if isinstance(instant, str) else instant
    return str(format_date(local(moment).date(), "MMMM y"))


def _column(column: DeclaredColumn) -> ShownColumn:
    return ShownColumn(
        column.name,
        label("exports.column", column.name),
        label("exports.column_role", column.role.value),
        _whose(column),
    )


def _whose(column: DeclaredColumn) -> str:
    if column.needs == BOTH:
        return _("prêteur et emprunteur")
    return _("prêteur") if column.needs == LENDER else _("emprunteur")


def _consent_sentence(report: Mapping[str, Any]) -> str:
    return _(
        "Seules entrent les lignes dont tous les organismes ont dit oui à cette finalité et à ce "
        "destinataire. Part du réseau qui a dit oui\u00a0: %(band)s.",
        band=label("exports.coverage", report["coverage"]),
    )


def _done_to_loans(report: Mapping[str, Any]) -> tuple[str, ...]:
    left_out = report["rows_eligible"] - report["rows_released"]
    return (
        _(
            "Aucun nom, aucune date, aucune durée exacte ne sort\u00a0: tout devient tranche, "
            "trimestre ou secteur."
        ),
        _(
            "Chaque groupe de lignes semblables compte au moins %(k)s prêteurs et %(k)s "
            "emprunteurs différents, et deux issues différentes.",
            k=report["k"],
        ),
        ngettext(
            "%(num)d ligne a été retirée parce qu’elle restait trop reconnaissable.",
            "%(num)d lignes ont été retirées parce qu’elles restaient trop reconnaissables.",
            left_out,
        ),
        _("Le fichier fini a été relu et recompté par un second programme avant de sortir."),
    )


def _done_to_tables(report: Mapping[str, Any]) -> tuple[str, ...]:
    return (
        _(
            "Chaque chiffre réunit au moins %(k)s contributeurs de chaque côté dont il parle; "
            "aucun n’en fait plus de la moitié, et le deuxième ne peut pas estimer le premier à "
            "%(share)s\u00a0%% près.",
            k=report["k"],
            share=report["share_percent"],
        ),
        _(
            "Les chiffres sont arrondis à %(base)s. Trois mots remplacent un chiffre\u00a0: "
            "supprimé, zéro, non recueilli.",
            base=report["base"],
        ),
        _(
            "Quand une somme que donne un tableau, ou un autre de la même exportation, n’a qu’une "
            "part supprimée, une seconde l’est aussi."
        ),
        _("Palier de l’année\u00a0: %(why)s.", why=label("exports.rung", report["rung"])),
        _("Le fichier fini a été relu et recompté par un second programme avant de sortir."),
    )


def _done_to_names(report: Mapping[str, Any]) -> tuple[str, ...]:
    return (
        _("Seuls y sont les organismes qui ont dit oui à être nommés publiquement."),
        _("Le fichier fini a été relu et recompté par un second programme avant de sortir."),
    )


_DONE: Mapping[Rows, Callable[[Mapping[str, Any]], tuple[str, ...]]] = {
    Rows.LOAN: _done_to_loans,
    Rows.SUM: _done_to_tables,
    Rows.ORGANIZATION: _done_to_names,
}


def _measured_rows(report: Mapping[str, Any]) -> tuple[Row, ...]:
    measured = report["measured"]
    kept = measured["rows_out"] / measured["rows_in"]
    rows = [
        (_("Lignes gardées"), _("%(share)s de ce qui pouvait sortir", share=share(kept))),
        (_("Groupes de lignes semblables"), str(measured["classes"])),
    ]
    for size in measured["sizes"]:
        if size["unit"] != "rows":
            name = label("exports.side", size["unit"])
            rows.append((_("%(side)s par groupe, au moins", side=name), str(size["minimum"])))
            rows.append(
                (
                    _("%(side)s si l’un d’eux retire ses lignes, au moins", side=name),
                    str(size["minimum_without"]),
                )
            )
    for name, least_or_most in (("distinct", min), ("highest share", max)):
        found = [model["figure"] for model in measured["models"] if model["name"] == name]
        if found and name == "distinct":
            rows.append((_("Issues différentes par groupe, au moins"), f"{least_or_most(found):g}"))
        elif found:
            worst = least_or_most(found)
            rows.append((_("Part de l’issue la plus fréquente, au plus"), share(worst)))
    rows.append((_("Précision perdue en moyenne"), share(report["loss"])))
    return tuple(rows)


def _levels(report: Mapping[str, Any]) -> tuple[tuple[str, str, str], ...]:
    return tuple(
        (
            label("exports.column", column["name"]),
            label("exports.level", column["level"]),
            share(column["loss"]),
        )
        for column in report["columns"]
    )


def _tables(report: Mapping[str, Any]) -> tuple[tuple[str, str, str, str, str], ...]:
    made = [
        (
            label("exports.table", table["name"]),
            str(table["published"]),
            str(table["suppressed"]),
            str(table["zero"] + table["not_collected"]),
            share(table["share_kept"]),
        )
        for table in report["tables"]
    ]
    nothing = "–"
    return (
        *made,
        *(
            (label("exports.table", name), _("retenu\u00a0: vide"), nothing, nothing, nothing)
            for name in report["withheld_tables"]
        ),
    )
