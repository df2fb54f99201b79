"""The register of anonymization, written from releases, and the register of communications."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mutuali.agreements.rules import Dataset
from mutuali.audit import service as audit
from mutuali.consent.rules import Purpose
from mutuali.core.period import local
from mutuali.core.permissions import SYSTEM, Actor, Permission, require
from mutuali.exports import service as exports
from mutuali.exports.rules.catalogue import CATALOGUE, DataClass
from mutuali.exports.rules.regimes import Regime
from mutuali.governance.models import AnonymizationEntry
from mutuali.governance.rules import Tier, next_analysis, tier_of
from mutuali.organizations import service as organizations

#: Protection and security measures that hold for every release, as codes with words.
MEASURES = (
    *("consent_checked", "two_people", "measured_from_bytes", "named_people", "second_factor"),
    *("log_sealed", "no_reidentification", "destroyed_after"),
)


@dataclass(frozen=True, slots=True)
class EntryFacts:
    """A line of the register: the five things of r. 0.1, s. 9, and who supervised."""

    id: int
    what: str
    at: datetime
    dataset: Dataset
    purpose: Purpose
    told: dict[str, Any]
    tier: Tier
    analysed_on: date
    next_analysis_on: date | None
    supervisor_title: str | None


@dataclass(frozen=True, slots=True)
class Communication:
    """Who received what, when, on what ground, what for; and when it was taken."""

    export: str
    recipient: str
    agreement: str
    dataset: Dataset
    regime: Regime
    purpose: Purpose
    released_at: datetime
    recalled_at: datetime | None
    downloads: Sequence[datetime]


def write_entries(session: Session, *, now: datetime) -> int:
    """Add a line for each release of anonymized data, and for each recall, that has none yet.

    What is only de-identified stays personal information (P-39.1, s. 12), and what is about
    organizations alone never was: both stand in the register of communications, not in this one.
    Returns how many lines were added.
    """
    written = {
        (id_, what)
        for id_, what in session.execute(
            select(AnonymizationEntry.export_id, AnonymizationEntry.what)
        )
    }
    supervisor = organizations.offices(session).qualified_person
    added = 0
    for export in exports.released(session, now=now):
        if not _is_anonymized(export.dataset):
            continue
        for what, at in (("released", export.released_at), ("recalled", export.recalled_at)):
            if at is None or (export.id, what) in written:
                continue
            analysed = local(at).date()
            tier = tier_of(export.agreement.k)
            row = AnonymizationEntry(
                export_id=export.id,
                what=what,
                at=at,
                told=_told(export),
                tier=tier,
                analysed_on=analysed,
                next_analysis_on=next_analysis(analysed, tier) if what == "released" else None,
                supervisor_id=supervisor.id if supervisor else None,
            )
            session.add(row)
            session.flush()
            facts = {"export": export.id, "what": what, "tier": tier.value}
            audit.record(
                session,
                SYSTEM,
                "register.written",
                "anonymization_entry",
                row.id,
                now=now,
                facts=facts,
            )
            added += 1
    return added


def entries(session: Session, actor: Actor) -> list[EntryFacts]:
    """The register of anonymization, latest first. Raises Forbidden."""
    require(actor, Permission.REGISTER_KEEP)
    rows = session.scalars(select(AnonymizationEntry).order_by(AnonymizationEntry.id.desc())).all()
    held = organizations.offices(session).qualified_person
    known = {
        each.id: each.title
        for each in (*organizations.past_offices(session), *((held,) if held else ()))
    }
    return [
        EntryFacts(
            row.id,
            row.what,
            row.at,
            Dataset(row.told["dataset"]),
            Purpose(row.told["purpose"]),
            row.told,
            Tier(row.tier),
            row.analysed_on,
            row.next_analysis_on,
            known.get(row.supervisor_id or 0),
        )
        for row in rows
        # Lines are never taken out; what an earlier version wrote of other classes is not read.
        if _is_anonymized(Dataset(row.told["dataset"]))
    ]


def due_again(session: Session, actor: Actor, *, now: datetime) -> list[EntryFacts]:
    """Releases that are still out and whose next analysis is due, the first first.

    Raises:
        Forbidden.
    """
    today = local(now).date()
    out = set(
        session.scalars(
            select(AnonymizationEntry.id).where(
                AnonymizationEntry.what == "released",
                AnonymizationEntry.export_id.in_(exports.still_out()),
            )
        )
    )
    found = [
        (each.next_analysis_on, each.id, each)
        for each in entries(session, actor)
        if each.id in out and each.next_analysis_on is not None and each.next_analysis_on <= today
    ]
    return [each for _, _, each in sorted(found, key=lambda due: due[:2])]


def communications(session: Session, actor: Actor, *, now: datetime) -> list[Communication]:
    """Everything that was let out, latest first. Raises Forbidden."""
    require(actor, Permission.REGISTER_KEEP)
    return [
        Communication(
            each.public_id,
            each.agreement.partner_name,
            each.agreement.number,
            each.dataset,
            each.regime,
            each.purpose,
            each.released_at,
            each.recalled_at,
            each.downloads,
        )
        for each in exports.released(session, now=now)
        if each.released_at is not None
    ]


def _is_anonymized(dataset: Dataset) -> bool:
    return CATALOGUE[dataset].data_class is DataClass.ANONYMIZED


def _told(export: exports.ExportFacts) -> dict[str, Any]:
    """What the register says of a release: plain values, as they were then."""
    declared = CATALOGUE[export.dataset]
    settings = export.agreement.settings
    report = export.report or {}
    return {
        "dataset": export.dataset.value,
        "purpose": export.purpose.value,
        "regime": export.regime.value,
        "recipient": export.agreement.partner_name,
        "agreement": export.agreement.number,
        "period": export.period,
        "information": {
            table.name: [column.name for column in table.columns] for table in declared.tables
        },
        "techniques": {
            "k": settings.k,
            "share_percent": settings.share_percent,
            "rounded_to": settings.base,
        },
        "measured": {
            name: value
            for name, value in report.items()
            if isinstance(value, int | float | str) and not isinstance(value, bool)
        },
        "measures": list(MEASURES),
        "sha256": export.file_sha256,
    }
