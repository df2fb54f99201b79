"""The words of each coded term, French and English: its name, its plain line, its clause.

They are part of the text that both sides accept, so they stand here and not in the catalogue of
translations: whoever changes a sentence changes agreements to come, never one already accepted.
"""

from collections.abc import Mapping
from enum import StrEnum

from mutuali.agreements.rules.grounds import INSTRUMENTS, MEASURES, REGIMES
from mutuali.agreements.rules.guarantees import LIABILITY, WARRANTIES
from mutuali.agreements.rules.restrictions import RESTRICTIONS, WITHDRAWALS
from mutuali.agreements.rules.said import Said, french
from mutuali.agreements.rules.terms import Dataset
from mutuali.consent.rules import Purpose


def said(term: StrEnum, language: str) -> Said:
    """The words of one term in ``language``: ``fr`` or ``en``; agreed numbers as ``{name}``."""
    in_french, in_english = _WORDS[term]
    return Said(*map(french, in_french)) if language == "fr" else in_english


_PURPOSES: Mapping[StrEnum, tuple[Said, Said]] = {
    Purpose.NETWORK_STATISTICS: (
        Said(
            "Statistiques du réseau",
            "Compter ce qui se prête, où et quand.",
            "statistiques du réseau : décrire, par tableaux, ce qui est partagé, où et quand",
        ),
        Said(
            "Network statistics",
            "Count what is lent, where and when.",
            "network statistics: describe, in tables, what is shared, where and when",
        ),
    ),
    Purpose.SHARING_STUDY: (
        Said(
            "Étude du partage",
            "Comprendre comment les organismes se prêtent de l’équipement.",
            "étude du partage : comprendre comment les prêts se font entre organismes",
        ),
        Said(
            "Study of sharing",
            "Understand how organizations lend each other equipment.",
            "study of sharing: understand how loans between organizations come about",
        ),
    ),
    Purpose.MOBILITY_PLANNING: (
        Said(
            "Planification de la mobilité",
            "Voir d’un secteur à l’autre où va l’équipement.",
            "planification de la mobilité : connaître, par secteurs, les déplacements d’équipement",
        ),
        Said(
            "Mobility planning",
            "See, zone by zone, where equipment travels.",
            "mobility planning: know, by zone, where equipment travels",
        ),
    ),
    Purpose.NAMED_PUBLICLY: (
        Said(
            "Être nommé publiquement",
            "Dire publiquement, avec leur nom, quels organismes prêtent quoi.",
            "nomination publique : publier, avec le nom de l’organisme, ce qu’il offre en prêt",
        ),
        Said(
            "Being named publicly",
            "Say publicly, by name, which organizations lend what.",
            "public naming: publish, with the organization’s name, what it offers to lend",
        ),
    ),
    Purpose.OPEN_DATA: (
        Said(
            "Données ouvertes",
            "Publier des totaux du réseau, pour tout le monde.",
            "données ouvertes : publier, sous licence ouverte, des totaux où personne ne se lit",
        ),
        Said(
            "Open data",
            "Publish totals of the network, for everybody.",
            "open data: publish, under an open licence, totals in which nobody can be read",
        ),
    ),
}

_DATASETS: Mapping[StrEnum, tuple[Said, Said]] = {
    Dataset.EQUIPMENT_USE: (
        Said(
            "Utilisation de l’équipement",
            "Des totaux par genre d’équipement, secteur et trimestre; aucune ligne par prêt.",
            "utilisation de l’équipement (equipment-use) : tableaux de totaux, sans ligne par prêt",
        ),
        Said(
            "Equipment use",
            "Totals by kind of equipment, zone and quarter; no row per loan.",
            "equipment use (equipment-use): tables of totals, without a row per loan",
        ),
    ),
    Dataset.LOANS: (
        Said(
            "Prêts",
            "Une ligne par prêt, sans nom, adresse ni date exacte.",
            "prêts (loans) : une ligne dépersonnalisée par prêt, sans nom, adresse ni date exacte",
        ),
        Said(
            "Loans",
            "One row per loan, without name, address or exact date.",
            "loans (loans): one de-identified row per loan, without name, address or exact date",
        ),
    ),
    Dataset.UNMET_DEMAND: (
        Said(
            "Besoins sans réponse",
            "Combien d’organismes ont cherché ou demandé sans rien trouver, par trimestre.",
            "besoins sans réponse (unmet-demand) : tableaux de totaux des recherches et des "
            "demandes restées sans prêt, sans organisme ni date exacte",
        ),
        Said(
            "Unmet demand",
            "How many organizations looked or asked and found nothing, by quarter.",
            "unmet demand (unmet-demand): tables of totals of searches and requests that ended "
            "without a loan, without organization or exact date",
        ),
    ),
    Dataset.LENDING_FLOWS: (
        Said(
            "Flux de prêts",
            "Combien de prêts vont d’un secteur à l’autre, par année ou semestre.",
            "flux de prêts (lending-flows) : tableaux de totaux d’un secteur à l’autre de l’île, "
            "sans trajet exact",
        ),
        Said(
            "Lending flows",
            "How many loans go from one zone to another, by year or half-year.",
            "lending flows (lending-flows): tables of totals from zone to zone of the island, "
            "without any exact route",
        ),
    ),
    Dataset.ORGANIZATIONS_CAPACITY: (
        Said(
            "Ce que les organismes offrent",
            "Qui prête quelle sorte d’équipement, parmi ceux qui veulent qu’on les nomme.",
            "ce que les organismes offrent (organizations-capacity) : nom, secteur et sorte "
            "d’équipement des seuls organismes qui ont dit oui à être nommés publiquement",
        ),
        Said(
            "What organizations offer",
            "Who lends which kind of equipment, among those who want to be named.",
            "what organizations offer (organizations-capacity): name, zone and kind of equipment "
            "of only those organizations that said yes to being named publicly",
        ),
    ),
}

_WORDS: Mapping[StrEnum, tuple[Said, Said]] = {
    **_PURPOSES,
    **_DATASETS,
    **LIABILITY,
    **WARRANTIES,
    **RESTRICTIONS,
    **WITHDRAWALS,
    **INSTRUMENTS,
    **REGIMES,
    **MEASURES,
}
