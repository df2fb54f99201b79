"""Jobs of waiting: whose turn it is hears of it, turns and spans end; what is new for searches."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from flask import render_template
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.bookings import service as bookings
from mutuali.bookings.rules import Step
from mutuali.core.permissions import SYSTEM
from mutuali.equipment import service as equipment
from mutuali.organizations import service as organizations
from mutuali.waiting import service
from mutuali.waiting.rules import MOST_TOLD
from mutuali.waiting.views.searches import STOP_LINK
from mutuali.waiting.views.shown import search_words
from mutuali.web.mail import Letters, address
from mutuali.web.secrets import signed_link_token

#: Steps after which units may be free that were not.
_FREES = frozenset(
    {
        *(Step.DECLINE, Step.CANCEL, Step.EXPIRE, Step.TAKE_BACK, Step.PART_BACK, Step.SHORTEN),
        *(Step.MOVE, Step.UNITS, Step.NO_SHOW, Step.UNDO),
    }
)


def stepped(session: Session, arguments: Mapping[str, Any], now: datetime) -> None:
    """A booking took a step: whoever asked waits no more, whoever waits may be next."""
    step, booking_id = Step(arguments["step"]), arguments["booking"]
    if step is Step.REQUEST:
        service.end_asked_for(session, booking_id, now=now)
    if step not in _FREES:
        return
    facts = bookings.booking_by_id(session, SYSTEM, booking_id, now=now)
    before = bookings.moved_from(session, booking_id) if step is Step.MOVE else None
    for listing_id in sorted({facts.listing.id, *([before.id] if before else [])}):
        service.ask_waiting(session, listing_id, now=now)


def tick(session: Session, _arguments: Mapping[str, Any], now: datetime) -> None:
    """End turns and spans, then look at every line."""
    service.end_turns(session, now=now)
    service.ask_all(session, now=now)


def look(session: Session, _arguments: Mapping[str, Any], now: datetime) -> None:
    """Look for what is new for the searches that are due."""
    service.look_for_news(session, now=now)


def readers(
    session: Session, arguments: Mapping[str, Any], now: datetime
) -> Iterable[accounts.PersonFacts]:
    """The people of the organization whose turn it is, as long as it is."""
    found = service.turn(session, arguments["entry"], now=now)
    if found is None:
        return ()
    ids = frozenset(organizations.member_ids(session, found.borrower_id))
    return accounts.people(session, ids).values()


def letter(
    session: Session, arguments: Mapping[str, Any], person: accounts.PersonFacts, now: datetime
) -> tuple[str, str]:
    """What is free, and until when it is theirs to ask for."""
    found = service.turn(session, arguments["entry"], now=now)
    if found is None:
        raise LookupError("the turn is over")
    title = found.listing.title(person.language)
    body = render_template(
        "waiting/mail/turn.txt", person=person, title=title, turn=found, link=address("/attente")
    )
    return _("C’est libre\u00a0: %(title)s", title=title), body


def searcher(
    session: Session, arguments: Mapping[str, Any], now: datetime
) -> Iterable[accounts.PersonFacts]:
    """Whose search it is, as long as they keep it and have not seen what is new."""
    found = service.search_by_id(session, arguments["search"], now=now)
    if found is None or not _new(found, arguments):
        return ()
    return accounts.people(session, frozenset({found.person_id})).values()


def news_letter(
    session: Session, arguments: Mapping[str, Any], person: accounts.PersonFacts, now: datetime
) -> tuple[str, str]:
    """What is new for a search, and how to stop."""
    found = service.search_by_id(session, arguments["search"], now=now)
    if found is None:
        raise LookupError("the search is gone")
    new = _new(found, arguments)
    body = render_template(
        "waiting/mail/news.txt",
        person=person,
        search=found,
        says=search_words(found.draft),
        told=new[:MOST_TOLD],
        more=len(new[MOST_TOLD:]),
        listing_link=lambda listing: address(f"/annonces/{listing.public_id}"),
        link=address("/recherches"),
        stop=_stop_link(found),
    )
    return _("Nouveau\u00a0: %(name)s", name=found.draft.name), body


def news_headers(
    session: Session, arguments: Mapping[str, Any], now: datetime
) -> Mapping[str, str]:
    """A mail program stops the letters by itself (RFC 8058)."""
    found = service.search_by_id(session, arguments["search"], now=now)
    if found is None:
        return {}
    return {
        "List-Unsubscribe": f"<{_stop_link(found)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def _new(found: service.SavedFacts, arguments: Mapping[str, Any]) -> list[equipment.ListingFacts]:
    return [each for each in found.fresh if each.id in arguments["new"]]


def _stop_link(found: service.SavedFacts) -> str:
    token = signed_link_token(STOP_LINK, found.public_id)
    return address(f"/recherches/arreter/{token}")


HANDLERS = {
    "waiting.look": look,
    "waiting.tell_news": Letters(searcher, news_letter, news_headers),
    "waiting.stepped": stepped,
    "waiting.tick": tick,
    "waiting.tell": Letters(readers, letter),
}
