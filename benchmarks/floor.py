"""The least that could be called a booking service: one guarded INSERT, no sign-in and no rules.

Same database with the same tables, indexes and guard, same pool, same server as the product.
"""

import os
import secrets
from datetime import datetime
from typing import Any

import psycopg
from flask import Flask, jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy.pool import QueuePool

INSERT = """
INSERT INTO booking (public_id, listing_id, lender_id, borrower_id, units, starts_at, ends_at,
  occupied_until, turnaround_minutes, state, purpose, note, price_cents, created_at, version,
  is_history)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, 0, 'approved', 'food_delivery', '', 0, now(), 1, false)
RETURNING id"""

app = Flask("floor")


def _connect() -> Any:
    return psycopg.connect(os.environ["FLOOR_DATABASE"])


pool = QueuePool(_connect, pool_size=10, max_overflow=10)


@app.post("/bookings")
def create() -> ResponseReturnValue:
    """Insert and say so."""
    body = request.get_json()
    public_id = secrets.token_urlsafe(16)
    start, end = (datetime.fromisoformat(body[name]) for name in ("starts_at", "ends_at"))
    values = (
        *(public_id, body["listing_id"], body["lender_id"], body["borrower_id"], body["units"]),
        *(start, end, end),
    )
    connection = pool.connect()
    try:
        cursor = connection.cursor()
        cursor.execute(INSERT, values)
        cursor.close()
        connection.commit()
    finally:
        connection.close()
    return jsonify(id=public_id), 201
