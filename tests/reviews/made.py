"""Loans that came back, and what is said of them."""

from datetime import datetime

from mutuali.bookings import service as bookings
from mutuali.core.permissions import Actor
from mutuali.reviews import service
from mutuali.reviews.rules import Scores
from mutuali.web.secrets import new_public_id
from tests.factories import World, at
from tests.loans.made import Loan, loan

#: When the thing of :func:`returned` came back.
BACK = at(0, 6)


def returned(world: World) -> Loan:
    """A loan that went out at its start and came back at its end."""
    made = loan(world)
    bookings.hand_over(world.session, made.taker, made.id, now=at(0, 2))
    bookings.take_back(world.session, made.taker, made.id, now=BACK)
    return made


def says(
    made: Loan,
    who: Actor,
    *,
    score: int = 5,
    sentence: str = "",
    private_word: str = "",
    now: datetime,
) -> None:
    """One side says how it went, with the same score for everything it may judge."""
    of_thing = {"as_described": score, "quality": score} if who is made.taker else {}
    draft = service.ReviewDraft(Scores(score, score, **of_thing), sentence, private_word)
    service.write_review(made.session, who, made.id, draft, public_id=new_public_id(), now=now)
