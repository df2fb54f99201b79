"""What a search door notes when nothing was free: for members only, after the answer is made."""

from datetime import datetime

from mutuali.bookings import service
from mutuali.bookings.rules import Need
from mutuali.bookings.schemas import Asked
from mutuali.core.period import local
from mutuali.core.permissions import Actor
from mutuali.web.doors import afterwards
from mutuali.web.secrets import new_demand_key


def note_unmet(actor: Actor, asked: Asked, result: service.SearchResult, *, now: datetime) -> None:
    """Count a search for a time to come that found nothing; visitors' searches leave no trace."""
    if result.total or actor.organization_id is None or asked.wish.period.start < now:
        return
    need = Need(asked.wish.kinds, asked.borough, local(asked.wish.period.start).date())
    afterwards(
        lambda session: service.record_unmet(
            session, actor, need, fresh_key=new_demand_key(), now=now
        )
    )
