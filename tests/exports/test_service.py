"""Asking, deciding, building and handing over, on both engines."""

import csv
import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from frictionless import Package
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mutuali.agreements import service as agreements
from mutuali.agreements.rules import Dataset, ReleaseSettings, Side
from mutuali.audit.models import AuditEvent
from mutuali.consent import service as consent
from mutuali.consent.rules import Purpose
from mutuali.core.errors import Conflict, Forbidden, NotFound, Refused
from mutuali.core.permissions import Actor, Role
from mutuali.exports import service
from mutuali.exports.models import Export, ExportDownload
from mutuali.exports.rules.catalogue import CATALOGUE
from mutuali.exports.rules.lineage import Kind
from mutuali.exports.service.lineage import behind
from mutuali.jobs.jobs import HANDLERS_KEY
from mutuali.jobs.models import Job
from mutuali.organizations.models import Organization
from mutuali.web.clock import utc_now
from mutuali.web.secrets import new_public_id
from tests.exports.stored import (
    ANSWERS,
    KEY,
    Network,
    asked,
    built,
    export_row,
    is_in,
    prepared,
    says_yes,
    shared_year,
    signed,
    work_through,
)
from tests.factories import World

BOTH = pytest.mark.parametrize("dataset", list(CATALOGUE))


def network(
    session: Session, dataset: Dataset = Dataset.EQUIPMENT_USE, *, saying_yes: int | None = None
) -> Network:
    now = utc_now()
    return shared_year(session, World(session, now), dataset, now=now, saying_yes=saying_yes)


def taken(app: Flask, session: Session, net: Network, public_id: str) -> zipfile.ZipFile:
    handed = service.hand_over(session, net.table.analyst, public_id, key=KEY, now=utc_now())
    data = service.get(app.config["SETTINGS"].files_url, handed.key)
    return zipfile.ZipFile(io.BytesIO(data))


@BOTH
def test_a_signed_request_becomes_a_bundle_that_the_validator_accepts(
    app: Flask, session: Session, tmp_path: Path, dataset: Dataset
) -> None:
    net = network(session, dataset)
    row = built(app, session, net)
    assert (row.state, row.withheld_because) == ("in_review", None)
    signed(session, net, row)

    bundle = taken(app, session, net, row.public_id)
    bundle.extractall(tmp_path / "bundle")
    names = set(bundle.namelist())
    report = Package(str(tmp_path / "bundle" / "datapackage.json")).validate()

    assert report.valid, report.flatten(["message"])
    assert {"datapackage.json", "SHA256SUMS", "rapport.html", "report.html"} < names
    described = json.loads(bundle.read("datapackage.json"))
    for resource in described["resources"]:
        rows = list(csv.reader(io.StringIO(bundle.read(resource["path"]).decode())))
        assert rows[0] == [field["name"] for field in resource["schema"]["fields"]]
        assert len(rows) > 5
    french, english = bundle.read("rapport.html").decode(), bundle.read("report.html").decode()
    if CATALOGUE[dataset].names_organizations:
        assert "oui à être nommés publiquement" in french
        return
    assert "Ce qui a été mesuré" in french or "Ce que disent les tableaux" in french
    assert "What was measured" in english or "What the tables say" in english


@pytest.mark.parametrize(
    "dataset", [each.name for each in CATALOGUE.values() if not each.names_organizations]
)
def test_no_name_and_no_id_of_an_organization_is_in_the_bundle(
    app: Flask, session: Session, dataset: Dataset
) -> None:
    net = network(session, dataset)
    row = signed(session, net, built(app, session, net))
    bundle = taken(app, session, net, row.public_id)
    everything = b"\n".join(bundle.read(name) for name in bundle.namelist())

    for organization in session.scalars(
        sa.select(Organization).where(Organization.id.in_(net.organizations))
    ):
        assert organization.name.encode() not in everything
        assert organization.public_id.encode() not in everything


@BOTH
def test_who_did_not_say_yes_is_on_neither_side(
    app: Flask, session: Session, dataset: Dataset
) -> None:
    """What the build may read holds no row of an organization without a yes."""
    net = network(session, dataset, saying_yes=12)
    without = set(net.organizations[12:])
    snapshot = service.take(
        session,
        dataset,
        purpose=net.purpose,
        recipient_id=net.table.partner_id,
        settings=ReleaseSettings(),
        now=utc_now(),
    )

    lenders = set(snapshot.loans.column("lender").to_pylist())
    borrowers = set(snapshot.loans.column("borrower").to_pylist())
    offering = set(snapshot.offered.column("lender").to_pylist())
    assert lenders | offering
    assert without.isdisjoint(lenders | borrowers | offering)


def test_a_yes_for_one_recipient_is_none_for_another(session: Session) -> None:
    net = network(session)

    assert consent.consenting(session, net.purpose, net.table.partner_id, now=utc_now())
    assert not consent.consenting(session, net.purpose, net.table.operator_id, now=utc_now())
    assert not consent.consenting(
        session, Purpose.MOBILITY_PLANNING, net.table.partner_id, now=utc_now()
    )


def test_only_an_analyst_whom_the_agreement_names_may_ask(session: Session) -> None:
    net = network(session)
    other = World(session, utc_now()).person(role=Role.ANALYST)

    with pytest.raises(Refused, match=r"export.no_agreement"):
        asked(session, net, by=other)
    with pytest.raises(Forbidden):
        asked(session, net, by=net.table.manager)


def test_what_the_agreement_does_not_cover_is_refused_all_reasons_at_once(
    session: Session,
) -> None:
    net = network(session)
    request = service.DataRequest(
        net.agreement_id, Dataset.LOANS, Purpose.SHARING_STUDY, "Quoi?", ANSWERS
    )

    with pytest.raises(Refused) as caught:
        service.request_export(
            session, net.table.analyst, request, public_id=new_public_id(), now=utc_now()
        )
    assert {reason.code for reason in caught.value.reasons} == {
        "export.dataset_not_agreed",
        "export.purpose_not_agreed",
    }


def test_nobody_decides_their_own_request(session: Session) -> None:
    net = network(session)
    public_id = asked(session, net)
    both = Actor(
        person_id=net.table.analyst.person_id, roles=frozenset({Role.ANALYST, Role.STEWARD})
    )

    with pytest.raises(Forbidden, match=r"export.own_request"):
        service.prepare(session, both, public_id, hosted_outside=False, now=utc_now())
    row = session.scalars(sa.select(Export)).one()
    row.decided_by = row.requested_by
    with pytest.raises(IntegrityError, match="two_people"):
        session.flush()


def test_nobody_signs_their_own_request(app: Flask, session: Session) -> None:
    net = network(session)
    row = built(app, session, net)
    both = Actor(
        person_id=net.table.analyst.person_id, roles=frozenset({Role.ANALYST, Role.STEWARD})
    )

    with pytest.raises(Forbidden, match=r"export.own_request"):
        says_yes(session, both, row)
    row.signed_by = row.requested_by
    with pytest.raises(IntegrityError, match="signed_by_another"):
        session.flush()


def test_another_analyst_does_not_learn_that_the_request_exists(session: Session) -> None:
    net = network(session)
    public_id = asked(session, net)
    other = World(session, utc_now()).person(role=Role.ANALYST)

    with pytest.raises(NotFound):
        service.export(session, other, public_id, now=utc_now())
    with pytest.raises(NotFound):
        service.hand_over(session, other, public_id, key=KEY, now=utc_now())
    assert service.exports(session, other, now=utc_now()) == []


def test_a_bundle_is_offered_for_as_long_as_the_agreement_says(
    app: Flask, session: Session
) -> None:
    now = utc_now()
    world = World(session, now)
    net = shared_year(session, world, Dataset.EQUIPMENT_USE, now=now, download_days=9)
    row = signed(session, net, built(app, session, net))

    assert row.released_at is not None
    assert row.expires_at - row.released_at == timedelta(days=9)


def test_each_download_is_recorded_with_who_and_what(app: Flask, session: Session) -> None:
    net = network(session)
    row = signed(session, net, built(app, session, net))

    taken(app, session, net, row.public_id)
    session.flush()

    assert session.scalars(sa.select(ExportDownload.person_id)).all() == [
        net.table.analyst.person_id
    ]
    event = session.scalars(
        sa.select(AuditEvent).where(AuditEvent.name == "export.downloaded")
    ).one()
    assert event.facts["sha256"] == row.file_sha256


def test_a_bundle_stays_closed_when_an_organization_takes_back_its_yes(
    app: Flask, session: Session
) -> None:
    net = network(session)
    row = signed(session, net, built(app, session, net))
    consent.withdraw(session, net.managers[0], net.organizations[0], net.notice_id, now=utc_now())
    session.flush()

    with pytest.raises(Conflict, match=r"export.consent_withdrawn"):
        service.hand_over(session, net.table.analyst, row.public_id, key=KEY, now=utc_now())


def test_a_bundle_stays_closed_when_the_agreement_is_over(app: Flask, session: Session) -> None:
    net = network(session)
    row = signed(session, net, built(app, session, net))

    with pytest.raises(Forbidden, match=r"export.not_named"):
        service.hand_over(
            session, net.table.analyst, row.public_id, key=KEY, now=utc_now() + timedelta(days=400)
        )


def test_a_yes_taken_back_during_the_build_makes_it_build_again_without_it(
    app: Flask, session: Session
) -> None:
    net = network(session)
    public_id = prepared(session, net)
    handlers = app.extensions[HANDLERS_KEY]
    staged = handlers["exports.build"]
    job = session.scalars(sa.select(Job).where(Job.kind == "exports.build")).one()
    now = utc_now()
    with app.app_context():
        found = staged.read(session, job.arguments, now)
        session.rollback()
        result = staged.compute(found)
        consent.withdraw(session, net.managers[0], net.organizations[0], net.notice_id, now=now)
        session.commit()
        with pytest.raises(Conflict, match=r"export.consent_changed"):
            staged.write(session, job.arguments, result, now)
        session.rollback()
    work_through(app)

    row = export_row(session, public_id)
    assert row.state == "in_review"
    assert not is_in(session, row, Kind.ORGANIZATION, net.organizations[0])


def test_a_build_that_fails_leaves_no_file_and_says_so(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    net = network(session)
    session.execute(sa.update(Organization).values(name=Organization.name))  # a write to commit
    public_id = prepared(session, net)
    monkeypatch.setattr("mutuali.exports.service.sums.scheme", lambda *_: 1 / 0)
    work_through(app)

    row = export_row(session, public_id)
    assert (row.state, row.withheld_because) == ("withheld", "export.build_failed")
    assert (row.file_key, row.report) == (None, None)


def test_too_few_yeses_and_the_analyst_reads_why_nothing_left(app: Flask, session: Session) -> None:
    net = network(session, Dataset.LOANS, saying_yes=4)
    row = built(app, session, net)

    assert (row.state, row.withheld_because) == ("withheld", "privacy.too_few_contributors")


def test_silence_lets_a_request_lapse(session: Session) -> None:
    net = network(session)
    public_id = asked(session, net)
    later = utc_now() + timedelta(days=31)

    with pytest.raises(Conflict):
        service.prepare(session, net.table.steward, public_id, hosted_outside=False, now=later)
    service.expire_lapsed(session, now=later)
    assert session.scalars(sa.select(Export.state)).one() == "expired"


def test_nobody_signs_and_nothing_leaves(app: Flask, session: Session) -> None:
    net = network(session)
    row = built(app, session, net)
    later = utc_now() + timedelta(days=31)

    with pytest.raises(Conflict, match=r"export.not_ready"):
        service.hand_over(session, net.table.analyst, row.public_id, key=KEY, now=utc_now())
    with pytest.raises(Conflict):
        says_yes(session, net.table.steward, row, now=later)
    service.expire_lapsed(session, now=later)
    assert (row.state, row.staged_key, row.file_key) == ("expired", None, None)


def test_who_asked_reads_what_was_measured_only_once_it_is_signed(
    app: Flask, session: Session
) -> None:
    net = network(session)
    row = built(app, session, net)

    def seen_by(actor: Actor) -> service.ExportFacts:
        return service.export(session, actor, row.public_id, now=utc_now())

    unsigned = seen_by(net.table.analyst)
    assert (unsigned.report, unsigned.file_sha256) == (None, None)
    assert seen_by(net.table.steward).report is not None
    signed(session, net, row)
    assert seen_by(net.table.analyst).report is not None


def test_a_yes_taken_back_during_the_review_makes_it_build_again_without_it(
    app: Flask, session: Session
) -> None:
    net = network(session)
    row = built(app, session, net)
    consent.withdraw(session, net.managers[0], net.organizations[0], net.notice_id, now=utc_now())
    session.commit()

    with pytest.raises(Conflict, match=r"export.consent_left"):
        says_yes(session, net.table.steward, row)
    session.rollback()
    service.prepare(session, net.table.steward, row.public_id, hosted_outside=False, now=utc_now())
    session.commit()
    work_through(app)
    again = signed(session, net, export_row(session, row.public_id))
    assert not is_in(session, again, Kind.ORGANIZATION, net.organizations[0])


def test_an_agreement_ended_during_the_review_cannot_be_signed_under(
    app: Flask, session: Session
) -> None:
    net = network(session)
    row = built(app, session, net)
    agreements.end(session, net.table.steward, net.agreement_id, Side.OPERATOR, now=utc_now())

    with pytest.raises(Conflict, match=r"export.agreement_over"):
        says_yes(session, net.table.steward, row)


def test_a_returned_bundle_is_forgotten_and_the_request_waits_again(
    app: Flask, session: Session
) -> None:
    net = network(session)
    row = built(app, session, net)
    key = row.staged_key
    assert key is not None

    with pytest.raises(Refused, match=r"export.reason_missing"):
        service.send_back(session, net.table.steward, row.public_id, " ", now=utc_now())
    service.send_back(session, net.table.steward, row.public_id, "Trop fin.", now=utc_now())

    assert (row.state, row.decision_note) == ("requested", "Trop fin.")
    assert (row.staged_key, row.file_sha256, row.report) == (None, None, None)
    assert not behind(session, row.id)
    assert key not in service.kept_keys(session)


def test_the_sweep_takes_what_no_export_names_and_nothing_else(
    app: Flask, session: Session
) -> None:
    net = network(session)
    row = signed(session, net, built(app, session, net))
    files_url = app.config["SETTINGS"].files_url
    assert row.file_key is not None
    service.put(files_url, "exports/orphan.zip", b"of a build that died")
    keep, now = service.kept_keys(session), utc_now()

    young = service.sweep(files_url, "exports", keep=keep, before=now - timedelta(hours=2))
    old = service.sweep(files_url, "exports", keep=keep, before=now + timedelta(minutes=1))

    assert (young, old) == (0, 1)
    assert service.get(files_url, row.file_key)
    with pytest.raises(FileNotFoundError):
        service.get(files_url, "exports/orphan.zip")


def test_what_is_kept_is_never_overwritten(tmp_path: Path) -> None:
    url = f"file:{tmp_path / 'files'}"
    service.put(url, "exports/a.zip", b"one")
    with pytest.raises(Exception, match="already exists"):
        service.put(url, "exports/a.zip", b"two")
    assert service.get(url, "exports/a.zip") == b"one"


def test_an_agreement_ended_meanwhile_withholds_what_was_built(
    app: Flask, session: Session
) -> None:
    net = network(session)
    public_id = prepared(session, net)
    agreements.end(session, net.table.steward, net.agreement_id, Side.OPERATOR, now=utc_now())
    session.commit()
    work_through(app)

    row = export_row(session, public_id)
    assert (row.state, row.withheld_because) == ("withheld", "export.agreement_over")
