"""Jobs of exports: build a bundle, tell people, let what lapsed go."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from io import BytesIO
from tempfile import TemporaryFile
from typing import Any, TypeAlias

from flask import current_app, render_template
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.consent import service as consent
from mutuali.core.errors import Reason
from mutuali.core.permissions import SYSTEM, Role
from mutuali.exports import service
from mutuali.exports.rules.life import ExportState
from mutuali.exports.rules.promotion import opens_from
from mutuali.exports.rules.recalls import mailbox
from mutuali.exports.views.bundle import write_bundle
from mutuali.jobs import service as jobs
from mutuali.organizations import service as organizations
from mutuali.web.language import LANGUAGES
from mutuali.web.mail import Letters, address
from mutuali.web.secrets import fingerprint_key, mark_key, new_public_id
from mutuali.web.sentences import sentence
from mutuali.web.words import label

_FOR_STEWARDS = frozenset({"request", "built"})
_Result: TypeAlias = tuple[service.Work, service.Kept | service.Withheld]
_FOLDER = "exports"
#: How long a file may lie there that no export names: much longer than any build needs to name it.
_UNNAMED_FOR = timedelta(hours=2)


def read(session: Session, arguments: Mapping[str, Any], now: datetime) -> service.Work | None:
    """What the export is built of."""
    return service.read(
        session, arguments["export"], address=address, key=fingerprint_key(), now=now
    )


def compute(work: service.Work | None) -> _Result | None:
    """Build, write the report in both languages, and stage the bundle under a new key."""
    if work is None:
        return None
    try:
        records = [service.get(_files_url(), key) for key in work.stored.record_keys]
        examined = service.examine(
            work, records, partial(_said, work.export.id), key=fingerprint_key()
        )
    except Exception:  # nothing may leave, and the analyst has to hear of it
        current_app.logger.exception("export %s could not be built", work.export.id)
        return work, service.Withheld("export.build_failed")
    if isinstance(examined, service.Withheld):
        return work, examined
    key = f"{_FOLDER}/{new_public_id()}.zip"
    with TemporaryFile() as file:
        built = service.with_numbers(examined.followed.built, mark_key(work.export.public_id))
        report = write_bundle(work, built, file)
        sha256, size = service.digest_of(file)
        service.put(_files_url(), key, file)
    record_key = None
    if examined.followed.record is not None:
        record_key = f"{_FOLDER}/{new_public_id()}.record"
        service.put(_files_url(), record_key, BytesIO(examined.followed.record))
    kept = service.Kept(
        key,
        sha256,
        size,
        report,
        examined.checks,
        examined.review,
        examined.followed,
        record_key,
    )
    return work, kept


def _said(export_id: int, stage: str, done: float) -> None:
    """A line per stage in the log of the process that builds."""
    current_app.logger.info("export %s: %s, %.0f %%", export_id, stage, 100 * done)


def write(
    session: Session,
    _arguments: Mapping[str, Any],
    result: _Result | None,
    now: datetime,
) -> None:
    """Stage it for its review, or say why nothing may leave."""
    if result is not None:
        service.write(session, *result, now=now)


def readers(
    session: Session, arguments: Mapping[str, Any], now: datetime
) -> Iterable[accounts.PersonFacts]:
    """What waits for a decision goes to the stewards, and to outside reviewers where two opinions
    are needed; all else to the analyst who asked."""
    export = service.export_by_id(session, arguments["export"], now=now)
    if arguments["step"] == "recall" and export.requested_by in {
        each.person_id for each in service.notices(session, export_id=export.id, now=now)
    }:
        return ()  # they get the letter that says by when
    if arguments["step"] not in _FOR_STEWARDS:
        return accounts.people(session, frozenset({export.requested_by})).values()
    stewards = accounts.people_with_role(session, Role.STEWARD)
    if arguments["step"] == "built" and export.opinions_needed > 1:
        return [*stewards, *accounts.people_with_role(session, Role.REVIEWER)]
    return stewards


def letter(
    session: Session, arguments: Mapping[str, Any], person: accounts.PersonFacts, now: datetime
) -> tuple[str, str]:
    """What happened to an export."""
    export = service.export_by_id(session, arguments["export"], now=now)
    what = label("exports.step", arguments["step"])
    dataset = label("exports.dataset", export.dataset.value)
    page = "/examen" if arguments["step"] == "built" else ""
    why = export.decision_note
    if export.withheld_because:
        why = sentence(Reason(export.withheld_because))
    body = render_template(
        "exports/mail/step.txt",
        person=person,
        what=what,
        dataset=dataset,
        export=export,
        why=why,
        link=address(f"/exportations/{export.public_id}{page}"),
    )
    return _("%(what)s\u00a0: %(dataset)s", what=what, dataset=dataset), body


def tick(session: Session, _arguments: Mapping[str, Any], now: datetime) -> None:
    """Let requests and bundles lapse; hold what is out against the yeses of today."""
    service.expire_lapsed(session, now=now)
    service.climb(session, SYSTEM, now=now)
    service.close_quarters(session, SYSTEM, now=now)
    service.follow_up(session, key=fingerprint_key(), now=now)


def told_of_opening(
    session: Session, arguments: Mapping[str, Any], now: datetime
) -> Iterable[accounts.PersonFacts]:
    """Everybody whose yes a publication to come rests on, or who manages an organization whose yes
    it is; nobody where it was returned or left meanwhile."""
    export = service.export_by_id(session, arguments["export"], now=now)
    if export.state is not ExportState.IN_REVIEW:
        return ()
    about = (export.purpose, export.agreement.partner_id)
    people = set(consent.consenting_people(session, *about, now=now))
    for id_ in consent.consenting(session, *about, now=now):
        people.update(organizations.manager_ids(session, id_))
    return accounts.people(session, frozenset(people)).values()


def opening_letter(
    session: Session, arguments: Mapping[str, Any], person: accounts.PersonFacts, now: datetime
) -> tuple[str, str]:
    """What will be published, and by when one may leave it."""
    export = service.export_by_id(session, arguments["export"], now=now)
    dataset = label("exports.dataset", export.dataset.value)
    body = render_template(
        "exports/mail/announced.txt",
        person=person,
        dataset=dataset,
        answers=label("exports.answers", export.dataset.value),
        opens_from=opens_from(export.ended_at or now),
        link=address("/donnees-ouvertes"),
    )
    return _("Bientôt publié : %(dataset)s", dataset=dataset), body


def consent_ended(session: Session, _arguments: Mapping[str, Any], now: datetime) -> None:
    """A yes was taken back or came to its end: whose does not matter here."""
    service.follow_up(session, key=fingerprint_key(), now=now)


def notify(session: Session, arguments: Mapping[str, Any], now: datetime) -> None:
    """Ask each person of a recipient to attest, and write to them."""
    for person_id in arguments["people"]:
        service.notify(session, arguments["export"], person_id, public_id=new_public_id(), now=now)
    jobs.enqueue(
        session, "exports.recalled", {"export": arguments["export"], "why": "opened"}, now=now
    )


@dataclass(frozen=True, slots=True)
class InCharge:
    """Whoever is in charge of personal information when a letter is written: no account is needed,
    so it is in the language of the network."""

    name: str
    email: str
    language: str = LANGUAGES[0]
    #: Of no account.
    id: int = -1


def in_charge(session: Session) -> InCharge | None:
    """Who is in charge, where the contact of their office is an e-mail address."""
    office = organizations.offices(session).person_in_charge
    email = mailbox(office.contact) if office else None
    return InCharge(office.name, email) if office and email else None


def recall_readers(
    session: Session, arguments: Mapping[str, Any], now: datetime
) -> Iterable[accounts.PersonFacts | InCharge]:
    """Who has not answered yet; once the day has passed, the stewards and the person in charge."""
    if arguments["why"] == "escalate":
        stewards = accounts.people_with_role(session, Role.STEWARD)
        responsible = in_charge(session)
        if responsible is None or responsible.email.lower() in {each.email for each in stewards}:
            return stewards
        return [*stewards, responsible]
    silent = (
        each.person_id
        for each in service.notices(session, export_id=arguments["export"], now=now)
        if each.answer is None
    )
    return accounts.people(session, frozenset(silent)).values()


def recall_letter(
    session: Session,
    arguments: Mapping[str, Any],
    person: accounts.PersonFacts | InCharge,
    now: datetime,
) -> tuple[str, str]:
    """A file is to be destroyed, and by when; or nobody said that it was."""
    asked = service.notices(session, export_id=arguments["export"], now=now)
    mine = next((each for each in asked if each.person_id == person.id), None)
    export = asked[0].export
    what = label("exports.recalled", arguments["why"])
    dataset = label("exports.dataset", export.dataset.value)
    to_steward = mine is None or arguments["why"] == "escalate"
    path = f"/exportations/{export.public_id}"
    if mine is not None and not to_steward:
        path = f"/rappels/{mine.public_id}"
    body = render_template(
        "exports/mail/recall.txt",
        person=person,
        what=what,
        dataset=dataset,
        export=export,
        due_at=asked[0].due_at,
        missing=sum(each.answer is None for each in asked),
        to_steward=to_steward,
        answers=isinstance(person, InCharge),
        by_hand=to_steward and in_charge(session) is None,
        office=organizations.offices(session).person_in_charge,
        link=address(path),
    )
    return _("%(what)s\u00a0: %(dataset)s", what=what, dataset=dataset), body


def read_kept(
    session: Session, _arguments: Mapping[str, Any], now: datetime
) -> tuple[frozenset[str], datetime]:
    """Which files are still named, and since when the others must have lain there to go."""
    return service.kept_keys(session), now - _UNNAMED_FOR


def sweep(found: tuple[frozenset[str], datetime]) -> None:
    """Forget the files that no export names: lapsed, returned, recalled, or of a dead build."""
    keep, before = found
    service.sweep(_files_url(), _FOLDER, keep=keep, before=before)


def _files_url() -> str:
    return str(current_app.config["SETTINGS"].files_url)


#: What this feature carries out in one go; building is staged: read, compute, write.
HANDLERS = {
    "exports.tell": Letters(readers, letter),
    "exports.tick": tick,
    "exports.announce": Letters(told_of_opening, opening_letter),
    "exports.notify": notify,
    "exports.recalled": Letters(recall_readers, recall_letter),
    "consent.ended": consent_ended,
}
