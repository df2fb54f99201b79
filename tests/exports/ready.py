"""Exports that are ready, without a build: a row, a file, and whom they are for."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from mutuali.agreements.models import Agreement
from mutuali.agreements.rules import Dataset
from mutuali.consent.rules import Purpose
from mutuali.exports import service
from mutuali.exports.models import Export
from mutuali.exports.rules.lineage import Kind, fingerprints
from mutuali.exports.rules.regimes import Regime
from mutuali.exports.service.lineage import remember
from mutuali.web.secrets import new_public_id
from tests.agreements.made import Table
from tests.exports.stored import ANSWERS, KEY


def ready(
    app: Flask,
    session: Session,
    table: Table,
    agreement: str,
    data: bytes,
    *,
    now: datetime,
    consenting: Iterable[int] = (),
    **overrides: Any,
) -> str:
    """The public id of an export of the table's analyst that can be taken: ``data`` is its file.

    The organizations of ``consenting`` are in it.
    """
    key = f"exports/{new_public_id()}.zip"
    service.put(app.config["SETTINGS"].files_url, key, data)
    id_ = session.scalars(sa.select(Agreement.id).where(Agreement.public_id == agreement)).one()
    values: dict[str, Any] = {
        "public_id": new_public_id(),
        "agreement_id": id_,
        "dataset": Dataset.EQUIPMENT_USE,
        "purpose": Purpose.NETWORK_STATISTICS,
        "question": "Où manque-t-il des camions?",
        "answers": ANSWERS.to_dict(),
        "opinions_needed": 1,
        "regime": Regime.NAMED_RECIPIENT,
        "state": "ready",
        "requested_by": table.analyst.person_id,
        "created_at": now,
        "expires_at": now + timedelta(days=20),
        "decided_by": table.steward.person_id,
        "decided_at": now,
        "signed_by": table.steward.person_id,
        "released_at": now,
        "ended_at": now,
        "report": {
            "destroy_by": (now + timedelta(days=300)).date().isoformat(),
            "from": (now - timedelta(days=400)).isoformat(),
            "until": (now - timedelta(days=30)).isoformat(),
            "as_of": now.isoformat(),
            "coverage": "75-95%",
            "k": 5,
            "base": 5,
            "share_percent": 10,
            "rung": "some",
            "plan_version": "essai",
            "tables": [],
            "withheld_tables": [],
            "files": [],
            "contents": [],
        },
        "file_key": key,
        "file_sha256": sha256(data).hexdigest(),
        "file_bytes": len(data),
    }
    row = Export(**(values | overrides))
    session.add(row)
    session.flush()
    holds(session, row, consenting)
    session.commit()
    return row.public_id


def holds(session: Session, row: Export, organizations: Iterable[int]) -> None:
    """Let these organizations, as lenders, be all who are in an export."""
    marks = fingerprints(KEY, Kind.ORGANIZATION, organizations).values()
    remember(session, row.id, {"lender": frozenset(marks)})
