"""``loans`` over real rows: who said yes, and the released file read back in plain Python."""

import csv
import io
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.agreements.rules import Dataset, ReleaseSettings
from mutuali.consent import service as consent
from mutuali.consent.models import ConsentEvent
from mutuali.consent.rules import Purpose
from mutuali.core.permissions import SYSTEM
from mutuali.exports import service
from mutuali.exports.service import loans
from mutuali.organizations import service as organizations
from mutuali.organizations.models import Participation
from mutuali.organizations.rules import OrganizationKind, Sector
from mutuali.privacy.engine import deidentify
from mutuali.web.secrets import new_public_id
from tests.exports.networks import FIRST

#: As of when each file is exported, and the sides that its plan counts.
AS_OF = {"reed": datetime(2019, 10, 2, tzinfo=UTC), "trips": datetime(2014, 10, 2, tzinfo=UTC)}
SIDES = {"reed": ("lender", "borrower"), "trips": ("borrower",)}
K = 5


@dataclass(frozen=True, slots=True)
class Released:
    """The file of one release and what its report says."""

    data: bytes
    rows_eligible: int
    rows_kept: int
    loss: float
    levels: dict[str, str]
    below_top: int

    @property
    def share_kept(self) -> float:
        """Of the eligible rows, 0 to 1."""
        return self.rows_kept / self.rows_eligible


def everybody_says_yes(session: Session, *, but: frozenset[int] = frozenset()) -> int:
    """A recipient, its notice, and the yes of every organization; ``but`` takes it back."""
    start = datetime(2013, 1, 2, tzinfo=UTC)
    recipient = organizations.add_accepted(
        session,
        SYSTEM,
        organizations.OrganizationDraft(
            "La Cantine", OrganizationKind.PARTNER, Sector.SOCIAL_ECONOMY, ("fr",)
        ),
        public_id=new_public_id(),
        now=start,
    )
    draft = consent.default_draft(session, Purpose.SHARING_STUDY, recipient)
    notice = consent.publish_notice(session, SYSTEM, draft, public_id=new_public_id(), now=start)
    asked = [each.id for each in consent.asked_organizations(session)]
    far = start + timedelta(days=5000)
    _take_part(session, asked, start)
    yes = [
        {"organization_id": id_, "notice_id": notice, "event": "given", "at": start, "until": far}
        for id_ in asked
    ]
    no = [
        {**each, "event": "withdrawn", "at": start + timedelta(days=1), "until": None}
        for each in yes
        if each["organization_id"] in but
    ]
    for rows in (yes, no):
        if rows:
            session.execute(sa.insert(ConsentEvent), rows)
    session.flush()
    return recipient


def _take_part(session: Session, organization_ids: list[int], at: datetime) -> None:
    """Each of them accepted the agreement of participation; imported ones have no manager yet."""
    person_id = accounts.add_person(
        session,
        public_id=new_public_id(),
        email="gestion@exemple.org",
        name="Gestion",
        password_hash="",
        language="fr",
        is_demo=False,
        now=at,
    )
    texts = {"text_version": "essai", "text_fr": "", "text_en": "", "hash": ""}
    accepted = {"person_id": person_id, "capacity": "executive_direction", "accepted_at": at}
    rows = [
        {"organization_id": id_, "public_id": new_public_id(), **texts, **accepted}
        for id_ in organization_ids
    ]
    session.execute(sa.insert(Participation), rows)


def snapshot_of(session: Session, kind: str, recipient: int) -> service.Snapshot:
    """What a build of the file ``kind`` works on."""
    return service.take(
        session,
        Dataset.LOANS,
        purpose=Purpose.SHARING_STUDY,
        recipient_id=recipient,
        settings=ReleaseSettings(k=K),
        now=AS_OF[kind],
    )


def released(snapshot: service.Snapshot, kind: str) -> Released:
    """The release of the file ``kind``, measured again from its bytes."""
    plan = loans.plan(snapshot, sides=SIDES[kind])
    made = loans.release(snapshot, plan, FIRST)
    report = made.report
    return Released(
        made.data,
        report.rows_in,
        report.rows_out,
        report.loss,
        {column.name: column.level_name for column in report.columns},
        report.columns_below_top,
    )


def fewest_behind_a_group(snapshot: service.Snapshot, kind: str, data: bytes) -> dict[str, int]:
    """The fewest contributors per counted side in any group of equal lines of ``data``."""
    plan = loans.plan(snapshot, sides=SIDES[kind])
    table = loans.eligible(snapshot)
    sources = deidentify(table, plan).witness.tolist()
    people = {side: table.column(side).to_pylist() for side in SIDES[kind]}
    behind: dict[tuple[str, ...], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    lines = list(csv.reader(io.StringIO(data.decode())))[1:]
    for source, (*quasi, _outcome) in zip(sources, lines, strict=True):
        for side, column in people.items():
            behind[tuple(quasi)][side].add(column[source])
    return {side: min(len(group[side]) for group in behind.values()) for side in people}
