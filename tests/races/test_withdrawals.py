"""Somebody takes back their yes at the very moment at which what holds them is let out, published
or downloaded: never is there a file of afterwards that still holds them."""

import hashlib
import itertools
import multiprocessing
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from http.client import HTTPConnection, HTTPException
from json import loads
from multiprocessing.synchronize import Event
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from mutuali.agreements.rules import Dataset, OnWithdrawal
from mutuali.consent import service as consent
from mutuali.consent.rules import Answer, Purpose, Subject
from mutuali.core.errors import Conflict
from mutuali.core.permissions import Actor
from mutuali.exports import service
from mutuali.exports.models import ExportDownload, RecallNotice
from mutuali.exports.rules.lineage import PERSONS, Kind, fingerprints
from mutuali.exports.service.lineage import remember
from mutuali.jobs.jobs import HANDLERS_KEY, work_through
from mutuali.web.clock import utc_now
from mutuali.web.doors import transaction
from mutuali.web.secrets import new_public_id
from tests.agreements.made import in_force, set_table
from tests.exports.ready import ready
from tests.exports.stored import (
    KEY,
    assessed,
    export_row,
    in_charge,
    is_in,
    prepared,
    shared_year,
)
from tests.factories import World
from tests.races.clients import Shot, at_once, posted

ROUNDS = 20
Server = Callable[[], str]
#: Bytes that a client asks for at a time, and of the file: many pieces of the server's.
PART = 1 << 19
DATA = b"".join(hashlib.sha256(b"%d" % n).digest() for n in range(500_000))


class Around:
    """Somebody new for each round whose yes stands, and exports that hold them."""

    def __init__(self, app: Flask, session: Session, world: World, subject: Subject) -> None:
        self.app, self.session, self.world, self.subject = app, session, world, subject
        self.table = set_table(world)
        day = world.now.date()
        self.agreement = in_force(
            session,
            self.table,
            now=world.now,
            starts_on=day - timedelta(days=1),
            ends_on=day + timedelta(days=300),
            on_withdrawal=OnWithdrawal.DESTROY,
        )
        in_charge(session, now=world.now)
        assessed(session, self.table.steward, Dataset.EQUIPMENT_USE, now=world.now)
        self.notice = new_public_id()
        draft = consent.default_draft(
            session, Purpose.NETWORK_STATISTICS, self.table.partner_id, subject=subject
        )
        consent.publish_notice(
            session, self.table.steward, draft, public_id=self.notice, now=world.now
        )
        self.analyst = world.api_token(self.table.analyst)
        self.steward = world.api_token(self.table.steward)

    def contributor(self) -> Actor:
        actor = self.world.member(self.world.organization()[0])
        if self.subject is Subject.PERSON:
            consent.answer_own(self.session, actor, self.notice, Answer.GIVEN, now=utc_now())
        else:
            id_ = actor.organization_id or 0
            consent.answer(self.session, actor, id_, self.notice, Answer.GIVEN, now=utc_now())
        self.session.commit()
        return actor

    def export(self, holding: Actor, data: bytes, **overrides: Any) -> str:
        public_id = ready(
            self.app,
            self.session,
            self.table,
            self.agreement,
            data,
            now=utc_now(),
            **overrides,
        )
        if self.subject is Subject.PERSON:
            side, kind, id_ = PERSONS, Kind.PERSON, holding.person_id or 0
        else:
            side, kind, id_ = "lender", Kind.ORGANIZATION, holding.organization_id or 0
        marks = frozenset(fingerprints(KEY, kind, [id_]).values())
        remember(self.session, export_row(self.session, public_id).id, {side: marks})
        self.session.commit()
        return public_id

    def in_review(self, holding: Actor) -> str:
        """An export that one signature lets out."""
        key = f"exports/{new_public_id()}.zip"
        service.put(self.app.config["SETTINGS"].files_url, key, b"PK\x03\x04")
        released = dict.fromkeys(("signed_by", "released_at", "file_key"))
        return self.export(holding, b"PK\x03\x04", state="in_review", staged_key=key, **released)

    def withdrawal(self, actor: Actor) -> Shot:
        path = "my-consents" if self.subject is Subject.PERSON else "consents"
        body = {"notice": self.notice, "answer": "withdrawn"}
        return Shot(f"/api/v1/{path}", body, self.world.api_token(actor))


@pytest.fixture(params=[Subject.ORGANIZATION, Subject.PERSON])
def around(
    request: pytest.FixtureRequest, app: Flask, session: Session, race_world: World
) -> Around:
    return Around(app, session, race_world, request.param)


def _takes_it(export: str, token: str, line: HTTPConnection, wait: Callable[[], object]) -> int:
    """How often the file came, of as many tries as fit into the others' moment."""
    wait()
    came = 0
    for _ in range(12):
        status, body = posted(line, Shot(f"/api/v1/exports/{export}/links", {}, token))
        assert status in {201, 403, 409}, body
        if status == 201:
            path = "/api" + loads(body)["address"].split("/api", 1)[1]
            line.request("GET", path, headers={"Authorization": f"Bearer {token}"})
            answer = line.getresponse()
            assert answer.status in {200, 409}
            try:
                came += answer.read().startswith(b"PK")
            except HTTPException:  # cut off before its first byte
                line.close()
    return came


def _posts(shot: Shot, after: float, line: HTTPConnection, wait: Callable[[], object]) -> int:
    line.connect()
    wait()
    time.sleep(after)
    return posted(line, shot)[0]


def test_a_signature_and_a_withdrawal_at_once_leave_no_file_that_holds_who_withdrew(
    around: Around, server: Server
) -> None:
    address, dice, signatures = server(), random.Random(3), Counter[int]()
    # Each is first once for certain; then whoever is.
    starts = [(0.5, 0.0), (0.0, 0.5)]
    starts += [(dice.uniform(0, 0.03), dice.uniform(0, 0.03)) for _ in starts * (ROUNDS // 2 - 1)]
    for withdraws_after, signs_after in starts:
        actor = around.contributor()
        export = around.in_review(actor)
        signature = Shot(f"/api/v1/exports/{export}/sign", {}, around.steward)
        withdrawn, signed, came = at_once(
            address,
            (
                partial(_posts, around.withdrawal(actor), withdraws_after),
                partial(_posts, signature, signs_after),
                partial(_takes_it, export, around.analyst),
            ),
        )
        assert withdrawn == 201
        assert signed in {200, 409}
        signatures[signed] += 1
        # Before any job looks: nobody gets a byte any more.
        (late,) = at_once(address, [partial(_takes_it, export, around.analyst)])
        assert late == 0
        work_through(around.app)
        row = export_row(around.session, export)
        assert row.file_key is None
        # First and recalled, or too late and built again: of nobody, here, so it is withheld.
        assert row.state == ("recalled" if signed == 200 else "withheld")
        downloads = around.session.scalars(
            sa.select(ExportDownload.person_id).where(ExportDownload.export_id == row.id)
        ).all()
        asked = around.session.scalars(
            sa.select(RecallNotice.person_id).where(RecallNotice.export_id == row.id)
        ).all()
        assert came <= len(downloads)
        assert set(downloads) <= set(asked), "a copy that nobody was asked about"
        around.session.rollback()
    assert signatures[200] >= 1
    assert signatures[409] >= 1


def _by_parts(
    path: str, token: str, confirmed: Event, line: HTTPConnection, wait: Callable[[], object]
) -> list[tuple[float, int, int]]:
    """(when it was asked for, status, bytes) of each part: two before the others act, then the
    file over and over, until three were asked for after the withdrawal was confirmed."""
    found: list[tuple[float, int, int]] = []
    starts, late = itertools.cycle(range(0, len(DATA), PART)), 0
    while late < 3:
        if len(found) == 2:
            wait()
        late += confirmed.is_set()
        start, asked = next(starts), time.monotonic()
        headers = {
            "Authorization": f"Bearer {token}",
            "Range": f"bytes={start}-{start + PART - 1}",
        }
        line.request("GET", path, headers=headers)
        answer = line.getresponse()
        try:
            body = answer.read()
        except HTTPException as cut:
            body = getattr(cut, "partial", b"")
            line.close()
        whole = body if answer.status == 206 else b""
        assert DATA.startswith(whole, start)
        found.append((asked, answer.status, len(whole)))
    return found


def _in_one_go(
    path: str, token: str, confirmed: Event, line: HTTPConnection, wait: Callable[[], object]
) -> int:
    """How many bytes came of a download that was on its way when the withdrawal was confirmed."""
    line.request("GET", path, headers={"Authorization": f"Bearer {token}"})
    answer = line.getresponse()
    assert answer.status == 200
    came = len(answer.read(1000))
    wait()
    confirmed.wait(60)
    try:
        while piece := answer.read(1 << 16):
            came += len(piece)
    except (HTTPException, ConnectionError):
        pass
    return came


def _withdraws(
    shot: Shot, after: float, confirmed: Event, line: HTTPConnection, wait: Callable[[], object]
) -> float:
    """When the withdrawal was confirmed."""
    line.connect()
    wait()
    time.sleep(after)
    try:
        assert posted(line, shot)[0] == 201
        return time.monotonic()
    finally:
        confirmed.set()


def test_no_part_of_a_download_is_given_once_a_withdrawal_was_confirmed(
    around: Around, server: Server
) -> None:
    address, dice, given, refused = server(), random.Random(5), 0, 0
    for _ in range(ROUNDS // 2):
        actor = around.contributor()
        export = around.export(actor, DATA)
        paths = []
        for _client in range(2):
            link = Shot(f"/api/v1/exports/{export}/links", {}, around.analyst)
            line = HTTPConnection(address.removeprefix("http://"), timeout=60)
            status, body = posted(line, link)
            line.close()
            assert status == 201, body
            paths.append("/api" + loads(body)["address"].split("/api", 1)[1])
        done = multiprocessing.get_context("fork").Event()
        parts, came, confirmed = at_once(
            address,
            (
                partial(_by_parts, paths[0], around.analyst, done),
                partial(_in_one_go, paths[1], around.analyst, done),
                partial(_withdraws, around.withdrawal(actor), dice.uniform(0, 0.1), done),
            ),
        )
        for asked, status, size in parts:
            assert status in {206, 409}
            given += bool(size)
            if asked > confirmed:
                assert (status, size) == (409, 0)
                refused += 1
        assert came < len(DATA), "a download that was on its way came whole"
        work_through(around.app)
        assert export_row(around.session, export).state == "recalled"
        around.session.rollback()
    assert given >= ROUNDS
    assert refused >= ROUNDS


def test_a_build_and_a_withdrawal_at_once_never_stage_a_file_that_holds_who_withdrew(
    app: Flask, session: Session, race_world: World, server: Server
) -> None:
    net = shared_year(
        session, race_world, Dataset.EQUIPMENT_USE, now=race_world.now, organizations=18
    )
    tokens = [race_world.api_token(manager) for manager in net.managers[:2]]
    session.commit()
    address = server()
    build = app.extensions[HANDLERS_KEY]["exports.build"]
    for number in range(ROUNDS // 2):
        who = number % 2
        public_id = prepared(session, net)
        arguments = {"export": export_row(session, public_id).id}
        session.rollback()
        with app.app_context():
            with transaction(reads=True) as reading:
                work = build.read(reading, arguments, utc_now())
            result = build.compute(work)
        body = {"notice": net.notice_id, "answer": "withdrawn"}
        barrier, ended = threading.Barrier(2), []

        def publish(result: Any = result, arguments: Any = arguments) -> None:
            barrier.wait(timeout=60)  # noqa: B023
            try:
                with app.app_context(), transaction() as writing:
                    build.write(writing, arguments, result, utc_now())
                ended.append("staged")  # noqa: B023
            except Conflict as error:
                ended.append(error.reasons[0].code)  # noqa: B023

        thread = threading.Thread(target=publish)
        thread.start()
        line = HTTPConnection(address.removeprefix("http://"), timeout=60)
        line.connect()
        barrier.wait(timeout=60)
        status, content = posted(line, Shot("/api/v1/consents", body, tokens[who]))
        thread.join(60)
        assert status == 201, content
        assert ended in (["staged"], ["export.consent_changed"])
        work_through(app)
        row = export_row(session, public_id)
        assert row.state == "in_review"
        assert not is_in(session, row, Kind.ORGANIZATION, net.organizations[who])
        service.decline(session, net.table.steward, public_id, "Assez.", now=utc_now())
        session.commit()
        body["answer"] = "given"
        assert posted(line, Shot("/api/v1/consents", body, tokens[who]))[0] == 201
        line.close()
