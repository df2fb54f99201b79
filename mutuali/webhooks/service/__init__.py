"""Use cases of webhooks: keep hooks, tell what happened, send it."""

from mutuali.webhooks.service.amiss import (
    stopped_addresses,
)
from mutuali.webhooks.service.ending import (
    forget_deliveries,
    forget_hooks,
    forget_person,
    held_about_organization,
    held_about_person,
)
from mutuali.webhooks.service.keep import (
    DeliveryFacts,
    HookDraft,
    HookFacts,
    add_hook,
    change_secret,
    choose_events,
    deliveries_of,
    hook,
    hooks_of,
    pause,
    remove_hook,
    resume,
    send_again,
    send_test,
)
from mutuali.webhooks.service.send import Attempt, ToSend, hook_by_id, record_attempt, to_send
from mutuali.webhooks.service.tell import (
    booking_stepped,
    condition_said,
    outage_changed,
    tell,
    trip_changed,
)

__all__ = [
    "Attempt",
    "DeliveryFacts",
    "HookDraft",
    "HookFacts",
    "ToSend",
    "add_hook",
    "booking_stepped",
    "change_secret",
    "choose_events",
    "condition_said",
    "deliveries_of",
    "forget_deliveries",
    "forget_hooks",
    "forget_person",
    "held_about_organization",
    "held_about_person",
    "hook",
    "hook_by_id",
    "hooks_of",
    "outage_changed",
    "pause",
    "record_attempt",
    "remove_hook",
    "resume",
    "send_again",
    "send_test",
    "stopped_addresses",
    "tell",
    "to_send",
    "trip_changed",
]
