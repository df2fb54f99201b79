"""Refusals of calendars: what is wrong and what to do next; French here."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

CALENDARS: Mapping[str, Any] = {
    "feed.too_many": _l(
        "Vous avez déjà %(most)s adresses. Révoquez-en une qui ne sert plus, puis réessayez."
    ),
    "feed.revoked": _l("Cette adresse est déjà révoquée. Rechargez la page."),
    "calendar.too_many": _l(
        "Vous avez déjà %(most)s agendas. Retirez-en un qui ne sert plus, puis réessayez."
    ),
    "calendar.address_lost": _l(
        "L’adresse de cet agenda ne peut plus être lue ici. Retirez-le, puis ajoutez-le de nouveau."
    ),
    "ical.not_a_calendar": _l(
        "Ligne %(line)s\u00a0: ce n’est pas un agenda (il commence par BEGIN:VCALENDAR). Vérifiez l’adresse ou le fichier."
    ),
    "ical.not_utf8": _l(
        "Ligne %(line)s\u00a0: des caractères ne se lisent pas. Exportez l’agenda en UTF-8."
    ),
    "ical.not_a_line": _l(
        "Ligne %(line)s\u00a0: elle n’a pas la forme NOM:VALEUR («\u00a0%(said)s\u00a0»). Exportez l’agenda de nouveau."
    ),
    "ical.not_its_end": _l(
        "Ligne %(line)s\u00a0: cette fin ne répond à aucun début («\u00a0%(said)s\u00a0»). Exportez l’agenda de nouveau."
    ),
    "ical.unfinished": _l(
        "Ligne %(line)s\u00a0: l’agenda s’arrête au milieu. Téléchargez-le de nouveau, en entier."
    ),
    "ical.said_twice": _l(
        "Ligne %(line)s\u00a0: dit deux fois pour le même événement («\u00a0%(said)s\u00a0»). Corrigez cet événement."
    ),
    "ical.no_start": _l("Ligne %(line)s\u00a0: cet événement n’a pas de début. Corrigez-le."),
    "ical.not_a_time": _l(
        "Ligne %(line)s\u00a0: ce n’est pas une date ou une heure qui existe («\u00a0%(said)s\u00a0»). Corrigez cet événement."
    ),
    "ical.unknown_zone": _l(
        "Ligne %(line)s\u00a0: fuseau horaire inconnu («\u00a0%(said)s\u00a0»). Choisissez-en un du genre America/Toronto pour cet événement."
    ),
    "ical.not_a_length": _l(
        "Ligne %(line)s\u00a0: ce n’est pas une durée («\u00a0%(said)s\u00a0»). Corrigez cet événement."
    ),
    "ical.ends_before": _l(
        "Ligne %(line)s\u00a0: la fin vient avant le début («\u00a0%(said)s\u00a0»). Corrigez cet événement."
    ),
    "ical.not_a_rule": _l(
        "Ligne %(line)s\u00a0: cette répétition ne se lit pas («\u00a0%(said)s\u00a0»). Corrigez cet événement."
    ),
    "ical.not_read": _l(
        "Ligne %(line)s\u00a0: nous ne lisons pas ce genre de répétition («\u00a0%(said)s\u00a0»). Remplacez-la par une plus simple."
    ),
    "ical.too_much_recurs": _l(
        "Trop d’événements se répètent dans cet agenda. Donnez-en un plus petit."
    ),
    "ical.too_many": _l("Plus de %(most)s événements d’ici deux ans. Donnez un agenda plus petit."),
}
