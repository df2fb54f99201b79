"""Good first answers: of a data request from its agreement, of an assessment from its dataset."""

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _

from mutuali.agreements import service as agreements
from mutuali.agreements.rules import Dataset, Restriction
from mutuali.exports.rules.assessments import Factor, Level
from mutuali.exports.rules.catalogue import CATALOGUE

_LOW = dict.fromkeys(Factor, Level.LOW)


def default_answers(agreement: agreements.AgreementFacts, names: Sequence[str]) -> dict[str, str]:
    """What the agreement already says: its intended use, its people, where the data is kept."""
    kept = Restriction.KEPT_IN_QUEBEC in agreement.restrictions
    return {
        "activities": agreement.intended_use,
        "people": ", ".join(names),
        "place": _("Au Québec, sur les postes de %(partner)s", partner=agreement.partner_name)
        if kept
        else "",
        "others_asked": _("Aucun autre organisme"),
    }


def default_levels(dataset: Dataset | None) -> Mapping[Factor, Level]:
    """How much each factor weighs before anybody has thought about it."""
    if dataset is None:
        return _LOW
    if CATALOGUE[dataset].row_level:
        return {**_LOW, Factor.SENSITIVITY: Level.MIDDLE, Factor.QUANTITY: Level.MIDDLE}
    return _LOW


def suggested(dataset: Dataset) -> dict[str, str]:
    """What is true of every network that uses this software as it is; the rest is theirs."""
    answers = {
        "answer_measures": _(
            "Seules entrent les données des organismes qui ont dit oui à cette finalité et à ce "
            "destinataire. Aucun nom, aucune date exacte ne sort. Le fichier fini est relu et "
            "recompté, puis une personne en répond avant qu’il sorte."
        ),
        "answer_risks": _(
            "Quelqu’un qui connaît le réseau pourrait chercher à reconnaître un organisme dans "
            "une petite case, ou à tirer une conclusion sur un quartier."
        ),
    }
    if CATALOGUE[dataset].row_level:
        answers["answer_alternatives"] = _(
            "Des tableaux de sommes ont été envisagés\u00a0: ils ne montrent pas comment la durée, "
            "le délai et la saison agissent ensemble sur un même prêt."
        )
    return answers
