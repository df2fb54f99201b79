"""Refusals of registers: what is wrong and what to do next; French here."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

REGISTERS: Mapping[str, Any] = {
    "request.words_unsaid": _l("Dites ce qui est à corriger, ou ce qu’il faut cesser de montrer."),
    "request.waits_already": _l(
        "Vous avez déjà demandé cela. La réponse vient en 30 jours au plus."
    ),
    "request.to_come": _l("Cette date est à venir. Donnez le jour où la demande est arrivée."),
    "request.answered_before": _l("Cette demande a déjà reçu sa réponse."),
    "request.own": _l("C’est votre propre demande. Une autre personne de l’intendance y répond."),
    "request.answer_unsaid": _l(
        "Dites ce qui est fait, ou pourquoi c’est non\u00a0: la loi demande des motifs."
    ),
    "request.field_without_correction": _l(
        "Un champ ne se nomme que pour faire corriger. Choisissez cette demande."
    ),
    "request.provision_unsaid": _l(
        "Donnez l’article de loi sur lequel le refus s’appuie\u00a0: la loi le demande."
    ),
    "incident.information_unsaid": _l(
        "Décrivez les renseignements touchés, ou dites pourquoi on ne les connaît pas."
    ),
    "incident.ends_before_start": _l("La fin vient avant le début. Corrigez l’une des deux dates."),
    "incident.aware_before_start": _l(
        "Vous l’auriez su avant qu’il commence. Corrigez l’une des deux dates."
    ),
    "incident.to_come": _l(
        "Cette date est à venir. Donnez une date passée ou celle d’aujourd’hui."
    ),
    "incident.elements_unsaid": _l(
        "Vous concluez autrement que les trois niveaux ne le proposent. Dites pourquoi, en une phrase au moins."
    ),
    "incident.notice_out_of_time": _l(
        "Un avis part entre le jour où vous l’avez su et aujourd’hui. Corrigez cette date."
    ),
    "incident.public_because_unsaid": _l(
        "Dites pourquoi un avis public plutôt qu’un avis à chacun."
    ),
    "retention.nothing_due": _l("Il n’y a rien à faire pour cette règle en ce moment."),
}
