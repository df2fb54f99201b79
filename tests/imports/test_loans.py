"""Listings and loans come in so that no instant has more units out than exist."""

import gzip
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mutuali.audit.models import AuditEvent
from mutuali.bookings.models import Booking, BookingStep
from mutuali.equipment.models import Listing
from mutuali.organizations.models import Organization
from tests.factories import World
from tests.imports.commands import ROOT, Said, run_import, write_csv

LISTINGS = ("ref", "lender", "kind", "units", "title_fr", "published_at")
LOANS = ("ref", "listing", "borrower", "units", "loaned_at", "due_at", "returned_at")
MAPPING = """
kind = "loans"
source = "essai"
[references]
listings = "annonces"
[times]
zone = "America/Toronto"
[columns]
ref = "ref"
listing = "listing"
borrower = "borrower"
units = "units"
loaned_at = "loaned_at"
due_at = "due_at"
returned_at = "returned_at"
"""


class Network:
    """A lender with a lot of two crates, read from a file, and a borrower."""

    def __init__(self, app: Flask, session: Session, folder: Path) -> None:
        world = World(session)
        self.app, self.session, self.folder = app, session, folder
        lender, borrower = world.organization()[0], world.organization()[0]
        self.lender, self.borrower = (
            session.get_one(Organization, id_).public_id for id_ in (lender, borrower)
        )
        session.commit()
        self.mapping = folder / "loans.toml"
        self.mapping.write_text(MAPPING, "utf-8")

    def listings(self, *rows: tuple[object, ...], options: tuple[str, ...] = ()) -> Said:
        return run_import(
            self.app,
            "listings",
            write_csv(self.folder / "annonces.csv", LISTINGS, rows),
            *options,
        )

    def crates(self) -> None:
        said = self.listings(("bacs", self.lender, "dry_storage", "2.0", "Bacs", "2018-08-01"))
        assert said.status == 0, said

    def loans(self, *rows: tuple[object, ...], options: tuple[str, ...] = ()) -> Said:
        file = write_csv(self.folder / "prets.csv", LOANS, rows)
        return run_import(self.app, "loans", file, *options, mapping=self.mapping)

    def loan(
        self, ref: str, start: str, end: str, units: int = 1, due: str = ""
    ) -> tuple[object, ...]:
        return (ref, "bacs", self.borrower, units, start, due or end, end)

    def stored(self) -> list[Booking]:
        found = list(self.session.scalars(select(Booking).order_by(Booking.starts_at, Booking.id)))
        self.session.rollback()
        return found


@pytest.fixture
def network(app: Flask, session: Session, tmp_path: Path) -> Network:
    return Network(app, session, tmp_path)


def test_a_listing_is_published_since_the_day_the_file_says(network: Network) -> None:
    network.crates()
    listing = network.session.scalars(select(Listing)).one()
    assert (listing.units, listing.state, listing.source_ref) == (2, "published", "bacs")
    assert listing.published_at == datetime(2018, 8, 1, 4, tzinfo=UTC)
    network.session.rollback()
    again = network.listings(("bacs", network.lender, "dry_storage", 2, "Bacs", ""))
    assert (again.status, again.counts["known"]) == (0, 1)


def test_bad_listings_are_refused_with_all_that_is_wrong(network: Network) -> None:
    said = network.listings(
        ("a", network.lender, "dry_storage", "2", "", ""),
        ("b", "nobody", "dry_storage", "2", "Bacs", ""),
        ("c", network.lender, "spaceship", "0", "Bacs", "yesterday"),
        ("d", network.lender, "vehicle", "1.5", "Camion", ""),
        ("e", network.lender, "vehicle", "1", "Camion", ""),
        ("e", network.lender, "vehicle", "1", "Camion", ""),
    )
    assert [line.split(":")[0] for line in said.refused] == [
        "line 2, column title_fr",
        "line 3, column lender",
        "line 4, column kind",
        "line 4, column units",
        "line 4, column published_at",
        "line 5, column units",
        "line 7, column ref",
    ]
    assert network.session.scalar(select(func.count(Listing.id))) == 0


def test_a_loan_keeps_what_was_promised_and_what_happened(network: Network) -> None:
    network.crates()
    said = network.loans(
        network.loan("1", "2019-01-07 09:00", "2019-01-08 09:00"),
        network.loan("2", "2019-02-07 09:00", "2019-02-10 09:00", due="2019-02-08 09:00"),
    )
    assert said.status == 0, said
    on_time, late = network.stored()
    assert on_time.state == late.state == "closed"
    assert late.returned_at is not None
    assert late.returned_at - late.ends_at == timedelta(days=2)
    assert late.occupied_until == late.returned_at
    assert on_time.returned_at == on_time.ends_at == datetime(2019, 1, 8, 14, tzinfo=UTC)
    steps = network.session.execute(
        select(BookingStep.step, func.count()).group_by(BookingStep.step)
    ).all()
    assert dict(steps) == {"hand_over": 2, "take_back": 2}


def test_the_later_loans_that_exceed_the_units_are_refused_in_whatever_order_the_file_is(
    network: Network,
) -> None:
    network.crates()
    said = network.loans(
        network.loan("late", "2019-01-03", "2019-01-05"),
        network.loan("first", "2019-01-01", "2019-01-04"),
        network.loan("second", "2019-01-02", "2019-01-09"),
        network.loan("after", "2019-01-04", "2019-01-06"),
        options=("--keep-good",),
    )
    assert [line.split(":")[0] for line in said.refused] == ["line 2, column loaned_at"]
    assert [row.source_ref for row in network.stored()] == ["first", "second", "after"]
    again = network.loans(
        network.loan("third", "2019-01-08", "2019-01-10", units=2), options=("--keep-good",)
    )
    assert again.counts["import.exceeds_units"] == 1, "what is stored counts too"


def test_history_keeps_them_without_occupying_anything(network: Network) -> None:
    network.crates()
    rows = [network.loan(str(n), "2019-01-01", "2019-01-04") for n in range(5)]
    said = network.loans(*rows, options=("--history",))
    assert (said.status, said.counts["good"], said.counts["history"]) == (0, 5, 3)
    assert [row.is_history for row in network.stored()] == [False, False, True, True, True]
    again = network.loans(*rows, options=("--history",))
    assert (again.counts["known"], again.counts["good"]) == (5, 0)


def test_a_loan_that_is_not_back_needs_to_be_asked_for_and_occupies_up_to_now(
    network: Network,
) -> None:
    network.crates()
    still_out = ("1", "bacs", network.borrower, 2, "2019-01-01", "2019-01-03", "")
    refused = network.loans(still_out)
    assert (refused.status, refused.counts["import.not_returned"]) == (1, 1)
    said = network.loans(
        still_out,
        network.loan("2", "2024-01-01", "2024-01-02"),
        options=("--open-loans", "--keep-good"),
    )
    assert said.counts["import.exceeds_units"] == 1
    row = network.stored()[0]
    assert (row.state, row.returned_at) == ("on_loan", None)
    assert row.occupied_until > datetime.now(UTC)


def test_rows_that_cannot_have_happened_are_refused_whatever_is_asked(network: Network) -> None:
    network.crates()
    said = network.loans(
        network.loan("1", "2019-01-04", "2019-01-01"),
        network.loan("2", "2019-01-04", "2019-01-04"),
        network.loan("3", "2019-01-04", "2019-01-05", due="2019-01-03"),
        network.loan("4", "2999-01-04", "2999-01-05"),
        network.loan("5", "2019-01-01", "2019-01-02", units=3),
        ("6", "bacs", network.lender, 1, "2019-01-01", "2019-01-02", "2019-01-02"),
        ("7", "tables", network.borrower, 1, "2019-01-01", "2019-01-02", "2019-01-02"),
        ("8", "bacs", "nobody", 1, "2019-01-01", "2019-01-02", "2019-01-02"),
        network.loan("9", "2019-03-10 02:30", "2019-03-11 02:30"),
        network.loan("10", "2019-11-03 01:30", "2019-11-04 02:30"),
        network.loan("11", "le 3 mars", "2019-11-04 02:30"),
        options=("--history", "--open-loans"),
    )
    codes = [
        "time.end_before_start",
        "import.due_before_loan",
        "import.in_the_future",
        "field.out_of_range",
        "booking.own_listing",
        "import.listing_unknown",
        "import.organization_unknown",
        "time.does_not_exist",
        "time.exists_twice",
        "import.not_a_moment",
    ]
    assert said.counts["refused"] == 11
    assert [said.counts.get(code) for code in codes] == [2, *[1] * 9]
    assert network.stored() == []


def test_equal_rows_without_a_reference_are_several_loans_and_come_in_once(
    network: Network,
) -> None:
    network.crates()
    without = MAPPING.replace('ref = "ref"\n', "")
    network.mapping.write_text(without, "utf-8")
    row = network.loan("", "2019-01-01", "2019-01-02")
    other = network.loan("", "2019-05-01", "2019-05-02")
    assert network.loans(row, row).counts["good"] == 2
    again = network.loans(other, row, row)
    assert (again.counts["known"], again.counts["good"]) == (2, 1)
    assert len(network.stored()) == 3


def test_one_event_counts_what_came_in(network: Network) -> None:
    network.crates()
    rows = [network.loan(str(n), "2019-01-01", "2019-01-04") for n in range(3)]
    network.loans(*rows, options=("--history",))
    names = network.session.scalars(
        select(AuditEvent).where(AuditEvent.name == "import.written").order_by(AuditEvent.id)
    ).all()
    assert names[-1].facts == {
        "kind": "loans",
        "source": "essai",
        "read": 3,
        "written": 3,
        "known": 0,
        "refused": 0,
        "history": 1,
    }


def test_an_import_that_is_killed_while_it_writes_leaves_nothing(
    network: Network, database_url: str
) -> None:
    network.crates()
    start = datetime(2001, 1, 1, tzinfo=UTC)
    rows = [
        network.loan(str(n), f"{start + timedelta(hours=n)}", f"{start + timedelta(hours=n + 1)}")
        for n in range(40_000)
    ]
    file = write_csv(network.folder / "prets.csv", LOANS, rows)
    packed = file.with_suffix(".csv.gz")
    packed.write_bytes(gzip.compress(file.read_bytes()))
    environment = os.environ | {
        "MUTUALI_MODE": "test",
        "MUTUALI_DATABASE_URL": database_url,
        "MUTUALI_SECRET_KEY": "only-for-tests-only-for-tests-only",
        "MUTUALI_MAIL_URL": f"file:{network.folder}",
        "MUTUALI_FILES_URL": f"file:{network.folder}",
        "MUTUALI_BASE_URL": "http://127.0.0.1",
        "MUTUALI_OPERATOR_NAME": "x",
        "MUTUALI_OPERATOR_CONTACT": "x@exemple.org",
    }
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "import", "loans", str(packed)]
    process = subprocess.Popen(
        [*command, "--mapping", str(network.mapping)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    with process, process.stderr:
        for line in process.stderr:
            if line.startswith("Writing"):
                time.sleep(0.5)
                process.send_signal(signal.SIGKILL)
                break
        assert process.wait() == -signal.SIGKILL
    assert network.stored() == []
    assert not network.session.scalars(
        select(AuditEvent).where(
            AuditEvent.name == "import.written", AuditEvent.facts["kind"].as_string() == "loans"
        )
    ).all()
