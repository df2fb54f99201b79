"""Refusals of bookings: what is wrong and what to do next; French here."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

BOOKINGS: Mapping[str, Any] = {
    "booking.document_absent": _l(
        "Ce prêt exige un document que l’organisme qui emprunte n’a pas encore : %(document)s. À faire : l’ajouter à ses documents."
    ),
    "booking.document_ends": _l(
        "Ce prêt exige un document valide jusqu’au retour : %(document)s. Celui de l’organisme qui emprunte finit le %(last)s. À faire : noter le document renouvelé."
    ),
    "booking.document_waiting": _l(
        "Ce prêt exige un document vérifié : %(document)s. Celui de l’organisme qui emprunte attend le regard de la coordination. À faire : réessayer une fois qu’elle l’a vu."
    ),
    "booking.document_refused": _l(
        "Ce prêt exige un document que la coordination a refusé à l’organisme qui emprunte : %(document)s. À faire : lire pourquoi, puis en noter un autre."
    ),
    "booking.own_listing": _l(
        "Cette annonce est à votre organisme. Fermez plutôt des plages à l’agenda."
    ),
    "booking.in_the_past": _l("Ce moment est déjà passé. Choisissez une date à venir."),
    "booking.too_soon": _l(
        "Le prêteur demande %(lead)s de préavis. Le premier début possible\u00a0: %(first)s."
    ),
    "booking.too_short": _l("Ce prêt dure au moins %(shortest)s. Allongez la période."),
    "booking.too_long": _l("Ce prêt dure au plus %(longest)s. Raccourcissez la période."),
    "booking.outside_hours": _l(
        "Le %(day)s, on vient chercher et rapporter de %(hours)s. Choisissez une heure de cette plage."
    ),
    "booking.no_hours_that_day": _l(
        "Le %(day)s, le prêteur n’ouvre pas\u00a0: on ne peut ni venir chercher ni rapporter. Choisissez un autre jour."
    ),
    "booking.closed": _l("Fermé %(span)s. Choisissez un autre moment."),
    "booking.off_raster": _l(
        "Les prêts commencent et finissent par tranches de %(step)s, à partir de minuit. Le plus près\u00a0: %(before)s ou %(after)s."
    ),
    "booking.not_enough_units": _l(
        "Déjà réservé %(taken)s, temps de préparation compris. Libre à ce moment\u00a0: %(free)s sur %(units)s."
    ),
    "booking.quota_bookings_a_week": _l(
        "Au plus %(most)s réservations par organisme et par semaine. Vous en avez déjà %(used)s dans celle-ci. La suivante commence le %(again)s."
    ),
    "booking.quota_bookings_a_month": _l(
        "Au plus %(most)s réservations par organisme et par mois. Vous en avez déjà %(used)s dans celui-ci. Le suivant commence le %(again)s."
    ),
    "booking.quota_hours_a_week": _l(
        "Au plus %(most)s heures par organisme et par semaine, comptées pour chaque unité. Vous en avez déjà %(used)s dans celle-ci. La suivante commence le %(again)s."
    ),
    "booking.quota_hours_a_month": _l(
        "Au plus %(most)s heures par organisme et par mois, comptées pour chaque unité. Vous en avez déjà %(used)s dans celui-ci. Le suivant commence le %(again)s."
    ),
    "booking.not_free": _l("Quelqu’un vient de réserver ce moment. Choisissez-en un autre."),
    "booking.still_out": _l(
        "Des unités ne sont pas encore revenues\u00a0: on ne peut pas en remettre autant maintenant."
    ),
    "booking.lapsed": _l(
        "L’échéance de cette demande est passée\u00a0: elle a expiré. L’emprunteur peut demander de nouveau."
    ),
    "booking.yes_before": _l("Vous avez déjà dit oui. Une autre personne doit aussi le dire."),
    "booking.second_yes_missing": _l(
        "Deux personnes doivent dire oui à cette demande, et une seule l’a dit."
    ),
    "booking.rival_won": _l(
        "Une autre demande pour le même moment a été acceptée, et il ne reste plus assez d’unités."
    ),
    "booking.knocked_out": _l(
        "Une demande que vous venez d’accepter a pris ses unités\u00a0: elle est refusée d’office, et l’organisme est averti."
    ),
    "booking.rival_back": _l(
        "La demande qui avait pris les unités attend de nouveau une réponse\u00a0: la vôtre aussi."
    ),
    "booking.nothing_to_undo": _l(
        "Il n’y a plus de décision à annuler\u00a0: autre chose a suivi. Rechargez la page."
    ),
    "booking.not_begun": _l("La réservation n’a pas commencé. Attendez son début, ou annulez-la."),
    "booking.no_show_undo_too_late": _l(
        "Cela se reprend dans les 30 minutes. L’emprunteur peut demander de nouveau."
    ),
    "booking.replaced": _l("L’emprunteur a pris autre chose à la place."),
    "booking.replacing": _l(
        "Autre chose est déjà demandé à la place de cette réservation. Attendez la réponse, ou annulez cette demande."
    ),
    "booking.undo_by_decider": _l("Seule la personne qui a décidé peut annuler sa décision."),
    "booking.undo_too_late": _l(
        "Une décision s’annule dans les dix minutes. Annulez plutôt la réservation, ou écrivez à l’emprunteur."
    ),
    "booking.undo_lapsed": _l(
        "L’échéance de la demande est passée\u00a0: elle ne peut plus attendre une réponse."
    ),
    "proposal.other_lender": _l(
        "Proposez une de vos propres annonces\u00a0: seule la coordination propose celles d’un autre prêteur."
    ),
    "proposal.same": _l(
        "C’est ce qui était demandé. Proposez un autre moment, un autre nombre ou une autre annonce."
    ),
    "proposal.over": _l("Cette proposition n’attend plus de réponse. Rechargez la page."),
    "extension.same_end": _l("C’est déjà la fin prévue. Choisissez-en une autre."),
    "extension.until": _l("Elle pourrait durer jusqu’au %(until)s."),
    "extension.not_at_all": _l("Elle ne peut pas durer plus longtemps que prévu."),
    "inbox.none_chosen": _l("Cochez au moins une demande qui attend votre réponse."),
    "booking.no_such_step": _l(
        "Cette réservation n’en est plus là\u00a0: quelqu’un a déjà agi. Rechargez la page."
    ),
    "booking.reason_missing": _l("Dites pourquoi en une phrase\u00a0: l’emprunteur la lira."),
    "series.part_missing": _l(
        "Il manque %(part)s à cette règle. Écrivez-la selon la RFC 5545, par exemple FREQ=WEEKLY;BYDAY=TU;COUNT=10."
    ),
    "series.part_not_taken": _l(
        "Cette règle contient %(part)s, qui ne se prend pas ici. Retirez-le, ou donnez les dates une à une (RDATE)."
    ),
    "series.part_unreadable": _l("Cette partie de la règle ne se lit pas\u00a0: %(part)s."),
    "series.end_once": _l(
        "Dites quand cela finit, une seule fois\u00a0: un nombre de dates ou un dernier jour."
    ),
    "series.too_many": _l("C’est plus de %(most)s dates. Choisissez une fin plus proche."),
    "series.no_dates": _l("Aucune date ne correspond. Changez les jours ou la fin."),
    "series.starts_outside": _l(
        "Le premier jour n’est pas dans cette règle. Le premier qui y est\u00a0: %(first)s."
    ),
    "series.no_such_date": _l(
        "Une réponse porte sur une date qui n’est pas dans la série. Regardez les dates de nouveau."
    ),
    "series.clock_asks": _l("On change d’heure\u00a0: dites quoi faire pour %(dates)s."),
    "series.not_all_possible": _l(
        "Rien n’est fait, parce que toutes les dates ne passent pas\u00a0: %(dates)s. Prenez les dates possibles, ou changez la demande."
    ),
    "series.none_possible": _l(
        "Aucune de ces dates ne passe. Changez l’heure, les jours ou l’annonce."
    ),
    "series.lost_meanwhile": _l("Prises pendant que vous lisiez : %(dates)s."),
    "series.none_waits": _l("Plus aucune date n’attend de réponse. Rechargez la page."),
    "series.none_reached": _l("Aucune date à venir n’est touchée. Choisissez-en une autre."),
    "series.meets_itself": _l(
        "Cette date chevauche une autre de la même série, qui commence %(other)s. Raccourcissez, ou espacez les dates."
    ),
    "booking.too_early_to_hand_over": _l(
        "La prise en charge se note au plus tôt %(early)s avant le début."
    ),
    "cart.full": _l("Votre panier contient déjà %(most)s choses. Demandez-les, ou retirez-en une."),
    "cart.not_together": _l(
        "Une autre chose de votre panier prend ces unités\u00a0: il n’y en a pas assez pour les deux. Retirez l’une, ou changez le moment."
    ),
    "cart.empty": _l("Votre panier est vide. Ajoutez d’abord une chose depuis son annonce."),
    "booking.not_a_part": _l(
        "Écrivez combien d’unités reviennent, moins que les %(out)s qui sont sorties. Toutes reviennent? Notez le retour."
    ),
    "booking.kit_comes_whole": _l("Un ensemble revient au complet\u00a0: notez le retour."),
    "booking.units_coming_back": _l("Cochez les %(units)s unités qui reviennent."),
    "booking.units_to_name": _l("Nommez les unités qui partent\u00a0: %(units)s en tout."),
    "booking.unit_is_out": _l(
        "Une de ces unités est déjà sortie avec une autre réservation. Vérifiez son étiquette et choisissez-en une autre."
    ),
}
