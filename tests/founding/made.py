"""Networks with kits to hand on, and kits that somebody tampered with."""

import io
import json
import zipfile
from collections.abc import Callable, Mapping

from flask import Flask
from sqlalchemy.orm import Session

from mutuali.core.canonical import sha256
from mutuali.core.network import Network
from mutuali.core.permissions import Actor, Role
from mutuali.founding import service
from mutuali.founding.rules import LessonDraft
from mutuali.founding.views.shown import worded_files
from mutuali.network import service as networks
from mutuali.web.secrets import new_public_id
from tests.factories import NOW, World

LESSON = LessonDraft(
    "Demander après un prêt",
    "Demander à l’inscription.",
    "On fermait la page.",
    "Attendre le premier prêt.",
    "Ask after a loan",
    "Asking at sign-up.",
    "People closed the page.",
    "Wait for the first loan.",
)
NAME = "Réseau A"


def both(world: World) -> Actor:
    """Somebody who administers the network and keeps its data."""
    person = world.person(role=Role.ADMINISTRATOR)
    return Actor(
        person.person_id,
        roles=frozenset({Role.ADMINISTRATOR, Role.STEWARD}),
        second_factor=True,
    )


def known(session: Session) -> Network:
    return networks.network(session)


def started(session: Session, actor: Actor, name: str = NAME) -> None:
    networks.name_network(session, actor, name, now=NOW)
    networks.serve(session, actor, (), english=False, now=NOW)
    networks.ask_for(session, actor, ("network_statistics",), now=NOW)


def lesson(session: Session, actor: Actor, draft: LessonDraft = LESSON) -> str:
    public_id = new_public_id()
    service.write_lesson(session, actor, draft, public_id=public_id, now=NOW)
    return public_id


def kit_of(app: Flask, session: Session) -> service.MadeKit:
    """The kit as the page hands it out."""
    with app.test_request_context():
        return service.make_kit(session, known(session), worded_files(known(session)))


def files_in(kit: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(kit)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(files: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for path, data in files.items():
            archive.writestr(path, data)
    return made.getvalue()


def retold(kit: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    """A kit whose files were changed, with a manifest that tells of them rightly."""
    files = files_in(kit)
    manifest = json.loads(files.pop("manifest.json"))
    change(files)
    manifest["files"] = {
        path: {"sha256": sha256(data), "bytes": len(data)} for path, data in files.items()
    }
    return zipped({**files, "manifest.json": json.dumps(manifest).encode()})
