"""Every way to reach a byte of an export, in every state of all that lets it out.

The ways come from the application's own routes; the states are cases below. Only the lawful rows
answer with bytes, and no other answer, page, file or e-mail holds any of them: the file holds a
value that stands nowhere else.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mutuali.accounts.models import Login, NetworkRole
from mutuali.agreements import service as agreements
from mutuali.agreements.models import Agreement
from mutuali.agreements.rules import Side
from mutuali.bookings.models import Booking
from mutuali.consent import service as consent
from mutuali.consent.rules import Answer, Purpose, Subject
from mutuali.core.period import Period
from mutuali.core.permissions import Actor, Role
from mutuali.exports.models import Export, ExportDownload, ExportLink
from mutuali.exports.rules.life import LINK_LASTS
from mutuali.exports.rules.lineage import PERSONS, Kind, fingerprints
from mutuali.exports.service.lineage import remember
from mutuali.jobs.jobs import HANDLERS_KEY, run_once
from mutuali.web.clock import utc_now
from mutuali.web.secrets import new_public_id, new_token, signed_link_token, token_hash
from tests.agreements.made import in_force, proposed, set_table
from tests.exports.ready import ready
from tests.exports.stored import KEY
from tests.factories import World
from tests.web.test_route_by_role import ROUTES

CANARY = b"canari-4711-que-personne-ne-lit"
DATA = b"PK\x03\x04" + CANARY * 50

#: What gives bytes of a bundle, and what gives an address that does.
GIVE_BYTES = {
    ("GET", "/fichiers/<token>"),
    ("GET", "/api/v1/files/<token>"),
    # To anybody, of an open dataset: test_every_way_to_what_is_open.py.
    ("GET", "/jeux-de-donnees/<name>/fichier"),
    ("GET", "/api/v1/datasets/<dataset>/file"),
    ("GET", "/publications/<public_id>/fichier"),
    ("GET", "/publications/<public_id>/<table>.<any(csv, parquet, json, geojson):form>"),
    ("GET", "/publications/<public_id>/explorer"),
    ("GET", "/api/v1/publications/<publication_id>/tables/<table>"),
    ("GET", "/jeux-de-donnees/<name>/<table>.<any(csv, parquet, json, geojson):form>"),
    # Of what one has taken, on a page: test_commons.py.
    ("GET", "/exportations/<public_id>/explorer"),
}
GIVE_LINKS = {
    ("POST", "/exportations/<public_id>/telecharger"),
    ("POST", "/api/v1/exports/<export_id>/links"),
}
#: What speaks of one export and gives none of its bytes, to anybody, in any state.
SPEAK = {
    ("GET", "/exportations"),
    ("GET", "/exportations/<public_id>"),
    ("GET", "/exportations/<public_id>/examen"),
    ("GET", "/exportations/<public_id>/reponses"),
    ("POST", "/exportations/<public_id>/reponses"),
    ("GET", "/exportations/<public_id>/retraits.json"),
    ("POST", "/exportations/<public_id>/liens/revoquer"),
    ("POST", "/exportations/<public_id>/preparer"),
    ("POST", "/exportations/<public_id>/refaire"),
    ("POST", "/exportations/<public_id>/refuser"),
    ("POST", "/exportations/<public_id>/retourner"),
    ("POST", "/exportations/<public_id>/signer"),
    ("GET", "/exportations/nouvelle"),
    # Sums of what its reader took: test_five_page.py.
    ("GET", "/exportations/cinq-questions"),
    ("POST", "/exportations/nouvelle"),
    ("GET", "/donnees-ouvertes"),
    ("GET", "/publications/<public_id>"),
    ("GET", "/api/v1/publications"),
    ("GET", "/api/v1/publications/<publication_id>"),
    ("GET", "/api/v1/exports"),
    ("POST", "/api/v1/exports"),
    ("GET", "/api/v1/exports/<export_id>"),
    ("PUT", "/api/v1/exports/<export_id>/answers"),
    ("POST", "/api/v1/exports/<export_id>/decline"),
    ("GET", "/api/v1/exports/<export_id>/downloads"),
    ("DELETE", "/api/v1/exports/<export_id>/links"),
    ("POST", "/api/v1/exports/<export_id>/prepare"),
    ("GET", "/api/v1/exports/<export_id>/remarks"),
    ("POST", "/api/v1/exports/<export_id>/repeat"),
    ("POST", "/api/v1/exports/<export_id>/return"),
    ("POST", "/api/v1/exports/<export_id>/sign"),
}
#: Whole features that hold no bundle: a page of theirs needs no line of its own.
FAR = re.compile(
    r"/(api/v1/)?(gbfs|vehicules-en-direct|agendas?|baskets|blocked|feeds|our-data|outages|paniers?|pannes|unites|units|\.well-known|my-consents|my-data|my-requests|rappels|mes-consentements|catalogue"
    r"|attente|my-trips|own-files|recherches|saved-searches|waiting|places|trajets|trips|webhooks|releases|verifier|a-faire|agreements|aide|annonces|assessments|avis|avis-recus|bookings|calendar"
    r"|organismes|own-holdings|own-policy|rencontres|apprendre|learning|bilan-du-mois|checkin|charte|charter|dites-nous|questions-et-reponses|voices"
    r"|calendrier|closures|compte|demarrer|governance-kit|logo-du-reseau|network|trousse|condition-photos|conduite|confidentialite|confirmer|connexion|consents|constats|coordination|data-needs|datasets|deconnexion"
    r"|delegations|documents|driver-links|ententes|examens|holdings|inbox|incidents-de-pret|inscription|intendance|invitation|jeux-de-donnees"
    r"|listings|me|message-files|messages|mishap-photos|mishaps|mot-de-passe|notices|numbers|offices|organisme|organizations|other-hours|payments|photos|quotas|registre"
    r"|reservations|reservations-compromises|reviews|series|static|threads|transparence)([/.].*)?|/|/api|/api/openapi.json"
)


@dataclass(frozen=True)
class Case:
    """A state of things, made by ``make``; ``lawful`` when the analyst may have the file in it."""

    name: str
    make: Callable[["Around"], "Knock"]
    lawful: bool = False


@dataclass
class Knock:
    """Who knocks, for which export; ``login`` and ``bearer`` are what they show of themselves."""

    export: str
    login: str
    bearer: str
    links: dict[str, Any] = field(default_factory=dict)


class Around:
    """Everybody around exports, once for all cases; each case makes an export of its own."""

    def __init__(self, app: Flask, session: Session) -> None:
        self.app, self.session, self.now = app, session, utc_now()
        self.world = World(session, self.now)
        self.table = set_table(self.world)
        self.partner_id = self.table.partner_id
        self.second_analyst = self.world.person(role=Role.ANALYST, email="deux@exemple.org")
        self.managers = [self.world.member(self.world.organization()[0]) for _ in range(3)]
        self.yes, self.took_back, self.silent = (each.organization_id for each in self.managers)
        notice = new_public_id()
        draft = consent.default_draft(session, Purpose.NETWORK_STATISTICS, self.partner_id)
        consent.publish_notice(session, self.table.steward, draft, public_id=notice, now=self.now)
        for manager in self.managers[:2]:
            consent.answer(
                session, manager, manager.organization_id or 0, notice, Answer.GIVEN, now=self.now
            )
        consent.withdraw(session, self.managers[1], self.took_back or 0, notice, now=utc_now())
        own = new_public_id()
        draft = consent.default_draft(
            session, Purpose.NETWORK_STATISTICS, self.partner_id, subject=Subject.PERSON
        )
        consent.publish_notice(session, self.table.steward, draft, public_id=own, now=self.now)
        for manager in self.managers[:2]:
            consent.answer_own(session, manager, own, Answer.GIVEN, now=self.now)
        consent.answer_own(session, self.managers[1], own, Answer.WITHDRAWN, now=utc_now())
        session.commit()

    def agreement(self, **terms: Any) -> str:
        day = self.now.date()
        usual = {
            "starts_on": day - timedelta(days=1),
            "ends_on": day + timedelta(days=300),
            "downloads_each": 20,
        }
        return in_force(self.session, self.table, now=self.now, **(usual | terms))

    def export(self, agreement: str | None = None, **overrides: Any) -> str:
        overrides.setdefault("consenting", [self.yes])
        return ready(
            self.app,
            self.session,
            self.table,
            agreement or self.agreement(),
            DATA,
            now=self.now,
            **overrides,
        )

    def export_about(self, *people: Actor) -> str:
        """An export that holds nobody but these persons."""
        export = self.export(consenting=[])
        id_ = self.session.scalars(sa.select(Export.id).where(Export.public_id == export)).one()
        marks = fingerprints(KEY, Kind.PERSON, [each.person_id or 0 for each in people])
        remember(self.session, id_, {PERSONS: frozenset(marks.values())})
        self.session.commit()
        return export

    def login(self, actor: Actor | None, *, second_factor: bool = True) -> str:
        """A signed-in browser's token; empty for a visitor."""
        if actor is None:
            return ""
        token = new_token()
        self.session.add(
            Login(
                token_hash=token_hash(token),
                person_id=actor.person_id or 0,
                organization_id=actor.organization_id,
                created_at=self.now,
                expires_at=self.now + timedelta(days=1),
                second_factor_at=self.now if second_factor else None,
            )
        )
        self.session.commit()
        return token

    def knock(self, export: str, actor: Actor | None = None, **links: Any) -> Knock:
        """``actor``, by default the analyst who asked, at the doors of an export."""
        who = actor or self.table.analyst
        bearer = self.world.api_token(who) if who.roles or who.memberships else ""
        return Knock(export, self.login(who), bearer, links)

    def set(self, export: str, **values: Any) -> str:
        self.session.execute(sa.update(Export).where(Export.public_id == export).values(**values))
        self.session.commit()
        return export

    def staged(self, state: str, **values: Any) -> str:
        """An export whose file is there but that is not ready."""
        export = self.export()
        key = self.session.scalar(sa.select(Export.file_key).where(Export.public_id == export))
        in_review = {"staged_key": key} if state == "in_review" else {}
        return self.set(export, state=state, file_key=None, **in_review, **values)


def _ended(around: Around) -> Knock:
    agreement = around.agreement()
    export = around.export(agreement)
    agreements.end(around.session, around.table.steward, agreement, Side.OPERATOR, now=around.now)
    around.session.commit()
    return around.knock(export)


def _suspended(side: Side) -> Callable[[Around], Knock]:
    def make(around: Around) -> Knock:
        agreement = around.agreement()
        export = around.export(agreement)
        table = around.table
        who = table.steward if side is Side.OPERATOR else table.manager
        agreements.suspend(
            around.session, who, agreement, side, "Une fuite est examinée.", now=around.now
        )
        around.session.commit()
        return around.knock(export)

    return make


def _revoked(around: Around) -> Knock:
    agreement = around.agreement()
    export = around.export(agreement)
    agreements.revoke(
        around.session,
        around.table.manager,
        agreement,
        Side.PARTNER,
        "Nous n’en voulons plus.",
        now=around.now,
    )
    around.session.commit()
    return around.knock(export)


def _not_begun(around: Around) -> Knock:
    day = around.now.date()
    later = around.agreement(starts_on=day + timedelta(days=2), ends_on=day + timedelta(days=300))
    return around.knock(around.export(later))


def _over(around: Around) -> Knock:
    then = around.now - timedelta(days=200)
    terms = {
        "starts_on": then.date() - timedelta(days=1),
        "ends_on": around.now.date() - timedelta(days=2),
        "downloads_each": 20,
    }
    before = in_force(around.session, around.table, now=then, **terms)
    return around.knock(around.export(before))


def _left(around: Around) -> Knock:
    """The analyst's role was taken away after the request."""
    analyst = around.world.person(role=Role.ANALYST, email=f"parti{new_public_id()}@exemple.org")
    email = around.session.execute(
        sa.text("SELECT email FROM person WHERE id = :id"), {"id": analyst.person_id}
    ).scalar_one()
    export = around.export(around.agreement(analysts=(email,)), requested_by=analyst.person_id)
    knock = around.knock(export, analyst)
    around.session.execute(sa.delete(NetworkRole).where(NetworkRole.person_id == analyst.person_id))
    around.session.commit()
    return knock


def _taken_often(around: Around) -> Knock:
    export = around.export(around.agreement(downloads_each=1))
    id_ = around.session.scalar(sa.select(Export.id).where(Export.public_id == export))
    person_id = around.table.analyst.person_id
    around.session.add(ExportDownload(export_id=id_, person_id=person_id, at=around.now))
    around.session.commit()
    return around.knock(export)


def _without_factor(around: Around) -> Knock:
    knock = around.knock(around.export())
    around.session.execute(sa.text("UPDATE api_token SET second_factor_at = NULL"))
    return replace(knock, login=around.login(around.table.analyst, second_factor=False))


def _staged(state: str) -> Callable[[Around], Knock]:
    return lambda around: around.knock(around.staged(state))


def _by(who: Callable[[Around], Actor]) -> Callable[[Around], Knock]:
    return lambda around: around.knock(around.export(), who(around))


CASES = (
    Case("all is well", lambda a: a.knock(a.export()), lawful=True),
    Case("nobody's yes was needed", lambda a: a.knock(a.export(consenting=[])), lawful=True),
    # the agreement
    Case("the agreement was ended", _ended),
    Case("the operator suspended the agreement", _suspended(Side.OPERATOR)),
    Case("the partner suspended the agreement", _suspended(Side.PARTNER)),
    Case("a signature under the agreement was revoked", _revoked),
    Case("the agreement has not begun", _not_begun),
    Case("the agreement is over", _over),
    Case(
        "the agreement names somebody else",
        lambda a: a.knock(a.export(a.agreement(analysts=("deux@exemple.org",)))),
    ),
    Case(
        "the agreement is only proposed",
        lambda a: a.knock(a.export(proposed(a.session, a.table, now=a.now))),
    ),
    # consent
    Case(
        "an organization took back its yes", lambda a: a.knock(a.export(consenting=[a.took_back]))
    ),
    Case("an organization never answered", lambda a: a.knock(a.export(consenting=[a.silent]))),
    Case("one of two said no", lambda a: a.knock(a.export(consenting=[a.yes, a.took_back]))),
    Case("a person said yes", lambda a: a.knock(a.export_about(a.managers[0])), lawful=True),
    Case("a person took back their yes", lambda a: a.knock(a.export_about(a.managers[1]))),
    Case("a person never answered", lambda a: a.knock(a.export_about(a.managers[2]))),
    Case("one of two persons said no", lambda a: a.knock(a.export_about(*a.managers[:2]))),
    # the export
    *(
        Case(f"the export is {state}", _staged(state))
        for state in ("requested", "building", "in_review", "declined", "withheld", "expired")
    ),
    Case("the export was recalled", lambda a: a.knock(a.staged("recalled", recalled_at=a.now))),
    Case("its time is over", lambda a: a.knock(a.export(expires_at=a.now - timedelta(seconds=1)))),
    Case("it was taken as often as agreed", _taken_often),
    # the person
    Case("nobody is signed in", lambda a: Knock(a.export(), "", "")),
    Case("the login passed no second factor", _without_factor),
    Case("the analyst left", _left),
    Case("a steward", _by(lambda a: a.table.steward)),
    Case("another steward", _by(lambda a: a.table.other_steward)),
    Case("another analyst", _by(lambda a: a.second_analyst)),
    Case("a manager of the partner", _by(lambda a: a.table.manager)),
    Case("a manager of the operator", _by(lambda a: a.table.operator_manager)),
    Case("a manager of an organization in it", _by(lambda a: a.managers[0])),
    Case("a coordinator", _by(lambda a: a.world.person(role=Role.COORDINATOR))),
    Case("an outside reviewer", _by(lambda a: a.world.person(role=Role.REVIEWER))),
    Case("an administrator", _by(lambda a: a.world.person(role=Role.ADMINISTRATOR))),
    # the link, where all else is well: a new one may be asked for, this one gives nothing
    Case("the link is over", lambda a: a.knock(a.export(), expires_at=a.now - LINK_LASTS)),
    Case("the link was revoked", lambda a: a.knock(a.export(), revoked_at=a.now)),
    Case("the link is another login's", lambda a: a.knock(a.export(), holder="0" * 64)),
    Case(
        "the link is another person's",
        lambda a: a.knock(a.export(), person_id=a.second_analyst.person_id),
    ),
)


@dataclass(frozen=True)
class Came:
    """What came back: the status of the last step, and all bytes of all steps."""

    status: int
    body: bytes


class Doors:
    """One case's browser and program, at every way."""

    def __init__(self, around: Around, knock: Knock) -> None:
        self.around, self.knock = around, knock
        self.browser = _client(around.app, knock.login)
        self.program = around.app.test_client()
        self.headers = {"Authorization": f"Bearer {knock.bearer}"} if knock.bearer else {}

    def made_link(self, shown: str) -> str:
        """The signed end of a link that was given before, to who shows ``shown``."""
        session, export = self.around.session, self.knock.export
        id_ = session.scalar(sa.select(Export.id).where(Export.public_id == export))
        holder = session.scalar(
            sa.text("SELECT person_id FROM login WHERE token_hash = :hash"),
            {"hash": token_hash(self.knock.login)},
        )
        values = {
            "export_id": id_,
            "person_id": holder or self.around.table.analyst.person_id,
            "holder": token_hash(shown),
            "created_at": self.around.now,
            "expires_at": self.around.now + timedelta(minutes=10),
        }
        link = ExportLink(**(values | self.knock.links))
        session.add(link)
        session.commit()
        with self.around.app.app_context():
            return signed_link_token("download", str(link.id))

    def ways(self) -> Iterator[tuple[str, bool, Callable[[], Came]]]:
        """(way, whether it uses a link given before, what it answers)."""
        page, api = f"/exportations/{self.knock.export}", f"/api/v1/exports/{self.knock.export}"
        for asked in ({}, {"Range": "bytes=4-60"}):
            words = " in part" if asked else ""
            take_page = partial(self._by_page, f"{page}/telecharger", asked)
            yield f"page: ask, then take{words}", False, take_page
            yield f"API: ask, then take{words}", False, partial(self._by_api, f"{api}/links", asked)
            yield f"the file's address{words}", True, partial(self._by_given_link, asked)
            yield f"the program's address{words}", True, partial(self._by_given_token, asked)
        for path in (page, "/exportations", "/a-faire", "/transparence"):
            yield f"GET {path}", False, partial(self._get, path)
        for path in (api, f"{api}/downloads", "/api/v1/exports"):
            yield f"GET {path}", False, partial(self._program, path)
        yield "GET the file as it was", False, partial(self._get, f"{page}/telecharger")
        yield "GET the bundle as it was", False, partial(self._program, f"{api}/bundle")
        for key in self._keys():
            for prefix in ("/", "/fichiers/", "/static/0000/", "/api/v1/files/"):
                yield f"GET {prefix}KEY", False, partial(self._get, prefix + key)

    def _keys(self) -> list[str]:
        row = self.around.session.execute(
            sa.select(Export.file_key, Export.staged_key).where(
                Export.public_id == self.knock.export
            )
        ).one()
        self.around.session.rollback()
        return [key for key in row if key]

    def _get(self, path: str, headers: dict[str, str] | None = None) -> Came:
        answer = self.browser.get(path, headers=headers)
        return Came(answer.status_code, answer.data)

    def _program(self, path: str, headers: dict[str, str] | None = None) -> Came:
        answer = self.program.get(path, headers={**self.headers, **(headers or {})})
        return Came(answer.status_code, answer.data)

    def _by_given_link(self, headers: dict[str, str]) -> Came:
        return self._get(f"/fichiers/{self.made_link(self.knock.login)}", headers)

    def _by_given_token(self, headers: dict[str, str]) -> Came:
        return self._program(f"/api/v1/files/{self.made_link(self.knock.bearer)}", headers)

    def _by_page(self, path: str, headers: dict[str, str]) -> Came:
        given = self.browser.post(path)
        to = given.headers.get("Location", "")
        if given.status_code != 303 or not to.startswith("/fichiers/"):
            return Came(given.status_code, given.data)
        return self._get(to, headers)

    def _by_api(self, path: str, headers: dict[str, str]) -> Came:
        given = self.program.post(path, headers=self.headers)
        if given.status_code != 201:
            return Came(given.status_code, given.data)
        address = given.get_json()["address"].removeprefix("http://127.0.0.1")
        return self._program(address, headers)


def _client(app: Flask, token: str) -> FlaskClient:
    client = app.test_client()
    if token:
        with client.session_transaction() as cookies:
            cookies["_user_id"] = token
            cookies["_fresh"] = True
    return client


def test_only_the_lawful_rows_give_a_byte(app: Flask, session: Session, tmp_path: Path) -> None:
    around = Around(app, session)
    rows, lawful, wrong = 0, 0, []
    for case in CASES:
        doors = Doors(around, case.make(around))
        for way, uses_given, knock in doors.ways():
            takes = "take" in way or "address" in way
            broken_link = bool(doors.knock.links)
            may = takes and (case.lawful or broken_link)
            if broken_link and uses_given:
                may = False
            answer = knock()
            rows += 1
            lawful += may
            got = CANARY in answer.body
            if got != may or (may and answer.status not in {200, 206}):
                wrong.append((case.name, way, answer.status, "bytes" if got else "nothing"))
            elif takes and not may and answer.status == 200:
                wrong.append((case.name, way, answer.status, "200 without bytes"))
    while run_once(app, app.extensions[HANDLERS_KEY]):
        pass
    letters = [path for path in (tmp_path / "mail").glob("*") if CANARY in path.read_bytes()]
    print(f"{rows} rows, {lawful} of them lawful")
    assert wrong == []
    assert letters == []
    assert rows >= 200
    assert 20 <= lawful < rows / 4


def test_every_route_is_declared() -> None:
    declared = GIVE_BYTES | GIVE_LINKS | SPEAK
    new = {route for route in ROUTES if route not in declared and not FAR.fullmatch(route[1])}
    assert new == set(), "say in this file what they give of an export, and try it"


def _filled(rule: str, known: dict[str, str]) -> str:
    """An address of ``rule``: what ``known`` says of its first word, else words that fit."""
    path = re.sub(r"<any\((\w+)[^>]*>", r"\1", rule)
    path = re.sub(r"<int[^>]*>", "1", path)
    words = path.removeprefix("/api/v1").strip("/").split("/")
    return re.sub(r"<[^>]*>", known.get(words[0], "personne"), path)


def _swept(
    app: Flask, known: dict[str, str], who: dict[str, tuple[str, str]], method: str
) -> Iterator[tuple[str, str, bytes]]:
    """(who, address, what came) of every route with ``method``; who: login and token."""
    for name, (login, bearer) in who.items():
        client = _client(app, login)
        for verb, rule in sorted(ROUTES):
            if verb != method or "deconnexion" in rule:
                continue
            path = _filled(rule, known)
            headers = {"Authorization": f"Bearer {bearer}"} if bearer and "/api/" in path else {}
            is_json = "/api/v1/" in path and method != "GET"
            came = client.open(path, method=method, headers=headers, json={} if is_json else None)
            assert came.status_code < 500, (name, method, path)
            yield name, f"{method} {path} {came.status_code}", came.data


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_no_other_address_of_the_application_holds_a_byte(app: Flask, session: Session) -> None:
    around = Around(app, session)
    actors: dict[str, Actor] = {
        "analyst": around.table.analyst,
        "steward": around.table.steward,
        "reviewer": around.world.person(role=Role.REVIEWER),
        "manager": around.managers[0],
    }
    who = {"visitor": ("", "")} | {
        name: (around.login(actor), around.world.api_token(actor)) for name, actor in actors.items()
    }
    rows, wrong = 0, []
    for export, methods in (
        (around.export(), ("GET", "POST")),
        (around.staged("in_review"), ("GET",)),
    ):
        agreement = around.session.execute(
            sa.select(Agreement.public_id)
            .join(Export, Export.agreement_id == Agreement.id)
            .where(Export.public_id == export)
        ).scalar_one()
        around.session.rollback()
        known = dict.fromkeys(("exportations", "exports", "fichiers", "files"), export)
        known |= dict.fromkeys(("ententes", "agreements"), agreement)
        known |= dict.fromkeys(("jeux-de-donnees", "datasets"), "equipment-use")
        for method in methods:
            for name, path, came in _swept(app, known, who, method):
                rows += 1
                if CANARY in came:
                    wrong.append((name, path))
    print(f"{rows} rows")
    assert wrong == []
    assert rows >= 800


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_nobody_learns_what_another_organization_does(app: Flask, session: Session) -> None:
    """Pages, statistics, CSV files, feeds and calendars: a loan shows to its parties only."""
    around = Around(app, session)
    world = around.world
    borrower = world.member(world.organization("Cuisine Canari")[0])
    lender = world.organization("La Corbeille")
    listing = world.listing(lender, title_fr="Camion")
    start = world.now + timedelta(days=1)
    period = Period(start, start + timedelta(hours=3))
    booking = world.booking(listing, period, borrower=borrower)
    session.execute(sa.update(Booking).values(note="note-canari", meals=471_147))
    session.commit()
    secret = [b"Cuisine Canari", b"note-canari", b"471147", booking.public_id.encode()]
    lending = world.member(lender[0])
    who = {"visitor": ("", "")} | {
        name: (around.login(actor), world.api_token(actor))
        for name, actor in {
            "another organization": around.managers[0],
            "analyst": around.table.analyst,
            "steward": around.table.steward,
        }.items()
    }
    known = {"annonces": listing, "listings": listing}
    learned = [
        (name, path, word)
        for name, path, came in _swept(app, known, who, "GET")
        for word in secret
        if word in came
    ]
    assert learned == []
    # The parties do see it: the search above would have found it.
    mine = _client(app, around.login(lending))
    assert b"Cuisine Canari" in mine.get("/a-faire").data
    day = (start.date()).isoformat()
    calendar = _client(app, who["another organization"][0]).get(f"/calendrier?mois={day[:7]}")
    assert not any(word in calendar.data for word in secret)
