"""What the catalogue calls its datasets, tables, columns and their values; French here."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

CATALOGUE: Mapping[str, Mapping[str, Any]] = {
    "exports.dataset": {
        "equipment-use": _l("Utilisation de l’équipement"),
        "loans": _l("Prêts"),
        "unmet-demand": _l("Besoins sans réponse"),
        "lending-flows": _l("Flux de prêts"),
        "organizations-capacity": _l("Ce que les organismes offrent"),
    },
    "exports.answers": {
        "equipment-use": _l(
            "Combien d’équipement est offert, combien en est prêté, de quelle sorte et vers quels secteurs de l’île?"
        ),
        "loans": _l(
            "Qu’est-ce qui fait qu’un prêt se passe bien\u00a0: sa durée, le délai de la demande, la saison, le secteur?"
        ),
        "unmet-demand": _l(
            "De quelle sorte d’équipement manque-t-on, dans quels secteurs et en quelle saison?"
        ),
        "lending-flows": _l(
            "D’où part l’équipement prêté et où va-t-il, d’un secteur de l’île à l’autre?"
        ),
        "organizations-capacity": _l(
            "Quels organismes prêtent quelle sorte d’équipement, et dans quel secteur?"
        ),
    },
    "exports.class": {
        "organizational": _l("Organisationnel\u00a0: au sujet d’organismes, jamais d’une personne"),
        "personal": _l("Personnel\u00a0: au sujet de personnes"),
        "deidentified": _l(
            "Dépersonnalisé\u00a0: ne nomme personne, mais reste protégé comme un renseignement personnel"
        ),
        "anonymized": _l("Anonymisé\u00a0: ne permet plus de reconnaître qui que ce soit"),
    },
    "exports.rows": {
        "loan": _l("Un prêt, sans nom ni date exacte"),
        "sum": _l("Une case d’un tableau de sommes, jamais un prêt"),
        "organization": _l("Un organisme qui veut être nommé, et une sorte d’équipement"),
    },
    "exports.rung": {
        "few": _l("moins de 15 organismes ont dit oui"),
        "some": _l("de 15 à 49 organismes ont dit oui"),
        "many": _l("de 50 à 149 organismes ont dit oui"),
        "most": _l("150 organismes ou plus ont dit oui"),
    },
    "exports.audience": {
        "equipment-use": _l("Un partenaire nommé dans une entente"),
        "loans": _l(
            "L’étude de l’exploitant, un partenaire que les consentements nomment, ou la recherche selon la loi"
        ),
        "unmet-demand": _l("Un partenaire nommé dans une entente"),
        "lending-flows": _l("Un partenaire nommé dans une entente, pour planifier la mobilité"),
        "organizations-capacity": _l("Tout le monde"),
    },
    "exports.window": {
        "equipment-use": _l(
            "La dernière année complète, deux semestres ou quatre trimestres, selon le palier"
        ),
        "loans": _l("Les douze derniers trimestres complets"),
        "unmet-demand": _l(
            "La dernière année complète, deux semestres ou quatre trimestres, selon le palier"
        ),
        "lending-flows": _l(
            "La dernière année complète ou les deux derniers semestres, selon le palier"
        ),
        "organizations-capacity": _l("Aujourd’hui\u00a0: les annonces publiées"),
    },
    "exports.calendar": {
        "equipment-use": _l(
            "Trente jours après la fin de chaque période\u00a0: ce qui a été prêté est alors revenu"
        ),
        "loans": _l("Dès qu’un trimestre est fini, à la demande"),
        "unmet-demand": _l("Trente jours après la fin de chaque période"),
        "lending-flows": _l("Trente jours après la fin de chaque période"),
        "organizations-capacity": _l("À chaque changement d’annonce ou de consentement"),
    },
    "exports.revision": {
        "equipment-use": _l(
            "Une période sortie ne se refait pas. Une erreur se corrige dans une nouvelle version, annoncée ici."
        ),
        "loans": _l(
            "Chaque exportation repart des consentements du jour. Une exportation sortie ne se refait pas."
        ),
        "unmet-demand": _l(
            "Une période fermée ne se refait pas\u00a0: la clé qui reliait les recherches aux organismes est détruite."
        ),
        "lending-flows": _l(
            "Une période sortie ne se refait pas. Une erreur se corrige dans une nouvelle version, annoncée ici."
        ),
        "organizations-capacity": _l(
            "Un organisme qui retire son oui n’est plus dans la version suivante; ce qui est déjà publié ne peut pas être rappelé."
        ),
    },
    "exports.table": {
        "use-by-family-and-quarter": _l("Par famille d’équipement et trimestre"),
        "use-by-year": _l("Tout le réseau, par année"),
        "use-by-family-and-half-year": _l("Par famille d’équipement et semestre"),
        "use-by-zone-and-year": _l("Par secteur de l’emprunteur et année"),
        "use-by-family-zone-and-half-year": _l("Par famille, secteur de l’emprunteur et semestre"),
        "use-by-category-and-quarter": _l("Par catégorie d’équipement et trimestre"),
        "use-by-family-zone-and-quarter": _l("Par famille, secteur de l’emprunteur et trimestre"),
        "flows-by-year": _l("D’un secteur à l’autre, par année"),
        "flows-by-half-year": _l("D’un secteur à l’autre, par semestre"),
        "demand-by-year": _l("Tout le réseau, par année"),
        "demand-by-family-and-half-year": _l("Par famille d’équipement et semestre"),
        "demand-by-zone-and-year": _l("Par secteur de qui cherchait et année"),
        "demand-by-family-and-quarter": _l("Par famille d’équipement et trimestre"),
        "demand-by-family-zone-and-half-year": _l(
            "Par famille, secteur de qui cherchait et semestre"
        ),
        "demand-by-family-zone-and-quarter": _l(
            "Par famille, secteur de qui cherchait et trimestre"
        ),
        "organizations-capacity": _l("Un organisme et une famille d’équipement par ligne"),
        "loans": _l("Un prêt par ligne"),
    },
    "exports.column": {
        "row": _l("Numéro de ligne"),
        "family": _l("Famille d’équipement"),
        "quarter": _l("Trimestre du début"),
        "half_year": _l("Semestre du début"),
        "year": _l("Année du début"),
        "category": _l("Catégorie d’équipement"),
        "borrower_zone": _l("Secteur de l’emprunteur"),
        "lender_zone": _l("Secteur du prêteur"),
        "zone": _l("Secteur"),
        "organization": _l("Nom de l’organisme"),
        "asked_quarter": _l("Trimestre de la recherche ou de la demande"),
        "asked_half_year": _l("Semestre de la recherche ou de la demande"),
        "asked_year": _l("Année de la recherche ou de la demande"),
        "trips": _l("Trajets déclarés"),
        "searches": _l("Recherches sans rien de libre"),
        "requests": _l("Demandes refusées ou restées sans réponse"),
        "borrower_area": _l("Arrondissement ou secteur de l’emprunteur"),
        "duration_band": _l("Durée, par tranche"),
        "lead_band": _l("Délai entre la demande et le début, par tranche"),
        "units_band": _l("Nombre d’unités, par tranche"),
        "meals_band": _l("Repas servis, par tranche"),
        "outcome": _l("Comment la demande a fini"),
        "loans": _l("Nombre de prêts"),
        "unit_hours_lent": _l("Heures prêtées, fois les unités"),
        "unit_hours_offered": _l("Heures offertes, fois les unités"),
    },
    "exports.column_role": {
        "key": _l("Case du tableau"),
        "quasi_identifier": _l("Rendue plus large au besoin"),
        "sensitive": _l("Gardée telle quelle, jamais seule de son espèce"),
        "figure": _l("Chiffre arrondi à 5"),
        "status": _l("Publié, supprimé, zéro ou non recueilli"),
        "name": _l("Nom, avec le oui de l’organisme à être nommé"),
        "mark": _l("Numéro de ligne, propre à votre copie; ne s’analyse pas"),
    },
    "exports.level": {
        "family": _l("famille"),
        "quarter": _l("trimestre"),
        "half-year": _l("semestre"),
        "year": _l("année"),
        "band": _l("tranche"),
        "wide": _l("tranche large"),
        "borough": _l("arrondissement"),
        "zone": _l("secteur"),
        "any": _l("non précisé"),
    },
    "exports.side": {"lender": _l("Prêteurs"), "borrower": _l("Emprunteurs")},
    "exports.coverage": {
        "0-25%": _l("moins du quart"),
        "25-50%": _l("du quart à la moitié"),
        "50-75%": _l("de la moitié aux trois quarts"),
        "75-95%": _l("plus des trois quarts"),
        "95-100%": _l("presque tout le monde"),
    },
    "exports.family": {
        "transport": _l("Transport"),
        "kitchen": _l("Cuisine"),
        "storage": _l("Entreposage"),
        "other": _l("Autre équipement"),
        "any": _l("N’importe quelle sorte"),
    },
}
