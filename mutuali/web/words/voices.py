"""What the values of what the public says are called, and the columns that keep it; French here."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

VOICES: Mapping[str, Mapping[str, Any]] = {
    "voices.topic": {
        "kept": _l("Ce qui est gardé"),
        "leaves": _l("Ce qui sort"),
        "consent": _l("Le consentement"),
        "page": _l("Une erreur sur une page"),
        "idea": _l("Une idée"),
        "other": _l("Autre chose"),
    },
    "voices.state": {
        "waiting": _l("Attend une réponse"),
        "published": _l("Répondu en public"),
        "answered": _l("Répondu par courriel"),
        "read": _l("Lu"),
        "set_aside": _l("Écarté"),
    },
    "voices.junk": {
        "advertising": _l("De la publicité"),
        "abuse": _l("Des insultes ou des menaces"),
        "nonsense": _l("Des mots sans suite"),
    },
    "voices.detail": {
        "phone": _l("un numéro de téléphone"),
        "email": _l("une adresse courriel"),
        "address": _l("une adresse"),
    },
    "inventory.column": {
        "asked_on": _l("mois de la question"),
        "changed_en": _l("ce qui a changé, en anglais"),
        "changed_fr": _l("ce qui a changé, en français"),
        "changed_link": _l("où le voir"),
        "heading_en": _l("titre en anglais"),
        "heading_fr": _l("titre en français"),
        "is_edited": _l("si des mots furent retirés"),
        "junk": _l("pourquoi c’est écarté"),
        "may_publish": _l("si les mots peuvent paraître"),
        "page": _l("page dont on parle"),
        "public_answer_id": _l("numéro de la réponse publique"),
        "topic": _l("sujet"),
        "voice_id": _l("numéro de ce qui fut dit"),
        "words_en": _l("réponse en anglais"),
        "words_fr": _l("réponse en français"),
    },
}
