"""What was let out before exports had a review is still let out, and its downloads are kept."""

import sqlalchemy as sa
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy.orm import Session

from mutuali.agreements.rules import Dataset
from mutuali.exports import service
from mutuali.exports.models import Export, ExportDownload
from mutuali.web.clock import utc_now
from tests.exports.stored import KEY, built, shared_year, signed
from tests.factories import World


def test_a_bundle_and_its_downloads_survive_the_way_back_and_forth(
    app: Flask, session: Session
) -> None:
    now = utc_now()
    net = shared_year(session, World(session, now), Dataset.EQUIPMENT_USE, now=now)
    row = signed(session, net, built(app, session, net))
    service.hand_over(session, net.table.analyst, row.public_id, key=KEY, now=utc_now())
    session.commit()
    was = row.file_key, row.file_sha256, row.released_at
    session.close()

    with app.app_context():
        downgrade(revision="0015_datasets")
        upgrade()

    again = session.scalars(sa.select(Export)).one()
    assert (again.state, again.signed_by) == ("ready", net.table.steward.person_id)
    assert (again.file_key, again.file_sha256) == was[:2]
    assert again.released_at is not None
    assert session.scalars(sa.select(ExportDownload.export_id)).all() == [again.id]
