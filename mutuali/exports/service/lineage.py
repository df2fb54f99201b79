"""Who is behind what left: found again by keyed fingerprints, never by a name."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from mutuali.consent import service as consent
from mutuali.consent.rules import Purpose
from mutuali.exports.models import Export, ExportContributor
from mutuali.exports.rules.lineage import PERSONS, Behind, Kind, fingerprints, left
from mutuali.exports.service.snapshot import Snapshot


def saying_yes(
    session: Session, key: bytes, purpose: Purpose, recipient_id: int, *, now: datetime
) -> frozenset[str]:
    """The fingerprints of all organizations and persons whose yes is in force."""
    asked = (session, purpose, recipient_id)
    organizations = fingerprints(key, Kind.ORGANIZATION, consent.consenting(*asked, now=now))
    people = fingerprints(key, Kind.PERSON, consent.consenting_people(*asked, now=now))
    return frozenset((*organizations.values(), *people.values()))


def behind_of(
    snapshot: Snapshot, contributors: Mapping[str, Iterable[int]], people: Iterable[int], key: bytes
) -> Behind:
    """Side -> fingerprints of the organizations that ``contributors`` stand for, and of the
    persons. Where several organizations count as one, each of them that said yes is meant."""
    known = fingerprints(key, Kind.ORGANIZATION, snapshot.consenting)
    members: dict[int, set[str]] = {}
    for id_ in snapshot.consenting:
        members.setdefault(snapshot.contributors[id_], set()).add(known[id_])
    found = {
        side: frozenset().union(*(members.get(id_, set()) for id_ in ids))
        for side, ids in contributors.items()
    }
    found[PERSONS] = frozenset(fingerprints(key, Kind.PERSON, people).values())
    return {side: some for side, some in found.items() if some}


def remember(session: Session, export_id: int, behind: Behind) -> None:
    """Keep who is in an export, in place of what was kept of it before."""
    session.execute(delete(ExportContributor).where(ExportContributor.export_id == export_id))
    session.add_all(
        ExportContributor(export_id=export_id, side=side, fingerprint=each)
        for side, some in behind.items()
        for each in some
    )


def behind(session: Session, export_id: int) -> Behind:
    """Side -> fingerprints of those in an export."""
    found: dict[str, set[str]] = {}
    for side, fingerprint in session.execute(
        select(ExportContributor.side, ExportContributor.fingerprint).where(
            ExportContributor.export_id == export_id
        )
    ):
        found.setdefault(side, set()).add(fingerprint)
    return {side: frozenset(some) for side, some in found.items()}


def stands(session: Session, row: Export, recipient_id: int, *, key: bytes, now: datetime) -> bool:
    """Whether everybody in an export, organization or person, still says yes."""
    yes = saying_yes(session, key, Purpose(row.purpose), recipient_id, now=now)
    return not left(behind(session, row.id), yes)


def holding(session: Session, fingerprint: str) -> frozenset[int]:
    """The exports that somebody is in, by their ids."""
    return frozenset(
        session.scalars(
            select(ExportContributor.export_id).where(ExportContributor.fingerprint == fingerprint)
        )
    )
