"""What anybody may read without signing in is easy to read: in French and in English, page by page.

The formulas are those of a library, textstat: Kandel and Moles (1958) in French, Flesch (1948) in
English. About 100 is very easy, 60 plain, 30 hard. The ten worst pages are printed.
"""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import sqlalchemy as sa
import textstat
from flask import Flask
from sqlalchemy.orm import Session

from mutuali.app import create_app
from mutuali.consent.models import Notice
from mutuali.consent.rules import ease
from mutuali.core.permissions import Actor, Role
from mutuali.demo.cli import fill_when_empty
from mutuali.demo.service.people import actor_of
from mutuali.exports.rules.catalogue import CATALOGUE
from mutuali.extensions import db, limiter
from mutuali.learning.rules import CARDS
from mutuali.loans.views.day import make_driver_link
from tests.browser.test_axe import NO_PAGE, PAGES, _places
from tests.conftest import settings
from tests.web.prose import prose_of
from tests.web.test_route_by_role import ROUTES

#: The least that a page may score.
PLAIN = 60

#: Public pages that the table of the visitor does not open.
MORE = (
    "/charte",
    "/unites/{unit}",
    "/bilan-du-mois/repondre/{answer}",
    "/bilan-du-mois/arreter/{no_letters}",
    "{driver}",
)
#: Public pages that are left out, and why.
NOT_READ = {
    "/connexion/etape": "leads to /connexion without a password",
    "/confirmer/<token>": "one sentence and a button, behind a secret from an e-mail",
    "/mot-de-passe/<token>": "fields alone, behind a secret from an e-mail",
    "/recherches/arreter/<token>": "one sentence and a button, behind a secret from an e-mail",
}
#: Words that members wrote themselves, by the classes they stand in.
OF_MEMBERS = {"/": ("result",), "/annonces/": ("prose",)}


@dataclass(frozen=True)
class Page:
    """A page in one language: its address, how easy it reads, how many words it has."""

    path: str
    language: str
    score: float
    words: int
    prose: str


@pytest.fixture(scope="module")
def pages(
    templates: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[list[Page]]:
    """Every public page of the demo network."""
    folder = tmp_path_factory.mktemp("ease")
    shutil.copy(templates["sqlite"], folder / "ease.sqlite")
    app = create_app(settings(f"sqlite:///{folder / 'ease.sqlite'}", folder / "mail"), TESTING=True)
    fill_when_empty(app)
    limiter.enabled = False
    try:
        paths = _addresses(app)
        yield [page for language in ("fr", "en") for page in _read(app, paths, language)]
    finally:
        limiter.enabled = True
        textstat.set_lang("en_US")
        with app.app_context():
            db.engine.dispose()


def _addresses(app: Flask) -> list[str]:
    with app.app_context(), Session(db.engine) as session:
        places = _places(app, session)
        borrower = actor_of(session, "gestion")
        manager = Actor(
            borrower.person_id,
            memberships={borrower.organization_id or 0: Role.MANAGER},
            organization_id=borrower.organization_id,
        )
        with app.test_request_context():
            places["driver"] = make_driver_link(session, manager, places["approved"])[1]
        session.commit()
        notices = session.scalars(sa.select(Notice.public_id)).all()
    opened = [line.rpartition(" ")[2].format(**places) for line in (*PAGES["visitor"], *MORE)]
    opened += [f"/avis/{each}" for each in notices]
    opened += [f"/apprendre/{code}" for code in CARDS]
    opened += [f"/jeux-de-donnees/{dataset.value}" for dataset in CATALOGUE]
    return list(dict.fromkeys(path for path in opened if path not in NOT_READ))


def _read(app: Flask, paths: list[str], language: str) -> Iterator[Page]:
    textstat.set_lang(language)
    for path in paths:
        client = app.test_client()
        address = f"{path}{'&' if '?' in path else '?'}lang={language}"
        answer = client.get(address)
        assert answer.status_code in (200, 404, 422), (path, answer.status_code)
        leave_out = next(
            (classes for start, classes in OF_MEMBERS.items() if _starts(path, start)), ()
        )
        prose = "\n".join(prose_of(answer.text, leave_out))
        assert prose, path
        score = textstat.flesch_reading_ease(prose)
        yield Page(path, language, score, len(prose.split()), prose)


def _starts(path: str, start: str) -> bool:
    return path.partition("?")[0] == start or (len(start) > 1 and path.startswith(start))


def test_every_public_page_reads_easily(
    pages: list[Page], capsys: pytest.CaptureFixture[str]
) -> None:
    worst = sorted(pages, key=lambda page: page.score)
    with capsys.disabled():
        print(f"\nReading ease of {len(pages)} public pages, the ten worst (at least {PLAIN}):")
        for page in worst[:10]:
            print(f"  {page.score:5.1f}  {page.language}  {page.words:5} words  {page.path}")
    assert [(page.path, page.language, page.score) for page in worst if page.score < PLAIN] == []


def test_our_own_measure_of_texts_agrees_with_the_library(pages: list[Page]) -> None:
    """What people write in the product is measured by ``consent.rules.ease``: never far off."""
    long = [page for page in pages if page.words >= 150]
    apart = [(abs(ease(page.prose, page.language).score - page.score), page.path) for page in long]
    assert max(apart)[0] < 12, max(apart)


def test_every_public_page_is_read_or_says_why_not() -> None:
    public = {
        rule
        for (method, rule), door in ROUTES.items()
        if method == "GET" and door == "public" and ("<token>" in rule or not NO_PAGE.search(rule))
    }
    read = {*PAGES["visitor"], *MORE, "/conduite/{driver}"}
    shapes = {
        re.sub(r"\{\w+\}", "<>", re.sub(r"\?.*", "", each.rpartition(" ")[2])) for each in read
    }
    unread = {rule for rule in public if re.sub(r"<[^>]*>", "<>", rule) not in shapes}
    assert unread - set(NOT_READ) - NO_PAGES == set()


#: Public addresses behind a secret that show no page.
NO_PAGES = {"/agendas/<token>.ics"}


def test_hard_prose_would_be_caught() -> None:
    hard = (
        "<main><p>La dépersonnalisation préalable des renseignements organisationnels communiqués "
        "conformément aux dispositions réglementaires applicables constitue une responsabilité "
        "incombant exclusivement à l’intendance.</p></main>"
    )
    textstat.set_lang("fr")
    assert textstat.flesch_reading_ease("\n".join(prose_of(hard))) < PLAIN


def test_prose_is_what_is_said_in_sentences() -> None:
    page = (
        "<nav><p>Menu.</p></nav><main><h1>Titre</h1><p>Une <b>phrase</b> <code>abc</code>.</p>"
        "<ul><li>Un point<ul><li>Dessous</li></ul></li></ul><label>Nom<p>Aide.</p></label>"
        "<blockquote><p>Dit par une membre.</p></blockquote><p lang='en'>In English.</p>"
        "<dl><dt>Mot</dt><dd>38 kg</dd><dd>Une phrase entière.</dd></dl>"
        "<article class='result'><h3>Camion</h3></article><table><tr><td><p>1</p></td></tr></table>"
        "</main><footer><p>Pied.</p></footer>"
    )
    assert prose_of(page, ("result",)) == [
        *("Titre.", "Une phrase.", "Dessous.", "Un point.", "Une phrase entière.")
    ]
