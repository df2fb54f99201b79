"""The description of the API is true: what it promises is what programs meet."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.core.result import Ok
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.core.period import Period
from mutuali.core.permissions import NETWORK_ROLES, SYSTEM, Actor, Role
from mutuali.organizations import service as organizations
from mutuali.web.clock import utc_now
from tests.factories import World

CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_every_operation_answers_as_described(app: Flask, session: Session) -> None:
    """Drives each operation with made-up requests, valid and not, as somebody who may do all."""
    world = World(session, utc_now())
    lender = world.organization()
    listing = world.listing(lender, units=9)
    manager = world.member(lender[0])
    start = utc_now() + timedelta(days=3)
    booking = world.booking(listing, Period(start, start + timedelta(hours=2)))
    known = {
        "listing_id": listing,
        "organization_id": organizations.organization(session, lender[0]).public_id,
        "booking_id": booking.public_id,
        "code": "no-name",
    }
    for role in NETWORK_ROLES:
        accounts.grant_role(session, SYSTEM, manager.person_id or 0, role, now=utc_now())
    everything = Actor(
        person_id=manager.person_id, memberships=manager.memberships, roles=frozenset(Role)
    )
    headers = {
        "Authorization": f"Bearer {world.api_token(everything)}",
        "Accept-Encoding": "identity",  # its transport unpacks nothing
    }
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", app)
    met: Counter[int] = Counter()
    for result in schema.get_all_operations():
        assert isinstance(result, Ok), result
        met.update(_statuses(result.ok(), headers, known))

    assert met.total() > 45 * 5
    assert {200, 201, 204, 404, 409, 422} <= set(met)
    assert max(met) < 500


def _statuses(operation: Any, headers: dict[str, str], known: dict[str, str]) -> list[int]:
    """Checks some answers of one operation, every other time about a thing that is there."""
    met: list[int] = []

    @settings(
        max_examples=12,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def run(case: Any) -> None:
        if len(met) % 2:
            case.path_parameters.update(
                {name: known[name] for name in case.path_parameters.keys() & known.keys()}
            )
        answer = case.call(headers=headers)
        met.append(answer.status_code)
        case.validate_response(answer, checks=CHECKS)

    run()
    return met
