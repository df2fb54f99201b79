"""The words of legal grounds, regimes and security measures; where required clauses come from."""

from collections.abc import Mapping
from enum import StrEnum

from mutuali.agreements.rules.promises import Measure, Regime
from mutuali.agreements.rules.said import Said
from mutuali.agreements.rules.terms import Instrument, Restriction, Warranty

INSTRUMENTS: Mapping[StrEnum, tuple[Said, Said]] = {
    Instrument.ORGANIZATION_DATA: (
        Said(
            "Données sur des organismes",
            "Rien sur des personnes; chaque organisme a dit oui.",
            "Les données sont organisationnelles : elles décrivent des organismes, non des "
            "personnes. Elles sortent avec le consentement des organismes.",
        ),
        Said(
            "Data about organizations",
            "Nothing about persons; each organization said yes.",
            "The data is organizational: it describes organizations, not persons. It leaves with "
            "the consent of the organizations.",
        ),
    ),
    Instrument.PERSONAL_DEIDENTIFIED: (
        Said(
            "Données dépersonnalisées",
            "Des lignes derrière lesquelles il y a des gens, sans nom; chacun a dit oui.",
            "Les données sont dépersonnalisées : elles demeurent des renseignements personnels. "
            "Elles sortent avec le consentement des organismes et des personnes visées (P-39.1, "
            "art. 12 et 14).",
        ),
        Said(
            "De-identified data",
            "Rows with people behind them, without names; each said yes.",
            "The data is de-identified: it remains personal information. It leaves with the "
            "consent of the organizations and of the persons concerned (P-39.1, s. 12 and 14).",
        ),
    ),
    Instrument.RESEARCH: (
        Said(
            "Recherche",
            "Étude ou statistiques; la Commission d’accès à l’information reçoit l’entente.",
            "Les données servent à une étude, à une recherche ou à des statistiques (P-39.1, "
            "art. 21 à 21.0.2; A-2.1, art. 67.2.1 à 67.2.3). L’entente est transmise à la "
            "Commission d’accès à l’information et entre en vigueur 30 jours après sa réception. "
            "Tout manquement et tout incident sont aussi déclarés à la Commission, sans délai.",
        ),
        Said(
            "Research",
            "Study or statistics; the Commission d’accès à l’information receives the agreement.",
            "The data serves a study, research or statistics (P-39.1, s. 21 to 21.0.2; A-2.1, "
            "s. 67.2.1 to 67.2.3). The agreement is sent to the Commission d’accès à l’information "
            "and comes into force 30 days after it is received. Any breach and any incident are "
            "also reported to the Commission, without delay.",
        ),
    ),
    Instrument.OWN_STUDY: (
        Said(
            "Étude de l’exploitant",
            "L’exploitant étudie ses propres données, sans nom.",
            "L’exploitant se sert de données dépersonnalisées, à l’intérieur de son entreprise, "
            "pour une étude ou des statistiques (P-39.1, art. 12).",
        ),
        Said(
            "The operator’s own study",
            "The operator studies its own data, without names.",
            "The operator uses de-identified data, within its enterprise, for a study or "
            "statistics (P-39.1, s. 12).",
        ),
    ),
    Instrument.OPEN: (
        Said(
            "Données ouvertes",
            "Pour tout le monde; ce qui est publié ne se rappelle pas.",
            "Les données sont anonymisées, ou nomment les seuls organismes qui y ont consenti; "
            "elles peuvent être publiées (P-39.1, art. 23).",
        ),
        Said(
            "Open data",
            "For everybody; what is published cannot be recalled.",
            "The data is anonymized, or names only organizations that consented to it; it may be "
            "published (P-39.1, s. 23).",
        ),
    ),
}

REGIMES: Mapping[StrEnum, tuple[Said, Said]] = {
    Regime.PRIVATE: (
        Said("Secteur privé", "Organisme, entreprise, coop (P-39.1).", "régie par la P-39.1"),
        Said("Private sector", "Non-profit, business, co-op (P-39.1).", "governed by P-39.1"),
    ),
    Regime.PUBLIC: (
        Said("Secteur public", "Ville, université, ministère (A-2.1).", "régie par la A-2.1"),
        Said("Public sector", "City, university, ministry (A-2.1).", "governed by A-2.1"),
    ),
    Regime.OTHER: (
        Said("Autre loi", "Fédérale ou d’ailleurs.", "régie par une autre loi"),
        Said("Another law", "Federal, or from elsewhere.", "governed by another law"),
    ),
}

MEASURES: Mapping[StrEnum, tuple[Said, Said]] = {
    Measure.ENCRYPTED: (
        Said("Fichiers chiffrés", "Au repos et en route.", "fichiers chiffrés partout"),
        Said("Encrypted files", "At rest and on the way.", "files encrypted everywhere"),
    ),
    Measure.NAMED_ACCESS: (
        Said(
            "Accès nominatif",
            "Seules les personnes nommées ouvrent le dossier.",
            "dossier ouvert aux seules personnes nommées",
        ),
        Said(
            "Named access",
            "Only the named persons open the folder.",
            "folder open to the named persons only",
        ),
    ),
    Measure.NO_REMOVABLE: (
        Said(
            "Ni clé USB ni appareil personnel",
            "Les fichiers restent sur les appareils de l’organisation.",
            "aucune copie sur un support amovible ou un appareil personnel",
        ),
        Said(
            "No USB key, no personal device",
            "Files stay on the organization’s devices.",
            "no copy on removable media or a personal device",
        ),
    ),
    Measure.SECOND_FACTOR: (
        Said(
            "Double authentification",
            "Un code de plus à la connexion.",
            "connexion avec un second facteur",
        ),
        Said("Second factor", "One more code at sign-in.", "sign-in with a second factor"),
    ),
    Measure.ACCESS_LOG: (
        Said("Journal des accès", "On sait qui a ouvert quoi.", "journal des accès tenu"),
        Said("Access log", "It is known who opened what.", "log of access kept"),
    ),
    Measure.NO_BACKUP_AFTER: (
        Said(
            "Copies de sauvegarde comprises",
            "La destruction vise aussi les sauvegardes.",
            "sauvegardes détruites avec le reste",
        ),
        Said(
            "Backups included",
            "Destruction covers backups too.",
            "backups destroyed with the rest",
        ),
    ),
}

#: Where a clause that cannot be left out comes from; None is a rule of this house.
COMES_FROM: Mapping[Restriction | Warranty, str | None] = {
    Restriction.NO_REIDENTIFICATION: "P-39.1, art. 12",
    Restriction.NO_MATCHING: "A-2.1, art. 67.2.3",
    Restriction.NO_ONWARD_SHARING: "P-39.1, art. 18.4",
    Restriction.PUBLISH_ABOVE_THRESHOLD: "A-2.1, art. 67.2.3",
    Restriction.KEEP_SAFE: "P-39.1, art. 18.4",
    Restriction.TELL_INCIDENTS: "A-2.1, art. 67.2.3",
    Restriction.FOLLOW_WITHDRAWALS: "P-39.1, art. 8",
    Restriction.DESTROY_AT_END: "P-39.1, art. 23",
    Warranty.AUTHORITY: None,
    Warranty.CONSENTS_IN_FORCE: "P-39.1, art. 14",
    Warranty.CAPABLE: None,
}
