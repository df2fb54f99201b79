"""E-mails of agreements: who has to know what happened."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import render_template
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.agreements import service
from mutuali.agreements.rules import Side
from mutuali.core.period import local
from mutuali.core.permissions import Role
from mutuali.organizations import service as organizations
from mutuali.web.mail import Letters, address
from mutuali.web.wording import day


def readers(
    session: Session, arguments: Mapping[str, Any], now: datetime
) -> Iterable[accounts.PersonFacts]:
    """The other side of a deed; the analysts too, from when it is in force."""
    facts = service.agreement_by_id(session, arguments["agreement"], now=now)
    by_partner = _side(arguments) is Side.PARTNER
    found = _operator_side(session) if by_partner else _partner_side(session, facts)
    if arguments["what"] in {"in_force", "ended"}:
        found |= frozenset(facts.analysts)
    return accounts.people(session, found).values()


def letter(
    session: Session, arguments: Mapping[str, Any], person: accounts.PersonFacts, now: datetime
) -> tuple[str, str]:
    """What happened to an agreement."""
    facts = service.agreement_by_id(session, arguments["agreement"], now=now)
    what = arguments["what"]
    names = {Side.OPERATOR: facts.operator_name, Side.PARTNER: facts.partner_name}
    body = render_template(
        "agreements/mail/tell.txt",
        person=person,
        agreement=facts,
        what=what,
        ended_by=names[_side(arguments)],
        is_analyst=person.id in facts.analysts,
        last_day=day(local(facts.ends_at).date() - timedelta(days=1)),
        link=address(f"/ententes/{facts.public_id}"),
    )
    return _subject(what, facts.number), body


def _side(arguments: Mapping[str, Any]) -> Side:
    return Side(arguments["by"]) if arguments["by"] else Side.OPERATOR


def _subject(what: str, number: str) -> str:
    return {
        "proposed": _("Une entente attend votre réponse\u00a0: %(number)s", number=number),
        "accepted": _("L’autre partie a accepté l’entente %(number)s", number=number),
        "in_force": _("L’entente %(number)s est conclue", number=number),
        "ended": _("L’entente %(number)s est terminée", number=number),
    }[what]


def _partner_side(session: Session, facts: service.AgreementFacts) -> frozenset[int]:
    return frozenset(organizations.manager_ids(session, facts.partner_id))


def _operator_side(session: Session) -> frozenset[int]:
    return frozenset(each.id for each in accounts.people_with_role(session, Role.STEWARD))


HANDLERS = {"agreements.tell": Letters(readers, letter)}
