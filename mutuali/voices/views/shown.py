"""What the pages of what the public says say: plain values into words."""

from flask_babel import gettext as _
from flask_babel import ngettext

from mutuali.voices.rules import Topic
from mutuali.voices.service import Tally, VoiceFacts
from mutuali.web import wording
from mutuali.web.words import label


def tally_rows(tally: Tally) -> list[tuple[str, str]]:
    """(what, how many) of the numbers that everybody reads."""
    rows = [
        (_("Reçu en tout"), str(tally.received)),
        (_("Répondu en public"), str(tally.published)),
        (_("Répondu à une personne seule, ou lu"), wording.band(tally.in_private)),
        (_("Attend une réponse"), wording.band(tally.waiting)),
    ]
    if tally.median_days is not None:
        rows.append((_("La moitié des réponses viennent en"), days_words(tally.median_days)))
    if tally.oldest_days is not None:
        rows.append((_("Ce qui attend depuis le plus longtemps"), days_words(tally.oldest_days)))
    return rows


def days_words(days: int) -> str:
    """``12 jours``; of none, that it is today."""
    if days <= 0:
        return _("moins d’un jour")
    return ngettext("%(num)d jour", "%(num)d jours", days)


def left_words(days: int) -> str:
    """How long is left for an answer, or for how long it is late."""
    if days < 0:
        return ngettext("%(num)d jour de retard", "%(num)d jours de retard", -days)
    if days == 0:
        return _("dernier jour")
    return ngettext("encore %(num)d jour", "encore %(num)d jours", days)


def left_tone(days: int) -> tuple[str, str]:
    """The colour and the sign that go with it."""
    if days < 0:
        return "alarm", "alert-triangle"
    return ("wheat", "hourglass") if days <= 10 else ("quiet", "clock")


def details_words(found: VoiceFacts) -> str:
    """``une adresse courriel et un numéro de téléphone``."""
    return wording.several([label("voices.detail", each.value) for each in sorted(found.details)])


def topics() -> list[tuple[str, str]]:
    """(value, words) of each subject."""
    return [(each.value, label("voices.topic", each.value)) for each in Topic]


def field_labels() -> dict[str, str]:
    """What the fields of whoever answers are called, for the list of errors."""
    return {
        "shown": _("Les mots qui paraîtront"),
        "under": _("Une réponse déjà publiée"),
        "words": _("La réponse"),
        "junk": _("Pourquoi"),
        "heading_fr": _("Titre, en français"),
        "heading_en": _("Titre, en anglais"),
        "words_fr": _("Réponse, en français"),
        "words_en": _("Réponse, en anglais"),
        "changed_fr": _("Ce qui a changé, en français"),
        "changed_en": _("Ce qui a changé, en anglais"),
        "changed_link": _("La page où cela se voit"),
    }


def waiting_words(count: int) -> str:
    """What waits for those who answer."""
    return ngettext(
        "%(num)d question ou remarque du public attend votre réponse",
        "%(num)d questions ou remarques du public attendent votre réponse",
        count,
    )


#: Handed to every page of voices.
FUNCTIONS = {
    function.__name__: function
    for function in (
        days_words,
        details_words,
        field_labels,
        left_tone,
        left_words,
        tally_rows,
        topics,
    )
} | {"month_words": wording.month}
