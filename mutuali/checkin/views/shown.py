"""What pages and letters say of a month, a card and its silence."""

from collections.abc import Callable, Mapping
from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from mutuali.checkin.rules import Card, Choice, Silence, minutes
from mutuali.checkin.service import Decided
from mutuali.web import wording
from mutuali.web.words import label


def silence_words(card: Card) -> str:
    """What counts until somebody decides, and what silence does, in one line."""
    when = ""
    if card.on is not None:
        exact = card.silence is Silence.EXPIRES
        when = wording.moment(card.on) if exact else wording.day(card.on)
    return f"{label('checkin.default', card.kind)} {_SILENCES[card.silence](when)}"


_SILENCES: Mapping[Silence, Callable[[str], str]] = {
    Silence.NOTHING_LEAVES: lambda _when: _("Sans réponse\u00a0: rien de nouveau ne sort."),
    Silence.EXPIRES: lambda when: _(
        "Sans réponse\u00a0: la demande expire le %(when)s.", when=when
    ),
    Silence.ENDS: lambda when: _("Sans geste\u00a0: rien ne sort plus après le %(day)s.", day=when),
    Silence.LEAVES: lambda when: _("Sans geste\u00a0: votre organisme part le %(day)s.", day=when),
    Silence.STAYS_LATE: lambda _when: _("Sans geste\u00a0: le registre la dit en retard."),
    Silence.RECALL_GOES_ON: lambda when: _(
        "Sans geste\u00a0: les attestations sont attendues jusqu’au %(day)s.", day=when
    ),
    Silence.COUNTS_NO_MORE: lambda when: _(
        "Sans geste\u00a0: il ne compte plus après le %(day)s.", day=when
    ),
    Silence.ACCESS_STAYS: lambda _when: _(
        "Sans geste\u00a0: cette personne peut encore ouvrir une session."
    ),
    Silence.COMES_BACK: lambda _when: _("Sans geste\u00a0: la carte revient le mois prochain."),
}


def deed_words(card: Card, choice: Choice) -> str:
    """What the button for a choice says."""
    return str(label("checkin.deed", f"{card.kind}.{choice}"))


def decided_words(each: Decided) -> str:
    """``Question de consentement: oui``."""
    return _(
        "%(kind)s\u00a0: %(choice)s",
        kind=label("checkin.kind", each.kind),
        choice=label("checkin.choice", each.choice),
    )


def minutes_words(seconds: int) -> str:
    """``6 minutes``; what is less than one is said to be."""
    whole = minutes(seconds)
    if not whole:
        return _("moins d’une minute")
    return ngettext("une minute", "%(num)d minutes", whole)


def month_words(month: date) -> str:
    """``mars 2026``."""
    return wording.month(month)


def ready_words(count: int) -> str:
    """That a check-in waits, under what there is to do."""
    return ngettext("Votre bilan du mois est prêt", "%(num)d bilans du mois sont prêts", count)


#: Handed to every page of check-ins.
FUNCTIONS = {
    function.__name__: function
    for function in (silence_words, deed_words, decided_words, minutes_words, month_words)
}
