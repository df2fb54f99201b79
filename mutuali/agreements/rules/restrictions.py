"""The words of what the partner does and does not do, French and English."""

from collections.abc import Mapping
from enum import StrEnum

from mutuali.agreements.rules.said import Said
from mutuali.agreements.rules.settings import OnWithdrawal
from mutuali.agreements.rules.terms import Restriction

RESTRICTIONS: Mapping[StrEnum, tuple[Said, Said]] = {
    Restriction.NO_REIDENTIFICATION: (
        Said(
            "Ne reconnaître personne",
            "On ne cherche pas qui se cache derrière les données.",
            "Le partenaire ne tente pas d’identifier, directement ou indirectement, une personne "
            "ou un organisme à partir des données (Loi sur la protection des renseignements "
            "personnels dans le secteur privé, RLRQ, c. P-39.1, art. 12). S’il en reconnaît un par "
            "hasard, il n’en fait rien et en avise l’exploitant.",
        ),
        Said(
            "Recognize nobody",
            "Nobody tries to find out who is behind the data.",
            "The partner does not try to identify, directly or indirectly, any person or "
            "organization from the data (Act respecting the protection of personal information in "
            "the private sector, CQLR, c. P-39.1, s. 12). If it recognizes one by chance, it makes "
            "no use of it and tells the operator.",
        ),
    ),
    Restriction.NO_MATCHING: (
        Said(
            "Ne rien croiser",
            "On ne joint pas ces données à d’autres fichiers.",
            "Le partenaire ne croise pas les données avec un autre fichier qui décrit des "
            "personnes ou des organismes, ni deux communications entre elles.",
        ),
        Said(
            "Match nothing",
            "This data is not joined with other files.",
            "The partner does not match the data with any other file that describes persons or "
            "organizations, nor one release with another.",
        ),
    ),
    Restriction.NO_ONWARD_SHARING: (
        Said(
            "Ne rien transmettre",
            "Les données restent chez le partenaire.",
            "Le partenaire ne communique, ne prête et ne vend les données à personne d’autre, "
            "fournisseurs et organisations liées compris.",
        ),
        Said(
            "Pass nothing on",
            "The data stays with the partner.",
            "The partner does not give, lend or sell the data to anybody else, suppliers and "
            "related organizations included.",
        ),
    ),
    Restriction.PUBLISH_ABOVE_THRESHOLD: (
        Said(
            "Publier sans dévoiler",
            "Dans un rapport, pas de chiffre sur un trop petit groupe.",
            "Le partenaire ne publie un résultat que s’il repose sur au moins autant d’organismes "
            "que le seuil de la présente entente, et si aucun résultat plus petit ne s’en déduit.",
        ),
        Said(
            "Publish without giving away",
            "No figure in a report about too small a group.",
            "The partner publishes a result only if it rests on at least as many organizations as "
            "the threshold of this agreement, and if no smaller result can be worked out from it.",
        ),
    ),
    Restriction.KEEP_SAFE: (
        Said(
            "Garder en sûreté",
            "Fichiers chiffrés, accès limité, pas de copie sur une clé USB.",
            "Le partenaire garde les données chiffrées, dans un endroit dont seules les personnes "
            "nommées ont l’accès, jamais sur un support amovible ni un appareil personnel.",
        ),
        Said(
            "Keep safe",
            "Encrypted files, limited access, no copy on a USB key.",
            "The partner keeps the data encrypted, in a place to which only the named persons have "
            "access, never on removable media or a personal device.",
        ),
    ),
    Restriction.TELL_INCIDENTS: (
        Said(
            "Prévenir tout de suite",
            "Un fichier perdu, une fuite, un oubli: on le dit sans attendre.",
            "Le partenaire avise l’exploitant sans délai, au plus tard {breach_hours} heures "
            "après l’avoir appris, de tout manquement à l’entente et de tout incident de "
            "confidentialité, et l’aide à en réduire les effets.",
        ),
        Said(
            "Tell at once",
            "A lost file, a leak, an oversight: say so without waiting.",
            "The partner tells the operator without delay, at most {breach_hours} hours after "
            "learning of it, of any breach of this agreement and any confidentiality incident, "
            "and helps to reduce its effects.",
        ),
    ),
    Restriction.FOLLOW_WITHDRAWALS: (
        Said(
            "Suivre les retraits",
            "Si un organisme retire son oui, on suit ce que dit l’entente.",
            "Quand un organisme retire son oui, rien de nouveau ne sort à son sujet.",
        ),
        Said(
            "Follow withdrawals",
            "If an organization takes back its yes, what the agreement says is done.",
            "When an organization takes back its yes, nothing new leaves about it.",
        ),
    ),
    Restriction.DESTROY_AT_END: (
        Said(
            "Détruire à la fin",
            "Passé leur jour, les fichiers sont détruits et on le confirme.",
            "Le partenaire détruit chaque fichier au plus tard {keep_days} jours après sa "
            "communication et, au plus tard {destroy_days} jours après la fin de l’entente, quelle "
            "qu’en soit la cause, toutes les copies des données. Il l’atteste par écrit. Les "
            "résultats déjà publiés dans le respect de l’entente demeurent.",
        ),
        Said(
            "Destroy at the end",
            "Past their day, the files are destroyed and this is confirmed.",
            "The partner destroys each file at most {keep_days} days after its release and, at "
            "most {destroy_days} days after the end of this agreement, whatever its cause, all "
            "copies of the data. It attests to it in writing. Results already "
            "published in keeping with this agreement remain.",
        ),
    ),
    Restriction.NOT_FOR_DECISIONS: (
        Said(
            "Ne rien décider contre un organisme",
            "Ni subvention, ni inspection, ni sanction à partir de ces données.",
            "Le partenaire ne se sert pas des données pour accorder, refuser ou revoir le "
            "financement d’un organisme, pour l’inspecter, ni pour lui appliquer une règle.",
        ),
        Said(
            "Decide nothing against an organization",
            "No grant, inspection or penalty is based on this data.",
            "The partner does not use the data to grant, refuse or review the funding of an "
            "organization, to inspect it, or to enforce a rule against it.",
        ),
    ),
    Restriction.NO_COMMERCIAL_USE: (
        Said(
            "Aucun usage commercial",
            "On ne fait pas d’argent avec ces données.",
            "Le partenaire ne tire des données ni produit vendu, ni publicité, ni prospection.",
        ),
        Said(
            "No commercial use",
            "Nobody makes money from this data.",
            "The partner draws from the data no product for sale, no advertising and no "
            "prospecting.",
        ),
    ),
    Restriction.NO_MODEL_TRAINING: (
        Said(
            "Aucun entraînement d’intelligence artificielle",
            "Ces données n’entraînent pas de robot.",
            "Le partenaire n’entraîne aucun modèle d’intelligence artificielle avec les données et "
            "ne les soumet à aucun service qui pourrait le faire.",
        ),
        Said(
            "No training of artificial intelligence",
            "This data trains no machine.",
            "The partner trains no artificial intelligence model with the data and submits it to "
            "no service that might.",
        ),
    ),
    Restriction.KEPT_IN_QUEBEC: (
        Said(
            "Garder au Québec",
            "Les fichiers ne sortent pas du Québec.",
            "Le partenaire garde et traite les données au Québec. Hors du Québec, la loi demande "
            "d’abord une évaluation (P-39.1, art. 17).",
        ),
        Said(
            "Keep in Québec",
            "The files do not leave Québec.",
            "The partner keeps and processes the data in Québec. Outside Québec, the law first "
            "requires an assessment (P-39.1, s. 17).",
        ),
    ),
    Restriction.SHOW_BEFORE_PUBLISHING: (
        Said(
            "Montrer avant de publier",
            "L’exploitant voit un rapport avant tout le monde.",
            "Le partenaire remet à l’exploitant, {review_days} jours avant de le publier, tout "
            "document qui s’appuie sur les données. L’exploitant ne peut demander de retirer que "
            "ce qui manquerait à l’entente.",
        ),
        Said(
            "Show before publishing",
            "The operator sees a report before everybody else.",
            "The partner gives the operator, {review_days} days before publishing it, any "
            "document based on the data. The operator may ask to remove only what would breach "
            "this agreement.",
        ),
    ),
    Restriction.SHARE_RESULTS: (
        Said(
            "Rendre les résultats au réseau",
            "Les organismes lisent ce qu’on a appris grâce à eux.",
            "Le partenaire remet à l’exploitant, pour les organismes du réseau, un résumé des "
            "résultats en langage clair, au plus tard à la fin de l’entente.",
        ),
        Said(
            "Give results back to the network",
            "Organizations get to read what was learned thanks to them.",
            "The partner gives the operator, for the organizations of the network, a summary of "
            "results in plain language, at the latest at the end of this agreement.",
        ),
    ),
}

#: What following a withdrawal means, by what was chosen; it is the clause of that restriction.
WITHDRAWALS: Mapping[StrEnum, tuple[Said, Said]] = {
    OnWithdrawal.REPLACE: (
        Said(
            "Détruire, puis remplacer",
            "Si un organisme retire son oui, le fichier est détruit; un autre le remplace quand "
            "personne ne s’en déduit.",
            "Quand un organisme retire son oui, rien de nouveau ne sort à son sujet. Avisé par "
            "l’exploitant, le partenaire détruit dans les {days_to_act} jours les fichiers "
            "désignés et l’atteste par écrit. Un fichier de remplacement n’est remis que si au "
            "moins {k} organismes sont partis ensemble.",
        ),
        Said(
            "Destroy, then replace",
            "If an organization takes back its yes, the file is destroyed; another replaces it "
            "when nobody can be worked out.",
            "When an organization takes back its yes, nothing new leaves about it. Told by the "
            "operator, the partner destroys the files indicated within {days_to_act} days and "
            "attests to it in writing. A replacement is handed over only if at least {k} "
            "organizations left together.",
        ),
    ),
    OnWithdrawal.DESTROY: (
        Said(
            "Détruire, sans remplacer",
            "Si un organisme retire son oui, le fichier est détruit.",
            "Quand un organisme retire son oui, rien de nouveau ne sort à son sujet. Avisé par "
            "l’exploitant, le partenaire détruit dans les {days_to_act} jours les fichiers "
            "désignés et l’atteste par écrit. Rien ne les remplace.",
        ),
        Said(
            "Destroy, without replacing",
            "If an organization takes back its yes, the file is destroyed.",
            "When an organization takes back its yes, nothing new leaves about it. Told by the "
            "operator, the partner destroys the files indicated within {days_to_act} days and "
            "attests to it in writing. Nothing replaces them.",
        ),
    ),
    OnWithdrawal.STOP: (
        Said(
            "Arrêter la suite seulement",
            "Si un organisme retire son oui, la suite s’arrête; les fichiers déjà remis restent.",
            "Quand un organisme retire son oui, rien de nouveau ne sort à son sujet. L’exploitant "
            "en avise le partenaire, qui en accuse réception dans les {days_to_act} jours et ne "
            "communique plus à personne les fichiers désignés.",
        ),
        Said(
            "Stop the future only",
            "If an organization takes back its yes, what comes next stops; files already handed "
            "over stay.",
            "When an organization takes back its yes, nothing new leaves about it. The operator "
            "tells the partner, who acknowledges within {days_to_act} days and gives the files "
            "indicated to nobody any more.",
        ),
    ),
}
