"""Programs block and unblock, and send files along, as people do on the pages."""

import io
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import TestResponse, encode_multipart

from mutuali.core.permissions import Actor
from mutuali.messages.models import Message, MessageFile
from tests.factories import World
from tests.messages.made import Pair, pair
from tests.messages.test_views import picture


@pytest.fixture
def two(world: World) -> Pair:
    world.now = datetime.now(UTC)
    return pair(world)


def bearer(two: Pair, actor: Actor, *scopes: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {two.world.api_token(actor, *scopes)}"}


def began(client: FlaskClient, two: Pair) -> str:
    body = {"listing": two.listing, "text": "Un hayon?"}
    made = client.post("/api/v1/threads", headers=bearer(two, two.taker), json=body)
    return str(made.headers["Location"])


def test_who_is_blocked_writes_no_more_until_they_are_let_in_again(
    client: FlaskClient, two: Pair
) -> None:
    thread = began(client, two)
    taker, giver = bearer(two, two.taker), bearer(two, two.giver)
    stranger = bearer(two, two.world.member(two.world.organization()[0]))
    reads = bearer(two, two.giver, "message.read")
    assert client.post(f"{thread}/block", headers=stranger).status_code == 404
    assert client.post(f"{thread}/block", headers=reads).status_code == 403
    for _ in range(2):
        assert client.post(f"{thread}/block", headers=giver).status_code == 204
    said: dict[str, Any] = {"text": "Allô?"}
    assert client.post(f"{thread}/messages", headers=taker, json=said).status_code == 422
    (found,) = client.get("/api/v1/blocked", headers=giver).get_json()
    assert found["blocked_name"] == "Cuisine Midi"
    # Who is blocked is not told by whom.
    assert client.get("/api/v1/blocked", headers=taker).get_json() == []
    one = f"/api/v1/organizations/{found['organization']}/blocked/{found['blocked']}"
    assert client.delete(one, headers=taker).status_code == 403
    assert client.delete(one, headers=giver).status_code == 204
    assert client.delete(one, headers=giver).status_code == 404
    assert client.post(f"{thread}/messages", headers=taker, json=said).status_code == 201


def sends(client: FlaskClient, thread: str, headers: dict[str, str], *files: Any) -> TestResponse:
    form: MultiDict[str, Any] = MultiDict({"text": "Voici."})
    for content, name in files:
        form.add("files", FileStorage(content, name))
    line, body = encode_multipart(form)
    return client.post(
        f"{thread}/messages",
        data=body,
        headers=headers,
        content_type=f"multipart/form-data; boundary={line}",
    )


def test_files_come_along_as_they_are_or_not_at_all(
    client: FlaskClient, session: Session, two: Pair
) -> None:
    thread, giver = began(client, two), bearer(two, two.giver)
    sent = sends(
        client, thread, giver, (io.BytesIO(b"%PDF-1.7"), "plan.pdf"), (picture(), "quai.jpg")
    )
    assert sent.status_code == 201, sent.text
    files = sent.get_json()["said"][-1]["files"]
    assert [each["kind"] for each in files] == ["pdf", "photo"]
    got = client.get(f"/api/v1/message-files/{files[1]['id']}", headers=bearer(two, two.taker))
    assert got.mimetype == "image/webp"
    assert b"Appareil" not in got.data
    broken = sends(client, thread, giver, (picture(), "a.jpg"), (io.BytesIO(b"MZ"), "b.exe"))
    assert broken.status_code == 422
    told = [(each["field"], each["code"]) for each in broken.get_json()["reasons"]]
    assert told == [("files", "message.file_kind")]
    session.rollback()
    assert session.scalar(sa.select(sa.func.count(MessageFile.id))) == 2
    assert session.scalar(sa.select(sa.func.count(Message.id))) == 2
