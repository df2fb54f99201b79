"""What can be amiss with the addresses of programs of an organization."""

from mutuali.counts import ORGANIZATION, Amiss, amiss_among
from mutuali.webhooks.models import Webhook
from mutuali.webhooks.rules import PausedBecause


def stopped_addresses() -> Amiss:
    """How many addresses the software stopped telling, because they failed or are gone."""
    stopped = Webhook.paused_because.in_((PausedBecause.FAILING, PausedBecause.GONE))
    return amiss_among(stopped.is_(True), Webhook.organization_id == ORGANIZATION)
