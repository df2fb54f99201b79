"""Photos of mishaps by the API: all of those that are sent, or none, and nothing of where they
were taken."""

from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from mutuali.core.permissions import Actor, Role
from mutuali.mishaps import service
from mutuali.mishaps.models import MishapPhoto
from mutuali.mishaps.rules import MOST_PHOTOS, Kind, Severity
from mutuali.web.clock import utc_now
from mutuali.web.photos import MOST_MEGABYTES
from mutuali.web.secrets import new_public_id
from tests.factories import World
from tests.mishaps.test_service import Lent

NOISE = Image.effect_noise((600, 400), 80)


def picture(kind: str = "PNG", *, colour: str = "red", **options: object) -> bytes:
    file = BytesIO()
    Image.new("RGB", (30, 20), colour).save(file, kind, **options)
    return file.getvalue()


class Damaged:
    """A booking with an open mishap, and ways to send photos of it."""

    def __init__(self, world: World, client: FlaskClient) -> None:
        world.now = utc_now()
        self.world, self.client = world, client
        self.lent = Lent(world)
        self.id = new_public_id()
        draft = service.MishapDraft(Kind.DAMAGE, Severity.MINOR, world.now, "La porte grince.")
        service.report_of_booking(
            world.session,
            self.lent.taker,
            self.lent.booked.public_id,
            draft,
            public_id=self.id,
            now=world.now,
        )
        self.address = f"/api/v1/mishaps/{self.id}/photos"
        self.token = self.bearer(self.lent.taker)

    def bearer(self, actor: Actor, *scopes: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.world.api_token(actor, *scopes)}"}

    def send(
        self, *contents: bytes, name: str = "porte.png", headers: dict[str, str] | None = None
    ) -> Any:
        files = [FileStorage(BytesIO(each), name, "photos") for each in contents]
        line, body = encode_multipart({"photos": files})
        return self.client.post(
            self.address,
            data=body,
            content_type=f"multipart/form-data; boundary={line}",
            headers={**self.token, **(headers or {})},
        )

    def kept(self) -> int:
        self.world.session.rollback()
        count = self.world.session.scalar(sa.select(sa.func.count(MishapPhoto.id))) or 0
        self.world.session.rollback()
        return count


@pytest.fixture
def damaged(world: World, client: FlaskClient) -> Damaged:
    return Damaged(world, client)


def test_a_program_adds_photos_that_the_other_side_reads_without_their_metadata(
    client: FlaskClient, damaged: Damaged
) -> None:
    exif = Image.Exif()
    exif[0x010F] = "Marque reconnaissable"
    answer = damaged.send(picture("JPEG", exif=exif, comment=b"chez nous"), picture())
    assert answer.status_code == 201, answer.text
    first, second = answer.json["photos"]
    assert first != second
    other = damaged.bearer(damaged.lent.giver)
    read = client.get(f"/api/v1/mishap-photos/{first}", headers=other)
    assert read.mimetype == "image/webp"
    assert Image.open(BytesIO(read.data)).format == "WEBP"
    assert b"Marque" not in read.data
    assert b"chez nous" not in read.data


@pytest.mark.parametrize(
    ("contents", "name", "code"),
    [
        ([], "porte.png", "field.missing"),
        ([b"%PDF-1.7 not a picture"], "porte.png", "photo.unreadable"),
        ([b""], "porte.png", "photo.unreadable"),
        ([picture(), picture()[:40]], "porte.png", "photo.unreadable"),
        ([picture("GIF")], "porte.gif", "photo.unreadable"),
        ([b"0" * (MOST_MEGABYTES * 1_000_000 + 1)], "porte.png", "photo.too_large"),
        ([picture()] * (MOST_PHOTOS + 1), "porte.png", "mishap.too_many_photos"),
        ([picture()], "porte\x00.png", "field.control_character"),
    ],
)
def test_what_is_no_photo_is_refused_by_its_field_and_none_is_kept(
    damaged: Damaged, contents: list[bytes], name: str, code: str
) -> None:
    answer = damaged.send(*contents, name=name)
    assert answer.status_code == 422, answer.text
    told = [(each["field"], each["code"]) for each in answer.json["reasons"]]
    assert told == [("photos", code)]
    assert damaged.kept() == 0


def test_a_picture_that_unfolds_to_a_wall_is_refused(damaged: Damaged) -> None:
    vast = BytesIO()
    Image.new("1", (9000, 9000)).save(vast, "PNG")
    answer = damaged.send(vast.getvalue())
    assert answer.status_code == 422
    assert answer.json["reasons"][0]["code"] == "photo.too_many_pixels"
    assert damaged.kept() == 0


def test_those_that_fit_no_more_are_refused_together(damaged: Damaged) -> None:
    assert damaged.send(*[picture()] * (MOST_PHOTOS - 1)).status_code == 201
    answer = damaged.send(picture(), picture())
    assert answer.status_code == 422
    assert answer.json["reasons"][0]["code"] == "mishap.too_many_photos"
    assert damaged.kept() == MOST_PHOTOS - 1


def test_nobody_adds_photos_to_what_is_not_theirs_or_is_closed(
    world: World, damaged: Damaged
) -> None:
    coordinator = world.person(role=Role.COORDINATOR)
    mine, stranger = damaged.lent.taker, damaged.lent.stranger
    for headers, status in (
        (damaged.bearer(stranger), 404),
        (damaged.bearer(mine, "message.read"), 403),
        # Reads what goes wrong, and may not carry out loans.
        (damaged.bearer(mine, "booking.read"), 403),
        ({"Authorization": "Bearer nobody"}, 401),
    ):
        assert damaged.send(picture(), headers=headers).status_code == status
    assert damaged.kept() == 0
    assert damaged.send(picture(), headers=damaged.bearer(coordinator)).status_code == 201
    service.close(world.session, mine, damaged.id, "Réparée.", now=utc_now())
    world.session.commit()
    assert damaged.send(picture()).status_code == 409
    assert damaged.kept() == 1


def test_an_upload_that_arrives_twice_is_kept_once_and_another_is_refused(damaged: Damaged) -> None:
    large = BytesIO()
    NOISE.save(large, "PNG")
    assert len(large.getvalue()) > 100_000
    for key, content in (("small", picture()), ("large", large.getvalue())):
        once = {"Idempotency-Key": key}
        before = damaged.kept()
        answers = [damaged.send(content, headers=once) for _ in range(2)]
        assert [each.status_code for each in answers] == [201, 201], key
        assert answers[0].json == answers[1].json
        assert damaged.kept() == before + 1
        other = damaged.send(picture(colour="blue"), headers=once)
        assert (other.status_code, other.json["reasons"][0]["code"]) == (409, "once.key_reused")


def test_a_program_reads_open_ones_of_a_kind(client: FlaskClient, damaged: Damaged) -> None:
    def found(query: str) -> list[str]:
        listed: Any = client.get(f"/api/v1/mishaps?{query}", headers=damaged.token).json
        return [each["id"] for each in listed]

    assert found("kind=damage&only_open=1") == [damaged.id]
    assert found("kind=loss") == []
    wrong = client.get("/api/v1/mishaps?kind=storm", headers=damaged.token)
    assert wrong.status_code == 422
