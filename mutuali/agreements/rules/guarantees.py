"""The words of who answers for harm and of what each party vouches for, French and English."""

from collections.abc import Mapping
from enum import StrEnum

from mutuali.agreements.rules.said import Said
from mutuali.agreements.rules.terms import Liability, Warranty

LIABILITY: Mapping[StrEnum, tuple[Said, Said]] = {
    Liability.EACH_ITS_OWN: (
        Said(
            "Chaque partie répond de ses fautes",
            "Qui cause un tort le répare. Personne ne paie pour l’autre.",
            "Chaque partie répond du préjudice que cause sa propre faute ou celle des personnes "
            "qui agissent pour elle. Aucune clause ne limite la responsabilité pour une faute "
            "lourde ou intentionnelle, ni pour un préjudice corporel ou moral (Code civil du "
            "Québec, art. 1474).",
        ),
        Said(
            "Each party answers for its own faults",
            "Whoever causes harm repairs it. Nobody pays for the other.",
            "Each party answers for the injury caused by its own fault or that of the persons who "
            "act for it. No clause limits liability for gross or intentional fault, nor for bodily "
            "or moral injury (Civil Code of Québec, art. 1474).",
        ),
    ),
    Liability.PARTNER_INSURED: (
        Said(
            "Chaque partie répond de ses fautes, et le partenaire est assuré",
            "Comme ci-dessus, et le partenaire a une assurance pour les incidents de données.",
            "Chaque partie répond du préjudice que cause sa propre faute ou celle des personnes "
            "qui agissent pour elle. Pendant toute la durée de l’entente, le partenaire maintient "
            "une assurance responsabilité qui couvre les incidents de confidentialité, et en "
            "montre la preuve sur demande. Aucune clause ne limite la responsabilité pour une "
            "faute lourde ou intentionnelle, ni pour un préjudice corporel ou moral (Code civil du "
            "Québec, art. 1474).",
        ),
        Said(
            "Each party answers for its own faults, and the partner is insured",
            "As above, and the partner carries insurance for data incidents.",
            "Each party answers for the injury caused by its own fault or that of the persons who "
            "act for it. For the whole term, the partner maintains liability insurance that covers "
            "confidentiality incidents, and shows proof of it on request. No clause limits "
            "liability for gross or intentional fault, nor for bodily or moral injury (Civil Code "
            "of Québec, art. 1474).",
        ),
    ),
    Liability.PARTNER_COVERS: (
        Said(
            "Le partenaire couvre les réclamations",
            "Si quelqu’un réclame à cause de l’usage des données, le partenaire paie.",
            "Le partenaire prend le fait et cause de l’exploitant et l’indemnise de toute "
            "réclamation d’un tiers qui découle de l’usage que le partenaire fait des données, "
            "sauf si elle résulte d’une faute de l’exploitant. Aucune clause ne limite la "
            "responsabilité pour une faute lourde ou intentionnelle, ni pour un préjudice corporel "
            "ou moral (Code civil du Québec, art. 1474).",
        ),
        Said(
            "The partner covers claims",
            "If somebody makes a claim because of how the data is used, the partner pays.",
            "The partner defends and indemnifies the operator against any third-party claim that "
            "arises from the partner’s use of the data, unless it results from a fault of the "
            "operator. No clause limits liability for gross or intentional fault, nor for bodily "
            "or moral injury (Civil Code of Québec, art. 1474).",
        ),
    ),
}

WARRANTIES: Mapping[StrEnum, tuple[Said, Said]] = {
    Warranty.AUTHORITY: (
        Said(
            "Pouvoir d’agir",
            "Chaque partie a le droit de conclure cette entente.",
            "Chaque partie garantit qu’elle a le pouvoir de conclure l’entente et que la personne "
            "qui l’accepte peut agir pour elle.",
        ),
        Said(
            "Authority",
            "Each party has the right to make this agreement.",
            "Each party warrants that it has the power to make this agreement and that the person "
            "who accepts it may act for it.",
        ),
    ),
    Warranty.CONSENTS_IN_FORCE: (
        Said(
            "Consentements en vigueur",
            "L’exploitant ne communique rien sans le oui des organismes.",
            "L’exploitant garantit qu’au moment de chaque communication, les consentements "
            "nécessaires sont en vigueur pour la finalité et le destinataire visés.",
        ),
        Said(
            "Consents in force",
            "The operator releases nothing without the organizations’ yes.",
            "The operator warrants that, at each release, the necessary consents are in force for "
            "the purpose and the recipient concerned.",
        ),
    ),
    Warranty.CAPABLE: (
        Said(
            "Moyens de protéger",
            "Le partenaire a ce qu’il faut pour protéger les données.",
            "Le partenaire garantit qu’il a les moyens, les connaissances et les mesures de "
            "sécurité qu’il faut pour tenir ses engagements.",
        ),
        Said(
            "Means to protect",
            "The partner has what it takes to protect the data.",
            "The partner warrants that it has the means, the knowledge and the security measures "
            "needed to keep its commitments.",
        ),
    ),
    Warranty.AS_IS: (
        Said(
            "Données telles quelles",
            "Les données viennent de la vraie vie: elles peuvent contenir des erreurs.",
            "Les données sont fournies telles quelles. L’exploitant ne garantit ni qu’elles sont "
            "complètes ou exactes, ni qu’elles conviennent à un usage particulier.",
        ),
        Said(
            "Data as is",
            "The data comes from real life: it may contain errors.",
            "The data is provided as is. The operator does not warrant that it is complete or "
            "accurate, or that it suits a particular use.",
        ),
    ),
    Warranty.CORRECTIONS: (
        Said(
            "Corrections",
            "L’exploitant corrige les erreurs qu’on lui signale.",
            "L’exploitant corrige sans tarder une erreur importante qu’on lui signale dans un "
            "fichier communiqué, ou dit pourquoi il ne le peut pas.",
        ),
        Said(
            "Corrections",
            "The operator corrects errors it is told about.",
            "The operator promptly corrects a material error reported to it in a released "
            "file, or says why it cannot.",
        ),
    ),
}
