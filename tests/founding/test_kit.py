"""A governance kit: the same bytes for the same rules, nobody in it, and results others can
reproduce."""

import json
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from typing import TypeAlias

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from mutuali.charter import service as charter
from mutuali.charter.rules import COLUMNS, as_csv
from mutuali.consent import service as consent
from mutuali.consent.rules import PURPOSES_OF, Answer, Purpose, blank_texts
from mutuali.core.errors import Forbidden, Refused
from mutuali.core.permissions import Actor, Role
from mutuali.core.spreadsheets import csv_bytes
from mutuali.founding import service
from mutuali.founding.models import LessonRow
from mutuali.founding.rules import LessonDraft, Part, pack, unpack
from mutuali.inventory.rules import HOLDINGS, Reach, entries
from mutuali.network import service as networks
from mutuali.network.models import NoticeWords
from mutuali.storage import Base
from mutuali.web.secrets import new_public_id
from tests.consent.made import published, set_table
from tests.factories import NOW, World, at, span
from tests.founding.made import (
    LESSON,
    NAME,
    both,
    files_in,
    kit_of,
    known,
    lesson,
    retold,
    started,
    zipped,
)

#: What is done to the files of a kit.
Change: TypeAlias = Callable[[dict[str, bytes]], None]


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [each.code for each in refused.value.reasons]


def take(session: Session, actor: Actor, kit: bytes, *parts: Part) -> None:
    service.take_kit(
        session,
        actor,
        service.read_kit(kit),
        parts or tuple(Part),
        known(session),
        public_id=new_public_id(),
        now=at(1),
    )


def test_a_kit_holds_rules_and_texts_and_the_same_state_makes_the_same_bytes(
    app: Flask, session: Session, world: World
) -> None:
    actor = both(world)
    started(session, actor)
    lesson(session, actor)
    made = kit_of(app, session)
    assert made.content == kit_of(app, session).content
    assert made.left_out == ()
    files = files_in(made.content)
    assert {"README.fr.md", "README.en.md", "LICENCE.txt", "actions.csv"} <= set(files)
    assert "https://creativecommons.org/licenses/by/4.0/" in files["LICENCE.txt"].decode()
    asked = {f"{s.value}.{p.value}" for s, purposes in PURPOSES_OF.items() for p in purposes}
    told = {re.sub(r"notices/(.+)\.(fr|en)\.txt", r"\1", p) for p in files if "notices/" in p}
    assert told == asked
    agreement = files["agreements/data-sharing.fr.txt"].decode()
    assert "________" in agreement
    assert "2001" not in agreement
    assert json.loads(files["settings.json"])["numbers"]["release.k"] == 5
    assert "Demander après un prêt" in files["lessons.fr.md"].decode()
    assert "Ask after a loan" in files["lessons.en.md"].decode()
    assert json.loads(files["manifest.json"])["network"] == NAME
    assert unpack(made.content).network == NAME


def _values(session: Session) -> Iterator[str]:
    """Every text in the database that the inventory says reaches somebody."""
    tables = {table.name: table for table in Base.metadata.sorted_tables}
    for each in entries():
        if each.reach is not Reach.IDENTIFIER or HOLDINGS[each.table].about.value == "thing":
            continue
        column = tables[each.table].c[each.column]
        if not isinstance(column.type, sa.String | sa.Text):
            continue
        yield from filter(None, session.scalars(sa.select(column).distinct()))


def test_nobody_and_nothing_of_anybody_is_in_it(app: Flask, session: Session, world: World) -> None:
    actor = both(world)
    started(session, actor)
    lesson(session, actor)
    table = set_table(world)
    lender = world.organization("La Corbeille de Verdun")
    manager = world.member(lender[0])
    out = published(session, table)
    consent.answer(session, manager, lender[0], out, Answer.GIVEN, now=NOW)
    world.booking(world.listing(lender, title_fr="Camion de la Corbeille"), span(2))
    session.flush()
    names = {each for each in _values(session) if len(each) > 3}
    assert "La Corbeille de Verdun" in names
    assert len(names) > 15
    content = kit_of(app, session).content
    found = [each for each in names if each.encode() in content]
    assert found == []


def test_results_others_can_reproduce(app: Flask, session: Session, world: World) -> None:
    """From A into a blank B, and out of B again: the same bytes for the parts that were taken."""
    a = both(world)
    started(session, a)
    lesson(session, a)
    rows = as_csv(charter.current_actions(session).actions)[:5]
    list_ = csv_bytes(COLUMNS, rows).decode()
    charter.bring_list(session, a, list_, name="x", source="y", public_id="l" * 22, now=NOW)
    words = [("organization", "sharing_study", "À {recipient}, {months}.", "{recipient} {months}")]
    networks.propose_words(session, a, words, "Réseau C", now=NOW)
    from_a = kit_of(app, session).content
    session.rollback()

    b = both(world)
    session.flush()
    networks.name_network(session, b, "Réseau B", now=NOW)
    before = files_in(kit_of(app, session).content)
    take(session, b, from_a)
    from_b = kit_of(app, session).content
    ours, theirs = files_in(from_b), files_in(from_a)
    taken = {
        path for path in theirs if re.match(r"notices/|actions.csv|settings.json|lessons\.", path)
    }
    assert {path: ours[path] for path in taken} == {path: theirs[path] for path in taken}
    assert {path for path in taken if before[path] != ours[path]} >= {
        "actions.csv",
        "settings.json",
        "lessons.json",
        "lessons.fr.md",
        "notices/organization.sharing_study.fr.txt",
    }
    assert [each.origin for each in service.lessons(session, "Réseau B")] == [NAME]
    seen = service.preview(session, b, service.read_kit(from_a), known(session))
    assert seen.changes == frozenset()
    assert len(seen.known) == 1


def test_only_what_was_chosen_is_taken_and_nothing_of_ours_is_written_over(
    app: Flask, session: Session, world: World
) -> None:
    a = both(world)
    started(session, a)
    public_id = lesson(session, a)
    kit = kit_of(app, session).content
    changed = LessonDraft("Autre titre", "a", "b", "c")
    service.change_lesson(session, a, public_id, changed, now=NOW)
    networks.serve(session, a, (), english=True, now=NOW)
    seen = service.preview(session, a, service.read_kit(kit), known(session))
    assert (seen.english, seen.lessons, len(seen.known)) == (False, (), 1)
    assert seen.changes == {Part.SETTINGS}
    take(session, a, kit, Part.LESSONS)
    assert known(session).english
    assert [each.draft.title_fr for each in service.lessons(session, "")] == ["Autre titre"]
    take(session, a, kit, Part.SETTINGS)
    assert not known(session).english


def test_a_role_takes_what_it_may_and_nothing_else(
    app: Flask, session: Session, world: World
) -> None:
    started(session, both(world))
    kit = kit_of(app, session).content
    steward = world.person(role=Role.STEWARD)
    seen = service.preview(session, steward, service.read_kit(kit), known(session))
    assert seen.may_take == {Part.ACTIONS, Part.NOTICES, Part.LESSONS}
    with pytest.raises(Forbidden):
        take(session, steward, kit, Part.ACTIONS, Part.SETTINGS)
    assert session.scalars(sa.select(NoticeWords)).all() == []
    with pytest.raises(Forbidden):
        service.preview(session, world.person(), service.read_kit(kit), known(session))
    with pytest.raises(Refused) as refused:
        service.take_kit(
            session,
            steward,
            service.read_kit(kit),
            (),
            known(session),
            public_id="x" * 22,
            now=NOW,
        )
    assert codes(refused) == ["kit.nothing_chosen"]


def _with(path: str, data: bytes) -> Change:
    return lambda files: files.__setitem__(path, data)


_LESSON = {
    "id": "a" * 22,
    "network": "A",
    "written_on": "2026-01-01",
    **{
        f"{part}_{language}": "x" if language == "fr" else ""
        for part in ("title", "tried", "happened", "again")
        for language in ("fr", "en")
    },
}


def _settings(purposes: str) -> Change:
    words = f'{{"purposes":{purposes},"english":true,"numbers":{{}}}}'
    return _with("settings.json", words.encode())


def _lessons(**changes: object) -> Change:
    return _with("lessons.json", json.dumps([{**_LESSON, **changes}]).encode())


def _without(path: str) -> Change:
    return lambda files: files.__delitem__(path)


_NOTICE = "notices/person.sharing_study"
_CELLS = ",".join(COLUMNS).encode() + b"\nx" + b"," * (len(COLUMNS) - 1)
_BAD: Mapping[str, tuple[Change, str]] = {
    "a file that we do not know": (_with("virus.exe", b"x"), "kit.file_unknown"),
    "a way out of the folder": (_with("../../etc/passwd", b"x"), "kit.file_unknown"),
    "an absolute path": (_with("/notices/a.b.fr.txt", b"x"), "kit.file_unknown"),
    "a path of Windows": (_with("notices\\..\\x.fr.txt", b"x"), "kit.file_unknown"),
    "a folder": (_with("notices/", b""), "kit.file_unknown"),
    "not text": (_with("actions.csv", b"\xff\xfe\x00"), "kit.not_text"),
    "NUL in text": (_with("settings.json", b"{}\0"), "kit.not_text"),
    "vast": (_with("README.fr.md", b"x" * 600_000), "kit.file_too_large"),
    "a bad cell": (_with("actions.csv", _CELLS), "actions.cell"),
    "no columns": (_with("actions.csv", b"a,b\n1,2\n"), "actions.columns"),
    "no JSON": (_with("settings.json", b"{"), "kit.value_wrong"),
    "deep JSON": (_with("lessons.json", b"[" * 100_000), "kit.value_wrong"),
    "a purpose that is none": (_settings('["spy"]'), "kit.value_wrong"),
    "a purpose that is no word": (_settings("[{}]"), "kit.value_wrong"),
    "a notice for nothing": (_with("notices/person.spy.fr.txt", b"x"), "kit.notice_unknown"),
    "a notice for nobody": (_with(f"{_NOTICE}.fr.txt", b"x"), "kit.notice_wrong"),
    "a notice in one language": (_without(f"{_NOTICE}.en.txt"), "kit.file_missing"),
    "a lesson with an address": (_lessons(tried_fr="a@b.ca"), "kit.value_wrong"),
    "a lesson without French": (_lessons(title_fr=""), "kit.value_wrong"),
    "half a character": (_lessons(title_fr="\ud800"), "kit.value_wrong"),
    "a day that is none": (_lessons(written_on="2026-02-31"), "kit.value_wrong"),
}


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
@pytest.mark.parametrize("bad", _BAD)
def test_every_bad_thing_is_named_and_nothing_is_stored(
    app: Flask,
    session: Session,
    world: World,
    bad: str,
) -> None:
    change, code = _BAD[bad]
    started(session, both(world))
    kit = retold(kit_of(app, session).content, change)
    with pytest.raises(Refused) as refused:
        service.read_kit(kit)
    assert code in codes(refused)
    assert {each.field for each in refused.value.reasons} == {"file"}
    assert session.scalars(sa.select(LessonRow)).all() == []


def test_a_hash_that_differs_is_named_by_its_file() -> None:
    kit = pack("A", {"README.fr.md": "un", "README.en.md": "one"}, {})
    files = files_in(kit)
    with pytest.raises(Refused) as refused:
        unpack(zipped({**files, "README.fr.md": b"deux"}))
    [reason] = refused.value.reasons
    assert (reason.code, reason.params["path"]) == ("kit.hash_differs", "README.fr.md")
    with pytest.raises(Refused) as refused:
        unpack(zipped({name: data for name, data in files.items() if name != "README.fr.md"}))
    assert codes(refused) == ["kit.file_missing"]
    with pytest.raises(Refused) as refused:
        unpack(zipped({**files, "lessons.json": b"[]"}))
    assert codes(refused) == ["kit.file_unlisted"]
    with pytest.raises(Refused) as refused:
        unpack(zipped({"README.fr.md": b"x"}))
    assert codes(refused) == ["kit.no_manifest"]


def test_bombs_twins_and_what_is_no_archive_are_refused() -> None:
    with pytest.raises(Refused) as refused:
        unpack(b"PK\x03\x04 nothing of the kind")
    assert codes(refused) == ["kit.not_a_zip"]
    with pytest.raises(Refused) as refused:
        unpack(b"x" * 1_500_001)
    assert codes(refused) == ["kit.too_large"]
    bomb = BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        for language in ("fr", "en"):
            archive.writestr(f"README.{language}.md", b"0" * 40_000_000)
    assert len(bomb.getvalue()) < 200_000
    with pytest.raises(Refused) as refused:
        unpack(bomb.getvalue())
    assert set(codes(refused)) == {"kit.file_too_large", "kit.too_large"}
    odd = BytesIO()
    with zipfile.ZipFile(odd, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("README.fr.md", b"a")
    with pytest.raises(Refused) as refused:
        unpack(odd.getvalue())
    assert codes(refused) == ["kit.file_broken"]
    twins = BytesIO()
    with zipfile.ZipFile(twins, "w") as archive:
        archive.writestr("README.fr.md", b"a")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("README.fr.md", b"b")
    with pytest.raises(Refused) as refused:
        unpack(twins.getvalue())
    assert codes(refused) == ["kit.file_twice"]


def test_an_archive_that_lies_of_a_size_is_found_out() -> None:
    kit = bytearray(pack("A", {"README.fr.md": "un deux trois"}, {}))
    at_size = kit.rindex(b"README.fr.md") - 46 + 24
    kit[at_size : at_size + 4] = (5).to_bytes(4, "little")
    with pytest.raises(Refused) as refused:
        unpack(bytes(kit))
    assert codes(refused)[0] in {"kit.file_broken", "kit.not_a_zip"}


def test_a_lesson_names_nobody_when_it_is_written_and_stays_here_once_it_does(
    app: Flask, session: Session, world: World
) -> None:
    actor = both(world)
    started(session, actor)
    world.organization("La Corbeille")
    world.person(name="Zoé Partie")
    for words, field in (
        ("Avec la corbeille, tout va.", "tried_fr"),
        ("ZOE PARTIE l’a dit.", "happened_fr"),
        ("Appelez le 514 555-0199.", "again_fr"),
        ("Écrivez à a@exemple.org", "again_fr"),
    ):
        draft = LessonDraft(**{**_drafted(), field: words})
        with pytest.raises(Refused) as refused:
            lesson(session, actor, draft)
        assert [each.field for each in refused.value.reasons] == [field]
    public_id = lesson(session, actor)
    world.organization("Le premier prêt")
    made = kit_of(app, session)
    assert made.left_out == (LESSON.title_fr,)
    assert public_id.encode() not in made.content
    half = LessonDraft("a", "b", "c", "d", title_en="a")
    with pytest.raises(Refused) as refused:
        lesson(session, actor, half)
    assert codes(refused) == ["lesson.half_in_english"] * 3


def _drafted() -> dict[str, str]:
    return {"title_fr": "a", "tried_fr": "b", "happened_fr": "c", "again_fr": "d"}


def test_a_lesson_of_others_that_names_somebody_here_is_not_taken(
    app: Flask, session: Session, world: World
) -> None:
    a = both(world)
    started(session, a)
    lesson(session, a)
    kit = kit_of(app, session).content
    for row in session.scalars(sa.select(LessonRow)):
        session.delete(row)
    world.organization("Le premier prêt")
    with pytest.raises(Refused) as refused:
        take(session, a, kit, Part.LESSONS)
    assert codes(refused) == ["kit.lesson_names"]
    assert session.scalars(sa.select(LessonRow)).all() == []


@pytest.mark.parametrize("purpose", list(Purpose))
def test_a_blank_notice_keeps_its_gaps_open(purpose: Purpose) -> None:
    for subject, purposes in PURPOSES_OF.items():
        if purpose in purposes:
            for text in blank_texts(purpose, subject):
                assert "{recipient}" in text
                assert "{months}" in text
                assert "987" not in text
