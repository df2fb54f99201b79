"""From a truck nobody has listed yet to a dataset in an analyst's hands, by clicking."""

import threading
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from mutuali.agreements.rules import Dataset
from mutuali.core.period import local
from mutuali.core.permissions import Role
from mutuali.jobs.jobs import HANDLERS_KEY, run_once
from tests.browser.test_story import _sign_in, _sign_out, _tick_all, _with_password, phone
from tests.exports.stored import ANSWERS, shared_year
from tests.factories import World
from tests.serving import served

__all__ = ["phone"]


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_a_truck_is_listed_lent_and_learned_from(
    app: Flask, session: Session, database_url: str, tmp_path: Path, phone: Page
) -> None:
    now = datetime.now(UTC)
    world = World(session, now)
    net = shared_year(session, world, Dataset.EQUIPMENT_USE, now=now)
    people = {
        name: _with_password(app, world, actor)
        for name, actor in {
            "lender": world.member(world.organization("La Corbeille")[0]),
            "borrower": world.member(world.organization("Cuisine Midi")[0]),
            "coordinator": world.person(role=Role.COORDINATOR),
            "analyst": net.table.analyst,
            "steward": net.table.steward,
        }.items()
    }
    session.commit()
    photo = tmp_path / "camion.jpg"
    Image.new("RGB", (400, 300), "seagreen").save(photo)

    with served(database_url, tmp_path, workers=1) as address:

        def enter(name: str) -> None:
            _sign_out(phone)
            _sign_in(phone, address, people[name])

        enter("lender")
        _list_a_truck(phone, address, photo)
        enter("borrower")
        booking = _find_and_ask(phone)
        enter("coordinator")
        phone.goto(f"{address}/a-faire")
        phone.get_by_role("button", name="Accepter").click()
        expect(phone.get_by_text("La demande est acceptée.")).to_be_visible()
        enter("borrower")
        _borrow_and_return(phone, booking)
        enter("lender")
        phone.goto(booking)
        phone.get_by_role("button", name="Tout est en ordre, terminer").click()
        expect(phone.get_by_text("La réservation est terminée.")).to_be_visible()

        enter("analyst")
        export = _ask_for_data(phone, address)
        enter("steward")
        phone.goto(export)
        phone.get_by_role("button", name="Préparer").click()
        expect(phone.get_by_text("L’exportation se prépare. Elle")).to_be_visible()
        _work_through(app)
        phone.goto(export)
        phone.get_by_role("link", name="Examiner et signer").click()
        phone.get_by_role("button", name="Signer").click()
        expect(phone.get_by_text("C’est signé.")).to_be_visible()
        enter("analyst")
        phone.goto(export)
        with phone.expect_download() as download:
            phone.get_by_role("button", name="Télécharger").click()
        kept = tmp_path / "exportation.zip"
        download.value.save_as(kept)

    names = zipfile.ZipFile(kept).namelist()
    assert {"use-by-family-and-half-year.csv", "datapackage.json", "rapport.html"} <= set(names)


def _list_a_truck(page: Page, address: str, photo: Path) -> None:
    page.goto(f"{address}/organisme/annonces/nouvelle")
    page.get_by_label("Véhicule").check()
    page.get_by_label("Titre en français").fill("Camion réfrigéré de 16 pieds")
    page.get_by_label("Réfrigéré", exact=True).check()
    page.get_by_label("À toute heure").check()
    page.get_by_label("Préavis").fill("0")
    page.get_by_label("La coordination du réseau").check()
    page.get_by_role("button", name="Publier").click()
    expect(page.get_by_text("L’annonce est publiée.")).to_be_visible()
    page.get_by_label("Photo", exact=True).set_input_files(photo)
    page.get_by_label("Ce que montre la photo").fill("Le camion vert, de côté")
    page.get_by_role("button", name="Ajouter la photo").click()
    expect(page.get_by_text("La photo est ajoutée.")).to_be_visible()


def _find_and_ask(page: Page) -> str:
    soon = local(datetime.now(UTC) + timedelta(hours=2)).replace(minute=0)
    end = soon + timedelta(hours=3)
    page.get_by_label("Véhicule").check()
    page.get_by_label("Quel jour").fill(soon.date().isoformat())
    page.get_by_label("De", exact=True).fill(f"{soon:%H:%M}")
    page.get_by_label("À", exact=True).fill(f"{end:%H:%M}")
    if end.date() != soon.date():
        page.get_by_text("Préciser").click()
        page.get_by_label("Jusqu’au").fill(end.date().isoformat())
    page.get_by_label("Où").fill("Plateau")
    page.get_by_role("button", name="Chercher").click()
    page.get_by_role("link", name="Camion réfrigéré de 16 pieds").click()
    page.get_by_label("Pour quoi faire").select_option("food_delivery")
    page.get_by_role("button", name="Demander").click()
    expect(page.get_by_role("heading", name="C’est demandé")).to_be_visible()
    return page.url.partition("?")[0]


def _borrow_and_return(page: Page, booking: str) -> None:
    page.goto(booking)
    for step, done in (
        ("Confirmer la prise en charge", "La prise en charge est notée."),
        ("Confirmer le retour", "Le retour est noté."),
    ):
        page.get_by_role("link", name=step).click()
        _tick_all(page)
        page.get_by_label("Température affichée").fill("3")
        page.get_by_role("button", name=step).click()
        expect(page.get_by_text(done)).to_be_visible()


def _ask_for_data(page: Page, address: str) -> str:
    page.goto(f"{address}/jeux-de-donnees/equipment-use")
    page.get_by_role("link", name="Demander ces données").click()
    page.get_by_label("Que voulez-vous savoir?").fill("Où manque-t-il des camions?")
    for question, answer in (
        ("Pourquoi en avez-vous besoin?", ANSWERS.need),
        ("Avec quels outils?", ANSWERS.technologies),
        ("Pourquoi ce niveau de détail, et pas moins?", ANSWERS.detail),
        ("Qu’allez-vous publier, et quand?", ANSWERS.outputs),
    ):
        page.get_by_label(question).fill(answer)
    page.get_by_role("button", name="Envoyer la demande").click()
    expect(page.get_by_text("Votre demande est partie.")).to_be_visible()
    return page.url


def _work_through(app: Flask) -> None:
    """Carry out what waits, as the consumer does, outside the browser's thread and its loop."""

    def work() -> None:
        while run_once(app, app.extensions[HANDLERS_KEY]):
            pass

    worker = threading.Thread(target=work)
    worker.start()
    worker.join()
