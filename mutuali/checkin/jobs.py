"""In the first days of a month managers are told, once, that a check-in is ready."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from flask import render_template
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.checkin import service
from mutuali.checkin.rules import Card, Choice
from mutuali.checkin.views.blueprint import providers
from mutuali.checkin.views.letters import answer_link, stop_link
from mutuali.checkin.views.shown import deed_words, silence_words
from mutuali.checkin.views.walk import HERE
from mutuali.organizations import service as organizations
from mutuali.web.mail import Letters, address


def tick(session: Session, _arguments: Mapping[str, Any], now: datetime) -> None:
    """Have each organization looked at whose managers were not told this month."""
    service.begin_months(session, now=now)


def begin(session: Session, arguments: Mapping[str, Any], now: datetime) -> None:
    """Have the managers of one organization told."""
    service.begin(session, arguments["organization"], providers=providers(), now=now)


def readers(
    session: Session, arguments: Mapping[str, Any], now: datetime
) -> Iterable[accounts.PersonFacts]:
    """Its managers who want the letter, as long as a card is left for them."""
    return accounts.people(session, frozenset(_cards(session, arguments, now))).values()


def letter(
    session: Session, arguments: Mapping[str, Any], person: accounts.PersonFacts, now: datetime
) -> tuple[str, str]:
    """Each card in two lines; those of a yes or a no with a link for each answer."""
    id_, month = arguments["organization"], date.fromisoformat(arguments["month"])
    own = organizations.organization(session, id_)
    actor = service.manager(session, person.id, id_, now=now)
    links = service.links_of(session, id_, person.id, month)

    def told(card: Card) -> tuple[str, str, list[tuple[str, str]]]:
        link = links.get(card.key)
        answers = [] if link is None else [each for each in card.choices if each != Choice.LATER]
        return (
            service.words_of(providers(), session, actor, card).question,
            silence_words(card),
            [(deed_words(card, each), answer_link(link or 0, each)) for each in answers],
        )

    cards = [told(card) for card in _cards(session, arguments, now)[person.id]]
    body = render_template(
        "checkin/mail/month.txt",
        person=person,
        name=own.name,
        cards=cards,
        link=address(HERE),
        days=service.LINK_LASTS.days,
        stop=stop_link(id_, person.id),
    )
    return _("Le bilan du mois de %(name)s est prêt", name=own.name), body


def headers(_session: Session, arguments: Mapping[str, Any], _now: datetime) -> Mapping[str, str]:
    """A mail program stops the letters by itself (RFC 8058)."""
    stop = stop_link(arguments["organization"], arguments["reader"])
    return {
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def _cards(
    session: Session, arguments: Mapping[str, Any], now: datetime
) -> Mapping[int, tuple[Card, ...]]:
    id_, month = arguments["organization"], date.fromisoformat(arguments["month"])
    return service.to_tell(session, id_, month, providers=providers(), now=now)


HANDLERS = {
    "checkin.tick": tick,
    "checkin.begin": begin,
    "checkin.tell": Letters(readers, letter, headers),
}
