"""Pages of a recall: what the analyst reads and signs, what the steward follows and whom silence
reaches, and where an organization's data went."""

from datetime import timedelta
from email import message_from_bytes
from email.message import Message
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mutuali.core.permissions import SYSTEM, Actor
from mutuali.exports import service
from mutuali.exports.models import ExportRecall, RecallNotice
from mutuali.exports.rules.recalls import Told, heard, mailbox
from mutuali.organizations import service as organizations
from mutuali.organizations.rules import Office, OfficeDraft
from mutuali.web.clock import utc_now
from tests.exports.stored import KEY, work_through
from tests.exports.test_recalls import network, somebody_withdraws, taken
from tests.factories import World


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_the_analyst_attests_and_the_organization_reads_the_true_state(
    app: Flask, session: Session
) -> None:
    net = network(session)
    taken(app, session, net)
    somebody_withdraws(app, session, net)
    told = sa.select(RecallNotice.public_id).where(
        RecallNotice.person_id == net.table.analyst.person_id
    )
    notice = session.scalars(told).one()
    session.rollback()
    analyst, manager = app.test_client(), app.test_client()
    world = World(session, utc_now())
    world.sign_in(analyst, net.table.analyst)
    world.sign_in(manager, net.managers[0])

    assert f"/rappels/{notice}" in analyst.get("/rappels").text
    assert "1 exportation rappelée attend que vous attestiez" in analyst.get("/a-faire").text
    page = analyst.get(f"/rappels/{notice}")
    assert page.status_code == 200
    assert "Nous ne disons pas de qui." in page.text
    assert manager.get(f"/rappels/{notice}").status_code == 404
    before = manager.get("/organisme/consentements/copies").text
    assert "Avisé" in before or "avisé" in before

    missing = analyst.post(f"/rappels/{notice}", data={"answer": "destroyed", "name": ""})
    assert missing.status_code == 422
    answered = analyst.post(f"/rappels/{notice}", data={"answer": "destroyed", "name": "Ana Lyse"})
    assert answered.status_code == 303
    assert "C’est attesté" in analyst.get(f"/rappels/{notice}").text
    assert "attend que vous attestiez" not in analyst.get("/a-faire").text
    after = manager.get("/organisme/consentements/copies").text
    assert "attesté" in after.lower()
    assert "supprimé" not in after.lower()


def signed_in(app: Flask, session: Session, actor: Actor) -> FlaskClient:
    client = app.test_client()
    World(session, utc_now()).sign_in(client, actor)
    return client


def in_charge(session: Session, contact: str) -> None:
    draft = OfficeDraft(Office.PERSON_IN_CHARGE, "Camille Roy", "Direction générale", contact)
    now = utc_now() - timedelta(days=60)
    organizations.name_officer(session, SYSTEM, draft, now=now)
    session.commit()


def the_day_passes(app: Flask, session: Session) -> None:
    """Nobody answered until the day; the tick comes."""
    recall = session.scalars(sa.select(ExportRecall)).one()
    recall.opened_at, recall.due_at = (utc_now() - timedelta(days=each) for each in (30, 1))
    session.commit()
    service.follow_up(session, key=KEY, now=utc_now())
    session.commit()
    work_through(app)
    session.expire_all()


def letters(app: Flask) -> list[Message]:
    folder = Path(app.config["SETTINGS"].mail_url.removeprefix("file:"))
    return [message_from_bytes(each.read_bytes()) for each in sorted(folder.glob("*.eml"))]


def text_of(letter: Message) -> str:
    payload = letter.get_payload(decode=True)
    return payload.decode() if isinstance(payload, bytes) else ""


def to(app: Flask, address: str, about: str) -> list[str]:
    return [
        text_of(each) for each in letters(app) if each["To"] == address and about in text_of(each)
    ]


def test_the_steward_follows_who_was_notified_and_what_each_answered(
    app: Flask, session: Session
) -> None:
    net = network(session)
    row = taken(app, session, net)
    address = f"/exportations/{row.public_id}"
    steward = signed_in(app, session, net.table.steward)
    analyst = signed_in(app, session, net.table.analyst)
    assert "Rappel des copies" not in steward.get(address).text
    somebody_withdraws(app, session, net)

    page = steward.get(address).text
    assert "<dd>0 sur 2</dd>" in page
    assert page.count("Pas encore attesté") == 2
    assert "en retard" not in page
    for actor, answer in ((net.table.analyst, "destroyed"), (net.table.manager, "cannot")):
        (notice,) = service.notices(session, person_id=actor.person_id, now=utc_now())
        client = signed_in(app, session, actor)
        client.post(
            f"/rappels/{notice.public_id}", data={"answer": answer, "name": f"Signé {answer}"}
        )
    page = steward.get(address).text
    assert "<dd>2 sur 2</dd>" in page
    for words in (
        "Attesté\u00a0: copies détruites",
        "sous le nom Signé destroyed",
        "Attesté\u00a0: ne peut pas détruire une copie",
        "sous le nom Signé cannot",
    ):
        assert words in page, words
    recall = page[page.index("Rappel des copies") :]
    assert "supprim" not in recall[: recall.index("</section>")]
    assert "Rappel des copies" not in analyst.get(address).text


def test_a_recall_of_a_file_that_nobody_took_says_that_nobody_was_notified(
    app: Flask, session: Session
) -> None:
    net = network(session)
    row = taken(app, session, net)
    session.execute(sa.text("DELETE FROM export_download"))
    session.commit()
    somebody_withdraws(app, session, net)

    page = signed_in(app, session, net.table.steward).get(f"/exportations/{row.public_id}").text
    assert "Personne n’en avait pris de copie\u00a0: personne n’a été avisé." in page


def test_silence_reaches_the_person_in_charge_by_letter_in_the_language_of_the_network(
    app: Flask, session: Session
) -> None:
    net = network(session)
    in_charge(session, "Camille.Roy@exemple.org")
    row = taken(app, session, net)
    address = f"/exportations/{row.public_id}"
    somebody_withdraws(app, session, net)
    steward = signed_in(app, session, net.table.steward)
    assert "rappel de copies" not in steward.get("/a-faire").text
    the_day_passes(app, session)

    (told,) = to(app, "Camille.Roy@exemple.org", address)
    assert "2 personnes n’ont pas attesté." in told
    assert "comme responsable de la protection des renseignements personnels" in told
    (to_steward,) = to(app, "intendance@exemple.org", "n’ont pas attesté")
    assert "Avisez vous-même" not in to_steward
    page = steward.get(address).text
    assert "Camille Roy, par courriel" in page
    assert page.count("Pas encore attesté, en retard") == 2
    assert "À aviser vous-même" not in page
    assert (
        "1 rappel de copies sans toutes ses attestations, en retard" in steward.get("/a-faire").text
    )
    assert "Attestation en retard" in steward.get("/exportations").text


def test_who_cannot_be_written_to_is_told_by_a_steward_with_name_and_contact(
    app: Flask, session: Session
) -> None:
    net = network(session)
    in_charge(session, "514 555-0199, poste 2")
    row = taken(app, session, net)
    somebody_withdraws(app, session, net)
    sent = len(letters(app))
    the_day_passes(app, session)

    addressed = {each["To"] for each in letters(app)[sent:]}
    assert "intendance@exemple.org" in addressed
    assert not any("514" in each or "dominique" in each for each in addressed)
    (told,) = to(app, "intendance@exemple.org", "n’ont pas attesté")
    assert "Avisez vous-même" in told
    assert "Camille Roy, 514 555-0199, poste 2" in told
    page = signed_in(app, session, net.table.steward).get(f"/exportations/{row.public_id}").text
    assert "À aviser vous-même" in page
    assert "Camille Roy, 514 555-0199, poste 2" in page


@pytest.mark.parametrize(
    ("contact", "email"),
    [
        (" camille@exemple.org ", "camille@exemple.org"),
        ("vie-privee+mutuali@sous.exemple.org", "vie-privee+mutuali@sous.exemple.org"),
        ("514 555-0199", None),
        ("camille@exemple.org ou 514 555-0199", None),
        ("camille@exemple.org, dominique@exemple.org", None),
        ("camille@exemple.org\nBcc: x@y.org", None),
        ("camille@localhost", None),
    ],
)
def test_only_a_contact_that_is_one_address_is_written_to(contact: str, email: str | None) -> None:
    assert mailbox(contact) == email


def test_who_was_named_after_the_day_has_to_be_told_by_hand() -> None:
    now = utc_now()
    assert heard("camille@exemple.org", now - timedelta(days=1), now) is Told.MAILED
    assert heard("camille@exemple.org", now + timedelta(days=1), now) is Told.BY_HAND
    assert heard(None, None, now) is Told.BY_HAND
