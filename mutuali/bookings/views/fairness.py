"""What whoever decides reads on a card: the borrower's record, its rivals, what a yes does."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from mutuali.bookings.rules import UNDECIDED, State
from mutuali.bookings.service import BookingFacts, BorrowerRecord, InboxCard, Outcome, Rival
from mutuali.equipment.rules import Approver
from mutuali.web import wording
from mutuali.web.clock import utc_now
from mutuali.web.sentences import sentence
from mutuali.web.words import label


def consequence_of(card: InboxCard) -> str | None:
    """What accepting does to the rivals."""
    if not card.losers:
        return None
    return ngettext(
        "Si vous acceptez, %(num)d demande concurrente sera refusée; l’organisme sera averti.",
        "Si vous acceptez, %(num)d demandes concurrentes seront refusées; les organismes seront"
        " avertis.",
        card.losers,
    )


def fairness_of(card: InboxCard) -> str:
    """The borrower's record in a line, what it had of this before the rest."""
    return " ".join([_of_kind(card.last_of_kind, card.record), record_words(card.record)])


def rival_words(rival: Rival, lot: bool) -> str:
    """A rival in a line: when, how many of a ``lot``, and its record."""
    when = wording.span(rival.period)
    if lot:
        count = ngettext("%(num)d unité", "%(num)d unités", rival.units)
        when = _("%(when)s, %(count)s", when=when, count=count)
    return f"{when}. {_of_kind(rival.last_of_kind, rival.record)} {record_words(rival.record)}"


def _of_kind(last: datetime | None, record: BorrowerRecord) -> str:
    if last is None:
        return _("N’a jamais eu ce genre de chose de ce prêteur.")
    if last == record.last_loan:
        return _("Son dernier prêt était de ce genre, de ce prêteur.")
    return _("De ce genre et de ce prêteur\u00a0: %(when)s.", when=ago(last, utc_now()))


def record_words(record: BorrowerRecord) -> str:
    """How an organization borrowed so far, in a line; what never happened is not said."""
    said = []
    if record.last_loan is None:
        said.append(_("Aucun prêt encore."))
    else:
        said.append(_("Dernier prêt\u00a0: %(when)s.", when=ago(record.last_loan, utc_now())))
        said.append(ngettext("%(num)d prêt en tout.", "%(num)d prêts en tout.", record.loans))
    if record.in_vain:
        said.append(
            ngettext(
                "%(num)d demande sans suite en 90 jours.",
                "%(num)d demandes sans suite en 90 jours.",
                record.in_vain,
            )
        )
    if record.late_returns:
        late = record.late_returns
        said.append(ngettext("%(num)d retour en retard.", "%(num)d retours en retard.", late))
    if record.no_shows:
        said.append(
            ngettext(
                "%(num)d fois, personne n’est venu.",
                "%(num)d fois, personne n’est venu.",
                record.no_shows,
            )
        )
    return " ".join(said)


def ago(instant: datetime, now: datetime) -> str:
    """``il y a 3 semaines``: days up to two weeks, weeks up to two months, then months."""
    days = (now - instant) // timedelta(days=1)
    if days < 1:
        return _("il y a moins d’un jour")
    if days < 14:
        return ngettext("il y a %(num)d jour", "il y a %(num)d jours", days)
    if days < 61:
        return ngettext("il y a %(num)d semaine", "il y a %(num)d semaines", days // 7)
    return ngettext("il y a %(num)d mois", "il y a %(num)d mois", days // 30)


def yes_words(booking: BookingFacts) -> str:
    """Who said the first yes, and that a second one is missing; empty where one is enough."""
    if not booking.yeses:
        return ""
    first = booking.yeses[0]
    return _(
        "%(name)s a dit oui %(when)s. Il faut le oui d’une deuxième personne.",
        name=first.person_name or _("Une personne"),
        when=wording.moment(first.at),
    )


def end_consequence(booking: BookingFacts) -> str:
    """Who has to say yes to another end."""
    draft = booking.listing.draft
    earlier = _("Plus tôt\u00a0: personne n’a à répondre, et les unités sont libres pour d’autres.")
    if draft.approver is Approver.NOBODY:
        later = _("Plus tard\u00a0: c’est confirmé tout de suite, si rien n’est pris.")
    elif draft.approver is Approver.COORDINATOR:
        later = _("Plus tard\u00a0: la coordination répond; sans réponse, la fin reste la même.")
    elif booking.is_lender_side and not draft.two_decide:
        later = _("Plus tard\u00a0: c’est écrit tout de suite, et l’emprunteur est averti.")
    else:
        later = _("Plus tard\u00a0: le prêteur répond; sans réponse, la fin reste la même.")
    return f"{earlier} {later}"


def outcome_summary(outcomes: Sequence[Outcome]) -> str:
    """``4 acceptées, 1 refusée par la règle``: what became of several answers, counted."""
    by_rule = sum(1 for each in outcomes if each.reasons)
    done = Counter(each.booking.state for each in outcomes if not each.reasons)
    approved, declined = done.pop(State.APPROVED, 0), done.pop(State.DECLINED, 0)
    waiting = sum(done.values())
    said = [
        ngettext("%(num)d acceptée", "%(num)d acceptées", approved) if approved else "",
        ngettext("%(num)d premier oui", "%(num)d premiers oui", waiting) if waiting else "",
        ngettext("%(num)d refusée", "%(num)d refusées", declined) if declined else "",
        ngettext("%(num)d arrêtée par une règle", "%(num)d arrêtées par une règle", by_rule)
        if by_rule
        else "",
    ]
    return ", ".join(words for words in said if words)


def outcome_words(outcome: Outcome) -> str:
    """What became of one answer: done, or the rule that stopped it."""
    if outcome.reasons:
        return " ".join(sentence(reason) for reason in outcome.reasons)
    if outcome.booking.state in UNDECIDED:
        return _("Premier oui noté, il en faut un deuxième.")
    return str(label("bookings.state", outcome.booking.state.value))


#: Handed to the pages of whoever decides.
FUNCTIONS = {
    function.__name__: function
    for function in (
        *(consequence_of, fairness_of, record_words, rival_words, yes_words),
        *(outcome_summary, outcome_words, end_consequence),
    )
}
