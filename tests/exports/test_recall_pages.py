"""Pages of a recall: what the analyst reads and signs, and where an organization's data went."""

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from mutuali.exports.models import RecallNotice
from mutuali.web.clock import utc_now
from tests.exports.test_recalls import network, somebody_withdraws, taken
from tests.factories import World


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_the_analyst_attests_and_the_organization_reads_the_true_state(
    app: Flask, session: Session
) -> None:
    net = network(session)
    taken(app, session, net)
    somebody_withdraws(app, session, net)
    told = sa.select(RecallNotice.public_id).where(
        RecallNotice.person_id == net.table.analyst.person_id
    )
    notice = session.scalars(told).one()
    session.rollback()
    analyst, manager = app.test_client(), app.test_client()
    world = World(session, utc_now())
    world.sign_in(analyst, net.table.analyst)
    world.sign_in(manager, net.managers[0])

    assert f"/rappels/{notice}" in analyst.get("/rappels").text
    page = analyst.get(f"/rappels/{notice}")
    assert page.status_code == 200
    assert "Nous ne disons pas de qui." in page.text
    assert manager.get(f"/rappels/{notice}").status_code == 404
    before = manager.get("/organisme/consentements/copies").text
    assert "Avisé" in before or "avisé" in before

    missing = analyst.post(f"/rappels/{notice}", data={"answer": "destroyed", "name": ""})
    assert missing.status_code == 422
    answered = analyst.post(f"/rappels/{notice}", data={"answer": "destroyed", "name": "Ana Lyse"})
    assert answered.status_code == 303
    assert "C’est attesté" in analyst.get(f"/rappels/{notice}").text
    after = manager.get("/organisme/consentements/copies").text
    assert "attesté" in after.lower()
    assert "supprimé" not in after.lower()
