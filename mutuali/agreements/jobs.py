"""E-mails of agreements: who has to know what happened; and what the calendar brings."""

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

#: What both sides are told, and what the persons it names are told as well.
_BOTH_SIDES = frozenset({"suspended", "lifted", "ending", "review"})
_ANALYSTS_TOO = frozenset({"in_force", "ended", "suspended", "lifted", "ending"})


def readers(
    session: Session, arguments: Mapping[str, Any], now: datetime
) -> Iterable[accounts.PersonFacts]:
    """The other side of a deed, both where it concerns both; the named persons where it does."""
    facts = service.agreement_by_id(session, arguments["agreement"], now=now)
    what, side = arguments["what"], _side(arguments)
    found: frozenset[int] = frozenset()
    if side is Side.PARTNER or side is None or what in _BOTH_SIDES:
        found |= _operator_side(session)
    if side is not Side.PARTNER or what in _BOTH_SIDES:
        found |= _partner_side(session, facts)
    if what == "proposed":
        found = _partner_side(session, facts)
    if what in _ANALYSTS_TOO:
        found |= frozenset(facts.analysts)
    return accounts.people(session, found).values()


def letter(
    session: Session, arguments: Mapping[str, Any], person: accounts.PersonFacts, now: datetime
) -> tuple[str, str]:
    """What happened to an agreement."""
    facts = service.agreement_by_id(session, arguments["agreement"], now=now)
    what, side = arguments["what"], _side(arguments)
    names = {Side.OPERATOR: facts.operator_name, Side.PARTNER: facts.partner_name}
    is_analyst = person.id in facts.analysts
    signs = service.waits_for_signature(facts, person.id)
    body = render_template(
        "agreements/mail/tell.txt",
        person=person,
        agreement=facts,
        what=what,
        by=names[side] if side else None,
        is_analyst=is_analyst,
        signs=signs,
        last_day=day(local(facts.ends_at).date() - timedelta(days=1)),
        link=address(f"/ententes/{facts.public_id}{'/signer' if signs and is_analyst else ''}"),
    )
    return _subject(what, facts.number), body


def watch(session: Session, _arguments: Mapping[str, Any], now: datetime) -> None:
    """Once a day: reminders, reviews, suspensions that nobody lifted."""
    service.watch(session, now=now)


def _side(arguments: Mapping[str, Any]) -> Side | None:
    return Side(arguments["by"]) if arguments["by"] else None


def _subject(what: str, number: str) -> str:
    return {
        "proposed": _("Une entente attend votre réponse\u00a0: %(number)s", number=number),
        "accepted": _("L’autre partie a accepté l’entente %(number)s", number=number),
        "in_force": _("L’entente %(number)s est conclue", number=number),
        "suspended": _("L’entente %(number)s est suspendue", number=number),
        "lifted": _("Une suspension de l’entente %(number)s est levée", number=number),
        "ending": _("L’entente %(number)s prend bientôt fin", number=number),
        "review": _("L’entente %(number)s est à relire", number=number),
        "ended": _("L’entente %(number)s est terminée", number=number),
    }[what]


def _partner_side(session: Session, facts: service.AgreementFacts) -> frozenset[int]:
    return frozenset(organizations.manager_ids(session, facts.partner_id))


def _operator_side(session: Session) -> frozenset[int]:
    return frozenset(each.id for each in accounts.people_with_role(session, Role.STEWARD))


HANDLERS = {"agreements.tell": Letters(readers, letter), "agreements.watch": watch}
