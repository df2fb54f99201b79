"""Refusals of consent: what is wrong and what to do next; French here."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

CONSENT: Mapping[str, Any] = {
    "notice.not_asked_here": _l(
        "Ce réseau ne demande rien pour cette finalité. L’administration peut l’ajouter à "
        "«\u00a0Démarrer le réseau\u00a0»."
    ),
    "consent.not_asked": _l(
        "Cette question s’adresse aux organismes acceptés qui prêtent ou empruntent. Le vôtre n’en est pas."
    ),
    "consent.no_participation": _l(
        "Votre organisme n’a pas accepté l’entente de participation. Acceptez-la d’abord, à la "
        "page Participation."
    ),
    "consent.no_capacity": _l(
        "Dites d’abord à quel titre vous parlez pour l’organisme, à la page Participation."
    ),
    "consent.person_not_asked": _l(
        "Aucune donnée ne parle de vous\u00a0: cette question va à qui demande des prêts."
    ),
    "call.already_asked": _l("Votre appel est déjà demandé\u00a0: on vous appellera."),
    "receipt.unreadable": _l(
        "Ce n’est pas un reçu de consentement. Collez le texte court, l’adresse du code, ou tout "
        "le contenu du fichier."
    ),
    "notice.mixed": _l(
        "Le texte parle d’une autre finalité ou de conditions d’utilisation. Ne gardez qu’une "
        "question; les autres ont leur avis."
    ),
    "notice.vague": _l(
        "Dites quelles données sortiraient et pour quoi, sans «\u00a0notamment\u00a0», "
        "«\u00a0etc.\u00a0» ni «\u00a0autres fins\u00a0»."
    ),
    "notice.hard_to_read": _l(
        "Trop difficile à lire\u00a0: %(ease)s sur 100, et %(words)s mots par phrase. Il faut au "
        "moins %(least)s, et au plus %(most)s mots\u00a0: coupez les phrases, prenez des mots courts."
    ),
    "notice.help_not_said": _l(
        "Dites que quelqu’un peut aider, et comment\u00a0: de vive voix, ou en touchant «\u00a0Me "
        "faire appeler\u00a0»."
    ),
    "notice.withdrawal_not_said": _l(
        "Dites que le oui se retire aussi vite qu’il se donne, sans lettre, sans frais, sans motif."
    ),
    "notice.not_french_first": _l(
        "Le texte français doit être en français et dire au moins tout ce que dit l’anglais."
    ),
    "notice.not_english": _l("Le texte anglais doit être en anglais."),
    "notice.not_for_people": _l(
        "Cette liste nomme des organismes\u00a0: adressez l’avis aux organismes."
    ),
    "consent.notice_replaced": _l(
        "Cet avis a été remplacé par un plus récent. Relisez la question, puis répondez."
    ),
    "consent.nothing_to_withdraw": _l("Il n’y a pas de oui à retirer\u00a0: rien ne sort déjà."),
    "notice.not_a_recipient": _l("Choisissez l’exploitant ou un partenaire accepté."),
    "notice.recipient_not_said": _l(
        "Le texte doit nommer qui recevra les données\u00a0: %(recipient)s."
    ),
    "notice.duration_not_said": _l(
        "Le texte doit dire combien de temps dure un oui\u00a0: %(months)s mois."
    ),
    "notice.nothing_new": _l(
        "Ce texte est celui qui est déjà publié. Le republier annulerait tous les oui pour rien."
    ),
    "notice.just_published": _l(
        "Quelqu’un vient de publier une version de cet avis. Relisez-la avant d’en publier une autre."
    ),
}
