"""Which features of the software serve each principle; the public page says it."""

from collections.abc import Mapping

from mutuali.core.charter import Principle

SERVED_BY: Mapping[Principle, tuple[str, ...]] = {
    Principle.PRIVACY: (
        *("consent", "exports", "accounts", "messages", "calendars", "numbers", "owndata"),
    ),
    Principle.INCLUSION: ("bookings", "waiting", "charter", "learning"),
    Principle.CYBERSECURITY: ("accounts", "audit", "webhooks", "jobs"),
    Principle.CONSENT: ("consent", "agreements", "checkin", "governance"),
    Principle.SOBRIETY: ("inventory", "owndata", "governance", "collecting"),
    Principle.COMMON_GOOD: ("equipment", "bookings", "loans", "trips", "numbers", "founding"),
    Principle.SOVEREIGNTY: ("agreements", "organizations", "network"),
    Principle.INTEROPERABILITY: ("imports", "calendars", "webhooks", "exports", "mobility"),
    Principle.TRANSPARENCY: (
        *("transparency", "audit", "inventory", "governance"),
        *("organizations", "mishaps", "charter", "owndata"),
    ),
    Principle.ACCESS: ("equipment", "notifications", "demo"),
    Principle.PARTICIPATION: ("messages", "reviews", "voices", "transparency"),
    Principle.INNOVATION: ("exports", "demo"),
    Principle.TRANSITION: ("loans", "trips"),
}
