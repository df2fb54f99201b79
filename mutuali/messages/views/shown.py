"""What the pages of messages say: plain values into words."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup, escape

from mutuali.core.period import local
from mutuali.messages.service import FileFacts, ReadBy, ThreadFacts
from mutuali.web import wording
from mutuali.web.clock import utc_now
from mutuali.web.wording import NBSP, in_french

_LINK = re.compile(r"https://[^\s<>\"']{3,}")
#: What ends a sentence is no part of the address before it.
_AFTER_LINK = ".,;:!?)]}»…’"


def linked(text: str) -> Markup:
    """A text that somebody typed; only encrypted addresses of the web can be pressed."""
    parts, end = [], 0
    for found in _LINK.finditer(text):
        address = found[0].rstrip(_AFTER_LINK)
        parts.append(escape(text[end : found.start()]))
        parts.append(
            Markup('<a href="{0}" rel="nofollow noopener noreferrer">{0}</a>').format(address)
        )
        end = found.start() + len(address)
    return Markup("").join([*parts, escape(text[end:])])


def when_said(instant: datetime) -> str:
    """``aujourd’hui à 14 h``, ``hier à 14 h``, ``mardi 3 mars 2026 à 14 h``."""
    there, today = local(instant), local(utc_now()).date()
    clock = wording.clock(there)
    if there.date() == today:
        return _("aujourd’hui à %(clock)s", clock=clock)
    if there.date() == today - timedelta(days=1):
        return _("hier à %(clock)s", clock=clock)
    return wording.moment(instant)


def read_words(read_by: Sequence[ReadBy]) -> str:
    """``Lu par Zoé Partie, hier à 14 h; Max Roy, aujourd’hui à 9 h``; that nobody has yet."""
    if not read_by:
        return _("Pas encore lu")
    each = "; ".join(f"{one.person}, {when_said(one.at)}" for one in read_by)
    return _("Lu par %(who)s", who=each)


def size_words(file: FileFacts) -> str:
    """``2,4 Mo``, ``310 ko``; ``2.4 MB`` in English."""
    if file.size < 1_000_000:
        return f"{max(1, round(file.size / 1000))}{NBSP}{'ko' if in_french() else 'KB'}"
    words = f"{file.size / 1_000_000:.1f}"
    return f"{words.replace('.', ',')}{NBSP}Mo" if in_french() else f"{words}{NBSP}MB"


def about_words(thread: ThreadFacts, language: str) -> str:
    """``Camion réfrigéré``, and when it is booked where it is."""
    title = thread.listing.title(language)
    if thread.period is None:
        return title
    return _("%(title)s, %(when)s", title=title, when=wording.span(thread.period))


def unread_words(count: int) -> str:
    """What waits in one's messages."""
    return ngettext("%(num)d échange non lu", "%(num)d échanges non lus", count)


def reported_words(count: int) -> str:
    """What waits for the coordination."""
    return ngettext(
        "%(num)d message signalé attend votre décision",
        "%(num)d messages signalés attendent votre décision",
        count,
    )


#: Handed to every page of messages.
FUNCTIONS = {
    function.__name__: function
    for function in (about_words, linked, read_words, size_words, when_said)
}
