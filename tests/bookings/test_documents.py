"""May they? What a listing demands is held, checked and valid to the end, or the request says what
to do next; asked again wherever a booking goes on."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from mutuali.bookings import service
from mutuali.bookings.models import Booking
from mutuali.bookings.rules import (
    Purpose,
    Risk,
    document_refusals,
    while_documents_hold,
)
from mutuali.bookings.rules.recurrence import Frequency, Recurrence
from mutuali.bookings.rules.series import Take
from mutuali.bookings.service import series
from mutuali.bookings.views.demanding import documents_of
from mutuali.core.errors import DomainError, Refused
from mutuali.core.period import Period, instant_at, local
from mutuali.core.permissions import Actor, Role
from mutuali.equipment import service as equipment
from mutuali.equipment.rules import Approver, Kind
from mutuali.organizations import service as organizations
from mutuali.organizations.models import Document
from mutuali.organizations.rules import (
    Allergen,
    DocumentKind,
    DocumentState,
    Held,
    Lack,
    LicenceClass,
    Missing,
    Need,
    code_of,
    met_until,
    missing,
    need_of,
)
from mutuali.web.secrets import new_public_id
from tests.counting import counted
from tests.factories import NOW, World, span

PERMIT = Need(DocumentKind.MAPAQ_PERMIT)
INSURANCE = Need(DocumentKind.INSURANCE)
LICENCE = Need(DocumentKind.DRIVING_LICENCE, LicenceClass.CAR)
TODAY = local(NOW).date()


def day(after: int) -> date:
    return TODAY + timedelta(days=after)


def codes(error: pytest.ExceptionInfo[DomainError]) -> list[str]:
    return [reason.code for reason in error.value.reasons]


class Kitchen:
    """A kitchen that demands a permit and insurance, and somebody who wants it."""

    def __init__(self, world: World, demands: Sequence[Need] = (PERMIT, INSURANCE)) -> None:
        self.world, self.session = world, world.session
        self.lender = world.organization()
        self.giver = world.member(self.lender[0])
        self.borrower, _ = world.organization()
        self.taker = world.member(self.borrower)
        self.listing = world.listing(self.lender, kind=Kind.KITCHEN, demands=tuple(demands))

    def holds(self, need: Need, last: date | None = None, *, checked: bool = True) -> str:
        last = last or day(300)
        return self.world.document(self.borrower, need.kind, need.detail, last, checked=checked)

    def ask(self, period: Period | None = None) -> Booking:
        return self.world.booking(self.listing, period or span(2), borrower=self.taker)

    def refuse(self, document: str) -> None:
        """Somebody looks again and refuses it, as a correction of the check."""
        row = self.session.scalars(sa.select(Document).filter_by(public_id=document)).one()
        row.refused_reason = "Annulé par l’assureur."
        self.session.flush()


@pytest.fixture
def kitchen(world: World) -> Kitchen:
    return Kitchen(world)


_KINDS = (PERMIT, INSURANCE, LICENCE)


@st.composite
def papers(draw: st.DrawFn) -> list[Held]:
    found = []
    for _ in range(draw(st.integers(0, 6))):
        need = draw(st.sampled_from(_KINDS))
        last = draw(st.none() | st.integers(-3, 12).map(day))
        seen = draw(
            st.sampled_from([DocumentState.CHECKED, DocumentState.WAITING, DocumentState.REFUSED])
        )
        found.append(Held(need.kind, need.detail, last, seen))
    return found


def covers(held: Held, at_: datetime) -> bool:
    """The obvious one: the minute before the end lies on a day that is no later than the last."""
    before = local(at_ - timedelta(minutes=1)).date()
    return held.expires_on is None or before <= held.expires_on


@given(held=papers(), hours=st.integers(-48, 24 * 14))
def test_what_is_missing_is_what_no_checked_paper_covers_day_by_day(
    held: list[Held], hours: int
) -> None:
    end = NOW + timedelta(hours=hours)
    found = {each.need: each for each in missing(_KINDS, held, end)}
    for need in _KINDS:
        mine = [each for each in held if each.kind is need.kind]
        lasting = [each.seen for each in mine if covers(each, end)]
        if DocumentState.CHECKED in lasting:
            assert need not in found
        elif DocumentState.WAITING in lasting:
            assert found[need] == Missing(need, Lack.WAITING)
        elif any(each.seen is not DocumentState.REFUSED for each in mine):
            assert found[need].lack is Lack.ENDS
            assert found[need].last is not None
        else:
            assert found[need].lack is (Lack.REFUSED if mine else Lack.ABSENT)
    assert len(document_refusals(_KINDS, held, end)) == len(found)


@given(held=papers())
def test_until_when_papers_hold_is_found_by_trying_every_hour(held: list[Held]) -> None:
    until = met_until(_KINDS, held, NOW)
    checked = [each for each in held if each.seen is DocumentState.CHECKED]
    for hour in range(1, 24 * 15):
        end = NOW + timedelta(hours=hour)
        all_met = all(
            any(each.kind is need.kind and covers(each, end) for each in checked) for need in _KINDS
        )
        assert all_met is (until is None or end <= until), end


@pytest.mark.parametrize("need", [PERMIT, LICENCE, Need(DocumentKind.TRAINING, "un: nom")], ids=str)
def test_a_need_is_stored_in_one_word_and_read_back(need: Need) -> None:
    assert need_of(code_of(need)) == need


def test_a_request_names_each_document_that_is_missing_and_why(kitchen: Kitchen) -> None:
    with pytest.raises(Refused) as error:
        kitchen.ask()
    assert codes(error) == ["booking.document_absent"] * 2
    permit = kitchen.holds(PERMIT, checked=False)
    kitchen.holds(INSURANCE, day(2))
    with pytest.raises(Refused) as error:
        kitchen.ask(span(3))
    assert sorted(codes(error)) == ["booking.document_ends", "booking.document_waiting"]
    coordinator = kitchen.world.person(role=Role.COORDINATOR)
    organizations.check_document(kitchen.session, coordinator, permit, now=NOW)
    assert kitchen.ask(span(1)).state == "requested"


def test_a_document_holds_to_the_end_of_its_last_day_and_the_nearest_span_is_before_it(
    kitchen: Kitchen,
) -> None:
    kitchen.holds(PERMIT)
    kitchen.holds(INSURANCE, day(2))
    midnight = instant_at(day(3), time())
    assert kitchen.ask(Period(midnight - timedelta(hours=2), midnight))
    late = Period(midnight - timedelta(hours=2), midnight + timedelta(minutes=15))
    with pytest.raises(Refused) as error:
        kitchen.ask(late)
    assert codes(error) == ["booking.document_ends"]
    assert error.value.nearest
    assert all(each.end <= midnight for each in error.value.nearest)


def test_a_higher_class_of_licence_of_anybody_who_drives_is_enough(world: World) -> None:
    truck = Kitchen(world, [LICENCE])
    truck.holds(Need(DocumentKind.DRIVING_LICENCE, LicenceClass.TRUCK))
    assert truck.ask().state == "requested"
    lorry = Kitchen(world, [Need(DocumentKind.DRIVING_LICENCE, LicenceClass.TRUCK)])
    lorry.holds(LICENCE)
    with pytest.raises(Refused, match="document_absent"):
        lorry.ask()


def test_a_kit_demands_what_its_parts_demand(world: World) -> None:
    kitchen = Kitchen(world, [PERMIT])
    kit = world.listing(kitchen.lender)
    listing_id = equipment.listing_id_of(world.session, kit)
    equipment.set_parts(world.session, kitchen.giver, listing_id, [(kitchen.listing, 1)], now=NOW)
    with pytest.raises(Refused, match="document_absent"):
        world.booking(kit, span(2), borrower=kitchen.taker)
    kitchen.holds(PERMIT)
    assert world.booking(kit, span(2), borrower=kitchen.taker)


def test_the_same_is_asked_again_at_approval_and_at_hand_over(kitchen: Kitchen) -> None:
    kitchen.holds(PERMIT)
    insurance = kitchen.holds(INSURANCE)
    booking, other = kitchen.ask(span(0.3)), kitchen.ask(span(5))
    service.approve(kitchen.session, kitchen.giver, booking.public_id, now=NOW)
    kitchen.refuse(insurance)
    deeds: tuple[Callable[[], object], ...] = (
        lambda: service.hand_over(kitchen.session, kitchen.giver, booking.public_id, now=NOW),
        lambda: service.approve(kitchen.session, kitchen.giver, other.public_id, now=NOW),
    )
    for deed in deeds:
        with pytest.raises(Refused) as error:
            deed()
        assert codes(error) == ["booking.document_refused"]
    kitchen.holds(INSURANCE)
    service.hand_over(kitchen.session, kitchen.giver, booking.public_id, now=NOW)
    service.approve(kitchen.session, kitchen.giver, other.public_id, now=NOW)


def test_a_booking_lasts_no_longer_than_the_documents(kitchen: Kitchen) -> None:
    kitchen.holds(PERMIT)
    kitchen.holds(INSURANCE, day(2))
    booking = kitchen.ask(span(2))
    service.approve(kitchen.session, kitchen.giver, booking.public_id, now=NOW)
    midnight = instant_at(day(3), time())
    facts = service.booking(kitchen.session, kitchen.taker, booking.public_id, now=NOW)
    assert service.could_last_until(kitchen.session, facts, now=NOW) == midnight
    with pytest.raises(Refused) as error:
        change_end(kitchen, booking, midnight + timedelta(hours=1))
    assert codes(error) == ["booking.document_ends", "extension.until"]
    assert error.value.reasons[1].params == {"until": midnight}
    change_end(kitchen, booking, midnight)
    kitchen.session.refresh(booking)
    assert booking.ends_at == midnight


def change_end(kitchen: Kitchen, booking: Booking, ends_at: datetime) -> None:
    service.change_end(
        kitchen.session,
        kitchen.giver,
        booking.public_id,
        ends_at,
        public_id=new_public_id(),
        now=NOW,
    )


def test_nothing_is_proposed_past_the_documents(kitchen: Kitchen) -> None:
    kitchen.holds(PERMIT)
    kitchen.holds(INSURANCE, day(2))
    booking = kitchen.ask(span(2))

    def propose(period: Period) -> None:
        service.propose(
            kitchen.session,
            kitchen.giver,
            booking.public_id,
            service.ProposalDraft(kitchen.listing, 1, period),
            public_id=new_public_id(),
            now=NOW,
        )

    with pytest.raises(Refused, match="document_ends"):
        propose(span(4))
    propose(span(1))
    kitchen.session.execute(sa.delete(Document))
    with pytest.raises(Refused, match="document_absent"):
        service.accept_proposal(kitchen.session, kitchen.taker, booking.public_id, now=NOW)


def test_a_basket_and_the_cart_say_the_same(kitchen: Kitchen) -> None:
    world, session = kitchen.world, kitchen.session
    drafts = [
        service.BookingDraft(listing, 1, span(2), Purpose.COOKING)
        for listing in (world.listing(), kitchen.listing)
    ]
    with pytest.raises(Refused) as error:
        service.request_basket(
            session,
            kitchen.taker,
            kitchen.borrower,
            drafts,
            public_ids=[new_public_id(), new_public_id()],
            basket=new_public_id(),
            now=NOW,
        )
    assert {reason.field for reason in error.value.reasons} == {"lines.1.documents"}
    service.put_in_cart(session, kitchen.taker, kitchen.listing, 1, span(2), now=NOW)
    line = service.cart(session, kitchen.taker, kitchen.borrower, now=NOW)[0]
    assert [each.code for each in line.reasons] == ["booking.document_absent"] * 2


def test_dates_of_a_series_past_the_last_day_are_refused_and_earlier_ones_are_free(
    kitchen: Kitchen,
) -> None:
    kitchen.holds(PERMIT)
    kitchen.holds(INSURANCE, day(16))
    starts = datetime.combine(day(2), time(9))
    draft = series.SeriesDraft(
        kitchen.listing,
        1,
        starts,
        starts + timedelta(hours=2),
        Recurrence(Frequency.WEEKLY, count=4),
        Purpose.COOKING,
    )
    results = series.preview_series(
        kitchen.session, kitchen.taker, kitchen.borrower, draft, now=NOW
    )
    found = [[reason.code for reason in each.reasons] for each in results]
    assert found == [[], [], [], ["booking.document_ends"]]
    assert results[3].nearest is None


def test_the_card_of_a_series_says_of_all_its_dates_whether_documents_hold(
    app: Flask, kitchen: Kitchen
) -> None:
    permit = kitchen.holds(PERMIT)
    kitchen.holds(INSURANCE)
    starts = datetime.combine(day(2), time(9))
    draft = series.SeriesDraft(
        kitchen.listing,
        1,
        starts,
        starts + timedelta(hours=2),
        Recurrence(Frequency.WEEKLY, count=3),
        Purpose.COOKING,
    )
    series.request_series(
        kitchen.session,
        kitchen.taker,
        kitchen.borrower,
        draft,
        take=Take.ALL,
        new_public_id=new_public_id,
        now=NOW,
    )

    def card() -> tuple[service.InboxCard, str]:
        (found,) = service.inbox(kitchen.session, kitchen.giver, now=NOW)
        with app.test_request_context():
            return found, (documents_of(found) or "").replace("\u00a0", " ")

    assert card()[1] == "Tous vérifiés, valides pour les 3 dates"
    kitchen.session.execute(
        sa.update(Document).where(Document.kind == "insurance").values(expires_on=day(10))
    )
    found, words = card()
    assert found.series is not None
    assert found.series.unfit == (starts + timedelta(days=14),)
    assert words.startswith("Vérifiés pour 2 des 3 dates; ")
    assert words.endswith(": échoit le vendredi 13 mars 2026")
    kitchen.holds(INSURANCE, checked=False)
    assert card()[1].endswith(": le nouveau n’est pas encore vérifié")
    kitchen.refuse(permit)
    found, words = card()
    assert [each.code for each in found.lacking] == [
        *("booking.document_refused", "booking.document_waiting"),
    ]
    assert words.startswith("Il en manque pour toutes les dates, accepter serait refusé : ")


def test_what_cannot_be_borrowed_is_found_and_says_why(kitchen: Kitchen) -> None:
    kitchen.holds(PERMIT)
    open_one = kitchen.world.listing(kind=Kind.KITCHEN)
    wish = service.Wish(span(2), kinds=(Kind.KITCHEN,))

    def lacking(borrower_id: int | None) -> dict[str, list[str]]:
        found = service.search(kitchen.session, wish, borrower_id=borrower_id, now=NOW).found
        return {each.listing.public_id: [r.code for r in each.lacking] for each in found}

    assert lacking(kitchen.borrower) == {
        kitchen.listing: ["booking.document_absent"],
        open_one: [],
    }
    assert lacking(None) == {kitchen.listing: [], open_one: []}


def test_search_asks_nothing_more_where_nothing_is_demanded_and_once_where_it_is(
    world: World,
) -> None:
    borrower, _ = world.organization()
    wish = service.Wish(span(2))

    def questions() -> int:
        world.session.flush()
        with counted(world.session) as asked:
            service.search(world.session, wish, borrower_id=borrower, now=NOW)
        return len(asked)

    for _ in range(3):
        world.listing()
    before = questions()
    for _ in range(3):
        world.listing(demands=(PERMIT,))
    assert questions() == before + 1


def test_the_deciding_card_says_whether_the_documents_still_hold(kitchen: Kitchen) -> None:
    kitchen.holds(PERMIT)
    insurance = kitchen.holds(INSURANCE)
    kitchen.ask()
    card = service.inbox(kitchen.session, kitchen.giver, now=NOW)[0]
    assert (card.demands, card.lacking) == (True, ())
    kitchen.refuse(insurance)
    card = service.inbox(kitchen.session, kitchen.giver, now=NOW)[0]
    assert [each.code for each in card.lacking] == ["booking.document_refused"]


def test_an_offer_is_closed_from_when_the_documents_end(kitchen: Kitchen) -> None:
    offer = equipment.offer(
        kitchen.session, equipment.listing_id_of(kitchen.session, kitchen.listing), span(2)
    )
    held = [Held(need.kind, "", day(4)) for need in (PERMIT, INSURANCE)]
    closed = while_documents_hold(offer, held, now=NOW).closures[0]
    assert closed.start == instant_at(day(5), time())
    assert while_documents_hold(offer, [], now=NOW).closures[0].start == NOW


def test_only_whoever_writes_the_listing_demands_and_impossible_needs_are_refused(
    kitchen: Kitchen,
) -> None:
    facts = equipment.listing(kitchen.session, kitchen.giver, kitchen.listing)
    assert facts.draft.demands == (INSURANCE, PERMIT)

    def edit(actor: Actor, *demands: Need) -> None:
        draft = replace(facts.draft, demands=demands)
        equipment.edit_listing(kitchen.session, actor, facts.id, draft, version=None, now=NOW)

    with pytest.raises(DomainError):
        edit(kitchen.taker)
    with pytest.raises(Refused) as error:
        edit(kitchen.giver, Need(DocumentKind.DRIVING_LICENCE, "9"), Need(DocumentKind.TRAINING))
    assert codes(error) == ["field.not_a_choice", "document.training_missing"]
    with pytest.raises(Refused, match="too_many_demands"):
        edit(kitchen.giver, *(Need(DocumentKind.TRAINING, f"cours {n}") for n in range(13)))


def test_the_page_says_it_in_plain_words_and_a_refusal_leads_to_the_documents(
    world: World, client: FlaskClient
) -> None:
    world.now = datetime.now(NOW.tzinfo).replace(minute=0, second=0, microsecond=0)
    kitchen = Kitchen(world, [PERMIT, LICENCE])
    address = f"/annonces/{kitchen.listing}"
    world.session.commit()
    shown = client.get(address).text
    assert "Il faut un permis du MAPAQ valide jusqu’au retour." in shown
    assert "classe 5" in shown
    world.sign_in(client, kitchen.taker)
    tomorrow = (local(world.now) + timedelta(days=2)).date().isoformat()
    form = {"day": tomorrow, "starts": "09:00", "ends": "11:00", "purpose": "cooking"}
    answer = client.post(f"{address}/demander", data=form)
    assert answer.status_code == 422
    assert "permis" in answer.text.lower()
    assert 'id="champ-documents"' in answer.text
    assert 'href="/organisme/documents"' in answer.text


def test_the_form_of_a_listing_keeps_what_it_demands(world: World, client: FlaskClient) -> None:
    kitchen = Kitchen(world, [Need(DocumentKind.TRAINING, "Découpe"), LICENCE, INSURANCE])
    world.sign_in(client, kitchen.giver)
    address = f"/annonces/{kitchen.listing}/modifier"
    shown = client.get(address).text
    assert 'value="Découpe"' in shown
    facts = equipment.listing(world.session, kitchen.giver, kitchen.listing)
    site = organizations.sites(world.session, frozenset({facts.draft.site_id}))
    world.session.commit()
    form = {
        "site": site[facts.draft.site_id].public_id,
        "kind": "kitchen",
        "units": "1",
        "title_fr": "Cuisine",
        "any_time": "1",
        "shortest": "1",
        "shortest_unit": "hours",
        "longest": "1",
        "longest_unit": "days",
        "approver": "lender",
        "demands": ["mapaq_permit"],
        "demanded_licence": "3",
        "demanded_trainings": ["forklift"],
        "demanded_training": "Découpe",
        "allergens": ["sesame", "egg"],
    }
    assert client.post(address, data=form).status_code == 303
    world.session.expire_all()
    draft = equipment.listing(world.session, kitchen.giver, kitchen.listing).draft
    assert draft.demands == (
        Need(DocumentKind.DRIVING_LICENCE, "3"),
        PERMIT,
        Need(DocumentKind.TRAINING, "Découpe"),
        Need(DocumentKind.TRAINING, "forklift"),
    )
    assert draft.allergens == (Allergen.EGG, Allergen.SESAME)


def test_allergens_that_meet_are_shown_on_the_listing_the_request_and_the_card(
    world: World, client: FlaskClient
) -> None:
    world.now = datetime.now(NOW.tzinfo)
    lender = world.organization()
    giver = world.member(lender[0])
    listing = world.listing(
        lender,
        allergens=(Allergen.PEANUT, Allergen.MILK),
        approver=Approver.LENDER,
    )
    borrower, _ = world.organization()
    taker = world.member(borrower)
    facts = organizations.organization(world.session, borrower)
    draft = organizations.OrganizationDraft(
        facts.name, facts.kind, facts.sector, ("fr",), avoids=(Allergen.PEANUT, Allergen.EGG)
    )
    organizations.edit(world.session, taker, borrower, draft, now=world.now)
    soon = world.now + timedelta(days=2)
    booking = world.booking(listing, Period(soon, soon + timedelta(hours=3)), borrower=taker)
    world.sign_in(client, taker)
    assert "Ici, on manipule aussi\u00a0: arachides." in client.get(f"/annonces/{listing}").text
    booked = client.get(f"/reservations/{booking.public_id}").text
    assert "Allergènes à éviter" in booked
    assert "arachides" in booked
    assert "lait" not in booked
    world.sign_in(client, giver)
    assert "Allergènes à éviter" in client.get("/a-faire").text
    assert "Allergènes que vous évitez" not in client.get(f"/annonces/{listing}").text


def test_a_kit_shows_the_allergens_of_its_parts_beside_its_own(
    world: World, client: FlaskClient
) -> None:
    world.now = datetime.now(NOW.tzinfo)
    lender = world.organization()
    giver = world.member(lender[0])
    mixer = world.listing(lender, allergens=(Allergen.PEANUT, Allergen.MILK))
    kit = world.listing(lender, allergens=(Allergen.EGG,))
    kit_id = equipment.listing_id_of(world.session, kit)
    equipment.set_parts(world.session, giver, kit_id, [(mixer, 1)], now=world.now)
    borrower, _ = world.organization()
    taker = world.member(borrower)
    facts = organizations.organization(world.session, borrower)
    draft = organizations.OrganizationDraft(
        facts.name, facts.kind, facts.sector, ("fr",), avoids=(Allergen.PEANUT,)
    )
    organizations.edit(world.session, taker, borrower, draft, now=world.now)
    soon = world.now + timedelta(days=2)
    world.booking(kit, Period(soon, soon + timedelta(hours=3)), borrower=taker)
    world.sign_in(client, taker)
    shown = client.get(f"/annonces/{kit}").text
    assert "Ici, on manipule aussi\u00a0: arachides." in shown
    assert "œufs, lait, arachides" in shown
    said = client.get(f"/api/v1/listings/{kit}").json or {}
    assert said["allergens"] == ["egg", "milk", "peanut"]
    world.sign_in(client, giver)
    assert "Allergènes à éviter" in client.get("/a-faire").text
    edited = equipment.listing(world.session, giver, kit).draft
    assert edited.allergens == (Allergen.EGG,)


def test_the_api_says_what_is_demanded_and_what_one_lacks(
    world: World, client: FlaskClient, session: Session
) -> None:
    world.now = datetime.now(NOW.tzinfo)
    kitchen = Kitchen(world, [LICENCE])
    token = world.api_token(kitchen.taker)
    headers = {"Authorization": f"Bearer {token}"}
    start = local(world.now + timedelta(days=2)).replace(hour=9, minute=0, second=0, microsecond=0)
    query = {
        "starts_at": start.isoformat(),
        "ends_at": (start + timedelta(hours=2)).isoformat(),
    }
    answer = client.get("/api/v1/listings", query_string=query, headers=headers)
    assert answer.status_code == 200, answer.text
    (found,) = answer.get_json()["found"]
    assert found["demands"] == [{"kind": "driving_licence", "detail": "5"}]
    assert [each["code"] for each in found["lacking"]] == ["booking.document_absent"]
    given = world.api_token(kitchen.giver)
    terms = client.get(
        f"/api/v1/listings/{kitchen.listing}/terms",
        headers={"Authorization": f"Bearer {given}"},
    )
    change = {"demands": [{"kind": "insurance"}], "allergens": ["soy"]}
    answer = client.patch(
        f"/api/v1/listings/{kitchen.listing}/terms",
        json=change,
        headers={"Authorization": f"Bearer {given}", "If-Match": terms.headers["ETag"]},
    )
    assert answer.status_code == 200, answer.text
    assert answer.get_json()["demands"] == [{"kind": "insurance", "detail": ""}]
    assert answer.get_json()["allergens"] == ["soy"]


def test_what_is_offered_in_place_of_a_promise_is_within_the_documents(world: World) -> None:
    kitchen = Kitchen(world, [PERMIT])
    kitchen.holds(PERMIT)
    booking = kitchen.ask(span(3))
    service.approve(kitchen.session, kitchen.giver, booking.public_id, now=NOW)
    strict = world.listing(kind=Kind.KITCHEN, demands=(INSURANCE,))
    easy = world.listing(kind=Kind.KITCHEN)
    facts = service.booking(kitchen.session, kitchen.taker, booking.public_id, now=NOW)
    shown = service.substitutes_of(kitchen.session, facts, Risk.DEFECT, now=NOW)
    names = {each.listing.public_id for each in shown}
    assert easy in names
    assert strict not in names
