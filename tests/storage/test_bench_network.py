"""What the bench writes past the use cases still fits the tables: it is seldom run as a whole."""

from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from benchmarks.million import network_rows


def test_the_network_of_the_bench_fits_the_tables(session: Session) -> None:
    for model, rows in network_rows(datetime(2023, 1, 1, tzinfo=UTC)):
        session.execute(sa.insert(model), rows)
    session.flush()
