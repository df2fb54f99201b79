"""What is published of an open dataset is anybody's, through the same gate: in every state of its
agreement, of the yeses in it and of the export, by page, program and file address."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from mutuali.agreements import service as agreements
from mutuali.agreements.rules import Dataset, Instrument, Side
from mutuali.consent import service as consent
from mutuali.consent.rules import Answer, Purpose
from mutuali.equipment.models import Listing
from mutuali.exports.models import Export
from mutuali.exports.rules.catalogue import CATALOGUE
from mutuali.exports.rules.regimes import Regime
from mutuali.web.clock import utc_now
from mutuali.web.secrets import new_public_id
from tests.exports.bundled import files_of
from tests.exports.stored import built, shared_year, signed, work_through
from tests.exports.test_every_way_to_a_byte import CANARY, DATA, Around, _client
from tests.factories import World

NAME = Dataset.ORGANIZATIONS_CAPACITY.value
PAGE = f"/jeux-de-donnees/{NAME}"


class Open(Around):
    """Exports of the dataset that names organizations, and who said yes to being named."""

    def __init__(self, app: Flask, session: Session) -> None:
        super().__init__(app, session)
        notice = new_public_id()
        draft = consent.default_draft(session, Purpose.NAMED_PUBLICLY, self.partner_id)
        consent.publish_notice(session, self.table.steward, draft, public_id=notice, now=self.now)
        for manager in self.managers[:2]:
            id_ = manager.organization_id or 0
            consent.answer(session, manager, id_, notice, Answer.GIVEN, now=self.now)
        consent.withdraw(session, self.managers[1], self.took_back or 0, notice, now=utc_now())
        session.commit()

    def agreement(self, **terms: Any) -> str:
        about = {"datasets": (Dataset.ORGANIZATIONS_CAPACITY,), "instrument": Instrument.OPEN}
        return super().agreement(**(about | {"purposes": (Purpose.NAMED_PUBLICLY,)} | terms))

    def export(self, agreement: str | None = None, **overrides: Any) -> str:
        self.session.execute(
            sa.update(Export).values(
                released_at=None, state="declined", file_key=None, staged_key=None
            )
        )
        about = {"dataset": Dataset.ORGANIZATIONS_CAPACITY, "purpose": Purpose.NAMED_PUBLICLY}
        return super().export(agreement, **(about | {"regime": Regime.OPEN} | overrides))

    def ended(self) -> None:
        agreement = self.agreement()
        self.export(agreement)
        agreements.end(self.session, self.table.steward, agreement, Side.OPERATOR, now=self.now)

    def suspended(self) -> None:
        agreement = self.agreement()
        self.export(agreement)
        agreements.suspend(
            self.session, self.table.manager, agreement, Side.PARTNER, "Une fuite.", now=self.now
        )

    def not_begun(self) -> None:
        day = self.now.date()
        later = {"starts_on": day + timedelta(days=2), "ends_on": day + timedelta(days=300)}
        self.export(self.agreement(**later))


@dataclass(frozen=True)
class Case:
    """A state of things, and whether anybody may have the file in it."""

    name: str
    make: Callable[[Open], object]
    lawful: bool = False


def _in_state(state: str) -> Callable[[Open], object]:
    return lambda a: a.staged(state)


CASES = (
    Case("all is well", lambda a: a.export(), lawful=True),
    Case("an organization took back its yes", lambda a: a.export(consenting=[a.took_back])),
    Case("an organization never answered", lambda a: a.export(consenting=[a.silent])),
    Case("one of two said no", lambda a: a.export(consenting=[a.yes, a.took_back])),
    Case("the agreement was ended", Open.ended),
    Case("the agreement is suspended", Open.suspended),
    Case("the agreement has not begun", Open.not_begun),
    *(
        Case(f"the export is {state}", _in_state(state))
        for state in ("requested", "building", "in_review", "declined", "withheld", "expired")
    ),
    Case("the export was recalled", lambda a: a.staged("recalled", recalled_at=a.now)),
    Case("its time is over", lambda a: a.export(expires_at=a.now - timedelta(seconds=1))),
    Case("it went to one recipient", lambda a: a.export(regime=Regime.NAMED_RECIPIENT)),
    Case("it is another dataset", lambda a: a.export(dataset=Dataset.EQUIPMENT_USE)),
    Case(
        "nothing was ever asked",
        lambda a: a.set(a.export(), released_at=None, state="declined", file_key=None),
    ),
)


def _ways(
    client: FlaskClient, headers: dict[str, str], public_id: str
) -> Iterator[tuple[str, TestResponse]]:
    for dataset in CATALOGUE:
        for path in (
            f"/jeux-de-donnees/{dataset.value}/fichier",
            f"/api/v1/datasets/{dataset.value}/file",
        ):
            yield path, client.get(path, headers=headers)
            yield path, client.get(path, headers=headers | {"Range": "bytes=4-60"})
    path = f"/publications/{public_id}/fichier?{NAME}"
    yield path, client.get(path, headers=headers)
    for path in (
        f"/publications/{public_id}/explorer",
        f"/publications/{public_id}/tableau.csv",
        f"/api/v1/publications/{public_id}/tables/tableau",
    ):
        yield path, client.get(path, headers=headers)


def test_only_what_is_lawfully_published_gives_a_byte_and_to_everybody(
    app: Flask, session: Session
) -> None:
    around = Open(app, session)
    visitors = {
        "a visitor": (_client(app, ""), {}),
        "a steward": (_client(app, around.login(around.table.steward)), {}),
        "a program": (
            app.test_client(),
            {"Authorization": f"Bearer {around.world.api_token(around.table.analyst)}"},
        ),
    }
    rows, wrong = 0, []
    for case in CASES:
        case.make(around)
        session.commit()
        latest = session.scalars(sa.select(Export.public_id).order_by(Export.id.desc())).first()
        session.commit()
        for who, (client, headers) in visitors.items():
            for path, answer in _ways(client, headers, latest or ""):
                rows += 1
                may = case.lawful and NAME in path
                got = CANARY in answer.data or DATA[4:61] in answer.data
                expected = {200, 206} if may else {404, 409}
                if got != may or answer.status_code not in expected:
                    wrong.append((case.name, who, path, answer.status_code, got))
            page = client.get(PAGE)
            offered = f'href="{PAGE}/fichier"' in page.text
            if page.status_code != 200 or offered != case.lawful or CANARY in page.data:
                wrong.append((case.name, who, PAGE, page.status_code, offered))
        described = app.test_client().get("/catalogue.ttl")
        assert f"{PAGE}#jeu" in described.text  # whether or not anything is published
    print(f"{rows} rows")
    assert wrong == []
    assert rows >= 200


def test_a_published_file_says_what_it_is_and_comes_in_parts(app: Flask, session: Session) -> None:
    around = Open(app, session)
    around.export()
    client = app.test_client()
    whole = client.get(f"{PAGE}/fichier")
    assert (whole.status_code, whole.data) == (200, DATA)
    assert whole.headers["Content-Disposition"].startswith("attachment")
    part = client.get(f"{PAGE}/fichier", headers={"Range": "bytes=0-9"})
    assert (part.status_code, part.data) == (206, DATA[:10])
    assert client.head(f"{PAGE}/fichier").headers["Content-Length"] == str(len(DATA))


def test_from_the_request_to_a_visitor_and_out_of_reach_after_a_withdrawal(
    app: Flask, session: Session
) -> None:
    now = utc_now()
    net = shared_year(session, World(session, now), Dataset.ORGANIZATIONS_CAPACITY, now=now)
    # One line like no other: who is named by their own yes needs no company.
    session.scalars(sa.select(Listing).order_by(Listing.id)).all()[0].units = 3
    client = app.test_client()
    assert client.get(f"{PAGE}/fichier").status_code == 409
    assert "Rien n’est publié pour le moment." in client.get(PAGE).text
    row = signed(session, net, built(app, session, net))
    assert row.regime == Regime.OPEN
    assert row.opinions_needed == 2

    taken = client.get(f"{PAGE}/fichier")
    assert taken.data[:2] == b"PK"
    page = client.get(PAGE).text
    assert str(row.file_sha256) in page
    asked = json.loads(client.get(f"/exportations/{row.public_id}/retraits.json").text)
    assert (asked["asks"], asked["destroy_by"]) == ("keep", None)
    everything = b"\n".join(files_of(taken.data).entries.values())
    for name in ("Ana Lyse", "analyste@exemple.org", "intendance@exemple.org"):
        assert name.encode() not in everything

    consent.withdraw(session, net.managers[0], net.organizations[0], net.notice_id, now=utc_now())
    session.commit()
    for path in (f"{PAGE}/fichier", f"/api/v1/datasets/{NAME}/file"):
        assert client.get(path).status_code == 409
    work_through(app)
    session.expire_all()
    assert (row.state, row.file_key) == ("expired", None)
