"""Real equipment loans, kept with their history, leave hidden and useful."""

import os
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from mutuali.bookings.models import Booking
from tests.exports.real import (
    K,
    everybody_says_yes,
    fewest_behind_a_group,
    released,
    snapshot_of,
)
from tests.imports.parties import fill_reed


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_real_loans_leave_with_nine_rows_in_ten_and_five_on_each_side(
    app: Flask, session: Session, tmp_path: Path
) -> None:
    fill_reed(app, tmp_path, "--history")
    lender, borrower = session.execute(
        sa.select(Booking.lender_id, Booking.borrower_id)
        .where(Booking.lender_id != Booking.borrower_id)
        .limit(1)
    ).one()
    gone = {lender, borrower}
    recipient = everybody_says_yes(session, but=frozenset(gone))
    snapshot = snapshot_of(session, "reed", recipient)

    assert gone.isdisjoint(snapshot.loans.column("lender").to_pylist())
    assert gone.isdisjoint(snapshot.loans.column("borrower").to_pylist())
    if "MUTUALI_REAL_DATA" not in os.environ:
        return  # look-alikes are too few to be released
    made = released(snapshot, "reed")
    fewest = fewest_behind_a_group(snapshot, "reed", made.data)
    print(
        f"\nReed: {made.rows_kept} of {made.rows_eligible} rows kept, loss {made.loss:.3f}, "
        f"{made.levels}, fewest per group {fewest}"
    )
    assert made.share_kept >= 0.9
    assert made.below_top >= 2
    assert min(fewest.values()) >= K
