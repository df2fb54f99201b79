"""Links to a bundle: who gets one, how long, how often, and what a resumed download gets."""

import hashlib
import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from mutuali.agreements import service as agreements
from mutuali.agreements.rules import Side
from mutuali.audit.models import AuditEvent
from mutuali.exports import service
from mutuali.exports.models import Export, ExportDownload, ExportLink
from mutuali.exports.rules.life import LINK_LASTS, RESUME_WITHIN
from mutuali.exports.views.handed import PIECE, DownloadStopped
from mutuali.web.clock import utc_now
from tests.agreements.made import Table, in_force, set_table
from tests.exports.ready import holds, ready
from tests.factories import World

#: Three pieces and a bit, no two places alike.
DATA = b"".join(hashlib.sha256(b"%d" % n).digest() for n in range(100_000))


class Gate:
    """An export that is ready, its analyst in a browser, and what they ask for."""

    def __init__(self, app: Flask, session: Session, **terms: object) -> None:
        self.app, self.session, self.now = app, session, utc_now()
        self.world = World(session, self.now)
        self.table: Table = set_table(self.world)
        day = self.now.date()
        self.agreement = in_force(
            session,
            self.table,
            now=self.now,
            starts_on=day - timedelta(days=1),
            ends_on=day + timedelta(days=300),
            **terms,
        )
        self.id = ready(app, session, self.table, self.agreement, DATA, now=self.now)
        self.page = f"/exportations/{self.id}"
        self.analyst = self.browser(self.table.analyst)

    def browser(self, actor: object) -> FlaskClient:
        client = self.app.test_client()
        World(self.session).sign_in(client, actor)  # type: ignore[arg-type]
        return client

    def link(self) -> str:
        answer = self.analyst.post(f"{self.page}/telecharger")
        assert answer.status_code == 303, answer.text
        return str(answer.headers["Location"])

    def row(self) -> Export:
        self.session.expire_all()
        return self.session.scalars(sa.select(Export)).one()

    def count(self, model: type) -> int:
        found = self.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0
        self.session.rollback()  # SQLite lets others write again
        return found

    def shift_links(self, by: timedelta) -> None:
        """As if the links had been given, and used, that much earlier."""
        for link in self.session.scalars(sa.select(ExportLink)):
            link.expires_at -= by
            if link.used_at is not None:
                link.used_at -= by
        self.session.commit()


@pytest.fixture
def gate(app: Flask, session: Session) -> Gate:
    return Gate(app, session)


def test_a_link_gives_the_whole_file_and_says_what_it_is(gate: Gate) -> None:
    assert f'action="{gate.page}/telecharger"' in gate.analyst.get(gate.page).text
    link = gate.link()
    assert link.startswith("/fichiers/")
    taken = gate.analyst.get(link)
    assert (taken.status_code, taken.data == DATA) == (200, True)
    assert taken.headers["Accept-Ranges"] == "bytes"
    assert taken.headers["Cache-Control"] == "no-store"
    assert taken.headers["ETag"] == f'"{hashlib.sha256(DATA).hexdigest()}"'
    assert taken.headers["Content-Length"] == str(len(DATA))
    head = gate.analyst.head(link)
    assert (head.status_code, head.headers["Content-Length"]) == (200, str(len(DATA)))
    names = gate.session.scalars(sa.select(AuditEvent.name).order_by(AuditEvent.id)).all()
    assert names[-2:] == ["export.link_given", "export.downloaded"]


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-", 0, None),
        ("bytes=0-0", 0, 1),
        ("bytes=1000-", 1000, None),
        (f"bytes={PIECE - 1}-{PIECE}", PIECE - 1, PIECE + 1),
        ("bytes=-500", -500, None),
        ("bytes=10-99999999999", 10, None),
        ("Bytes=5-9", 5, 10),
    ],
)
def test_a_range_gives_those_bytes(gate: Gate, asked: str, start: int, end: int | None) -> None:
    link = gate.link()
    part = gate.analyst.get(link, headers={"Range": asked})
    assert part.data == DATA[start:end]
    if asked == "bytes=0-":
        assert part.status_code == 200
        return
    first = start % len(DATA)
    last = first + len(part.data) - 1
    assert part.status_code == 206
    assert part.headers["Content-Range"] == f"bytes {first}-{last}/{len(DATA)}"


@pytest.mark.parametrize(
    "asked", ["bytes=5-2", "bytes=-", "bytes=0-1,5-6", "lines=0-1", "bytes=a-b", "bytes"]
)
def test_a_range_that_cannot_be_read_gives_everything(gate: Gate, asked: str) -> None:
    whole = gate.analyst.get(gate.link(), headers={"Range": asked})
    assert (whole.status_code, whole.data == DATA) == (200, True)


@pytest.mark.parametrize("asked", [f"bytes={len(DATA)}-", "bytes=999999999-", "bytes=-0"])
def test_a_range_behind_the_end_gives_nothing(gate: Gate, asked: str) -> None:
    nothing = gate.analyst.get(gate.link(), headers={"Range": asked})
    assert (nothing.status_code, nothing.data) == (416, b"")
    assert nothing.headers["Content-Range"] == f"bytes */{len(DATA)}"


def test_a_range_of_another_version_gives_everything(gate: Gate) -> None:
    link = gate.link()
    etag = f'"{hashlib.sha256(DATA).hexdigest()}"'
    for named, status in (
        (etag, 206),
        (f"W/{etag}", 200),
        ('"other"', 200),
        ("Thu, 26 Nov 2026 07:00:00 GMT", 200),
    ):
        headers = {"Range": "bytes=0-9", "If-Range": named}
        assert gate.analyst.get(link, headers=headers).status_code == status, named


def test_resuming_a_download_is_not_a_second_one(gate: Gate) -> None:
    link = gate.link()
    assert gate.analyst.head(link).status_code == 200
    assert gate.count(ExportDownload) == 0, "looking is not taking"
    first = gate.analyst.get(link, headers={"Range": "bytes=0-999"})
    gate.shift_links(LINK_LASTS)
    rest = gate.analyst.get(link, headers={"Range": "bytes=1000-"})
    assert first.data + rest.data == DATA
    assert gate.count(ExportDownload) == 1
    assert gate.analyst.get(link).status_code == 409, "all of it needs a new link"
    gate.shift_links(RESUME_WITHIN)
    assert gate.analyst.get(link, headers={"Range": "bytes=1000-"}).status_code == 409


def test_a_link_that_nobody_used_is_over_after_ten_minutes(gate: Gate) -> None:
    assert LINK_LASTS.total_seconds() == 600
    link = gate.link()
    gate.shift_links(LINK_LASTS)
    for headers in ({}, {"Range": "bytes=5-"}):
        over = gate.analyst.get(link, headers=headers)
        assert over.status_code == 409
        assert "Ce lien est échu" in over.text


def test_a_link_serves_its_own_login_only(gate: Gate) -> None:
    link = gate.link()
    elsewhere = gate.browser(gate.table.analyst)
    assert elsewhere.get(link).status_code == 404
    assert gate.browser(gate.table.steward).get(link).status_code == 403
    assert gate.app.test_client().get(link).status_code == 303
    assert (
        gate.analyst.get(link[:-9] + ("A" if link[-9] != "A" else "B") + link[-8:]).status_code
        == 404
    )
    assert gate.analyst.get("/fichiers/rien").status_code == 404
    assert gate.analyst.get(link).status_code == 200


def test_the_agreement_says_how_often(app: Flask, session: Session) -> None:
    gate = Gate(app, session, downloads_each=2)
    spare = [gate.link() for _ in range(3)]
    assert [gate.analyst.get(link).status_code for link in spare] == [200, 200, 409]
    refused = gate.analyst.post(f"{gate.page}/telecharger")
    assert refused.status_code == 409
    assert "2 fois" in refused.text


def test_a_steward_revokes_every_link_at_once(gate: Gate) -> None:
    used, fresh = gate.link(), gate.link()
    gate.analyst.get(used, headers={"Range": "bytes=0-9"})
    assert gate.analyst.post(f"{gate.page}/liens/revoquer").status_code == 403
    steward = gate.browser(gate.table.steward)
    assert steward.post(f"{gate.page}/liens/revoquer").status_code == 303
    for link in (used, fresh):
        revoked = gate.analyst.get(link, headers={"Range": "bytes=10-"})
        assert revoked.status_code == 409
        assert "révoqué" in revoked.text
    assert gate.analyst.get(gate.link()).status_code == 200


def test_the_recipient_reads_the_log_too(gate: Gate) -> None:
    gate.analyst.get(gate.link())
    for reader in (gate.analyst, gate.browser(gate.table.steward)):
        shown = reader.get(gate.page).text
        assert "Ana Lyse" in shown.split("Téléchargements")[-1]
    bearer = {"Authorization": f"Bearer {gate.world.api_token(gate.table.analyst)}"}
    log = gate.app.test_client().get(f"/api/v1/exports/{gate.id}/downloads", headers=bearer)
    assert [each["name"] for each in log.get_json()] == ["Ana Lyse"]
    stranger = gate.world.person()
    assert gate.browser(stranger).get(gate.page).status_code == 403


def test_a_program_takes_it_with_the_token_that_asked(gate: Gate) -> None:
    ours, another = (
        {"Authorization": f"Bearer {gate.world.api_token(gate.table.analyst)}"} for _ in range(2)
    )
    client = gate.app.test_client()
    given = client.post(f"/api/v1/exports/{gate.id}/links", headers=ours)
    assert given.status_code == 201, given.text
    address = given.get_json()["address"].removeprefix("http://127.0.0.1")
    assert client.get(address, headers=another).status_code == 404
    assert client.get(address).status_code == 401
    part = client.get(address, headers=ours | {"Range": "bytes=0-9"})
    assert (part.status_code, part.data) == (206, DATA[:10])
    keyed = ours | {"Idempotency-Key": "k"}
    assert client.get(address, headers=keyed).data == DATA
    assert client.get(address, headers=keyed | {"Range": "bytes=7-8"}).data == DATA[7:9]
    steward = {"Authorization": f"Bearer {gate.world.api_token(gate.table.steward)}"}
    assert client.delete(f"/api/v1/exports/{gate.id}/links", headers=steward).status_code == 204
    assert client.get(address, headers=ours).status_code == 409


def test_without_a_second_factor_nothing_is_given(gate: Gate) -> None:
    client = gate.app.test_client()
    World(gate.session).sign_in(client, gate.table.analyst, second_factor=False)
    refused = client.post(f"{gate.page}/telecharger")
    assert refused.status_code == 403
    assert "deuxième étape" in refused.text


def _started(gate: Gate) -> tuple[TestResponse, bytes]:
    """A download of which one piece has come."""
    answer = gate.analyst.get(gate.link(), buffered=False)
    first = next(iter(answer.iter_encoded()))
    assert first == DATA[:PIECE]
    return answer, first


@pytest.mark.parametrize("how", ["consent", "agreement", "links", "login", "recall"])
def test_whatever_ends_in_the_middle_ends_the_download(gate: Gate, how: str) -> None:
    answer, got = _started(gate)
    now = utc_now()
    row = gate.row()
    if how == "consent":
        holds(gate.session, row, [gate.table.partner_id])
    elif how == "agreement":
        agreements.end(gate.session, gate.table.steward, gate.agreement, Side.OPERATOR, now=now)
    elif how == "links":
        service.revoke_links(gate.session, gate.table.steward, gate.id, now=now)
    elif how == "login":
        gate.session.execute(sa.text("UPDATE login SET revoked_at = created_at"))
    else:
        row.state, row.file_key, row.recalled_at = "recalled", None, now
    gate.session.commit()
    assert got == DATA[:PIECE]
    with pytest.raises(DownloadStopped):
        next(answer.iter_encoded())


def test_a_range_asked_for_after_a_yes_was_taken_back_gives_no_byte(gate: Gate) -> None:
    link = gate.link()
    assert gate.analyst.get(link, headers={"Range": "bytes=0-999"}).status_code == 206
    holds(gate.session, gate.row(), [gate.table.partner_id])
    gate.session.commit()
    rest = gate.analyst.get(link, headers={"Range": "bytes=1000-"})
    assert rest.status_code == 409
    assert DATA[1000:1032] not in rest.data
    assert "Content-Range" not in rest.headers


def test_two_links_used_at_once_count_as_two(app: Flask, session: Session) -> None:
    gate = Gate(app, session, downloads_each=1)
    links = [gate.link() for _ in range(4)]
    cookies = gate.analyst.get_cookie("session")
    assert cookies is not None
    statuses: list[int] = []
    barrier = threading.Barrier(len(links))

    def take(link: str) -> None:
        client = app.test_client()
        client.set_cookie("session", cookies.value)
        barrier.wait()
        statuses.append(client.get(link).status_code)

    threads = [threading.Thread(target=take, args=(link,)) for link in links]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200, 409, 409, 409]
    assert gate.count(ExportDownload) == 1
