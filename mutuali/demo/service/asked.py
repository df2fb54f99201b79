"""A made-up public asks, and the coordination answers."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from mutuali.core.permissions import Role
from mutuali.demo.rules.asked import ASKED, WAITING
from mutuali.demo.rules.names import DOMAIN
from mutuali.demo.service.people import actor_of
from mutuali.voices import service as voices
from mutuali.voices.rules import Leave

_DAY, _MINUTE = timedelta(days=1), timedelta(minutes=1)


def hear_the_public(session: Session, *, new_public_id: Callable[[], str], now: datetime) -> None:
    """Six questions of the last months stand in public with their answers; two wait."""
    desk = replace(actor_of(session, "coordination"), roles=frozenset({Role.COORDINATOR}))
    given: list[str] = []
    for each in ASKED:
        id_, said_at = new_public_id(), now - each.days_ago * _DAY
        said = voices.Said(each.topic, each.words, each.page, each.language, "", Leave.YES)
        voices.say(session, said, public_id=id_, opened_at=said_at - _MINUTE, now=said_at)
        answered_at = said_at + each.answered_after * _DAY
        shown = each.shown or each.words
        if each.draft is None:
            given.append(given[each.under or 0])
            voices.publish_under(session, desk, id_, shown, given[-1], now=answered_at)
            continue
        given.append(new_public_id())
        voices.publish(session, desk, id_, shown, each.draft, answer_id=given[-1], now=answered_at)
    for topic, page, words, days_ago, may_publish, mailbox in WAITING:
        said_at = now - days_ago * _DAY
        leave = Leave.YES if may_publish else Leave.NO
        email = f"{mailbox}@{DOMAIN}" if mailbox else ""
        said = voices.Said(topic, words, page, "fr", email, leave)
        voices.say(
            session, said, public_id=new_public_id(), opened_at=said_at - _MINUTE, now=said_at
        )
