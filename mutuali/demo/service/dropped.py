"""A question that the made-up network asks no more."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.collecting import service as collecting
from mutuali.collecting.rules import Question
from mutuali.core.permissions import Actor, Role
from mutuali.demo.rules.names import DOMAIN


def collect_less(
    session: Session,
    *,
    sign: Callable[[bytes], collecting.Signed],
    new_public_id: Callable[[], str],
    now: datetime,
) -> None:
    """The steward dropped the remark about payments, which nobody had used."""
    found = accounts.find_person(session, f"intendance@{DOMAIN}")
    assert found is not None  # noqa: S101 - the network was filled just before
    steward = Actor(found.id, roles=frozenset({Role.STEWARD}), second_factor=True)
    collecting.ask_less(
        session, steward, Question.PAYMENT_NOTE, sign=sign, public_id=new_public_id(), now=now
    )
