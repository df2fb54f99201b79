"""Jobs of exports: build a bundle, tell people, let what lapsed go."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import partial
from tempfile import TemporaryFile
from typing import Any, TypeAlias

from flask import current_app, render_template
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.core.errors import Reason
from mutuali.core.permissions import SYSTEM, Role
from mutuali.exports import service
from mutuali.exports.views.bundle import write_bundle
from mutuali.web.mail import Letters, address
from mutuali.web.secrets import mark_key, new_public_id
from mutuali.web.sentences import sentence
from mutuali.web.words import label

_FOR_STEWARDS = frozenset({"request", "built"})
_Result: TypeAlias = tuple[service.Work, service.Kept | service.Withheld]
_FOLDER = "exports"
#: How long a file may lie there that no export names: much longer than any build needs to name it.
_UNNAMED_FOR = timedelta(hours=2)


def read(session: Session, arguments: Mapping[str, Any], now: datetime) -> service.Work | None:
    """What the export is built of."""
    return service.read(session, arguments["export"], address=address, now=now)


def compute(work: service.Work | None) -> _Result | None:
    """Build, write the report in both languages, and stage the bundle under a new key."""
    if work is None:
        return None
    try:
        examined = service.examine(work, partial(_said, work.export.id))
    except Exception:  # nothing may leave, and the analyst has to hear of it
        current_app.logger.exception("export %s could not be built", work.export.id)
        return work, service.Withheld("export.build_failed")
    if isinstance(examined, service.Withheld):
        return work, examined
    key = f"{_FOLDER}/{new_public_id()}.zip"
    with TemporaryFile() as file:
        built = service.with_numbers(examined.built, mark_key(work.export.public_id))
        report = write_bundle(work, built, file)
        sha256, size = service.digest_of(file)
        service.put(_files_url(), key, file)
    return work, service.Kept(key, sha256, size, report, examined.checks, examined.review)


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
    """Let requests and bundles lapse."""
    service.expire_lapsed(session, now=now)
    service.climb(session, SYSTEM, now=now)
    service.close_quarters(session, SYSTEM, now=now)


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
}
