"""An organization's own spreadsheets: out and in again changes nothing; all or nothing; never more
than a person could do."""

import csv
import io
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from mutuali.audit.models import AuditEvent
from mutuali.core.errors import Forbidden, Unreadable
from mutuali.core.period import ClockSpan, Period, instant_at, local
from mutuali.core.permissions import Actor
from mutuali.core.spreadsheets import csv_bytes, plain
from mutuali.equipment import service as equipment
from mutuali.equipment.models import Closure, HoursException, KitPart, Quota, Unit
from mutuali.equipment.rules import Counts, OpenHours, OtherHours, Per, UnitCondition
from mutuali.equipment.rules import Quota as Limit
from mutuali.imports import service
from mutuali.imports.rules.own import COLUMNS, MOST_BYTES, MOST_LINES, Fate, OwnKind
from mutuali.organizations.rules import DocumentKind, Need
from mutuali.web.secrets import new_public_id
from tests.factories import NOW, World

TABLES = {
    OwnKind.UNITS: Unit,
    OwnKind.KITS: KitPart,
    OwnKind.DAYS: HoursException,
    OwnKind.CLOSURES: Closure,
    OwnKind.QUOTAS: Quota,
}


EVERY_DAY = tuple(OpenHours(day, 0, 1440) for day in range(7))


class Lender:
    """A lender with something of every file: a kit of a tent and crates, with names and limits."""

    def __init__(self, world: World, now: datetime) -> None:
        self.world, self.session, self.now = world, world.session, now
        lender = world.organization()
        self.actor: Actor = world.member(lender[0])
        self.id = lender[0]
        self.kit = world.listing(lender, title_fr="Marché")
        self.tent = world.listing(lender, title_fr="=Chapiteau", units=3)
        self.crates = world.listing(lender, title_fr="Caisses", units=40)
        ids = {e: equipment.listing_id_of(self.session, e) for e in (self.kit, self.tent)}
        whole, tent = equipment.Scope(self.id), equipment.Scope(self.id, ids[self.tent])
        demands = tuple(
            sorted([Need(DocumentKind.INSURANCE), Need(DocumentKind.DRIVING_LICENCE, "5")])
        )
        self.van = world.listing(lender, title_fr="Fourgonnette", demands=demands)
        parts = [(self.tent, 1), (self.crates, 20)]
        equipment.set_parts(self.session, self.actor, ids[self.kit], parts, now=now)
        for code, note in (("T-1", "-toile neuve"), ("T-2", "")):
            draft = equipment.UnitDraft(code, UnitCondition.WORN, note)
            equipment.add_unit(
                self.session, self.actor, tent.listing_id or 0, draft, public_id=code, now=now
            )
        day = local(now + timedelta(days=3)).date()
        hours = (ClockSpan(540, 720), ClockSpan(780, 1440))
        equipment.differ(self.session, self.actor, whole, OtherHours(day, ()), now=now)
        equipment.differ(self.session, self.actor, tent, OtherHours(day, hours), now=now)
        for n, scope in enumerate((whole, tent), 4):
            start = instant_at(local(now + timedelta(days=n)).date(), time(8))
            period = Period(start, start + timedelta(hours=9))
            equipment.close(self.session, self.actor, scope, period, now=now)
        equipment.limit(
            self.session, self.actor, tent, Limit(Per.WEEK, Counts.BOOKINGS, 2), now=now
        )
        all_of_it = Limit(Per.MONTH, Counts.UNIT_HOURS, 40, of_all=True)
        equipment.limit(self.session, self.actor, whole, all_of_it, now=now)
        self.session.flush()

    def out(self, kind: OwnKind) -> bytes:
        rows = service.own_rows(self.session, self.actor, self.id, kind, now=self.now)
        return csv_bytes(COLUMNS[kind], rows)

    def back(self, kind: OwnKind, content: bytes, *, dry: bool = False) -> service.OwnReport:
        return service.bring_back(
            self.session,
            self.actor,
            self.id,
            kind,
            content,
            dry=dry,
            left_out=(),
            new_public_id=new_public_id,
            now=self.now,
        )

    def stored(self, kind: OwnKind) -> list[tuple[Any, ...]]:
        table = TABLES[kind].__table__
        return sorted(tuple(map(str, row)) for row in self.session.execute(sa.select(table)))


@pytest.fixture
def lender(world: World) -> Lender:
    return Lender(world, NOW)


def text(*lines: str) -> bytes:
    return "\n".join(lines).encode()


def refused(report: service.OwnReport) -> list[tuple[int, str, str]]:
    return [(each.line, each.column, each.reason.code) for each in report.objections]


@pytest.mark.parametrize("kind", list(TABLES))
def test_out_and_in_again_changes_nothing(lender: Lender, kind: OwnKind) -> None:
    before, content = lender.stored(kind), lender.out(kind)
    assert len(before) == 2
    events = lender.session.scalar(sa.select(sa.func.count(AuditEvent.id)))
    report = lender.back(kind, content)
    assert (report.fates, report.objections, report.written) == ({Fate.SAME: 2}, [], True)
    assert lender.stored(kind) == before
    assert lender.session.scalar(sa.select(sa.func.count(AuditEvent.id))) == events
    assert lender.out(kind) == content


@pytest.mark.parametrize("kind", list(TABLES))
def test_what_went_out_builds_the_same_again_where_it_was_taken_away(
    lender: Lender, kind: OwnKind
) -> None:
    content = lender.out(kind)
    lender.session.execute(sa.delete(TABLES[kind]))
    lender.session.expire_all()
    dry = lender.back(kind, content, dry=True)
    assert (sum(dry.fates.values()), dry.written) == (2, False)
    assert lender.stored(kind) == []
    report = lender.back(kind, content)
    assert report.written
    assert report.objections == []
    assert lender.out(kind) == content
    assert lender.back(kind, content).fates == {Fate.SAME: 2}


def test_what_a_listing_demands_goes_out_and_comes_back_whole(lender: Lender) -> None:
    content = lender.out(OwnKind.DEMANDS)
    assert lender.back(OwnKind.DEMANDS, content).fates == {Fate.SAME: 2}
    one = text("listing,document,detail", f"{lender.van},insurance,")
    assert lender.back(OwnKind.DEMANDS, one).fates == {Fate.CHANGED: 1}
    assert lender.out(OwnKind.DEMANDS).count(lender.van.encode()) == 1
    assert lender.back(OwnKind.DEMANDS, content).fates == {Fate.CHANGED: 2}
    assert lender.out(OwnKind.DEMANDS) == content
    wrong = text("listing,document,detail", f"{lender.van},driving_licence,99", ",passport,")
    assert {line for line, *_ in refused(lender.back(OwnKind.DEMANDS, wrong))} == {2, 3}
    assert lender.out(OwnKind.DEMANDS) == content


def test_series_go_out_come_back_the_same_and_new_ones_are_asked_for_whole_or_not(
    lender: Lender,
) -> None:
    truck = lender.world.listing(title_fr="Camion", hours=EVERY_DAY)
    first = local(NOW + timedelta(days=2)).replace(hour=9, minute=0)
    header = "listing,starts,ends,rule,units,purpose,meals,note"

    def line(rule: str, units: int = 1, days: int = 0) -> str:
        start = first + timedelta(days=days)
        span = f"{start:%Y-%m-%dT%H:%M},{start + timedelta(hours=2):%Y-%m-%dT%H:%M}"
        return f"{truck},{span},{rule},{units},cooking,40,Cuisine du mardi"

    asked = text(header, line("FREQ=WEEKLY;COUNT=3"))
    assert lender.back(OwnKind.SERIES, asked, dry=True).fates == {Fate.ADDED: 1}
    assert b"Camion" not in lender.out(OwnKind.SERIES)
    assert lender.back(OwnKind.SERIES, asked).written
    content = lender.out(OwnKind.SERIES)
    assert b"FREQ=WEEKLY;COUNT=3,1,cooking,40,Cuisine du mardi" in content
    assert lender.back(OwnKind.SERIES, content).fates == {Fate.SAME: 1}
    assert lender.out(OwnKind.SERIES) == content
    otherwise = lender.back(OwnKind.SERIES, content.replace(b",40,", b",41,"))
    assert refused(otherwise) == [(2, "rule", "import.series_changes")]
    both = text(header, line("FREQ=DAILY;COUNT=2", days=1), line("FREQ=DAILY;COUNT=2", units=9))
    assert {number for number, *_ in refused(lender.back(OwnKind.SERIES, both))} == {3}
    assert lender.out(OwnKind.SERIES) == content
    wrong = text(header, line("FREQ=NEVER"), line("FREQ=DAILY").replace("T09:00", "T09:00-05:00"))
    told = refused(lender.back(OwnKind.SERIES, wrong))
    assert (told[0][:2], told[-1][:2]) == ((2, "rule"), (3, "starts"))


def test_what_the_file_says_otherwise_is_changed_and_what_it_does_not_name_stays(
    lender: Lender,
) -> None:
    content = text(
        "listing;code;condition;note",
        f"{lender.tent};T-1;good;recousue",
        f"{lender.tent};T-3;good;",
    )
    report = lender.back(OwnKind.UNITS, content)
    assert report.fates == {Fate.CHANGED: 1, Fate.ADDED: 1}
    found = list(csv.DictReader(io.StringIO(lender.out(OwnKind.UNITS).decode("utf-8-sig"))))
    assert [(e["code"], e["condition"], e["note"]) for e in found] == [
        ("T-1", "good", "recousue"),
        ("T-2", "worn", ""),
        ("T-3", "good", ""),
    ]
    kit = text("kit,part,units", f"{lender.kit},{lender.crates},10")
    assert lender.back(OwnKind.KITS, kit).fates == {Fate.CHANGED: 1}
    assert lender.out(OwnKind.KITS).decode().count("\n") == 2
    quota = text("listing,per,counts,most", ",month,unit_hours,41")
    assert lender.back(OwnKind.QUOTAS, quota).fates == {Fate.CHANGED: 1}


def test_every_bad_line_is_named_with_its_reason_and_nothing_is_written(lender: Lender) -> None:
    before = lender.stored(OwnKind.UNITS)
    other = lender.world.listing()
    content = text(
        "listing,title,code,condition,note",
        f"{lender.tent},,T-9,good,",
        f"{lender.tent},,,perfect,",
        f"{other},,X-1,good,",
        f"{lender.tent},,T-9,worn,",
        f'{lender.tent},,"T-8',
        f"{lender.tent},,T-7,good,{'x' * 301}",
    )
    report = lender.back(OwnKind.UNITS, content)
    assert refused(report)[:4] == [
        (3, "code", "field.missing"),
        (3, "condition", "import.value_unknown"),
        (4, "listing", "import.listing_unknown"),
        (5, "", "import.repeated"),
    ]
    assert not report.written
    assert lender.stored(OwnKind.UNITS) == before


def test_a_file_can_do_nothing_that_a_person_could_not(lender: Lender) -> None:
    units = text(
        "listing,code,condition,note",
        *(f"{lender.tent},N-{n},good," for n in range(2)),
    )
    report = lender.back(OwnKind.UNITS, units)  # two of three have names
    assert refused(report) == [(3, "code", "unit.all_named")]
    kit = text("kit,part,units", f"{lender.kit},{lender.crates},4", f"{lender.kit},x,1")
    assert refused(lender.back(OwnKind.KITS, kit)) == [(3, "part", "import.listing_unknown")]
    kit = text("kit,part,units", f"{lender.kit},{lender.crates},41")
    assert [code for *_, code in refused(lender.back(OwnKind.KITS, kit))] == ["kit.too_few"]
    days = text(
        "listing,day,hours",
        ",2020-01-01,",
        ",2026-03-09,09:00-08:00",
        ",2026-03-10,neuf heures",
        ",demain,",
    )
    assert [code for *_, code in refused(lender.back(OwnKind.DAYS, days))] == [
        "hours.day_is_past",
        "hours.reversed",
        "import.not_hours",
        "field.not_a_date",
    ]
    closures = text(
        "listing,starts,ends",
        ",2020-01-01T08:00,2020-01-02T08:00",
        ",2026-03-08T02:30,2026-03-09T08:00",
        ",2026-11-01T01:30,2026-11-02T08:00",
        ",2026-11-01T01:30:00-04:00,2026-11-01T01:30:00-05:00",
        ",2026-04-02 08:00,2026-04-01 08:00",
    )
    assert [(line, code) for line, _, code in refused(lender.back(OwnKind.CLOSURES, closures))] == [
        (2, "closure.in_the_past"),
        (3, "time.does_not_exist"),
        (4, "time.exists_twice"),
        (6, "time.end_before_start"),
    ]
    with pytest.raises(Forbidden):
        service.own_rows(
            lender.session,
            lender.world.member(lender.world.organization()[0]),
            lender.id,
            OwnKind.UNITS,
            now=NOW,
        )


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "import.file_empty"),
        (b"listing,title\n", "import.columns_missing"),
        (b"listing,code,condition,note\n" + b"x" * MOST_BYTES, "import.too_large"),
        (b"listing,code,condition,note\n" + b"a,b,good,\n" * (MOST_LINES + 1), None),
        ("listing,code".encode("utf-16"), "import.not_text"),
    ],
)
def test_what_is_no_such_file_or_too_large_is_refused_whole(
    lender: Lender, content: bytes, code: str | None
) -> None:
    with pytest.raises(Unreadable) as refusal:
        lender.back(OwnKind.UNITS, content)
    assert refusal.value.reasons[0].code == (code or "import.too_many_lines")


@given(st.text(max_size=40))
def test_what_is_kept_from_running_comes_back_as_it_was(value: str) -> None:
    clean = value.replace("\r", "").replace("\0", "")
    if clean.startswith("'") and clean[1:2] in ("=", "+", "-", "@", "\t"):
        return  # an apostrophe of one's own before a formula is taken for ours
    (row,) = list(csv.reader(io.StringIO(csv_bytes([], [[clean]]).decode("utf-8-sig"))))[1:] or [
        [""]
    ]
    assert plain(row[0] if row else "") == clean
    assert not (row and row[0].startswith(("=", "+", "-", "@", "\t")))


def test_people_look_before_they_write_and_programs_may_too(
    client: FlaskClient, world: World, session: Session
) -> None:
    now = datetime.now(UTC)
    world.now = now
    lender = Lender(world, now)
    world.sign_in(client, lender.actor)
    home = "/organisme/fichiers"
    assert client.get(home).text.count('.csv"') >= len(OwnKind)
    content = client.get(f"{home}/units.csv")
    assert content.mimetype == "text/csv"
    assert b"'-toile neuve" in content.data
    assert b"'=Chapiteau" in content.data
    more = content.data + f"{lender.tent},,T-3,good,\r\n".encode()

    def sent(data: bytes) -> dict[str, Any]:
        return {"kind": "units", "file": (io.BytesIO(data), "units.csv")}

    looked = client.post(home, data=sent(more))
    assert "1 ligne nouvelle" in looked.text
    assert "2 lignes déjà ainsi" in looked.text
    assert session.scalar(sa.select(sa.func.count(Unit.id))) == 2
    session.commit()
    bad = client.post(home, data=sent(more + b"x,,y,good,\r\n"))
    assert "1 faute" in bad.text
    assert "Aucune annonce n’a cette référence." in bad.text
    assert client.post(home, data=sent(b"\xff\xfe")).status_code == 422
    assert client.post(home, data={"kind": "units"}).status_code == 422
    form = {"kind": "units", "content": more.decode("utf-8-sig")}
    written = client.post(f"{home}/ecrire", data=form, follow_redirects=True)
    assert "C’est écrit" in written.text
    assert session.scalar(sa.select(sa.func.count(Unit.id))) == 3
    session.commit()
    wrong = {"kind": "units", "content": "listing,code,condition,note\nx,y,good,"}
    assert client.post(f"{home}/ecrire", data=wrong).status_code == 422
    headers = {"Authorization": f"Bearer {world.api_token(lender.actor)}"}
    read = client.get("/api/v1/own-files/quotas.csv", headers=headers)
    assert read.data.decode("utf-8-sig").splitlines()[0] == "listing,title,per,counts,most"
    assert client.get("/api/v1/own-files/secrets.csv", headers=headers).status_code == 404
    body = {"content": read.data.decode("utf-8-sig"), "dry_run": True}
    told = client.post("/api/v1/own-files/quotas", json=body, headers=headers)
    nothing: dict[str, Any] = {"written": False, "added": 0, "changed": 0, "left_out": []}
    assert told.json == nothing | {"same": 2, "objections": []}
    broken = {"content": "listing"}
    assert client.post("/api/v1/own-files/quotas", json=broken, headers=headers).status_code == 422
