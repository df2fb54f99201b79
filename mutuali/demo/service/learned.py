"""What people of the made-up network have learned."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.core.permissions import Actor
from mutuali.demo.rules.names import DOMAIN
from mutuali.learning import service as learning
from mutuali.learning.rules import CARDS

#: How many cards each account has read, one a week.
_READ = {"administration": len(CARDS), "gestion": 9, "coordination": 6, "membre": 3, "analyste": 4}
#: Every so many, the first answer is wrong.
_WRONG = 5


def learn(session: Session, *, now: datetime) -> None:
    """Read cards as they come, a week apart, with a wrong answer now and then."""
    for account, count in _READ.items():
        found = accounts.find_person(session, f"{account}@{DOMAIN}")
        assert found is not None  # noqa: S101 - the network was filled just before
        reader = Actor(found.id)
        for number in range(count):
            card = learning.next_card(session, reader)
            assert card is not None  # noqa: S101 - nobody reads more cards than there are
            is_wrong = number % _WRONG == _WRONG - 1
            choice = card.right % 3 + 1 if is_wrong else card.right
            at = now - timedelta(weeks=count - number)
            learning.answer(session, reader, card.code, choice, now=at)
