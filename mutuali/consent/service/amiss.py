"""What can be amiss with the answers of an organization; of persons, nothing: nobody's employer
reads those."""

from datetime import timedelta

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import aliased

from mutuali.consent.models import CallRequest, ConsentEvent
from mutuali.consent.rules import Event, Subject
from mutuali.consent.service.records import unsettled_of
from mutuali.counts import NOW, ORGANIZATION, Amiss, ago, amiss_among

#: Boards and work change: a yes is looked at again after so long.
_LOOKED_AT_AGAIN = timedelta(days=365)
#: In time to read it again before it ends.
_ENDING = timedelta(days=60)
_CALLED_WITHIN = timedelta(days=7)


def questions_open() -> Amiss:
    """How many questions it has answered neither by yes nor by no."""
    return unsettled_of(Subject.ORGANIZATION, ConsentEvent.organization_id == ORGANIZATION, 1, NOW)


def old_answers() -> Amiss:
    """How many yes are older than a year."""
    return amiss_among(ConsentEvent.at < ago(_LOOKED_AT_AGAIN), *_yes())


def ending_answers() -> Amiss:
    """How many yes end within two months."""
    return amiss_among(ConsentEvent.until < ago(-_ENDING), *_yes())


def _yes() -> tuple[ColumnElement[bool], ...]:
    """Its answers in force that are a yes."""
    later = aliased(ConsentEvent)
    last = ~exists().where(
        later.organization_id == ConsentEvent.organization_id,
        later.notice_id == ConsentEvent.notice_id,
        later.id > ConsentEvent.id,
    )
    own = ConsentEvent.organization_id == ORGANIZATION
    return (own, ConsentEvent.event == Event.GIVEN, ConsentEvent.until > NOW, last)


def calls_waiting() -> Amiss:
    """How many in the network have waited for more than a week to be called."""
    return select(func.count(CallRequest.id)).where(
        CallRequest.closed_at.is_(None), CallRequest.created_at < ago(_CALLED_WITHIN)
    )
