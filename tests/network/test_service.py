"""What the network says of itself: kept step by step, read fresh where it is written for good."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from mutuali.audit.models import AuditEvent
from mutuali.consent import service as consent
from mutuali.consent.rules import Purpose, Subject
from mutuali.core.errors import Conflict, Forbidden, NotFound, Refused, StaleVersion
from mutuali.core.permissions import Actor, Role
from mutuali.network import service
from mutuali.network.rules import OperatorDraft
from mutuali.organizations import service as organizations
from mutuali.organizations.rules import OrganizationKind
from mutuali.web.secrets import new_public_id
from tests.consent.made import published, set_table
from tests.counting import counted
from tests.factories import NOW, World, at


@pytest.fixture
def administrator(world: World) -> Actor:
    return world.person(role=Role.ADMINISTRATOR)


def test_nothing_is_said_until_somebody_begins_and_then_each_thing_is_kept_on_its_own(
    session: Session, administrator: Actor
) -> None:
    found = service.network(session)
    assert (found.version, found.name, found.purposes, found.english) == (0, "", None, True)
    service.name_network(session, administrator, "Les Voisines", now=NOW)
    service.serve(session, administrator, ("verdun", "anjou"), english=False, now=at(1))
    found = service.network(session)
    assert (found.name, found.boroughs, found.english) == (
        "Les Voisines",
        ("anjou", "verdun"),
        False,
    )
    assert (found.version, found.begun_at) == (2, NOW)
    whats = session.scalars(sa.select(AuditEvent.facts).order_by(AuditEvent.id))
    assert [each["what"] for each in whats if "what" in each] == ["name", "region"]


def test_who_may_not_changes_nothing(session: Session, world: World) -> None:
    steward = world.person(role=Role.STEWARD)
    with pytest.raises(Forbidden):
        service.name_network(session, steward, "x", now=NOW)
    with pytest.raises(Forbidden):
        service.ask_for(session, world.person(), (), now=NOW)
    service.ask_for(session, steward, ("network_statistics",), now=NOW)
    assert service.network(session).purposes == ("network_statistics",)


def test_the_legal_operator_becomes_the_organization_that_answers(
    session: Session, administrator: Actor
) -> None:
    draft = OperatorDraft("Coopérative des cuisines", "1143920115", "1, rue A", "a@exemple.org")
    id_ = service.name_operator(session, administrator, draft, public_id="a" * 22, now=NOW)
    found = organizations.organization(session, id_)
    assert (found.kind, found.name, found.enterprise_number) == (
        OrganizationKind.OPERATOR,
        "Coopérative des cuisines",
        "1143920115",
    )
    again = OperatorDraft("Coopérative", "", "", "b@exemple.org")
    assert service.name_operator(session, administrator, again, public_id="b" * 22, now=NOW) == id_
    assert organizations.organization(session, id_).name == "Coopérative"
    wrong = OperatorDraft("", "12", "", "")
    with pytest.raises(Refused) as refused:
        service.name_operator(session, administrator, wrong, public_id="c" * 22, now=NOW)
    assert [each.field for each in refused.value.reasons] == [
        "name",
        "contact",
        "enterprise_number",
    ]


def test_another_legal_name_makes_another_text_that_binds_nobody_until_accepted(
    client: FlaskClient, session: Session, world: World, administrator: Actor
) -> None:
    id_ = world.organization("La Corbeille")[0]
    manager = world.member(id_)
    draft = OperatorDraft("Coopérative des cuisines", "", "", "a@exemple.org")
    service.name_operator(session, administrator, draft, public_id=new_public_id(), now=NOW)
    world.sign_in(client, manager)
    page = client.get("/organisme/participation").text
    assert "Coopérative des cuisines" in page
    assert "Lire le nouveau texte" in page
    assert organizations.participates(session, id_, now=NOW)


def test_a_place_that_is_none_of_the_island_is_refused_by_its_field(
    session: Session, administrator: Actor
) -> None:
    with pytest.raises(Refused) as refused:
        service.serve(session, administrator, ("laval",), english=True, now=NOW)
    assert refused.value.reasons[0].field == "boroughs"
    assert service.network(session).version == 0


def test_who_read_an_older_version_does_not_write_over_a_newer(
    session: Session, administrator: Actor
) -> None:
    service.name_network(session, administrator, "A", now=NOW)
    with pytest.raises(StaleVersion):
        service.name_network(session, administrator, "B", version=0, now=NOW)


def test_a_purpose_that_was_not_chosen_has_no_notice_and_those_that_are_out_stay(
    session: Session, world: World, administrator: Actor
) -> None:
    table = set_table(world)
    out = published(session, table, Purpose.SHARING_STUDY)
    service.ask_for(session, administrator, (Purpose.NETWORK_STATISTICS.value,), now=NOW)
    with pytest.raises(Refused) as refused:
        published(session, table, Purpose.MOBILITY_PLANNING)
    assert [(each.code, each.field) for each in refused.value.reasons] == [
        ("notice.not_asked_here", "purpose")
    ]
    assert [each.public_id for each in consent.current_notices(session)] == [out]
    published(session, table, Purpose.NETWORK_STATISTICS)
    assert consent.asked_purposes(session) == [Purpose.NETWORK_STATISTICS]


def test_a_notice_starts_from_the_words_of_another_network_with_its_gaps_filled(
    session: Session, world: World
) -> None:
    table = set_table(world)
    key = (Subject.ORGANIZATION.value, Purpose.NETWORK_STATISTICS.value)
    words = ((*key, "Pour {recipient}, {months} mois.", "For {recipient}, {months} months."),)
    service.propose_words(session, table.steward, words, "Les Voisines", now=NOW)
    draft = consent.default_draft(session, Purpose.NETWORK_STATISTICS, table.partner_id, 12)
    assert (draft.text_fr, draft.text_en) == (
        "Pour Ville-Essai, 12 mois.",
        "For Ville-Essai, 12 months.",
    )


def test_a_logo_is_found_by_its_key_until_it_is_taken_away(
    session: Session, administrator: Actor
) -> None:
    picture = service.EncodedLogo(b"RIFF", "0123456789abcdef", 200, 80)
    service.set_logo(session, administrator, picture, alt_fr="Un pain", alt_en="", now=NOW)
    assert service.logo(session, "0123456789abcdef") == b"RIFF"
    assert (service.network(session).logo or picture).key == "0123456789abcdef"
    service.set_logo(session, administrator, None, alt_fr="", alt_en="", now=NOW)
    assert service.network(session).logo is None
    for key in ("0123456789abcdef", ""):
        with pytest.raises(NotFound):
            service.logo(session, key)


def test_what_is_left_is_put_away_after_thirty_days_once_somebody_answers(
    session: Session, administrator: Actor
) -> None:
    service.name_network(session, administrator, "A", now=NOW)
    with pytest.raises(Conflict, match=r"network\.nobody_answers"):
        service.put_away(session, administrator, ready=False, now=at(31))
    with pytest.raises(Conflict, match=r"network\.too_early"):
        service.put_away(session, administrator, ready=True, now=at(30) - timedelta(seconds=1))
    service.put_away(session, administrator, ready=True, now=at(30))
    assert service.network(session).put_away_at == at(30)


def test_pages_speak_french_alone_where_english_is_off(
    client: FlaskClient, session: Session, administrator: Actor, world: World
) -> None:
    assert "English" in client.get("/").text
    service.serve(session, administrator, (), english=False, now=NOW)
    service.name_network(session, administrator, "Les <Voisines>", now=NOW)
    world.sign_in(client, administrator)
    # This process may have read it ten seconds ago.
    client.application.extensions["mutuali_network"].read_at = float("-inf")
    answer = client.get("/?lang=en")
    assert "English" not in answer.text
    assert "hreflang" not in answer.text
    assert answer.headers["Content-Language"] == "fr"
    assert "Les &lt;Voisines&gt;" in answer.text


def test_a_page_asks_the_database_nothing_more_for_the_network(
    client: FlaskClient, session: Session
) -> None:
    client.get("/aide")
    with counted(session) as statements:
        assert client.get("/aide").status_code == 200
    assert not [each for each in statements if "FROM network" in each]
