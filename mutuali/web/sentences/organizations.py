"""Refusals of organizations: what is wrong and what to do next; French here."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

ORGANIZATIONS: Mapping[str, Any] = {
    "organization.not_applying": _l("Cette demande d’adhésion a déjà reçu une réponse."),
    "organization.not_accepted": _l(
        "Votre organisme n’est pas encore accepté. Une coordonnatrice ou un coordonnateur répond d’habitude en deux jours ouvrables."
    ),
    "organization.enterprise_number_invalid": _l(
        "Le NEQ compte dix chiffres et commence par 11, 22, 33 ou 88."
    ),
    "organization.none_chosen": _l("Choisissez l’organisme pour lequel vous agissez."),
    "site.place_unknown": _l(
        "Nous ne trouvons pas ce lieu sur l’île. Donnez un code postal ou un arrondissement de Montréal."
    ),
    "site.in_use": _l("Des annonces se trouvent à ce lieu. Déplacez-les d’abord."),
    "member.already": _l("Cette personne est déjà membre de l’organisme."),
    "member.last_manager": _l(
        "Il faut au moins une personne gestionnaire. Nommez-en une autre d’abord."
    ),
    "invitation.spent": _l("Cette invitation a expiré ou a déjà servi. Demandez-en une nouvelle."),
    "invitation.other_email": _l(
        "Cette invitation a été envoyée à une autre adresse. Connectez-vous avec celle-là."
    ),
    "organization.own_trust": _l("C’est votre propre organisme. Choisissez-en un autre."),
    "organization.trust_unaccepted": _l(
        "Cet organisme ne fait pas encore partie du réseau. Réessayez une fois sa demande acceptée."
    ),
    "delegation.end_in_past": _l("Choisissez une date de fin à venir, d’ici un an."),
    "delegation.starts_after_end": _l(
        "La délégation commencerait après sa fin. Choisissez un début plus tôt."
    ),
    "delegation.person_unknown": _l("Aucun compte confirmé n’a cette adresse. Vérifiez-la."),
    "office.delegation_unsaid": _l(
        "Une délégation se fait par écrit. Donnez-en la référence, par exemple le numéro de la résolution ou de la lettre."
    ),
    "office.delegation_undated": _l("Donnez la date de l’écrit qui délègue."),
    "office.delegation_to_come": _l("Cette date est à venir. Donnez la date de l’écrit signé."),
    "office.competence_unsaid": _l(
        "Dites en quoi cette personne est compétente\u00a0: formation, expérience, travaux."
    ),
    "office.vacant": _l("Personne n’occupe cette charge en ce moment."),
    "participation.not_asked": _l(
        "Cette entente se fait avec les organismes acceptés qui prêtent ou empruntent."
    ),
    "participation.text_changed": _l(
        "Le texte a changé pendant que vous le lisiez. Relisez-le, puis acceptez."
    ),
    "participation.accepted_before": _l("Votre organisme a déjà accepté ce texte."),
    "participation.none": _l("Votre organisme n’a pas d’entente de participation en vigueur."),
    "participation.resolution_unsaid": _l(
        "Donnez le numéro de la résolution\u00a0: une administratrice ou un administrateur seul, ou une personne mandatée, n’engage l’organisme que par une résolution."
    ),
    "participation.resolution_undated": _l("Donnez la date de la résolution."),
    "participation.resolution_to_come": _l(
        "Cette date est à venir. Donnez la date de la résolution adoptée."
    ),
    "document.training_missing": _l("Choisissez une formation, ou donnez son nom."),
    "document.person_missing": _l("Dites de qui il s’agit."),
    "document.expiry_missing": _l("Donnez le dernier jour de validité."),
    "document.expired": _l("Ce document est échu. Notez le nouveau."),
    "document.no_licence_number": _l(
        "Nous ne gardons pas le numéro d’un permis de conduire. Laissez ce champ vide."
    ),
    "document.no_copy": _l(
        "Nous ne gardons pas de copie de ce document. Retirez le fichier\u00a0: une coordonnatrice ou un coordonnateur le verra autrement."
    ),
    "document.reason_missing": _l("Dites pourquoi en une phrase\u00a0: l’organisme la lira."),
    "document.own": _l(
        "Ce document est à votre organisme. Quelqu’un d’autre de la coordination le vérifie."
    ),
    "document.looked_at": _l("Quelqu’un a déjà regardé ce document. Rechargez la page."),
    "document.unreadable": _l(
        "Ce fichier ne s’ouvre pas. Envoyez un PDF, ou une photo JPEG ou PNG."
    ),
    "document.too_large": _l("Ce fichier est trop lourd. Envoyez-en un de %(max)s Mo au plus."),
}
