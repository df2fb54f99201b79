"""E-mails of mishaps: that one was reported, that something was added, that it is closed."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from flask import render_template
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.core.permissions import Role
from mutuali.mishaps import service
from mutuali.web.mail import Letters, address
from mutuali.web.words import label


def readers(
    session: Session, arguments: Mapping[str, Any], _now: datetime
) -> Iterable[accounts.PersonFacts]:
    """The people of both parties and the coordination, but for whoever did it."""
    coordination = {person.id for person in accounts.people_with_role(session, Role.COORDINATOR)}
    found = service.mishap_told(session, arguments["mishap"]).readers | coordination
    return accounts.people(session, found - {arguments["by"]}).values()


def letter(
    session: Session, arguments: Mapping[str, Any], person: accounts.PersonFacts, _now: datetime
) -> tuple[str, str]:
    """What went wrong, or what was said of it since."""
    told = service.mishap_told(session, arguments["mishap"])
    what, title = label("mishaps.deed", arguments["what"]), told.line.listing.title(person.language)
    body = render_template(
        "mishaps/mail/mishap.txt",
        person=person,
        what=what,
        title=title,
        mishap=told.line,
        words=told.last_words,
        link=address(f"/incidents-de-pret/{told.line.public_id}"),
    )
    return _("%(what)s\u00a0: %(title)s", what=what, title=title), body


HANDLERS = {"mishaps.tell": Letters(readers, letter)}
