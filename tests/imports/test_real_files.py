"""The files of MUTUALI_REAL_DATA come in with exactly these counts; else their look-alikes do."""

import os
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mutuali.bookings.models import Booking
from mutuali.equipment.models import Listing
from mutuali.organizations.models import Organization
from tests.imports.commands import MAPPINGS, run_import
from tests.imports.parties import fill_reed, fill_trips, reed_files

REAL = "MUTUALI_REAL_DATA" in os.environ

#: Options -> rows that are written, of them history, and objections by code.
REED: dict[tuple[str, ...], tuple[int, int, dict[str, int]]] = {
    (): (3777, 0, {
        "import.exceeds_units": 5903, "import.not_returned": 72, "time.end_before_start": 2}),
    ("--history",): (9680, 5903, {"import.not_returned": 72, "time.end_before_start": 2}),
    ("--open-loans",): (3095, 0, {"import.exceeds_units": 6657, "time.end_before_start": 2}),
    ("--history", "--open-loans"): (9752, 6657, {"time.end_before_start": 2}),
}  # fmt: skip
LOOKALIKE: dict[tuple[str, ...], tuple[int, int, dict[str, int]]] = {
    (): (381, 0, {
        "import.exceeds_units": 219, "import.not_returned": 8, "time.end_before_start": 2}),
    ("--history",): (600, 219, {"import.not_returned": 8, "time.end_before_start": 2}),
    ("--open-loans",): (305, 0, {"import.exceeds_units": 303, "time.end_before_start": 2}),
    ("--history", "--open-loans"): (608, 303, {"time.end_before_start": 2}),
}  # fmt: skip
#: Trips of every tenth bike, and their bikes; trips without a usable ZIP; borrowers, "unknown" too.
TENTH, TENTH_BIKES, UNKNOWN, BORROWERS = 15_308, 70, 6516, 2409


def most_out(session: Session) -> dict[int, int]:
    """Listing -> the most units that occupying bookings have out on any day: counted day by day."""
    days: defaultdict[int, Counter[datetime]] = defaultdict(Counter)
    rows = session.execute(
        select(Booking.listing_id, Booking.starts_at, Booking.returned_at, Booking.units).where(
            ~Booking.is_history, Booking.returned_at.is_not(None)
        )
    )
    for listing_id, start, end, units in rows:
        noon = start.replace(hour=20)
        assert end is not None
        while noon < end:
            days[listing_id][noon] += units
            noon += timedelta(days=1)
    return {listing_id: max(counted.values()) for listing_id, counted in days.items()}


@pytest.mark.parametrize("options", REED, ids=lambda options: " ".join(options) or "plain")
def test_the_library_s_loans_come_in_with_these_counts(
    app: Flask, session: Session, tmp_path: Path, options: tuple[str, ...]
) -> None:
    """More than half of the usable rows exceed the copies: refused and listed, or history."""
    good, history, objections = (REED if REAL else LOOKALIKE)[options]
    said = fill_reed(app, tmp_path, *options)
    expected = {"read": 9754 if REAL else 610, "good": good, "known": 0}
    expected |= {"refused": sum(objections.values()), **objections}
    if history:
        expected["history"] = history
        assert not REAL or history > good / 2
    assert said.counts == expected
    assert said.status == 1
    assert len(said.refused) == said.counts["refused"], "every one is listed"
    units = dict(session.execute(select(Listing.id, Listing.units)).all())
    assert len(units) == (128 if REAL else 6)
    assert all(most <= units[listing] for listing, most in most_out(session).items())
    assert session.scalar(select(func.count()).where(Booking.is_history)) == history
    assert session.scalar(select(func.count(Booking.id))) == good
    states = dict(
        session.execute(select(Booking.state, func.count()).group_by(Booking.state)).all()
    )
    assert ("on_loan" in states) == ("--open-loans" in options)
    late = session.scalar(select(func.count()).where(Booking.returned_at > Booking.ends_at))
    assert late, "on time and late are both real outcomes"
    session.rollback()
    files = reed_files(tmp_path)
    again = run_import(
        app, "loans", files.loans, "--keep-good", *options,
        mapping=MAPPINGS / "reed-library-loans.toml",
    )  # fmt: skip
    assert (again.counts["known"], again.counts["good"]) == (good, 0)


def test_borrowers_of_the_library_are_long_tailed(
    app: Flask, session: Session, tmp_path: Path
) -> None:
    fill_reed(app, tmp_path, "--history", "--open-loans")
    counts = session.scalars(
        select(func.count(Booking.id))
        .group_by(Booking.borrower_id)
        .order_by(func.count(Booking.id).desc())
    ).all()
    assert counts[0] > 8 * counts[len(counts) // 2], "the first borrows far more than the middle"
    assert session.scalar(select(func.count()).where(Booking.lender_id == Booking.borrower_id)) == 0


def test_exactly_one_overlapping_trip_is_caught(
    app: Flask, session: Session, tmp_path: Path, engine_name: str
) -> None:
    """All 152,332 on SQLite; on PostgreSQL those of every tenth bike, the overlapping one too."""
    tenth = engine_name == "postgresql" and REAL
    said = fill_trips(app, tmp_path, one_in=10 if tenth else 1)
    read = (TENTH if tenth else 152_332) if REAL else 2000
    assert said.counts == {
        "read": read,
        "good": read - 1,
        "known": 0,
        "refused": 1,
        "import.exceeds_units": 1,
    }
    assert session.scalar(select(func.count(Listing.id))) == (
        (TENTH_BIKES if tenth else 687) if REAL else 20
    )
    assert session.scalar(select(func.count(Booking.id))) == read - 1
    unknown = session.scalar(
        select(func.count())
        .select_from(Booking)
        .join(Organization, Organization.id == Booking.borrower_id)
        .where(Organization.source_ref == "unknown")
    )
    assert unknown
    if REAL and not tenth:
        assert unknown == UNKNOWN
        assert session.scalar(select(func.count(func.distinct(Booking.borrower_id)))) == BORROWERS
    skipped = datetime(2014, 3, 9, 2, tzinfo=UTC)
    night = Booking.starts_at.between(skipped, skipped + timedelta(hours=1))
    assert session.scalar(select(func.count()).where(night)), "times are UTC: that hour exists"
