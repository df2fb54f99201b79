"""What organizations can show: who sees it, who looks at it, until when it holds and is kept."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mutuali.audit.models import AuditEvent
from mutuali.core.errors import Conflict, Forbidden, NotFound, Refused
from mutuali.core.period import instant_at, local
from mutuali.core.permissions import Actor, Role
from mutuali.jobs.models import Job
from mutuali.organizations import service
from mutuali.organizations.models import Document
from mutuali.organizations.rules import (
    DocumentDraft,
    DocumentKind,
    DocumentState,
    Held,
    Lack,
    LicenceClass,
    Missing,
    Need,
    missing,
    reminder_due,
    satisfies,
)
from mutuali.web.secrets import new_public_id
from tests.accounts.test_views import mails
from tests.factories import NOW, World
from tests.how_many import how_many

TODAY = local(NOW).date()
PERMIT = DocumentDraft(DocumentKind.MAPAQ_PERMIT, reference="123-456", expires_on=date(2026, 9, 30))
LICENCE = DocumentDraft(
    DocumentKind.DRIVING_LICENCE, "3", person_name="Ana Roy", expires_on=date(2028, 1, 15)
)
PDF = service.DocumentFile(b"%PDF-1.7 permis", "application/pdf")


def shown(seen: DocumentState) -> Held:
    """The permit as it is held, looked at or not."""
    return Held(DocumentKind.MAPAQ_PERMIT, "", PERMIT.expires_on, seen)


class Network:
    """A manager of an organization that shows documents, and a coordinator who looks at them."""

    def __init__(self, world: World, session: Session) -> None:
        self.world, self.session = world, session
        self.id = world.organization("La Corbeille")[0]
        self.manager = world.member(self.id)
        self.coordinator = world.person(role=Role.COORDINATOR)

    def add(
        self, draft: DocumentDraft = PERMIT, file: service.DocumentFile | None = None, **more: Any
    ) -> str:
        public_id = new_public_id()
        service.add_document(
            self.session,
            self.manager,
            self.id,
            replace(draft, **more),
            file,
            public_id=public_id,
            now=self.world.now,
        )
        return public_id

    def check(self, public_id: str) -> None:
        service.check_document(self.session, self.coordinator, public_id, now=self.world.now)

    def held(self) -> list[Held]:
        return service.held_documents(self.session, [self.id])[self.id]

    def states(self) -> list[DocumentState]:
        shown = service.documents_of(self.session, self.manager, self.id, now=self.world.now)
        return [each.state for each in shown]


@pytest.fixture
def network(world: World, session: Session) -> Network:
    return Network(world, session)


def test_a_class_of_licence_is_good_for_those_before_it_and_for_no_other() -> None:
    good = {
        (held, need)
        for held in LicenceClass
        for need in LicenceClass
        if satisfies(
            Held(DocumentKind.DRIVING_LICENCE, held, None), Need(DocumentKind.DRIVING_LICENCE, need)
        )
    }
    order = ["5", "3", "2", "1"]
    assert good == {(order[n], order[m]) for n in range(4) for m in range(n + 1)}


def test_a_training_by_its_name_is_the_one_whatever_its_capitals() -> None:
    held = Held(DocumentKind.TRAINING, "Découpe du poisson", None)
    assert satisfies(held, Need(DocumentKind.TRAINING, "découpe du Poisson"))
    assert not satisfies(held, Need(DocumentKind.TRAINING, "forklift"))
    assert not satisfies(held, Need(DocumentKind.MAPAQ_PERMIT))


@pytest.mark.parametrize("last", [date(2026, 3, 8), date(2026, 11, 1), date(2027, 3, 14)], ids=str)
def test_the_last_day_counts_whole_on_the_clock_of_montreal(last: date) -> None:
    need, held = Need(DocumentKind.MAPAQ_PERMIT), Held(DocumentKind.MAPAQ_PERMIT, "", last)
    midnight = instant_at(last + timedelta(days=1), time())
    for end in (instant_at(last, time(23, 59)), midnight):
        assert missing([need], [held], end) == []
    late = missing([need], [held], midnight + timedelta(minutes=1))
    assert late == [Missing(need, Lack.ENDS, last)]


@given(
    ends=st.lists(st.none() | st.integers(-40, 400), max_size=4),
    end=st.integers(-30, 300),
    asked=st.sampled_from(list(LicenceClass)),
    classes=st.lists(st.sampled_from(list(LicenceClass)), min_size=4, max_size=4),
)
def test_a_need_is_met_when_any_fitting_document_holds_long_enough(
    ends: list[int | None], end: int, asked: LicenceClass, classes: list[LicenceClass]
) -> None:
    held = [
        Held(
            DocumentKind.DRIVING_LICENCE,
            licence,
            None if days is None else TODAY + timedelta(days=days),
        )
        for days, licence in zip(ends, classes, strict=False)
    ]
    need = Need(DocumentKind.DRIVING_LICENCE, asked)
    noon = instant_at(TODAY + timedelta(days=end), time(12))
    fitting = [each for each in held if "5321".index(each.detail) >= "5321".index(asked)]
    met = any(each.expires_on is None or each.expires_on >= local(noon).date() for each in fitting)
    assert (missing([need], held, noon) == []) is met


def test_each_reminder_is_due_once_and_the_nearer_one_takes_over() -> None:
    last = TODAY + timedelta(days=100)
    told: list[tuple[int, int]] = []
    reminded: int | None = None
    for passed in range(110):
        due = reminder_due(last, reminded, TODAY + timedelta(days=passed))
        if due is not None:
            told.append((100 - passed, due))
            reminded = due
    assert told == [(30, 30), (7, 7)]
    # Noted a week before its end, one reminder is enough.
    assert reminder_due(TODAY + timedelta(days=5), None, TODAY) == 7


def test_a_document_counts_once_a_coordinator_has_looked_at_it(network: Network) -> None:
    public_id = network.add()
    assert network.states() == [DocumentState.WAITING]
    assert network.held() == [shown(DocumentState.WAITING)]
    assert how_many(service.count_documents_waiting, network.session, network.coordinator, NOW) == 1
    network.check(public_id)
    assert network.states() == [DocumentState.CHECKED]
    assert network.held() == [shown(DocumentState.CHECKED)]
    assert how_many(service.count_documents_waiting, network.session, network.coordinator, NOW) == 0
    with pytest.raises(Conflict, match=r"document\.looked_at"):
        network.check(public_id)
    network.world.now = instant_at(date(2026, 10, 1), time(8))
    assert network.states() == [DocumentState.EXPIRED]
    names = network.session.scalars(
        sa.select(AuditEvent.name).where(AuditEvent.subject_kind == "document")
    ).all()
    assert names == ["document.added", "document.checked"]


def test_a_refusal_needs_a_reason_and_counts_for_nothing(network: Network) -> None:
    public_id, coordinator = network.add(), network.coordinator
    with pytest.raises(Refused, match="reason_missing"):
        service.refuse_document(network.session, coordinator, public_id, " ", now=NOW)
    service.refuse_document(network.session, coordinator, public_id, "Illisible.", now=NOW)
    assert network.states() == [DocumentState.REFUSED]
    assert network.held() == [shown(DocumentState.REFUSED)]


def test_only_its_organization_and_coordinators_see_a_document_and_its_copy(
    network: Network, session: Session
) -> None:
    public_id = network.add(file=PDF)
    for reader in (
        network.manager,
        network.world.member(network.id, Role.MEMBER),
        network.coordinator,
    ):
        assert service.document_file(session, reader, public_id) == PDF
        assert service.document(session, reader, public_id, now=NOW).has_file
    for stranger in (
        network.world.member(network.world.organization()[0]),
        network.world.person(role=Role.ADMINISTRATOR),
        network.world.person(role=Role.STEWARD),
        Actor(),
    ):
        with pytest.raises(NotFound):
            service.document_file(session, stranger, public_id)
        with pytest.raises(NotFound):
            service.document(session, stranger, public_id, now=NOW)
        with pytest.raises(Forbidden):
            service.documents_of(session, stranger, network.id, now=NOW)
        with pytest.raises(Forbidden):
            service.check_document(session, stranger, public_id, now=NOW)
        with pytest.raises(NotFound):
            service.remove_document(session, stranger, public_id, now=NOW)


def test_nobody_looks_at_a_document_of_their_own_organization(
    network: Network, session: Session
) -> None:
    public_id = network.add()
    both = replace(network.coordinator, memberships={network.id: Role.MANAGER})
    with pytest.raises(Forbidden, match=r"document\.own"):
        service.check_document(session, both, public_id, now=NOW)
    assert how_many(service.count_documents_waiting, session, both, NOW) == 0


def test_of_a_licence_neither_a_copy_nor_the_number_is_kept_whatever_writes(
    network: Network, session: Session
) -> None:
    for more, code in (
        ({"reference": "R1234"}, "no_licence_number"),
        ({"person_name": ""}, "person_missing"),
        ({"detail": "4"}, "not_a_choice"),
        ({"expires_on": None}, "expiry_missing"),
        ({"expires_on": TODAY - timedelta(days=1)}, "expired"),
    ):
        with pytest.raises(Refused, match=code):
            network.add(LICENCE, **more)
    with pytest.raises(Refused, match="no_copy"):
        network.add(LICENCE, PDF)
    public_id = network.add(LICENCE)
    for column, value in (("reference", "R1234"), ("file", b"copie")):
        with pytest.raises(IntegrityError), session.begin_nested():
            session.execute(
                sa.update(Document)
                .where(Document.public_id == public_id)
                .values({column: value, **({"file_type": "x"} if column == "file" else {})})
            )


def test_organizations_are_reminded_a_month_and_a_week_before_each_once(
    network: Network, session: Session
) -> None:
    public_id = network.add(expires_on=TODAY + timedelta(days=60))
    network.check(public_id)
    network.add(expires_on=TODAY + timedelta(days=55))  # nobody looked at it yet
    told = []
    for passed in range(61):
        if service.remind(session, now=NOW + timedelta(days=passed)):
            told.append(60 - passed)
    assert told == [30, 7]
    jobs = session.scalars(sa.select(Job).where(Job.kind == "organizations.tell_expiry")).all()
    assert [each.arguments["days"] for each in jobs] == [30, 7]


def test_what_was_renewed_is_not_reminded_of(network: Network, session: Session) -> None:
    first = network.add(expires_on=TODAY + timedelta(days=20))
    network.check(first)
    network.add(expires_on=TODAY + timedelta(days=300))
    assert service.remind(session, now=NOW) == 0
    # The licence of somebody else renews nothing.
    for name, days in (("Ana Roy", 20), ("Lou Côté", 300)):
        licence = network.add(LICENCE, person_name=name, expires_on=TODAY + timedelta(days=days))
        network.check(licence)
    assert service.remind(session, now=NOW) == 1


def test_documents_are_destroyed_a_year_after_their_last_day_and_with_the_person(
    network: Network, session: Session
) -> None:
    driver = network.world.member(network.id, Role.MEMBER)
    network.add(expires_on=TODAY + timedelta(days=10))
    network.add(LICENCE, person_id=driver.person_id, person_name="Ana Roy")
    network.add(DocumentDraft(DocumentKind.TRAINING, "forklift", person_name="Lou Côté"))
    before = NOW + timedelta(days=10)
    assert service.forget_documents(session, before, dry=False) == 0
    assert service.forget_documents(session, before + timedelta(days=1), dry=True) == 1
    assert service.forget_documents(session, before + timedelta(days=1), dry=False) == 1
    person_id = driver.person_id or 0
    [told] = [
        each for each in service.held_about_person(session, person_id) if each.table == "document"
    ]
    assert [row["detail"] for row in told.rows] == ["3"]
    service.forget_person(session, person_id, now=NOW)
    kinds = session.scalars(sa.select(Document.kind)).all()
    assert kinds == [DocumentKind.TRAINING]


def test_what_an_organization_takes_along_names_its_documents_without_their_bytes(
    network: Network, session: Session
) -> None:
    network.add(file=PDF)
    [told] = [
        each
        for each in service.held_about_organization(session, network.id)
        if each.table == "document"
    ]
    assert [(row["reference"], row["file"]) for row in told.rows] == [("123-456", None)]


def picture() -> BytesIO:
    file = BytesIO()
    Image.new("RGB", (40, 30), "red").save(file, "PNG")
    file.seek(0)
    return file


@pytest.fixture
def today(session: Session) -> Network:
    return Network(World(session, datetime.now(UTC)), session)


def later(days: int = 300) -> str:
    return str(local(datetime.now(UTC)).date() + timedelta(days=days))


def test_from_the_form_to_the_coordinators_card_and_the_letter(
    today: Network, app: Flask, client: FlaskClient, tmp_path: Path
) -> None:
    world = today.world
    world.sign_in(client, today.manager)
    form = {"reference": "123-456", "expires_on": later()}
    address = "/organisme/documents/nouveau/mapaq_permit"
    wrong = client.post(
        address,
        data={**form, "file": (BytesIO(b"rien"), "permis.pdf")},
        content_type="multipart/form-data",
    )
    assert wrong.status_code == 422
    assert "champ-file-erreur" in wrong.text
    assert 'value="123-456"' in wrong.text
    made = client.post(
        address,
        data={**form, "file": (picture(), "permis.png")},
        content_type="multipart/form-data",
    )
    assert made.headers["Location"] == "/organisme/documents"
    shown = client.get("/organisme/documents?lang=en").text
    assert "To check" in shown
    [public_id] = {
        each.partition("/")[0] for each in shown.split("/documents/") if "/fichier" in each[:40]
    }
    file = client.get(f"/documents/{public_id}/fichier")
    assert file.mimetype == "image/webp"
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in file.headers["Content-Security-Policy"]
    assert file.headers["Cache-Control"] == "no-store"
    with app.test_client() as other:
        world.sign_in(other, today.coordinator)
        assert "/coordination/documents" in other.get("/a-faire").text
        assert "La Corbeille" in other.get("/coordination/documents").text
        empty = other.post(f"/coordination/documents/{public_id}/refuser", data={"reason": ""})
        assert empty.status_code == 422
        done = other.post(f"/coordination/documents/{public_id}/verifier")
        assert done.headers["Location"] == "/coordination/documents"
        assert "/coordination/documents" not in other.get("/a-faire").text
    assert "Checked" in client.get("/organisme/documents?lang=en").text
    [(_to, subject, _body)] = mails(app, tmp_path)
    assert subject == "Document vérifié : Permis MAPAQ"
    assert client.post(f"/organisme/documents/{public_id}/retirer").status_code == 303
    assert "Aucun document encore" in client.get("/organisme/documents?lang=fr").text


def test_a_licence_is_noted_for_a_member_or_for_somebody_without_an_account(
    today: Network, client: FlaskClient, session: Session
) -> None:
    today.world.sign_in(client, today.manager)
    address = "/organisme/documents/nouveau/driving_licence"
    refused = client.post(address, data={"licence": "3", "expires_on": later()})
    assert refused.status_code == 422
    assert "champ-person_name-erreur" in refused.text
    [member] = service.members(session, today.manager, today.id)
    session.rollback()
    for said in ({"member": member.public_id}, {"person_name": "Ana Roy"}):
        made = client.post(address, data={"licence": "3", "expires_on": later(), **said})
        assert made.status_code == 303
    shown = client.get("/organisme/documents").text
    assert member.name in shown
    assert "Ana Roy" in shown
    linked = session.scalars(sa.select(Document.person_id).order_by(Document.id)).all()
    assert linked == [today.manager.person_id, None]


def test_programs_note_copy_check_and_destroy_documents(
    today: Network, app: Flask, client: FlaskClient, session: Session
) -> None:
    public_id = service.organization(session, today.id).public_id
    ours = {"Authorization": f"Bearer {today.world.api_token(today.manager)}"}
    theirs = {"Authorization": f"Bearer {today.world.api_token(today.coordinator)}"}
    base = f"/api/v1/organizations/{public_id}/documents"
    body = {"kind": "insurance", "reference": "POL-1", "expires_on": later()}
    made = client.post(base, json=body, headers=ours)
    assert made.status_code == 201, made.text
    address = made.headers["Location"]
    copied = client.post(
        f"{address}/file",
        data={"file": (BytesIO(b"%PDF-1.7 assurance"), "a.pdf")},
        content_type="multipart/form-data",
        headers=ours,
    )
    assert copied.get_json()["has_file"] is True
    file = client.get(f"{address}/file", headers=theirs)
    assert (file.mimetype, file.data) == ("application/pdf", b"%PDF-1.7 assurance")
    [waiting] = client.get("/api/v1/documents", headers=theirs).get_json()
    assert waiting["organization"] == public_id
    checked = client.post(f"{address}/check", headers=theirs)
    assert checked.get_json()["state"] == "checked"
    refused = client.post(f"{address}/refuse", json={"reason": "Non."}, headers=theirs)
    assert refused.status_code == 409
    late = client.post(
        f"{address}/file",
        data={"file": (BytesIO(b"%PDF-1.7 autre"), "a.pdf")},
        content_type="multipart/form-data",
        headers=ours,
    )
    assert late.status_code == 409
    [listed] = client.get(base, headers=theirs).get_json()
    assert listed["state"] == "checked"
    assert client.delete(address, headers=ours).status_code == 204
    assert client.get(address, headers=ours).status_code == 404
