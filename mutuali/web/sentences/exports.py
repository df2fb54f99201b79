"""Refusals of exports: what is wrong and what to do next; French here."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

EXPORTS: Mapping[str, Any] = {
    "export.no_agreement": _l(
        "Aucune entente en vigueur ne vous nomme sous ce numéro. Choisissez-en une de la liste."
    ),
    "export.dataset_not_agreed": _l(
        "Cette entente ne couvre pas ce jeu de données. Choisissez-en un autre, ou demandez une nouvelle entente."
    ),
    "export.purpose_not_agreed": _l(
        "Cette finalité n’est pas permise pour ce jeu de données sous cette entente. Choisissez-en une autre."
    ),
    "export.not_published": _l(
        "Rien n’est publié de ce jeu de données pour le moment. Sa description reste ouverte à tout le monde."
    ),
    "export.own_request": _l(
        "On ne décide pas de sa propre demande. Une autre personne de l’intendance doit répondre."
    ),
    "export.reason_missing": _l("Dites pourquoi en une phrase\u00a0: l’analyste la lira."),
    "export.remarks_unread": _l(
        "Lisez d’abord les remarques sur les groupes, puis cochez que vous les avez lues."
    ),
    "export.no_such_step": _l(
        "Cette demande n’en est plus là\u00a0: quelqu’un a déjà agi, ou son délai est passé. Rechargez la page."
    ),
    "export.not_named": _l(
        "Aucune entente en vigueur ne vous nomme comme analyste. Demandez à votre organisme."
    ),
    "export.link_over": _l(
        "Ce lien est échu\u00a0: il sert dans les dix minutes. Demandez-en un autre à la page de l’exportation."
    ),
    "export.link_revoked": _l(
        "L’intendance a révoqué ce lien. Demandez-en un autre à la page de l’exportation."
    ),
    "export.quota_reached": _l(
        "Vous avez pris ce fichier %(most)s fois, comme l’entente le permet. Reprenez une copie que vous avez, ou écrivez à l’intendance."
    ),
    "export.not_a_table": _l(
        "Ce fichier n’est pas un tableau en texte. Choisissez un fichier CSV."
    ),
    "export.not_ready": _l(
        "Cette exportation ne se télécharge pas, ou plus. Faites une nouvelle demande."
    ),
    "export.consent_withdrawn": _l(
        "Un organisme a retiré son oui depuis. Ce fichier ne sort plus\u00a0: faites une nouvelle demande."
    ),
    "export.not_assessed": _l(
        "Aucune évaluation en vigueur pour ce jeu de données. Rédigez-la, avec l’avis de la personne responsable, sous «\u00a0Évaluations\u00a0»."
    ),
    "export.not_assessed_outside": _l(
        "Les données sortiraient du Québec : une évaluation du lieu vient d’abord. Rédigez-la sous «\u00a0Évaluations\u00a0»."
    ),
    "export.nobody_in_charge": _l(
        "Personne n’est nommé responsable de la protection des renseignements personnels. L’exploitant doit d’abord nommer cette personne."
    ),
    "export.own_study_elsewhere": _l(
        "Sous ce titre, les données restent chez l’exploitant; cette entente est avec un partenaire. Il faut une autre entente."
    ),
    "export.not_by_this_right": _l(
        "Ce jeu de données ne sort pas sous ce genre d’entente. Choisissez-en un autre, ou demandez une entente d’un autre genre."
    ),
    "export.not_sent_to_cai": _l(
        "La voie de la recherche demande d’envoyer l’entente à la Commission d’accès à l’information. Notez la date d’envoi sur l’entente."
    ),
    "export.cai_waits": _l(
        "L’entente est à la Commission d’accès à l’information; les trente jours finissent le %(on)s. Revenez ce jour-là."
    ),
    "export.already_said": _l("Votre avis est déjà donné; il attend celui de l’autre personne."),
    "assessment.has_opinion": _l(
        "Cette évaluation a déjà son avis et ne change plus. Rédigez-en une nouvelle."
    ),
    "assessment.opinion_date": _l(
        "La date de l’avis va du %(first)s, jour de l’évaluation, à aujourd’hui."
    ),
    "assessment.holds_too_long": _l(
        "La fin de validité vient après l’avis, et au plus tard le %(latest)s."
    ),
    "export.check_failed": _l(
        "Une vérification du fichier fini n’a pas passé. Par prudence, rien n’est sorti."
    ),
    "export.never_left": _l(
        "Cette exportation n’est jamais sortie\u00a0: il n’y a rien à refaire. Faites une nouvelle demande."
    ),
    "export.take_first": _l(
        "Prenez d’abord le fichier : ce que vous avez pris se regarde aussi dans la page."
    ),
    "export.only_promoted": _l(
        "Un jeu ne s’ouvre à tout le monde qu’à partir d’une exportation déjà remise. Ouvrez-la, puis « Proposer de l’ouvrir à tous »."
    ),
    "export.nothing_to_promote": _l(
        "On n’ouvre qu’une exportation anonymisée qui vous a été remise et qui n’est pas rappelée, sous une entente de données ouvertes. Repartez de sa page."
    ),
    "export.announced": _l(
        "Cette publication est annoncée : on laisse à chacun le temps de retirer son oui. La dernière signature se donne à partir du %(on)s."
    ),
    "publication.withdrawn": _l(
        "Cette version n’est plus offerte : un organisme ou une personne qui y comptait a retiré son oui. Prenez la plus récente à la page des données ouvertes."
    ),
    "publication.over": _l(
        "Cette version n’est plus offerte : son temps est fini. Prenez la plus récente à la page des données ouvertes."
    ),
    "export.others_left": _l(
        "Une autre exportation du même jeu est sortie depuis la préparation. Préparez celle-ci de nouveau\u00a0: elle doit être comparée à l’autre."
    ),
    "attestation.name_missing": _l("Tapez votre nom\u00a0: il tient lieu de signature."),
    "attestation.given": _l("Vous avez déjà attesté. Il n’y a plus rien à faire."),
    "export.consent_left": _l(
        "Un organisme a retiré son oui depuis la préparation. Préparez l’exportation de nouveau, sans lui."
    ),
    "export.consent_changed": _l(
        "Un consentement a changé pendant la préparation. L’exportation se reconstruit."
    ),
    "export.agreement_over": _l(
        "L’entente n’est plus en vigueur\u00a0: rien ne sort. Il en faut une nouvelle."
    ),
    "export.not_confirmed": _l(
        "Le recomptage du fichier n’a pas confirmé ses promesses. Par prudence, rien n’est sorti."
    ),
    "export.not_inventoried": _l(
        "Une colonne de ce jeu n’est pas à l’inventaire, ou nomme quelqu’un : rien n’est sorti."
    ),
    "export.build_failed": _l(
        "La préparation a échoué et rien n’est sorti. L’exploitant est averti; réessayez plus tard."
    ),
    "privacy.empty_table": _l(
        "Aucun prêt des organismes qui ont dit oui ne tombe dans la période. Rien à communiquer pour l’instant."
    ),
    "privacy.too_few_contributors": _l(
        "Trop peu d’organismes ont dit oui pour que personne ne soit reconnaissable. Il en faut davantage."
    ),
    "privacy.no_scheme_passes": _l(
        "Aucune façon d’élargir les tranches ne cache tout le monde en gardant neuf lignes sur dix. Rien n’est sorti."
    ),
    "privacy.all_suppressed": _l(
        "Aucun chiffre ne réunit assez d’organismes pour être publié. Rien n’est sorti; il faut plus de consentements."
    ),
}
