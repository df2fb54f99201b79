"""What agendas say of a booking, in the language at hand."""

from flask_babel import gettext as _

from mutuali.bookings.service import AgendaEntry
from mutuali.calendars.rules import Event, EventStatus, status_of
from mutuali.core.places import borough_name
from mutuali.organizations.service import SiteFacts
from mutuali.web.mail import address


def event_of(entry: AgendaEntry, language: str) -> Event:
    """A booking as an event: what, with whom, whether it holds; no note and no person's name."""
    status = status_of(entry.state)
    return Event(
        uid=f"{entry.public_id}@mutuali",
        sequence=entry.version,
        period=entry.period,
        summary=_summary(entry, status, language),
        status=status,
        url=address(f"/reservations/{entry.public_id}"),
        location=_place(entry.site) if entry.site else "",
        changed_at=entry.changed_at,
    )


def thing(entry: AgendaEntry, language: str) -> str:
    """``Camion réfrigéré``, ``40 × Bacs``."""
    title = entry.title(language)
    return f"{entry.units} × {title}" if entry.of_units > 1 else title


def _summary(entry: AgendaEntry, status: EventStatus, language: str) -> str:
    what, name = thing(entry, language), entry.other.name
    if entry.other.is_sole_operator:  # the name of a person
        said = _("%(what)s, prêt", what=what) if entry.lent else _("%(what)s, emprunt", what=what)
    elif entry.lent:
        said = _("%(what)s, prêt à %(name)s", what=what, name=name)
    else:
        said = _("%(what)s, emprunt à %(name)s", what=what, name=name)
    if status is EventStatus.TENTATIVE:
        return _("%(said)s (à confirmer)", said=said)
    return _("%(said)s (annulé)", said=said) if status is EventStatus.CANCELLED else said


def _place(site: SiteFacts) -> str:
    parts = (site.name, site.address, borough_name(site.borough), site.postal_code)
    return ", ".join(part for part in parts if part)
