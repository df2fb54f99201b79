"""Parts that later features add to a page of an earlier one: an arrow that need not run back."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from flask import Flask, current_app
from markupsafe import Markup
from sqlalchemy.orm import Session

from mutuali.core.permissions import Actor


class Place(StrEnum):
    """The pages that take panels, each about one subject."""

    BOOKING = "booking"
    #: What a booking asks its reader to do next, before all else on its page.
    BOOKING_NEXT = "booking_next"
    LISTING = "listing"
    #: Under the results of a search; the subject is how many there are.
    SEARCH = "search"
    #: Where a request for a listing was refused for lack of units.
    REQUEST_REFUSED = "request_refused"
    SERIES = "series"
    ORGANIZATION = "organization"
    #: What an organization is asked about consent; the subject is the organization.
    CONSENTS = "consents"
    #: The first question of an agreement; the subject is empty of one that is new.
    AGREEMENT_BEGUN = "agreement_begun"
    #: What is asked before an export is let out, of whoever answers for it.
    EXPORT_REVIEW = "export_review"
    #: What waits for a person, before all else there; it has no subject.
    INBOX = "inbox"
    #: The page that everybody may read; it has no subject.
    TRANSPARENCY = "transparency"


#: (session, actor, the subject's public id, now) -> its part of the page; None says nothing.
#: Whoever sees the page sees its panels: a panel asks its own permission.
Panel: TypeAlias = Callable[[Session, Actor, str, datetime], Markup | None]

_KEY = "mutuali_panels"


def init_panels(app: Flask, panels: Mapping[Place, Sequence[Panel]]) -> None:
    """Hand in the panels of each page, in the order in which they stand there."""
    app.extensions[_KEY] = panels


def panels_of(
    place: Place, session: Session, actor: Actor, subject: str, now: datetime
) -> list[Markup]:
    """The parts that this person sees on this page."""
    known: Mapping[Place, Sequence[Panel]] = current_app.extensions[_KEY]
    made = (panel(session, actor, subject, now) for panel in known.get(place, ()))
    return [each for each in made if each is not None]
