"""The verifier of one file finds what was done to a log, and names the first bad line."""

import copy
import hashlib
import json
import subprocess
import sys
from base64 import b64decode, b64encode
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from mutuali.audit.rules import Deed, event_hash, seal_of_content, seal_of_hash
from mutuali.core.permissions import Role
from mutuali.web.programs import Program, source
from scripts import verify_log
from tests.audit.made import Files, downloaded, head_signed, sealed, sealed_as_before
from tests.factories import NOW, World

PROGRAM = Path(verify_log.__file__)
LOG, CHAIN = "/intendance/journal.jsonl", "/transparence/chaine.jsonl"
Line = dict[str, Any]


@pytest.fixture(scope="module")
def kept() -> dict[str, tuple[Files, Files]]:
    """Logs that were downloaded, by engine: reading them again would tell nothing new."""
    return {}


@pytest.fixture(params=["whole", "public"])
def files(
    request: pytest.FixtureRequest, kept: dict[str, tuple[Files, Files]], engine_name: str
) -> Files:
    """A log of two days from each engine, as who may read it and as everybody downloads it."""
    if engine_name not in kept:
        kept[engine_name] = request.getfixturevalue("both_files")
    return kept[engine_name][request.param == "public"]


@pytest.fixture
def both_files(
    app: Flask,
    session: Session,
    world: World,
    client: FlaskClient,
    tmp_path: Path,
) -> tuple[Files, Files]:
    """The whole log and the public one."""
    steward = world.person(role=Role.STEWARD)
    session.flush()
    sealed_as_before(session, 4)
    head_signed(app, session, now=NOW + timedelta(days=1))
    sealed(session, 8, now=NOW + timedelta(days=1))
    head_signed(app, session, now=NOW + timedelta(days=2))
    world.sign_in(client, steward)
    session.commit()
    return downloaded(client, tmp_path, LOG), downloaded(client, tmp_path, CHAIN)


def found(files: Files, log: list[Line], heads: dict[str, Any] | None = None) -> str:
    """What the verifier says of a log that does not hold."""
    chain, journal = files.written(log, heads)
    with pytest.raises(verify_log.Broken) as broken:
        verify_log.check(chain, [journal])
    assert broken.value.french
    return broken.value.english


def renumbered(log: list[Line]) -> list[Line]:
    return [{**line, "sequence": number} for number, line in enumerate(log, start=1)]


def first_hashed(files: Files) -> int:
    """Where the links of the second layout begin, counted from 0."""
    return next(n for n, line in enumerate(files.log) if line["layout"] == 2)


def test_a_whole_log_holds_with_python_alone(files: Files) -> None:
    chain, journal = files.written()
    # -I -S: neither our packages nor those of anybody else.
    ran = subprocess.run(
        [sys.executable, "-I", "-S", str(PROGRAM), str(chain), str(journal)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert f"{len(files.log)} links, 2 heads of days" in ran.stdout
    assert files.log[-1]["seal"] in ran.stdout


def test_a_public_link_says_nothing_of_its_event(files: Files) -> None:
    whole = "blind" in files.log[0]
    assert ("essai.fait" in json.dumps(files.log)) is whole
    assert {frozenset(line) for line in files.log} == {
        frozenset(("sequence", "layout", "event", "seal") + (("blind",) if whole else ()))
    }


def test_a_log_cut_short_is_found_by_the_head_of_a_day(files: Files) -> None:
    for left in range(len(files.log)):
        assert f"line {left + 1}: it is missing" in found(files, files.log[:left])


def test_a_changed_event_is_found_on_its_line(files: Files) -> None:
    for at, line in enumerate(files.log):
        if line["event"] is None:
            continue  # a public link of the first layout, which says nothing that could be changed
        log = copy.deepcopy(files.log)
        if isinstance(line["event"], str):
            log[at]["event"] = "0" * 64
        else:
            log[at]["event"]["facts"] = {"autre": 1}
        assert f"line {at + 1}: its seal does not hold" in found(files, log)


def test_a_changed_seal_or_number_is_found_on_its_line(files: Files) -> None:
    at = first_hashed(files) + 2
    for name, value in (("seal", "0" * 64), ("sequence", 99), ("layout", 1)):
        log = copy.deepcopy(files.log)
        log[at][name] = value
        assert f"line {at + 1}:" in found(files, log)


def test_two_lines_that_changed_places_are_found(files: Files) -> None:
    at = first_hashed(files) + 1
    log = [*files.log[:at], files.log[at + 1], files.log[at], *files.log[at + 2 :]]
    for tampered in (log, renumbered(log)):
        said = found(files, tampered)
        assert f"line {at + 1}: what should stand here stands on line {at + 2}" in said


def test_a_line_that_was_put_in_is_found(files: Files) -> None:
    at = first_hashed(files) + 2
    log = [*files.log[:at], files.log[at - 1], *files.log[at:]]
    for tampered in (log, renumbered(log)):
        said = found(files, tampered)
        assert f"line {at + 1}: " in said
        assert "inserted" in said


def test_a_line_that_was_taken_out_is_found(files: Files) -> None:
    at = first_hashed(files) + 2
    log = [*files.log[:at], *files.log[at + 1 :]]
    assert f"line {at + 1}: 1 link(s) are missing" in found(files, log)
    assert f"line {at + 1}: its seal does not hold" in found(files, renumbered(log))


def test_a_log_written_anew_from_some_point_disagrees_with_a_head(files: Files) -> None:
    if isinstance(files.log[-1]["event"], str):
        hashes = ["1" * 64 for _ in files.log]
    else:
        hashes = [verify_log._sha256({"blind": "b", **line["event"]}) for line in files.log]
    log, previous = copy.deepcopy(files.log), files.log[first_hashed(files) - 1]["seal"]
    for at in range(first_hashed(files), len(log)):
        if isinstance(log[at]["event"], str):
            log[at]["event"] = hashes[at]
        else:
            log[at]["blind"] = "b"
        previous = log[at]["seal"] = seal_of_hash(previous, at + 1, hashes[at])
    count = files.heads["heads"][-1]["count"]
    kept = files.heads["heads"][0]["count"]
    said = found(files, log)
    assert f"line {count}: it is not the seal published" in said
    assert f"between lines {kept + 1} and {count}" in said


def test_a_line_that_is_no_link_is_named(files: Files) -> None:
    for wrong in ({}, {**files.log[2], "seal": 7}, {**files.log[2], "layout": 3}):
        log = [*files.log[:2], wrong, *files.log[3:]]
        assert "line 3 cannot be read" in found(files, log)


def test_a_changed_head_is_found(files: Files) -> None:
    for name, value in (
        ("count", 3),
        ("seal", "0" * 64),
        ("day", "2026-03-09"),
        ("signed_at", "2026-03-03T00:00:00+00:00"),
        ("key", "0" * 16),
        ("signature", "?"),
        ("signature", b64encode(b"0" * 64).decode()),
    ):
        heads = copy.deepcopy(files.heads)
        heads["heads"][0][name] = value
        assert "signature of the head" in found(files, files.log, heads)


def test_a_key_under_the_name_of_another_is_found(files: Files) -> None:
    heads = copy.deepcopy(files.heads)
    heads["keys"] = {name: b64encode(b"k" * 32).decode() for name in heads["keys"]}
    assert "not the one its name says" in found(files, files.log, heads)


def test_an_older_copy_shows_a_head_that_is_gone_or_another(files: Files, tmp_path: Path) -> None:
    older = tmp_path / "kept.json"
    older.write_text(json.dumps(files.heads), encoding="utf-8")
    first, last = files.heads["heads"]
    key = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
    public = key.public_key().public_bytes_raw()
    key_id = hashlib.sha256(public).hexdigest()[:16]
    signed = {name: first[name] for name in ("count", "day", "signed_at")}
    covered = {**signed, "seal": "0" * 64, "what": "mutuali.log.head"}
    signature = b64encode(key.sign(verify_log.written(covered))).decode()
    another = {**covered, "key": key_id, "signature": signature}
    keys = {**files.heads["keys"], key_id: b64encode(public).decode()}
    third = {**last, "day": "2026-03-01"}
    for heads, said in (
        ([another, last], "the head of 2026-03-03 differs"),
        ([third, last], "signature of the head of 2026-03-01"),
    ):
        chain, journal = files.written(heads={**files.heads, "heads": heads, "keys": keys})
        with pytest.raises(verify_log.Broken, match=said):
            verify_log.check(chain, [older, journal])


def test_a_head_that_a_later_copy_no_longer_shows_is_found(
    app: Flask, session: Session, client: FlaskClient, tmp_path: Path
) -> None:
    for day in range(3):
        sealed(session, 2, now=NOW + timedelta(days=day))
        head_signed(app, session, now=NOW + timedelta(days=day + 1))
    session.commit()
    files = downloaded(client, tmp_path, CHAIN)
    older = tmp_path / "kept.json"
    older.write_text(json.dumps(files.heads), encoding="utf-8")
    first, _gone, last = files.heads["heads"]
    chain, journal = files.written(heads={**files.heads, "heads": [first, last]})
    assert verify_log.check(chain, [journal]).heads == 2
    with pytest.raises(verify_log.Broken, match="is gone from"):
        verify_log.check(chain, [older, journal])


def test_the_command_says_which_line_and_that_a_file_is_none(
    files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    chain, journal = files.written([*files.log[:-1], {}])
    assert verify_log.main([str(chain), str(journal)]) == 1
    assert f"DOES NOT HOLD: line {len(files.log)} " in capsys.readouterr().out
    journal.write_text("[]", encoding="utf-8")
    assert verify_log.main([str(chain), str(journal)]) == 2
    assert verify_log.main([str(chain), str(chain.with_name("nowhere.json"))]) == 2
    assert verify_log.main([str(journal)]) == 2


def test_the_published_program_is_the_one_whose_hash_is_published(client: FlaskClient) -> None:
    answer = client.get("/transparence/verify_log.py")
    assert answer.data == PROGRAM.read_bytes()
    hashed = hashlib.sha256(answer.data).hexdigest()
    assert hashed == source(Program.VERIFY_LOG).sha256
    assert hashed in client.get("/transparence").text
    assert hashed == client.get("/transparence/journal.json").get_json()["verifier_sha256"]


# The verifier shares no code with what it checks; these hold them side by side.

SEED = st.binary(min_size=32, max_size=32)


@settings(max_examples=60, deadline=None)
@given(SEED, st.binary(max_size=200), st.integers(0, 95), st.integers(1, 255))
def test_signatures_hold_where_the_library_says_so(
    seed: bytes, message: bytes, at: int, by: int
) -> None:
    key = Ed25519PrivateKey.from_private_bytes(seed)
    public, signature = key.public_key().public_bytes_raw(), key.sign(message)
    assert verify_log.signature_holds(public, message, signature)
    assert not verify_log.signature_holds(public, message + b"!", signature)
    changed = bytearray(public + signature)
    changed[at] ^= by
    public, signature = bytes(changed[:32]), bytes(changed[32:])
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
        holds = True
    except (InvalidSignature, ValueError):
        holds = False
    assert verify_log.signature_holds(public, message, signature) is holds


def test_a_signature_is_not_taken_twice() -> None:
    key = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
    public, signature = key.public_key().public_bytes_raw(), key.sign(b"once")
    scalar = int.from_bytes(signature[32:], "little") + verify_log.ORDER
    assert not verify_log.signature_holds(
        public, b"once", signature[:32] + scalar.to_bytes(32, "little")
    )
    assert not verify_log.signature_holds(public[:31], b"once", signature)
    assert not verify_log.signature_holds(public, b"once", signature[:63])
    assert not verify_log.signature_holds(b"\xff" * 32, b"once", signature)


FACTS = st.dictionaries(
    st.text(max_size=8),
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(max_size=20),
        st.lists(st.integers(), max_size=3),
    ),
    max_size=4,
)


@settings(max_examples=200, deadline=None)
@given(FACTS, st.text(max_size=10), st.integers(1, 10**9), st.one_of(st.none(), st.integers(1)))
def test_the_verifier_hashes_what_the_log_seals(
    facts: dict[str, Any], name: str, sequence: int, person: int | None
) -> None:
    content = json.loads(json.dumps(Deed(7, NOW, person, name, "essai", 3, facts).content))
    direct = verify_log.Link(1, sequence, 1, content, None, "")
    hashed = verify_log.Link(1, sequence, 2, content, "blind", "")
    assert direct.seal_after("p", sequence) == seal_of_content("p", content)
    event = event_hash(content, "blind")
    assert hashed.seal_after("p", sequence) == seal_of_hash("p", sequence, event)
    public = verify_log.Link(1, sequence, 2, event, None, "")
    assert public.seal_after("p", sequence) == seal_of_hash("p", sequence, event)


def test_the_published_key_is_the_one_of_the_instance(app: Flask, client: FlaskClient) -> None:
    key = Ed25519PrivateKey.from_private_bytes(b64decode(app.config["SETTINGS"].signing_key))
    public = b64encode(key.public_key().public_bytes_raw()).decode()
    assert list(client.get("/transparence/journal.json").get_json()["keys"].values()) == [public]
