"""Building a bundle: a snapshot is read, everything is computed and measured outside of any
transaction, and one short transaction looks again whether it still holds and stages it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from mutuali.agreements import service as agreements
from mutuali.agreements.rules import Dataset, is_in_force
from mutuali.consent import service as consent
from mutuali.consent.rules import Purpose
from mutuali.core.errors import Conflict
from mutuali.core.period import local
from mutuali.core.permissions import SYSTEM
from mutuali.exports.models import Export
from mutuali.exports.rules.catalogue import CATALOGUE, Rows, not_releasable
from mutuali.exports.rules.checks import all_passed
from mutuali.exports.rules.life import SIGN_WITHIN, ExportState, ExportStep
from mutuali.exports.rules.opinions import opinions_needed
from mutuali.exports.rules.regimes import Regime
from mutuali.exports.service import datasets
from mutuali.exports.service.again import worse_than_last
from mutuali.exports.service.built import Built
from mutuali.exports.service.checks import check_all
from mutuali.exports.service.closed import Earlier, Followed, follow_earlier, follow_rows
from mutuali.exports.service.closed_store import Stored, keep_beside, released_since, stored
from mutuali.exports.service.consents import ConsentedText, consented_texts
from mutuali.exports.service.groups import texts_of
from mutuali.exports.service.lineage import saying_yes
from mutuali.exports.service.loans import Before
from mutuali.exports.service.measure import measure
from mutuali.exports.service.records import ExportFacts, facts_of, is_row_level, move
from mutuali.exports.service.snapshot import Snapshot, take
from mutuali.jobs import service as jobs
from mutuali.privacy.errors import Disagreement, NothingToRelease, PrivacyError, UnsafeOutput
from mutuali.privacy.progress import Progress, unheard
from mutuali.privacy.sequences.told import from_bytes

Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Work:
    """An export to be built and what its build works on: the rows, the texts that were said yes to,
    what was let out of the dataset before, and the fingerprints of who says yes."""

    export: ExportFacts
    snapshot: Snapshot
    consents: Sequence[ConsentedText]
    policy: Mapping[str, object]
    stored: Stored
    yes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Withheld:
    """Nothing leaves; ``code`` says why, and ``checks`` what the bytes were held against."""

    code: str
    checks: list[dict[str, object]] | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """A bundle kept under a key that nobody learns before a signature lets it out."""

    key: str
    sha256: str
    size: int
    report: dict[str, Any]
    checks: list[dict[str, object]]
    review: dict[str, Any]
    followed: Followed
    record_key: str | None


@dataclass(frozen=True, slots=True)
class Examined:
    """Tables that passed every check and follow what left before, the findings, and what was
    measured for the review."""

    followed: Followed
    checks: list[dict[str, object]]
    review: dict[str, Any]


def read(
    session: Session,
    export_id: int,
    *,
    address: Callable[[str], str],
    key: bytes,
    now: datetime,
) -> Work | None:
    """What an export is to be built of; None when it is not to be built any more.

    ``address`` makes the full address of a path of this instance; ``key`` is that of fingerprints.
    """
    row = session.get(Export, export_id)
    if row is None or row.state != ExportState.BUILDING:
        return None
    facts = facts_of(session, [row], now=now)[0]
    snapshot = take(
        session,
        facts.dataset,
        purpose=facts.purpose,
        recipient_id=facts.agreement.partner_id,
        settings=facts.agreement.settings,
        now=now,
    )
    texts = consented_texts(session, snapshot, facts.purpose, facts.agreement.partner_id)
    policy = (
        agreements.offer_by_id(session, row.agreement_id, facts.dataset, address)
        if facts.regime is Regime.OPEN
        else agreements.policy_by_id(session, row.agreement_id, address)
    )
    yes = saying_yes(session, key, facts.purpose, facts.agreement.partner_id, now=now)
    return Work(facts, snapshot, texts, policy, stored(session, facts.dataset), yes)


def build(snapshot: Snapshot, before: Before, progress: Progress = unheard) -> Built | Withheld:
    """The tables of the dataset, rows so that they follow what left ``before``, measured again from
    their own bytes; or why nothing may leave."""
    if not_releasable(CATALOGUE[snapshot.dataset]):
        return Withheld("export.not_inventoried")
    return _or_withheld(lambda: datasets.make(snapshot, before, progress))


def follow(
    work: Work, built: Built, records: Sequence[bytes], *, key: bytes
) -> Followed | Withheld:
    """``built`` as it may leave after what left before, of which ``records`` were kept; or why
    nothing may."""
    if CATALOGUE[work.snapshot.dataset].rows is not Rows.SUM:
        return _or_withheld(lambda: follow_rows(work.snapshot, built, key))
    builds = tuple(each for record in records for each in from_bytes(record))
    earlier = Earlier(work.stored.parts, builds, work.yes)
    settings = work.export.agreement.settings
    return _or_withheld(lambda: follow_earlier(work.snapshot, built, earlier, settings, key))


def examine(
    work: Work, records: Sequence[bytes], progress: Progress = unheard, *, key: bytes
) -> Examined | Withheld:
    """Build, hold the bytes of every file against the agreement and against all that left before,
    and measure for the review."""
    built = build(work.snapshot, _before(work, records, key), progress)
    if isinstance(built, Withheld):
        return built
    settings = work.export.agreement.settings
    findings = check_all(built, settings, work.snapshot)
    checks = [finding.to_dict() for finding in findings]
    if not all_passed(findings):
        return Withheld("export.check_failed", checks)
    followed = follow(work, built, records, key=key)
    if isinstance(followed, Withheld):
        return followed
    return Examined(
        followed, checks, measure(built, settings, work.snapshot, texts_of(work.export))
    )


def _before(work: Work, records: Sequence[bytes], key: bytes) -> Before:
    if work.snapshot.dataset is not Dataset.LOANS:
        return Before(key)
    # Arrow comes with the first build of rows, not with the pages that only mention one.
    from mutuali.privacy.releases.record import ReleaseRecord

    return Before(key, tuple(ReleaseRecord.from_json(each.decode()) for each in records))


def write(
    session: Session, work: Work | None, result: Kept | Withheld | None, *, now: datetime
) -> None:
    """Stage the bundle for its review, or say why not; the sweep takes a file no row names.

    Raises:
        Conflict: somebody said yes or no meanwhile, or another export of the dataset left: it has
            to be built again.
    """
    if work is None or result is None:
        return
    row = session.get(Export, work.export.id, with_for_update=True)
    if row is None or row.state != ExportState.BUILDING:
        return
    row.ended_at = now
    agreement = agreements.agreement_by_id(session, row.agreement_id, now=now)
    if isinstance(result, Kept) and not is_in_force(agreement, now):
        result = Withheld("export.agreement_over")
    if isinstance(result, Withheld):
        row.withheld_because, row.checks = result.code, result.checks
        move(session, SYSTEM, row, ExportStep.WITHHOLD, now=now)
        return
    asked = (session, Purpose(row.purpose), agreement.partner_id)
    last_said = consent.hold_still(*asked, now=now)
    yes = consent.consenting(*asked, now=last_said)
    people = consent.consenting_people(*asked, now=last_said)
    if yes != work.snapshot.consenting or not people >= work.snapshot.people:
        raise Conflict("export.consent_changed")
    if released_since(session, row.dataset, work.snapshot.now):
        raise Conflict("export.others_left")
    settings = work.export.agreement.settings
    keep_beside(session, row.id, result.followed, settings, result.record_key)
    row.report, row.checks, row.review = result.report, result.checks, result.review
    row.opinions_needed = _opinions_needed(session, row, now=now)
    row.period = _months_of(work.snapshot)
    row.staged_key, row.file_sha256, row.file_bytes = result.key, result.sha256, result.size
    row.expires_at = now + SIGN_WITHIN
    move(session, SYSTEM, row, ExportStep.BUILT, now=now)
    if row.promotes_id is not None:
        jobs.enqueue(session, "exports.announce", {"export": row.id}, now=now)


def _opinions_needed(session: Session, row: Export, *, now: datetime) -> int:
    """One where a repeated export is in nothing worse than the last; else what its kind asks, as
    always where everybody may read it for good."""
    usual = opinions_needed(Regime(row.regime), row_level=is_row_level(row))
    if row.again_id is None or row.promotes_id is not None:
        return usual
    return usual if worse_than_last(session, row, now=now) else 1


def _months_of(snapshot: Snapshot) -> str:
    """``2025-10/2026-09``: the first and the last month of the window, on Montréal's calendar."""
    first = local(snapshot.window.start)
    last = local(snapshot.window.end) - timedelta(days=1)
    return f"{first:%Y-%m}/{last:%Y-%m}"


def _or_withheld(make: Callable[[], Made]) -> Made | Withheld:
    try:
        return make()
    except NothingToRelease as error:
        return Withheld(error.reason.value)
    except (UnsafeOutput, Disagreement):
        return Withheld("export.not_confirmed")
    except PrivacyError:
        return Withheld("export.build_failed")
