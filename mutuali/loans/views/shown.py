"""What the pages of loans say: plain values into words."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup

from mutuali.bookings.service import BookingFacts
from mutuali.loans.rules import Bounds, Direction, Item, Seen, Side
from mutuali.loans.service import ContactFacts, Passage, ReportFacts
from mutuali.web import wording
from mutuali.web.wording import in_french
from mutuali.web.words import label

#: The last part of the address of each change of hands.
PATHS = {Direction.OUT: "prise-en-charge", Direction.BACK: "retour"}


def address_of(facts: BookingFacts, direction: Direction) -> str:
    """The page of a change of hands."""
    return f"/reservations/{facts.public_id}/{PATHS[direction]}"


def degrees(tenths: int) -> str:
    """``3,5 °C`` in French, ``3.5 °C`` in English; whole degrees without their zero."""
    whole = tenths % 10 == 0
    text = str(tenths // 10) if whole else f"{tenths / 10:.1f}"
    if in_french():
        text = text.replace(".", ",")
    return f"{text.replace('-', '−')}\u00a0°C"


def bounds_words(bounds: Bounds) -> str:
    """``de 0 °C à 4 °C``, ``4 °C au plus``, ``−18 °C au moins``."""
    if bounds.low is not None and bounds.high is not None:
        return _("de %(low)s à %(high)s", low=degrees(bounds.low), high=degrees(bounds.high))
    if bounds.high is not None:
        return _("%(high)s au plus", high=degrees(bounds.high))
    return _("%(low)s au moins", low=degrees(bounds.low or 0))


def out_of_range_words(temperature: int | None, bounds: Bounds | None) -> str:
    """What a temperature out of bounds means; empty within them, or where cold is no matter."""
    if temperature is None or bounds is None or bounds.holds(temperature):
        return ""
    return _(
        "%(temperature)s\u00a0: hors de la plage (%(bounds)s). C’est noté au constat. Ne chargez "
        "pas d’aliments froids avant d’en avoir parlé à l’autre organisme.",
        temperature=degrees(temperature),
        bounds=bounds_words(bounds),
    )


def kilometres(count: int) -> str:
    """``45 210 km`` in French, ``45,210 km`` in English."""
    return f"{count:,}".replace(",", "\u00a0" if in_french() else ",") + "\u00a0km"


def report_rows(passage: Passage) -> list[tuple[str, bool, list[str]]]:
    """(what, whether the reports differ in it, what each report says), in the reports' order."""
    reports = list(passage.reports.values())
    names = dict.fromkeys(each.item for report in reports for each in report.condition.items)
    rows = [
        (
            label("loans.item", item.value),
            item.value in passage.differs,
            [_item(r, item) for r in reports],
        )
        for item in names
    ]
    for name, words, said in (
        ("temperature", _("Température"), [_temperature(each) for each in reports]),
        (
            "cleaned",
            _("Ménage fait"),
            [_("Oui") if r.condition.cleaned else _("Non") for r in reports],
        ),
        ("odometer_km", _("Compteur"), [_odometer(each) for each in reports]),
        ("note", _("Remarque"), [each.condition.note for each in reports]),
        ("signed_by", _("Signé"), [_signed(each) for each in reports]),
    ):
        if any(said):
            rows.append((words, name in passage.differs, said))
    return rows


def _item(report: ReportFacts, item: Item) -> str:
    found = next((each for each in report.condition.items if each.item is item), None)
    if found is None:
        return ""
    return _("Correct") if found.ok else _("Problème\u00a0: %(word)s", word=found.word)


def _temperature(report: ReportFacts) -> str:
    temperature = report.condition.temperature
    if temperature is None:
        return ""
    if report.too_warm_or_cold and report.bounds is not None:
        bounds = bounds_words(report.bounds)
        return _("%(t)s, hors plage (%(bounds)s)", t=degrees(temperature), bounds=bounds)
    return degrees(temperature)


def _odometer(report: ReportFacts) -> str:
    km = report.condition.odometer_km
    return "" if km is None else kilometres(km)


def _signed(report: ReportFacts) -> str:
    when, name = wording.moment(report.noted_at), report.condition.signed_by
    if report.by_driver:
        name = _("%(name)s (conduit, sans compte)", name=name).strip()
    return f"{name}, {when}" if name else when


def phone_link(phone: str) -> Markup:
    """A telephone that one taps to call."""
    digits = "".join(letter for letter in phone if letter.isdigit() or letter == "+")
    return Markup('<a href="tel:{}">{}</a>').format(digits, phone)


def contact_rows(
    facts: BookingFacts, contacts: Mapping[Side, ContactFacts]
) -> list[tuple[str, Markup]]:
    """Whom to call and where the keys are, each with who says so."""
    rows = []
    for side, said in contacts.items():
        name = side_name(facts, side)
        if said.phone:
            words = Markup("{} ({})").format(phone_link(said.phone), name)
            rows.append((_("Téléphone du jour"), words))
        if said.keys:
            rows.append((_("Clés et accès"), Markup("{} ({})").format(said.keys, name)))
    return rows


def says_phone(contacts: Mapping[Side, ContactFacts]) -> bool:
    """Whether the lender said whom to call."""
    return Side.LENDER in contacts and bool(contacts[Side.LENDER].phone)


def side_name(facts: BookingFacts, side: Side) -> str:
    """The organization on that side."""
    return (facts.lender if side is Side.LENDER else facts.borrower).name


def typed_of(report: ReportFacts | None) -> Mapping[str, Any]:
    """What the other side wrote, as the form to correct it begins with; not its signature."""
    if report is None:
        return {}
    said = report.condition
    typed: dict[str, Any] = {}
    for each in said.items:
        typed[each.item.value] = "ok" if each.ok else "not_ok"
        typed[f"{each.item.value}_word"] = each.word
    if said.temperature is not None:
        typed["temperature"] = degrees(said.temperature).removesuffix("\u00a0°C").replace("−", "-")
    if said.odometer_km is not None:
        typed["odometer_km"] = str(said.odometer_km)
    if said.cleaned:
        typed["cleaned"] = "1"
    return typed


def sides_named(facts: BookingFacts, sides: Iterable[Side]) -> list[tuple[str, str]]:
    """Sides as choices."""
    return [(side.value, side_name(facts, side)) for side in sorted(sides)]


def form_labels(seen: Seen) -> dict[str, str]:
    """What each field of a report's form is called, for the list of errors."""
    found = {
        "temperature": _("Température affichée, en °C"),
        "odometer_km": _("Compteur"),
        "note": _("Remarque"),
        "photos": _("Photos"),
        "signed_by": _("Votre nom"),
        "side": _("Vous notez pour"),
        "differs": _("Ce qui est différent"),
        "words": _("Comment c’est réglé"),
    }
    for item in seen.items:
        found |= dict.fromkeys((item.value, f"{item.value}_word"), label("loans.item", item.value))
    return found


#: Handed to every page of loans.
FUNCTIONS = {
    function.__name__: function
    for function in (
        address_of,
        bounds_words,
        contact_rows,
        degrees,
        form_labels,
        kilometres,
        phone_link,
        report_rows,
        says_phone,
        side_name,
        sides_named,
    )
}
