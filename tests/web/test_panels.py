"""What a later feature adds to a page of an earlier one."""

from datetime import datetime

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import Markup
from sqlalchemy.orm import Session

from mutuali.core.permissions import Actor
from mutuali.jobs import jobs
from mutuali.jobs.models import Job
from mutuali.web.panels import _KEY, Place
from mutuali.work import AFTER_A_STEP
from tests.factories import World, span


def test_a_panel_stands_on_the_page_of_its_place_and_hears_its_subject(
    app: Flask, client: FlaskClient, world: World, session: Session
) -> None:
    listing = world.listing()
    public_id = session.execute(sa.text("SELECT public_id FROM listing")).scalar_one()
    session.commit()

    def panel(_session: Session, actor: Actor, subject: str, now: datetime) -> Markup | None:
        return Markup("<p>Une part de {}</p>").format(subject) if actor.is_visitor else None

    before = app.extensions[_KEY]
    app.extensions[_KEY] = {Place.LISTING: (panel, lambda *_: None), Place.BOOKING: ()}
    try:
        text = client.get(f"/annonces/{public_id}").text
    finally:
        app.extensions[_KEY] = before
    assert listing
    assert f"<p>Une part de {public_id}</p>" in text


@pytest.mark.parametrize("kind", AFTER_A_STEP)
def test_a_step_of_a_booking_sets_off_each_kind_of_job(
    app: Flask, world: World, session: Session, kind: str
) -> None:
    booked = world.booking(world.listing(), span(2))
    session.commit()
    handlers = app.extensions[jobs.HANDLERS_KEY]
    while jobs.run_once(app, handlers):
        pass
    told = session.scalars(sa.select(Job.arguments).where(Job.kind == kind)).first()
    assert told == {"booking": booked.id, "step": "request"}
