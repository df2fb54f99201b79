"""E-mails of agreements: who has to know what happened."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import render_template
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.agreements import service
from mutuali.agreements.rules import Side
from mutuali.core.period import local
from mutuali.core.permissions import SYSTEM, Role
from mutuali.organizations import service as organizations
from mutuali.web.mail import address, in_language, send
from mutuali.web.wording import day


def tell(session: Session, arguments: Mapping[str, Any], now: datetime) -> None:
    """Tell the other side of a deed; the analysts too, from when it is in force."""
    facts = service.agreement_by_id(session, arguments["agreement"], now=now)
    what = arguments["what"]
    side = Side(arguments["by"]) if arguments["by"] else Side.OPERATOR
    readers = _operator_side(session) if side is Side.PARTNER else _partner_side(session, facts)
    if what in {"in_force", "ended"}:
        readers |= frozenset(facts.analysts)
    names = {Side.OPERATOR: facts.operator_name, Side.PARTNER: facts.partner_name}
    for person in accounts.people(session, readers).values():
        with in_language(person.language):
            body = render_template(
                "agreements/mail/tell.txt",
                person=person,
                agreement=facts,
                what=what,
                ended_by=names[side],
                is_analyst=person.id in facts.analysts,
                last_day=day(local(facts.ends_at).date() - timedelta(days=1)),
                link=address(f"/ententes/{facts.public_id}"),
            )
            subject = _subject(what, facts.number)
        send(person.email, subject, body)


def _subject(what: str, number: str) -> str:
    return {
        "proposed": _("Une entente attend votre réponse\u00a0: %(number)s", number=number),
        "accepted": _("L’autre partie a accepté l’entente %(number)s", number=number),
        "in_force": _("L’entente %(number)s est conclue", number=number),
        "ended": _("L’entente %(number)s est terminée", number=number),
    }[what]


def _partner_side(session: Session, facts: service.AgreementFacts) -> frozenset[int]:
    members = organizations.members(session, SYSTEM, facts.partner_id)
    return frozenset(each.person_id for each in members if each.role is Role.MANAGER)


def _operator_side(session: Session) -> frozenset[int]:
    return frozenset(each.id for each in accounts.people_with_role(session, Role.STEWARD))


HANDLERS: dict[str, Callable[[Session, Mapping[str, Any], datetime], None]] = {
    "agreements.tell": tell,
}
