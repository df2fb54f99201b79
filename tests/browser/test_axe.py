"""Every page that a role can open, on a phone, in both languages, read by axe.

A new page takes its line in PAGES: an address, with the names of PLACES in braces.
"""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Literal

import pytest
import sqlalchemy as sa
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy.orm import Session

from mutuali.accounts.models import Person, SecondFactor
from mutuali.agreements import service as agreements
from mutuali.agreements.models import Agreement
from mutuali.agreements.rules import Dataset, Named
from mutuali.app import create_app
from mutuali.bookings import service as bookings
from mutuali.bookings.models import Booking, BookingSeries
from mutuali.bookings.rules import State
from mutuali.checkin.models import CheckInLink
from mutuali.checkin.rules import Choice, month_of
from mutuali.checkin.views.letters import answer_link, stop_link
from mutuali.consent.models import Notice
from mutuali.consent.rules import Purpose
from mutuali.core.period import local
from mutuali.core.permissions import Actor, Role
from mutuali.demo.cli import PASSWORD, fill_when_empty
from mutuali.equipment.models import Listing, Unit
from mutuali.exports import service as exports
from mutuali.exports.models import Export, RecallNotice
from mutuali.extensions import db
from mutuali.founding.models import LessonRow
from mutuali.governance import service as governance
from mutuali.governance.rules import RequestKind
from mutuali.jobs.jobs import HANDLERS_KEY, run_once
from mutuali.messages.models import MessageReport, MessageThread
from mutuali.mishaps.models import Mishap
from mutuali.organizations.models import Membership, Organization
from mutuali.owndata.models import OwnHolding
from mutuali.reviews.models import LoanReview
from mutuali.trips.models import Trip
from mutuali.voices.models import PublicAnswer, Voice
from mutuali.web.clock import utc_now
from mutuali.web.second_factor import unseal_totp
from mutuali.web.secrets import fingerprint_key, new_public_id
from mutuali.webhooks.models import Webhook
from tests.agreements.made import DRAFT
from tests.browser.telephone import SECRETS, pass_second_step
from tests.browser.test_story import CHROMIUM, FLAGS
from tests.conftest import settings
from tests.exports.stored import ANSWERS
from tests.governance.test_rules import INCIDENT
from tests.serving import served
from tests.web.test_route_by_role import ROUTES

#: What each account of the demo network opens, and the statuses it meets there (200 unless said).
PAGES: dict[str, tuple[str, ...]] = {
    "visitor": (
        "/",
        "/?day={day}&starts=08:00&ends=12:00&place=H2X",
        "/?day={day}&starts=08:00&ends=12:00&units=999",
        "422 /?day=demain&starts=08:00&ends=12:00",
        "404 /nulle-part",
        "/aide",
        "/annonces/{listing}",
        "/api",
        "/apprendre",
        "/apprendre/{card}",
        "/apprendre/{card}?choice=1",
        "/avis/{notice}",
        "/confidentialite",
        "/dites-nous",
        "/dites-nous?page=/annonces/{listing}",
        "/dites-nous/merci",
        "/questions-et-reponses",
        "/questions-et-reponses?topic=kept",
        "/connexion",
        "/connexion/etape",
        "/inscription",
        "/inscription/merci",
        "/jeux-de-donnees",
        "/jeux-de-donnees/{dataset}",
        "/donnees-ouvertes",
        "/publications/{publication}",
        "/publications/{publication}/explorer",
        "/publications/{publication}/explorer?tableau={zones}",
        "/mot-de-passe",
        "/organismes/{own_organization}/confidentialite",
        "/registre",
        "/vehicules-en-direct",
        "/transparence",
        "/transparence/ce-que-nous-gardons",
        "/trousse",
        "/verifier",
    ),
    "gestion": (
        "/a-faire",
        "/reservations/{to_share}/trajet",
        "/organisme/fichiers",
        "/organisme/webhooks",
        "/organisme/webhooks/{webhook}",
        "/calendrier",
        "/constats",
        "/messages",
        "/messages?which=listings",
        "/messages/{thread}",
        "/messages/{thread}/{first}/signaler",
        "/annonces/{listing}/messages",
        "/reservations/{asked}/messages",
        "/annonces/{own_listing}/indisponibilites",
        "/annonces/{own_listing}/en-direct",
        "/organisme/fermetures",
        "/annonces/{own_listing}/limites",
        "/organisme/limites",
        "/agenda",
        "/reservations-compromises",
        "/organisme/chiffres",
        "/organisme/bilan-du-mois",
        "/bilan-du-mois/repondre/{answer}",
        "410 /bilan-du-mois/repondre/{late_answer}",
        "/bilan-du-mois/arreter/{no_letters}",
        "/charte",
        "/organisme/charte",
        "/organisme/charte/{answered_action}",
        "/organisme/charte/{known_action}",
        "/organisme/nos-donnees",
        "/organisme/nos-donnees/nouveau",
        "/organisme/nos-donnees/{own_holding}",
        "/organisme/nos-donnees/responsable",
        "/organisme/nos-donnees/politique",
        "/organisme/demander-quelquun",
        "/incidents-de-pret/{mishap}",
        "/reservations/{out}/bris",
        "/incidents-de-pret",
        "/incidents-de-pret?only_open=1",
        "/annonces/{own_listing}/incident",
        "/agenda?vue=mois",
        "/compte/agendas",
        "/organisme/agendas",
        "/organisme/agendas-externes",
        "/annonces/{own_listing}/ensemble",
        "/annonces/{own_listing}/unites",
        "/panier",
        "/annonces/{own_listing}/modifier",
        "/compte",
        "/compte/consentements",
        "/compte/consentements/{own_notice}",
        "/compte/consentements/{own_notice}/recus/{first}",
        "/organisme",
        "/organisme/annonces",
        "/organisme/annonces/nouvelle",
        "/organisme/confiance",
        "/organisme/consentements",
        "/organisme/consentements/copies",
        "/compte/copies",
        "/organisme/consentements/{notice}",
        "/organisme/consentements/{notice}/recus/{first}",
        "/organisme/lieux/nouveau",
        "/organisme/modifier",
        "/organisme/participation",
        "/organisme/documents",
        "/organisme/documents/nouveau/{document_kind}",
        "/organisme/conseil",
        "/organisme/quitter",
        "/compte/mes-donnees",
        "/apprendre",
        "/apprendre/attestation",
        "/organisme/demande",
        "/reservations",
        "/reservations?page=2",
        "/reservations/{asked}",
        "/reservations/{asked}/proposer",
        "/reservations/{approved}/fin",
        "/reservations/{approved}",
        "/reservations/{approved}/argent",
        "/reservations/{approved}/entente",
        "/reservations/{approved}/jour",
        "/reservations/{approved}/prise-en-charge",
        "/reservations/{on_loan}/retour",
        "/reservations/{on_loan}/retour-partiel",
        "/reservations/{closed}",
        "/reservations/{closed}/avis",
        "/avis-recus/{review}/signaler",
        "/unites/{unit}",
        "403 /coordination/adhesions",
    ),
    "membre": (
        "/reservations-compromises",
        "/reservations/{at_risk}",
        "/reservations/{at_risk}/incident",
        "/paniers/{basket}",
        "/attente",
        "/recherches",
        "/?day={day}&starts=08:00&ends=12:00&kind=vehicle&place=H2X",
        "/trajets",
        "/trajets/les-notres",
        "/trajets/{trip}",
        "/trajets/{trip}/modifier",
        "/series/{series}",
        "/series/{series}/changer",
        "/annonces/{listing}",
        "/organisme",
    ),
    "coordination": (
        "/coordination/chiffres",
        "/incidents-de-pret",
        "/incidents-de-pret/{mishap}",
        "/a-faire",
        "/annonces/{listing}",
        "/coordination/adhesions",
        "/coordination/signalements",
        "/coordination/avis",
        "/coordination/signalements/{report}",
        "/coordination/documents",
        "/intendance/paroles",
        "/intendance/paroles/{voice}",
        "/intendance/paroles/reponses/{public_answer}",
    ),
    "intendance": (
        "/a-faire",
        "/ententes",
        "/ententes/{agreement}",
        "/ententes/{draft}",
        "/ententes/{draft}/questions/{question}",
        "/ententes/{agreement}/resume",
        "/ententes/nouvelle",
        "/exportations",
        "/exportations/{asked_export}",
        "/intendance/fuites",
        "/exportations/{reviewed_export}",
        "/exportations/{export}",
        "/exportations/cinq-questions",
        "/exportations/{reviewed_export}/examen",
        "/examens",
        "/intendance/evaluations",
        "/intendance/evaluations/nouvelle",
        "/intendance/evaluations/nouvelle?dataset=loans&sensitivity=high&purpose=low&quantity=low"
        "&distribution=low&medium=low",
        "/intendance/evaluations/{assessment}",
        "/intendance/appels",
        "/intendance/rencontres",
        "/intendance/avis",
        "/compte",
        "/compte/deuxieme-etape/application",
        "/compte/deuxieme-etape/cle",
        "/compte/deuxieme-etape/codes",
        "/compte/deuxieme-etape/{telephone}/retirer",
        "/intendance/registres",
        "/intendance/actions",
        "/intendance/registres/anonymisation",
        "/intendance/registres/communications",
        "/intendance/registres/conservation",
        "/intendance/en-avons-nous-besoin",
        "/intendance/recueillir-moins/{note_question}",
        "/intendance/recueillir-moins/{word_question}",
        "/intendance/recueillir-moins/{dropped_question}/de-nouveau",
        "/intendance/registres/demandes",
        "/intendance/registres/demandes/{asked_request}",
        "/intendance/registres/incidents",
        "/intendance/registres/incidents/{incident}",
        "/intendance/avis/nouveau?purpose=network_statistics&recipient={partner}",
    ),
    "administration": (
        "/intendance/responsables",
        "/demarrer",
        "/demarrer/exploitant",
        "/demarrer/nom",
        "/demarrer/region",
        "/demarrer/finalites",
        "/demarrer/responsable",
        "/demarrer/organismes",
        "/intendance/trousse",
        "/intendance/trousse/lecons/nouvelle",
        "/intendance/trousse/lecons/{own_lesson}",
    ),
    "analyste": (
        "/rappels",
        "/rappels/{recall}",
        "/ententes/les-miennes",
        "/ententes/{agreement}/signer",
        "/exportations",
        "/exportations/{asked_export}/reponses",
        "/exportations/{export}",
        "/exportations/cinq-questions",
        "/exportations/nouvelle",
        "/exportations/nouvelle?ouvrir={flows}",
        "/exportations/{flows}/explorer",
        "/organisme/bilan-du-mois",
        "/compte",
    ),
}

#: Addresses that show no page of ours, or one only to who holds a secret of an e-mail.
#: axe does not read what is folded.
UNFOLD = "document.querySelectorAll('main details').forEach((each) => { each.open = true; })"
#: Pages that were ten screens long on a phone: each says first what is to be decided or done.
LONG = {
    "intendance": (
        "/exportations/{reviewed_export}/examen",
        "/ententes/{agreement}",
        "/jeux-de-donnees/equipment-use",
    ),
    "gestion": ("/reservations",),
}
NO_PAGE = re.compile(
    r"^/(api/|static/|vehicules-en-direct/<|jeux-de-donnees/cinq-questions/|photos/|constats/photos/|incidents-de-pret/photos/|messages/fichiers/"
    r"|coordination/signalements/fichiers/|\.well-known/|catalogue\.)|/(texte|fichier|politique)$"
    r"|\.(csv|ics|json|jsonl|jsonld|atom|py|pdf|txt|webp|zip)$|:form>$|<token>"
)


_TELEPHONES = sa.select(Person.email, Person.id, SecondFactor.sealed_secret).join(
    SecondFactor, SecondFactor.person_id == Person.id
)


@dataclass(frozen=True)
class Filled:
    """A served network, and what PAGES needs to know of it."""

    address: str
    places: dict[str, str]


@pytest.fixture(scope="module")
def filled(templates: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    """The demo network on SQLite, served: how pages look does not hang on the engine."""
    folder = tmp_path_factory.mktemp("axe")
    shutil.copy(templates["sqlite"], folder / "axe.sqlite")
    url = f"sqlite:///{folder / 'axe.sqlite'}"
    app = create_app(settings(url, folder / "mail"), TESTING=True)
    fill_when_empty(app)
    with app.app_context(), Session(db.engine) as session:
        places = _places(app, session)
        for email, id_, sealed in session.execute(_TELEPHONES):
            SECRETS[email] = unseal_totp(str(sealed), id_) or ""
    with app.app_context():
        db.engine.dispose()
    with served(url, folder, workers=1) as address:
        yield Filled(address, places)


_RELEASED = sa.select(Export.public_id).where(Export.released_at.is_not(None))
_PUBLISHED = _RELEASED.where(Export.regime == "open", Export.dataset == "equipment-use")
_FLOWS = _RELEASED.where(Export.dataset == "lending-flows")


def _with_zones(session: Session) -> str:
    """A table of what is published that has a map; its name hangs on how many said yes."""
    report = session.scalars(_PUBLISHED.with_only_columns(Export.report)).first() or {}
    return next(name.removesuffix(".csv") for name in report["files"] if "zone" in name)


def _places(app: Flask, session: Session) -> dict[str, str]:
    """What the braces of PAGES stand for."""
    manager = _person(session, "gestion")
    own_id = session.scalars(
        sa.select(Membership.organization_id).where(Membership.person_id == manager.id)
    ).first()
    own = sa.select(Listing).where(Listing.lender_id == own_id, Listing.state == "published")
    others = sa.select(Listing).where(Listing.lender_id != own_id, Listing.state == "published")
    agreement = session.scalars(sa.select(Agreement)).first()
    notice = session.scalars(sa.select(Notice)).first()
    own_notice = session.scalars(sa.select(Notice).where(Notice.subject == "person")).first()
    assert agreement is not None
    assert notice is not None
    assert own_notice is not None

    def booking(*states: State) -> str:
        lent = sa.select(Booking.public_id).where(
            Booking.lender_id == own_id, Booking.state.in_(states)
        )
        return str(session.scalars(lent.order_by(Booking.starts_at)).first())

    analyst = Actor(person_id=_person(session, "analyste").id, roles=frozenset({Role.ANALYST}))
    steward = Actor(person_id=_person(session, "intendance").id, roles=frozenset({Role.STEWARD}))
    ids = new_public_id(), new_public_id(), new_public_id()
    for public_id in ids:
        request = exports.DataRequest(
            agreement.public_id,
            Dataset.EQUIPMENT_USE,
            Purpose.NETWORK_STATISTICS,
            "Où manque-t-il des camions?",
            ANSWERS,
        )
        exports.request_export(session, analyst, request, public_id=public_id, now=utc_now())
    for public_id in ids[1:]:
        exports.prepare(session, steward, public_id, hosted_outside=False, now=utc_now())
    draft_id = new_public_id()
    today = local(utc_now()).date()
    draft = replace(
        DRAFT,
        analysts=(Named(_person(session, "analyste").email),),
        starts_on=today,
        ends_on=today + timedelta(days=300),
    )
    agreements.create_draft(
        session, steward, notice.recipient_id, draft, public_id=draft_id, now=utc_now()
    )
    session.commit()
    while run_once(app, app.extensions[HANDLERS_KEY]):
        pass
    exports.sign(
        session,
        steward,
        ids[1],
        key=fingerprint_key(),
        hosted_outside=False,
        remarks_read=True,
        now=utc_now(),
    )
    asked_request, incident = new_public_id(), new_public_id()
    governance.ask(session, analyst, RequestKind.ACCESS, "", public_id=asked_request, now=utc_now())
    governance.record_incident(
        session,
        steward,
        replace(INCIDENT, serious=True, elements="Des personnes menacées y figurent."),
        public_id=incident,
        now=utc_now(),
    )
    governance.write_entries(session, now=utc_now())
    session.commit()
    written = sa.select(MessageThread.public_id).where(MessageThread.lender_id == own_id)
    reported = sa.select(MessageReport.public_id)
    told = sa.select(RecallNotice.public_id).where(RecallNotice.person_id == analyst.person_id)
    baskets = sa.select(Booking.basket).where(Booking.basket.is_not(None))
    waiting = sa.select(Voice.public_id).where(Voice.state == "waiting")
    reviewed = sa.select(LoanReview.public_id).where(LoanReview.sentence != "")
    # What both sides wrote can be read at once.
    by_both = sa.select(LoanReview.booking_id).group_by(LoanReview.booking_id)
    published = reviewed.where(
        LoanReview.about_id == own_id,
        LoanReview.booking_id.in_(by_both.having(sa.func.count() > 1)),
    )
    telephone = sa.select(SecondFactor.id).where(SecondFactor.person_id == steward.person_id)
    trip = session.scalars(sa.select(Trip).order_by(Trip.id)).first()
    assert trip is not None
    to_share = (
        sa.select(Booking.public_id)
        .join(Listing, Listing.id == Booking.listing_id)
        .where(
            Booking.lender_id == own_id,
            Booking.state.in_((State.APPROVED, State.ON_LOAN)),
            Listing.kind == "vehicle",
            Booking.id.not_in(sa.select(Trip.booking_id)),
        )
    )
    holdings = sa.select(OwnHolding.public_id).where(OwnHolding.organization_id == own_id)
    return {
        "trip": trip.public_id,
        "webhook": str(session.scalars(sa.select(Webhook.public_id)).first()),
        "to_share": str(session.scalars(to_share).first()),
        "telephone": str(session.scalars(telephone).one()),
        "day": str(utc_now().date().replace(year=utc_now().year + 1)),
        "listing": session.scalars(others).all()[0].public_id,
        "own_listing": session.scalars(own).all()[0].public_id,
        "own_organization": session.get_one(Organization, own_id).public_id,
        "own_holding": session.scalars(holdings).all()[0],
        "own_lesson": session.scalars(sa.select(LessonRow.public_id)).all()[0],
        "notice": notice.public_id,
        "own_notice": own_notice.public_id,
        "first": "1",
        "document_kind": "training",
        "card": "who-is-missing",
        "question": "10",
        "note_question": "note",
        "word_question": "private_word",
        "dropped_question": "payment_note",
        "dataset": Dataset.LOANS.value,
        "publication": session.scalars(_PUBLISHED).first() or "",
        "zones": _with_zones(session),
        "flows": session.scalars(_FLOWS).first() or "",
        "agreement": agreement.public_id,
        "draft": draft_id,
        "partner": session.get_one(Organization, notice.recipient_id).public_id,
        "asked": booking(State.REQUESTED, State.HELD),
        "series": session.scalars(sa.select(BookingSeries.public_id)).first() or "",
        "approved": booking(State.APPROVED),
        "on_loan": booking(State.ON_LOAN, State.APPROVED),
        "out": booking(State.ON_LOAN),
        "at_risk": _at_risk(session),
        "mishap": session.scalars(sa.select(Mishap.public_id).order_by(Mishap.id)).all()[0],
        "closed": booking(State.CLOSED),
        "asked_export": ids[0],
        "export": ids[1],
        "reviewed_export": ids[2],
        "asked_request": asked_request,
        "incident": incident,
        "answered_action": "lock_paper_lists",
        "known_action": "two_managers",
        "voice": str(session.scalars(waiting).first()),
        "public_answer": str(session.scalars(sa.select(PublicAnswer.public_id)).first()),
        "basket": str(session.scalars(baskets).first()),
        "unit": str(session.scalars(sa.select(Unit.public_id)).first()),
        "review": str(session.scalars(published).first()),
        "thread": session.scalars(written.order_by(MessageThread.id)).all()[0],
        "report": session.scalars(reported).one(),
        "recall": session.scalars(told).one(),
        "assessment": exports.assessments(session, steward, now=utc_now())[0].public_id,
        **_by_letter(session, own_id or 0, manager.id),
    }


def _by_letter(session: Session, own_id: int, person_id: int) -> dict[str, str]:
    """The ends of the links in a manager's letter of the month: one that answers, one too old."""
    asked = sa.select(Notice.public_id).where(Notice.subject == "organization").order_by(Notice.id)
    fresh, old = session.scalars(asked).all()[:2]
    rows = [
        CheckInLink(
            organization_id=own_id,
            person_id=person_id,
            month=month_of(utc_now()),
            kind="question",
            about=about,
            expires_at=utc_now() + timedelta(days=days),
        )
        for about, days in ((fresh, 1), (old, -1))
    ]
    session.add_all(rows)
    session.commit()
    answer, late = (answer_link(row.id, Choice.YES).rpartition("/")[2] for row in rows)
    return {
        "answer": answer,
        "late_answer": late,
        "no_letters": stop_link(own_id, person_id).rpartition("/")[2],
    }


def _at_risk(session: Session) -> str:
    """A booking of the member's organization that may come to nothing."""
    member = _person(session, "membre")
    own = sa.select(Membership.organization_id).where(Membership.person_id == member.id)
    found = bookings.risks_of(session, None, now=utc_now())
    mine = sa.select(Booking.public_id).where(Booking.id.in_(found), Booking.borrower_id.in_(own))
    return session.scalars(mine).all()[0]


def _person(session: Session, local_part: str) -> Person:
    found = sa.select(Person).where(Person.email.startswith(f"{local_part}@"))
    return session.scalars(found).one()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def _signed_in(browser: Browser, filled: Filled, who: str, language: str) -> Page:
    """A phone in that person's hands; the policy of our pages would keep axe out."""
    context = browser.new_context(
        viewport={"width": 360, "height": 740},
        locale=f"{language}-CA",
        bypass_csp=True,
        reduced_motion="reduce",
    )
    context.set_default_timeout(20_000)
    page = context.new_page()
    if who != "visitor":
        page.goto(f"{filled.address}/connexion")
        page.locator("[name=email]").fill(f"{who}@demo.mutuali.example")
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("main form [type=submit]").click()
        pass_second_step(page, f"{who}@demo.mutuali.example")
        page.locator("nav.bar").wait_for()
    return page


def _faults(page: Page, options: dict[str, Any]) -> list[str]:
    """What axe finds serious, each with the first place it stands at."""
    found = Axe().run(page, options={"resultTypes": ["violations"], **options})
    return [
        f"{each['id']}: {each['nodes'][0]['html'][:160]}"
        for each in found.response["violations"]
        if each["impact"] in {"serious", "critical"}
    ]


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("who", PAGES)
def test_no_page_has_a_serious_fault_on_a_phone(
    browser: Browser, filled: Filled, who: str, language: str
) -> None:
    page = _signed_in(browser, filled, who, language)
    faults: dict[str, list[str]] = {}
    for line in PAGES[who]:
        status, _, path = line.rpartition(" ")
        path = path.format(**filled.places)
        answer = page.goto(filled.address + path)
        assert answer is not None
        assert answer.status == int(status or 200), path
        page.evaluate(UNFOLD)
        found = _faults(page, {})
        if language == "fr":
            page.emulate_media(color_scheme="dark")
            dark = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
            found += [f"dark: {each}" for each in _faults(page, dark)]
            page.emulate_media(color_scheme="light")
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            found.append("wider than the phone")
        if re.search(r"(object|function|method) .{0,60}at 0x|\bundefined\b", page.content()):
            found.append("something of Python among the words")
        if page.locator("h1").count() != 1:
            found.append("not one h1")
        if page.locator("html").get_attribute("lang") != f"{language}-CA":
            found.append("in another language")
        if found:
            faults[path] = found
    page.context.close()
    assert faults == {}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_second_step_has_no_serious_fault_on_a_phone(
    browser: Browser, filled: Filled, language: str
) -> None:
    page = _signed_in(browser, filled, "visitor", language)
    page.goto(f"{filled.address}/connexion")
    page.locator("[name=email]").fill("coordination@demo.mutuali.example")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form [type=submit]").click()
    page.locator("[name=code]").fill("rien")
    page.locator("form:has([name=code]) [type=submit]").click()
    page.locator("#champ-code-erreur").wait_for()
    page.locator("details summary").last.click()
    assert _faults(page, {}) == []
    assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    page.context.close()


def _shown_on(page: Page, media: Literal["screen", "print"]) -> list[bool]:
    """Whether the last words of each part of a page, on paper too, can be read."""
    page.emulate_media(media=media)
    parts = page.locator("main .part-body:not(.no-print *)")
    return [
        parts.nth(n).locator(":scope > :not(nav)").last.is_visible() for n in range(parts.count())
    ]


@pytest.mark.parametrize("who", LONG)
def test_a_long_page_is_short_on_a_phone_and_whole_on_paper(
    browser: Browser, filled: Filled, who: str
) -> None:
    page = _signed_in(browser, filled, who, "fr")
    for path in LONG[who]:
        page.goto(filled.address + path.format(**filled.places))
        assert page.evaluate("document.documentElement.scrollHeight") < 5000, path
        assert not all(_shown_on(page, "screen")), path
        assert all(_shown_on(page, "print")), path
        page.emulate_media(media="screen")
    page.context.close()


def test_axe_would_see_a_fault(browser: Browser, filled: Filled) -> None:
    page = _signed_in(browser, filled, "visitor", "fr")
    page.goto(f"{filled.address}/aide")
    page.evaluate("document.querySelector('main').append(document.createElement('select'))")
    assert [each.partition(":")[0] for each in _faults(page, {})] == ["select-name"]
    page.context.close()


def test_every_page_stands_in_the_table() -> None:
    asked = {
        re.sub(r"\?.*", "", re.sub(r"\{\w+\}", "<>", line.rpartition(" ")[2]))
        for lines in PAGES.values()
        for line in lines
    }
    pages = {
        re.sub(r"<[^>]*>", "<>", rule)
        for method, rule in ROUTES
        if method == "GET" and not NO_PAGE.search(rule)
    }
    assert pages - asked == set()
