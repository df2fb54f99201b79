"""Refusals of agreements: what is wrong and what to do next; French here."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

AGREEMENTS: Mapping[str, Any] = {
    "agreement.no_operator": _l(
        "Aucun organisme n’est encore l’exploitant du réseau. L’administration doit d’abord l’inscrire."
    ),
    "agreement.not_a_partner": _l(
        "Choisissez un partenaire accepté, ou l’exploitant pour un usage interne."
    ),
    "agreement.partner_fixed": _l(
        "Le partenaire a déjà vu cette entente\u00a0: il ne change plus. Rédigez-en une nouvelle pour un autre."
    ),
    "agreement.no_purpose": _l("Cochez au moins une finalité."),
    "agreement.no_dataset": _l("Cochez au moins un jeu de données."),
    "agreement.purpose_without_dataset": _l(
        "Aucun jeu de données coché ne sert à une de ces finalités. L’utilisation sert aux statistiques et à la mobilité; les prêts servent à l’étude du partage."
    ),
    "agreement.dataset_without_purpose": _l(
        "Un jeu de données coché ne sert à aucune des finalités choisies. Retirez-le, ou cochez la finalité qui lui convient."
    ),
    "agreement.no_analyst": _l("Nommez au moins une personne qui aura accès aux données."),
    "agreement.too_many_analysts": _l(
        "Nommez au plus %(max)s personnes\u00a0: chacune doit en avoir besoin."
    ),
    "agreement.analyst_unknown": _l(
        "Aucun compte confirmé n’a l’adresse %(email)s. Demandez à cette personne d’en créer un."
    ),
    "agreement.not_an_analyst": _l(
        "%(email)s n’a pas le rôle d’analyste. Demandez à l’administration de le lui donner, puis réessayez."
    ),
    "agreement.required_clause_missing": _l(
        "Une clause obligatoire manque. Remettez-la\u00a0: la loi ou le réseau l’exige."
    ),
    "agreement.start_too_far": _l("Choisissez un début à moins d’un an d’aujourd’hui."),
    "agreement.term_over": _l("La fin de l’entente est déjà passée. Choisissez une date à venir."),
    "agreement.term_too_long": _l("Une entente dure au plus trois ans\u00a0: jusqu’au %(latest)s."),
    "agreement.not_a_draft": _l(
        "Cette entente n’est plus un brouillon. Renvoyez-la d’abord au brouillon pour la modifier."
    ),
    "agreement.no_such_step": _l(
        "Cette entente n’en est plus là\u00a0: quelqu’un a déjà agi. Rechargez la page."
    ),
    "agreement.text_changed": _l(
        "Le texte n’est plus celui que vous avez lu. Relisez-le, puis acceptez-le s’il vous convient."
    ),
    "agreement.already_accepted": _l("Cette partie a déjà accepté l’entente."),
    "agreement.no_capacity": _l(
        "Vous n’avez pas dit à quel titre vous parlez pour %(name)s. Il faut en être gestionnaire, "
        "puis le dire dans «\u00a0Mon organisme\u00a0», «\u00a0Participation\u00a0»."
    ),
    "agreement.same_person": _l(
        "Vous avez accepté pour l’autre partie. Une autre personne doit accepter pour celle-ci."
    ),
    "agreement.text_fixed": _l(
        "Le texte d’une entente acceptée ne change plus. Mettez-y fin et rédigez-en une nouvelle."
    ),
    "agreement.own_study_of_another": _l(
        "L’étude de l’exploitant ne concerne que ses propres usages. Choisissez un autre genre d’entente."
    ),
    "agreement.rows_are_personal": _l(
        "Des lignes par prêt peuvent viser des personnes. Choisissez données dépersonnalisées, recherche, ou étude de l’exploitant."
    ),
    "agreement.open_is_apart": _l(
        "Ce qui est ouvert à tout le monde a son entente à part : finalités « Données ouvertes » ou « Être nommé publiquement », sous « Données ouvertes », et rien d’autre avec."
    ),
    "agreement.assessment_missing": _l(
        "Pour la recherche ou hors du Québec, la loi demande une évaluation. Écrivez son numéro ou sa date."
    ),
    "agreement.outside_and_inside": _l(
        "Les fichiers sortent en partie du Québec. Retirez la restriction qui les y garde, ou revenez à la question 7."
    ),
    "agreement.access_outside_term": _l(
        "L’accès d’une personne déborde la durée de l’entente. Corrigez ses dates."
    ),
    "agreement.start_fixed": _l(
        "Une modification garde le premier jour de l’entente. Changez seulement la fin."
    ),
    "agreement.not_to_amend": _l(
        "Seule une entente en vigueur ou suspendue se modifie. Rédigez-en une nouvelle."
    ),
    "agreement.amendment_open": _l(
        "Une prochaine version est déjà en préparation. Ouvrez-la dans la liste des versions."
    ),
    "agreement.already_suspended": _l(
        "Cette partie a déjà suspendu l’entente. Levez d’abord cette suspension."
    ),
    "agreement.not_yours_to_lift": _l(
        "Seule la partie qui a suspendu l’entente peut la reprendre. Écrivez-lui."
    ),
    "agreement.already_undertaken": _l(
        "Vous avez déjà signé cet engagement. Rien de plus à faire."
    ),
    "agreement.sent_in_future": _l("Écrivez le jour de l’envoi, aujourd’hui ou avant."),
    "agreement.not_accepted": _l("Les deux parties doivent d’abord accepter ce texte exact."),
}
