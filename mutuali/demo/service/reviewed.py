"""What the two parties of past loans say of each other and of the thing."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from mutuali.bookings import service as bookings
from mutuali.core.permissions import SYSTEM
from mutuali.demo.rules.dice import Dice
from mutuali.demo.service.people import actor_of, member_of
from mutuali.reviews import service as reviews
from mutuali.reviews.rules import Scores, open_until
from mutuali.reviews.service import ReviewDraft

#: What borrowers say, with the scores that go with it: as described, quality, respect, talk.
_BORROWERS = (
    ((5, 5, 5, 5), "Propre, plein d’essence, et on nous a montré le hayon. Merci!"),
    ((5, 4, 5, 5), "Tout à fait ce qui était annoncé."),
    ((4, 3, 5, 4), "Une étagère manquait, mais on s’est arrangés."),
    ((5, 5, 4, 3), ""),
    ((2, 3, 4, 2), "Personne à l’accueil à l’heure dite; vingt minutes d’attente."),
)
#: What lenders say: respect, talk.
_LENDERS = (
    ((5, 5), "Revenu à l’heure et lavé."),
    ((5, 4), ""),
    ((3, 4), "Revenu sale, mais ils sont repassés le nettoyer."),
)
#: Every so many loans, nobody says anything; every so many, only the borrower does.
_SILENT, _ONE_SIDED = 4, 3


def review_past_loans(
    session: Session, dice: Dice, *, new_public_id: Callable[[], str], now: datetime
) -> None:
    """The latest loans of the lender that one can sign in for are reviewed, within two days."""
    lender_id = actor_of(session, "gestion").organization_id or 0
    past = bookings.past_bookings_of(session, SYSTEM, lender_id, now=now, page=1).found
    for number, facts in enumerate(past):
        back = facts.returned_at
        if back is None or facts.lender.id != lender_id or number % _SILENT == 0:
            continue
        at = min(now, back + timedelta(hours=dice.randint(2, 40)))
        (described, quality, respect, talk), sentence = dice.choice(_BORROWERS)
        borrowers = ReviewDraft(Scores(respect, talk, described, quality), sentence, "")
        said = [(facts.borrower.id, borrowers)]
        if number % _ONE_SIDED and at < open_until(back):
            (respect, talk), sentence = dice.choice(_LENDERS)
            said.append((lender_id, ReviewDraft(Scores(respect, talk), sentence, "")))
        for organization_id, draft in said:
            who = member_of(session, organization_id)
            reviews.write_review(
                session, who, facts.public_id, draft, public_id=new_public_id(), now=at
            )
