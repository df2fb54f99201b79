"""What is kept of answers for vehicles, and its end."""

from datetime import datetime

from sqlalchemy.orm import Session

from mutuali.mobility.models import VehicleAnswer
from mutuali.mobility.rules import given_for_all_before
from mutuali.storage import HeldRows, forget_rows, held_rows


def held_about_organization(session: Session, organization_id: int) -> list[HeldRows]:
    """What an organization said of showing its vehicles."""
    return [held_rows(session, VehicleAnswer, VehicleAnswer.lender_id == organization_id)]


def forget_answers(session: Session, before: datetime, *, dry: bool) -> int:
    """Destroy what was said so long ago that every yes of then ended before; returns how many."""
    over = given_for_all_before(before)
    return forget_rows(session, VehicleAnswer, VehicleAnswer.said_at < over, dry=dry)
