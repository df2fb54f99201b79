"""Refusals of messages: what is wrong and what to do next; French here."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

MESSAGES: Mapping[str, Any] = {
    "message.empty": _l("Écrivez quelques mots, ou joignez un fichier."),
    "message.about_one": _l("Nommez une annonce ou une réservation, l’une des deux."),
    "message.own_listing": _l(
        "Cette annonce est à votre organisme. Les questions des autres arrivent dans vos messages."
    ),
    "message.not_accepted": _l(
        "Votre organisme attend encore d’être accepté. Dès qu’il l’est, vous pourrez écrire."
    ),
    "message.not_received": _l(
        "Cet organisme ne reçoit pas vos messages en ce moment. Vos réservations restent. Pour une "
        "réservation confirmée, son téléphone est sur la page de la réservation; sinon, écrivez à "
        "la coordination."
    ),
    "message.you_block": _l(
        "Votre organisme a bloqué celui-ci, qui ne pourrait pas répondre. Débloquez-le d’abord."
    ),
    "message.phone_inside": _l(
        "Ce texte semble contenir un numéro de téléphone. Celui du prêteur paraît de lui-même dès "
        "que la réservation est confirmée. Envoyer quand même?"
    ),
    "message.address_inside": _l(
        "Ce texte semble contenir une adresse. Elle paraît d’elle-même dès que la réservation est "
        "confirmée. Envoyer quand même?"
    ),
    "message.email_inside": _l(
        "Ce texte semble contenir un courriel. Ici, on peut vous répondre sans lui. Envoyer quand "
        "même?"
    ),
    "message.too_many_files": _l("Un message porte au plus %(max)s fichiers."),
    "message.file_too_large": _l(
        "«\u00a0%(name)s\u00a0» est trop lourd\u00a0: %(max)s Mo au plus par fichier."
    ),
    "message.file_kind": _l(
        "«\u00a0%(name)s\u00a0» ne passe pas. Joignez un PDF, ou une photo JPEG ou PNG."
    ),
    "message.own_message": _l("Ce message est de vous. Écrivez-en un autre pour vous corriger."),
    "message.already_hidden": _l("Ce message est déjà masqué. Il n’y a plus rien à signaler."),
    "message.already_reported": _l(
        "Vous avez déjà signalé ce message. La coordination vous écrira ce qu’elle décide."
    ),
    "message.already_decided": _l(
        "Quelqu’un vient de décider. Rechargez la page pour voir ce qui reste."
    ),
    "message.warning_unsaid": _l("Dites à cet organisme, en une phrase, ce qui est attendu."),
}
