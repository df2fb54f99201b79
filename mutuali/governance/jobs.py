"""Work of the registers: writing them, reminding, ending what is over, burying, telling people."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from flask import current_app, render_template
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.core.permissions import Role
from mutuali.governance import service
from mutuali.governance.rules import Rule
from mutuali.governance.views.ends import signed
from mutuali.web.mail import Addressee, Letters, address
from mutuali.web.secrets import new_public_id, tombstone_key
from mutuali.web.words import label


def tick(session: Session, _arguments: Mapping[str, Any], now: datetime) -> None:
    """Write the registers, remind of requests, end what is over."""
    service.write_entries(session, now=now)
    service.remind(session, now=now)
    service.end_participations(session, now=now)
    service.run_due(
        session,
        sign=signed,
        tombstone_key=tombstone_key(),
        new_public_id=new_public_id,
        now=now,
    )


def reminder(
    session: Session, arguments: Mapping[str, Any], person: accounts.PersonFacts, _now: datetime
) -> tuple[str, str]:
    """A request waits, until a day."""
    found = service.request_by_id(session, arguments["request"])
    body = render_template(
        "governance/mail/reminder.txt",
        person=person,
        asked=found,
        link=address(f"/intendance/registres/demandes/{found.public_id}"),
    )
    return _("Une demande sur des renseignements personnels attend"), body


def who_asked(
    session: Session, arguments: Mapping[str, Any], _now: datetime
) -> Iterable[accounts.PersonFacts]:
    """Whose request was answered."""
    found = service.request_by_id(session, arguments["request"])
    ids = frozenset({found.person_id} if found.person_id is not None else ())
    return accounts.people(session, ids).values()


def answer_letter(
    session: Session, arguments: Mapping[str, Any], person: accounts.PersonFacts, _now: datetime
) -> tuple[str, str]:
    """What was answered, and what to do against it."""
    found = service.request_by_id(session, arguments["request"])
    body = render_template(
        "governance/mail/answer.txt",
        person=person,
        asked=found,
        answer=label("governance.answer", found.answer),
        link=address("/compte/mes-donnees"),
    )
    return _("Réponse à votre demande"), body


def gone(_session: Session, arguments: Mapping[str, Any], _now: datetime) -> list[Addressee]:
    """Who had this address."""
    return [Addressee(arguments["request"], arguments["to"], arguments["language"])]


def erased_letter(
    _session: Session, _arguments: Mapping[str, Any], _reader: Addressee, _now: datetime
) -> tuple[str, str]:
    """That it is done, and what stays."""
    return _("Votre compte est effacé"), render_template("governance/mail/erased.txt")


def moved_letter(
    _session: Session, arguments: Mapping[str, Any], _reader: Addressee, _now: datetime
) -> tuple[str, str]:
    """That the account answers to another address now."""
    body = render_template("governance/mail/moved.txt", contact=address("/confidentialite"))
    return _("Le courriel de votre compte est changé"), body


def read_ended(
    _session: Session, arguments: Mapping[str, Any], now: datetime
) -> tuple[Mapping[str, Any], datetime]:
    """Which tombstone, or which rule that ran, is to leave the database."""
    return arguments, now


def bury(found: tuple[Mapping[str, Any], datetime]) -> None:
    """Keep it with the files."""
    arguments, at = found
    files_url = current_app.config["SETTINGS"].files_url
    if "rule" in arguments:
        service.note_rule(files_url, Rule(arguments["rule"]), at)
    else:
        service.bury(files_url, arguments["fingerprint"], at)


HANDLERS: Mapping[str, Any] = {
    "governance.tick": tick,
    "governance.remind": Letters(accounts.holders_of(Role.STEWARD), reminder),
    "governance.tell_answer": Letters(who_asked, answer_letter),
    "governance.tell_erased": Letters(gone, erased_letter),
    "governance.tell_moved": Letters(gone, moved_letter),
}
