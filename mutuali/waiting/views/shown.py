"""What the pages and letters say of a saved search."""

from urllib.parse import urlencode

from flask_babel import gettext as _
from flask_babel import ngettext

from mutuali.core.period import local
from mutuali.waiting.rules import SearchDraft
from mutuali.web import wording
from mutuali.web.words import label


def search_words(draft: SearchDraft) -> str:
    """A search in a line: what, where, when, how many."""
    kinds = ", ".join(label("equipment.kind", each.value) for each in draft.kinds)
    said = [kinds or _("Tout")]
    if draft.words:
        said.append(_("«\u00a0%(words)s\u00a0»", words=draft.words))
    if draft.place and draft.radius_km:
        where = _("à %(km)s\u00a0km de %(place)s au plus", km=draft.radius_km, place=draft.place)
        said.append(where)
    elif draft.place:
        said.append(_("près de %(place)s", place=draft.place))
    said.append(wording.span(draft.period) if draft.period else _("n’importe quand"))
    if draft.units > 1:
        said.append(ngettext("%(num)d unité", "%(num)d unités", draft.units))
    if draft.refrigerated:
        said.append(_("Réfrigéré"))
    if draft.driver_included:
        said.append(_("Avec conductrice ou conducteur"))
    if draft.free_of_charge:
        said.append(_("Gratuit seulement"))
    if draft.payload_kg:
        said.append(_("au moins %(load)s", load=wording.kilograms(draft.payload_kg)))
    said += [label("equipment.permit", each.value) for each in draft.permits]
    return "; ".join(said)


def search_address(draft: SearchDraft) -> str | None:
    """The search made again, on its page; none without dates, where a day has to be chosen."""
    if draft.period is None:
        return None
    start, end = local(draft.period.start), local(draft.period.end)
    args: list[tuple[str, str]] = [
        ("day", start.date().isoformat()),
        ("starts", f"{start:%H:%M}"),
        ("ends", f"{end:%H:%M}"),
        ("units", str(draft.units)),
    ]
    if end.date() != start.date():
        args.append(("end_day", end.date().isoformat()))
    args += [("kind", each.value) for each in draft.kinds]
    args += [("permit", each.value) for each in draft.permits]
    args += [("place", draft.place)] if draft.place else []
    args += [("words", draft.words)] if draft.words else []
    args += [("payload_kg", str(draft.payload_kg))] if draft.payload_kg else []
    flags = ("refrigerated", "driver_included", "free_of_charge")
    args += [(name, "1") for name in flags if getattr(draft, name)]
    return f"/?{urlencode(args)}#resultats"


#: Handed to every page of waiting.
FUNCTIONS = {function.__name__: function for function in (search_words, search_address)}
