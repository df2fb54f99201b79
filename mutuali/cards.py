"""The cards of a month's check-in: where each kind comes from, what it says, what its buttons do.

A new kind takes its line in ``CARDS``; what is to be learned comes last, wherever its line is.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.agreements import service as agreements
from mutuali.bookings import service as bookings
from mutuali.bookings.views.fairness import consequence_of, fairness_of
from mutuali.bookings.views.recurring import series_question, series_when
from mutuali.charter import service as charter
from mutuali.charter.rules import Answer as ActionAnswer
from mutuali.charter.rules import Said
from mutuali.checkin.rules import Card, Choice, Kind, Silence, Words
from mutuali.checkin.service import Provider
from mutuali.consent import service as consent
from mutuali.consent.rules import PUBLISHED, WAITING, Answer, Standing
from mutuali.consent.views import shown as questions
from mutuali.core.period import local_midnight
from mutuali.core.permissions import Actor, Permission, may
from mutuali.exports import service as exports
from mutuali.exports.rules.recalls import CopyState
from mutuali.facts import FACTS
from mutuali.governance import service as governance
from mutuali.learning import service as learning
from mutuali.organizations import service as organizations
from mutuali.organizations.rules import need_word
from mutuali.web import wording
from mutuali.web.secrets import fingerprint_key
from mutuali.web.words import label

#: In time to agree anew, or to let it be.
_ENDING = timedelta(days=60)
#: Who has not signed in for so long has left, as far as the software can tell.
_AWAY = timedelta(days=365)
#: Copies that are on their way back.
_UNDER_WAY = frozenset({CopyState.REVOKED, CopyState.NOTIFIED, CopyState.CANNOT})
_YES_OR_NO = (Choice.YES, Choice.NO)


def _language() -> str:
    return "fr" if wording.in_french() else "en"


def _asked(*, changed: bool) -> Callable[[Session, Actor, int, datetime], Sequence[Card]]:
    """Questions without an answer: those that changed since one was given, or all others."""
    kind = Kind.CHANGED if changed else Kind.QUESTION

    def find(session: Session, actor: Actor, id_: int, now: datetime) -> list[Card]:
        if not may(actor, Permission.CONSENT_ANSWER, over=id_):
            return []
        return [
            Card(
                kind,
                each.notice.public_id,
                Silence.NOTHING_LEAVES,
                choices=_YES_OR_NO,
                found=(id_, each),
            )
            for each in consent.questions(session, actor, id_, now=now)
            if each.standing in WAITING and each.changed is changed
        ]

    return find


def _asks(session: Session, _actor: Actor, card: Card) -> Words:
    id_, found = card.found
    notice = found.notice
    said = questions.asked(notice, None, consent.standout(session, id_))
    lasts = ngettext("%(num)d mois", "%(num)d mois", notice.lasts_months)
    if card.kind is Kind.QUESTION:
        changed = ""
    elif found.voided:
        changed = _("L’avis a changé depuis votre oui\u00a0: ce oui ne compte plus.")
    else:
        changed = _("L’avis a changé depuis votre réponse.")
    return Words(
        said.question,
        f"{changed} {said.leaves}".strip(),
        _("Ce qui est déjà publié ne peut pas être rappelé.")
        if notice.purpose in PUBLISHED
        else _("Un oui se retire en tout temps. Ce qui est déjà remis ne revient pas toujours."),
        (
            (_("Pour quoi"), str(label("consent.purpose", notice.purpose.value))),
            (_("Pourrait-on vous reconnaître?"), said.recognized),
            (_("Un oui dure"), lasts),
        ),
        f"/organisme/consentements/{notice.public_id}",
        _("Lire l’avis au complet"),
    )


def _answers(
    session: Session, actor: Actor, id_: int, card: Card, choice: Choice, now: datetime
) -> None:
    answer = Answer.GIVEN if choice is Choice.YES else Answer.REFUSED
    consent.answer(session, actor, id_, card.subject, answer, now=now)


def _requests(session: Session, actor: Actor, id_: int, now: datetime) -> list[Card]:
    """Requests to borrow from this organization, the oldest first."""
    role = actor.memberships.get(id_)
    if role is None:
        return []
    alone = replace(actor, memberships={id_: role}, delegated=frozenset(), roles=frozenset())
    found = [
        each for each in bookings.inbox(session, alone, now=now) if each.booking.lender.id == id_
    ]
    return [
        Card(
            Kind.REQUEST,
            each.booking.public_id,
            Silence.EXPIRES,
            each.booking.decide_by,
            # Several dates, or a document that is lacking, take a look at the request itself.
            (Choice.YES,)
            if each.booking.may_say_yes and each.series is None and not each.lacking
            else (),
            each,
        )
        for each in sorted(found, key=lambda each: (each.booking.created_at, each.booking.id))
    ]


def _request(_session: Session, _actor: Actor, card: Card) -> Words:
    found = card.found
    booking, series = found.booking, found.series
    title = booking.listing.title(_language())
    asked = _("%(borrower)s demande %(title)s", borrower=booking.borrower.name, title=title)
    when = series_when(series) if series else wording.span(booking.period)
    many = booking.listing.draft.units > 1
    units = ngettext("%(num)d unité", "%(num)d unités", booking.units) if many else ""
    purpose = str(label("bookings.purpose", booking.purpose.value))
    more = [
        (_("Mot"), booking.note),
        (_("Ses prêts"), fairness_of(found)),
    ]
    return Words(
        series_question(found, _language()) if series else asked,
        ". ".join(each for each in (when, units, purpose) if each) + ".",
        consequence_of(found) or "",
        tuple((name, value) for name, value in more if value),
        f"/series/{series.public_id}" if series else f"/reservations/{booking.public_id}",
        _("Voir la demande, proposer ou refuser"),
    )


def _approve(
    session: Session, actor: Actor, _id: int, card: Card, _choice: Choice, now: datetime
) -> None:
    bookings.approve(session, actor, card.subject, now=now)


def _endings(session: Session, actor: Actor, id_: int, now: datetime) -> list[Card]:
    """The agreement of participation, and agreements to share data, that end within two months."""
    cards = []
    if may(actor, Permission.PARTICIPATION_ACCEPT, over=id_):
        held = organizations.participation(session, actor, id_)
        ends = held.ends_at if held else None
        if ends is not None and now < ends <= now + _ENDING:
            cards.append(Card(Kind.ENDING, "participation", Silence.LEAVES, ends, (Choice.SEEN,)))
    if may(actor, Permission.AGREEMENT_READ, over=id_):
        cards += [
            Card(Kind.ENDING, each.public_id, Silence.ENDS, each.ends_at, (Choice.SEEN,), each)
            for each in agreements.ending_soon(session, id_, within=_ENDING, now=now)
        ]
    return cards


def _ending(_session: Session, actor: Actor, card: Card) -> Words:
    found = card.found
    if found is None:
        return Words(
            _("Votre organisme a donné son avis de départ. Le laisser partir?"),
            href="/organisme/participation",
            link=_("Accepter l’entente de nouveau"),
        )
    theirs = found.operator_name if found.partner_id == actor.organization_id else ""
    return Words(
        _(
            "L’entente %(number)s avec %(name)s finit bientôt. La laisser finir?",
            number=found.number,
            name=theirs or found.partner_name,
        ),
        _("Pour continuer, il faut une entente nouvelle, lue et signée des deux côtés."),
        href=f"/ententes/{found.public_id}",
        link=_("Ouvrir l’entente"),
    )


def _releases(session: Session, actor: Actor, id_: int, now: datetime) -> list[Card]:
    """What was anonymized and is to be analysed once more: for those who keep the registers."""
    if not may(actor, Permission.REGISTER_KEEP) or id_ != organizations.operator_id(session):
        return []
    return [
        Card(Kind.REANALYSIS, str(each.id), Silence.STAYS_LATE, found=each)
        for each in governance.due_again(session, actor, now=now)
    ]


def _release(_session: Session, _actor: Actor, card: Card) -> Words:
    found = card.found
    return Words(
        _(
            "Refaire l’analyse de «\u00a0%(dataset)s\u00a0»?",
            dataset=label("exports.dataset", found.dataset.value),
        ),
        _(
            "Remis à %(recipient)s le %(day)s. L’analyse était due le %(due)s.",
            recipient=found.told["recipient"],
            day=wording.day(found.at),
            due=wording.day(found.next_analysis_on),
        ),
        href="/intendance/registres/anonymisation",
        link=_("Ouvrir le registre"),
    )


def _withdrawals(session: Session, actor: Actor, id_: int, now: datetime) -> list[Card]:
    """Copies of what was taken back, that nobody attested yet."""
    if not may(actor, Permission.CONSENT_ANSWER, over=id_):
        return []
    copies = [
        each
        for each in exports.copies_of_organization(
            session, actor, id_, key=fingerprint_key(), now=now
        )
        if each.state in _UNDER_WAY and each.taken
    ]
    if not copies:
        return []
    yes = {
        (each.notice.purpose, each.notice.recipient_id)
        for each in consent.questions(session, actor, id_, now=now)
        if each.standing is Standing.GIVEN
    }
    return [
        Card(
            Kind.WITHDRAWAL,
            each.export.public_id,
            Silence.RECALL_GOES_ON,
            each.due_at or each.kept_until,
            (Choice.SEEN,),
            each,
        )
        for each in copies
        if (each.export.purpose, each.export.agreement.partner_id) not in yes
    ]


def _withdrawal(_session: Session, _actor: Actor, card: Card) -> Words:
    copy = card.found
    dataset = label("exports.dataset", copy.export.dataset.value)
    name = copy.export.agreement.partner_name
    return Words(
        _("Vous avez repris votre oui. Avez-vous vu où en sont les copies?"),
        _("Quelqu’un dit ne pas pouvoir détruire une copie. L’intendance s’en occupe.")
        if copy.state is CopyState.CANNOT
        else _(
            "%(dataset)s, chez %(name)s\u00a0: %(answers)s attestations sur %(asked)s.",
            dataset=dataset,
            name=name,
            answers=len(copy.answers),
            asked=max(copy.notified, copy.taken),
        ),
        href="/organisme/consentements/copies",
        link=_("Voir chaque copie"),
    )


def _upkeep(session: Session, actor: Actor, id_: int, now: datetime) -> list[Card]:
    """The more pressing of what wants looking after: what has a day, before what has none."""
    if may(actor, Permission.DOCUMENT_READ, over=id_):
        for each in organizations.running_out(session, actor, id_, now=now)[:1]:
            last = local_midnight(each.expires_on) if each.expires_on else None
            return [Card(Kind.DOCUMENT, each.public_id, Silence.COUNTS_NO_MORE, last, (), each)]
    if not may(actor, Permission.MEMBER_INVITE, over=id_):
        return []
    people = {
        each.person_id: each
        for each in organizations.members(session, actor, id_)
        if each.since < now - _AWAY
    }
    seen = accounts.last_signed_in(session, people)
    away = sorted((at, person_id) for person_id, at in seen.items() if at < now - _AWAY)
    return [
        Card(
            Kind.MEMBER,
            people[person_id].public_id,
            Silence.ACCESS_STAYS,
            None,
            (Choice.SEEN,),
            (people[person_id], at),
        )
        for at, person_id in away[:1]
    ]


def _looked_after(_session: Session, _actor: Actor, card: Card) -> Words:
    if card.kind is Kind.DOCUMENT:
        found = card.found
        return Words(
            _(
                "Renouveler ce document\u00a0: %(name)s?",
                name=wording.said(need_word(found.kind, found.detail)),
            ),
            found.person_name,
            href="/organisme/documents",
            link=_("Noter le nouveau"),
        )
    member, at = card.found
    return Words(
        _("%(name)s est encore des vôtres?", name=member.name),
        _("Dernière session\u00a0: le %(day)s.", day=wording.day(at)),
        href="/organisme",
        link=_("Retirer cette personne"),
    )


def _next_action(session: Session, actor: Actor, id_: int, now: datetime) -> list[Card]:
    """The one thing to do next for the Charter."""
    if not may(actor, Permission.ORGANIZATION_READ, over=id_):
        return []
    found = charter.assess(session, actor, id_, questions=FACTS, now=now).next
    if found is None:
        return []
    choices = () if found.by_fact else (Choice.DONE,)
    return [Card(Kind.ACTION, found.action.code, Silence.COMES_BACK, None, choices, found.action)]


def _action(_session: Session, _actor: Actor, card: Card) -> Words:
    action = card.found
    time = ngettext("Une minute.", "Environ %(num)d minutes.", action.minutes)
    return Words(
        action.said("action", _language()),
        f"{action.said('why', _language())} {time}".strip(),
        href=f"/organisme/charte/{action.code}",
        link=_("Voir comment"),
    )


def _done(
    session: Session, actor: Actor, id_: int, card: Card, _choice: Choice, now: datetime
) -> None:
    charter.say(session, actor, id_, card.subject, Said(ActionAnswer.DONE), now=now)


def learned(next_card: Callable[[Session, Actor], Any]) -> Provider:
    """What a person is to read next, where a feature teaches; None once they have read it all."""

    def find(session: Session, actor: Actor, _id: int, _now: datetime) -> list[Card]:
        # A program reads nothing for its person.
        found = next_card(session, actor) if actor.scopes is None else None
        if found is None:
            return []
        return [Card(Kind.LEARNING, found.code, Silence.COMES_BACK, None, (Choice.DONE,), found)]

    def say(_session: Session, _actor: Actor, card: Card) -> Words:
        return Words(
            _("À lire : %(title)s", title=card.found.texts[_language()].title),
            _("Deux minutes, et une question."),
            href=f"/apprendre/{card.subject}",
            link=_("Lire la carte"),
        )

    return Provider(frozenset({Kind.LEARNING}), find, say)


#: In the order in which their cards stand.
CARDS: tuple[Provider, ...] = (
    Provider(frozenset({Kind.QUESTION}), _asked(changed=False), _asks, _answers),
    Provider(frozenset({Kind.CHANGED}), _asked(changed=True), _asks, _answers),
    Provider(frozenset({Kind.REQUEST}), _requests, _request, _approve),
    Provider(frozenset({Kind.ENDING}), _endings, _ending),
    Provider(frozenset({Kind.REANALYSIS}), _releases, _release),
    Provider(frozenset({Kind.WITHDRAWAL}), _withdrawals, _withdrawal),
    Provider(frozenset({Kind.DOCUMENT, Kind.MEMBER}), _upkeep, _looked_after),
    Provider(frozenset({Kind.ACTION}), _next_action, _action, _done),
    learned(learning.next_card),
)
