"""Who may write to whom about what, who reads it, who is told, who is kept from writing."""

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mutuali.audit.models import AuditEvent
from mutuali.bookings import service as bookings
from mutuali.core.errors import Conflict, DomainError, Forbidden, NotFound, Refused
from mutuali.core.permissions import Actor, Role
from mutuali.equipment.rules import Approver
from mutuali.jobs.models import Job
from mutuali.loans.rules import Side
from mutuali.messages import service
from mutuali.messages.models import (
    Message,
    MessageBlock,
    MessageFile,
    MessageReport,
    MessageThread,
    ThreadReader,
)
from mutuali.messages.rules import Decision, FileKind, Grounds
from mutuali.organizations import service as organizations
from mutuali.web.secrets import new_public_id
from tests.factories import World, at
from tests.how_many import how_many
from tests.messages.made import Pair, pair


@pytest.fixture
def two(world: World) -> Pair:
    return pair(world)


def codes(error: pytest.ExceptionInfo[DomainError]) -> set[str]:
    return {reason.code for reason in error.value.reasons}


def test_two_organizations_talk_about_a_listing_and_the_numbers_follow(two: Pair) -> None:
    thread = two.asks(now=at(0))
    assert two.answers(thread, "Oui, à l’arrière.", by=two.giver, now=at(0, 1)) == 2
    # To ask again from the listing goes on in the same thread.
    assert two.asks("Merci!", now=at(0, 2)) == thread
    facts = service.thread(two.session, two.taker, thread)
    assert (facts.own.name, facts.other.name) == ("Cuisine Midi", "La Corbeille")
    assert (facts.side, facts.booking, facts.last_number) == (Side.BORROWER, None, 3)
    said = service.talk(two.session, two.giver, thread).messages
    assert [(each.number, each.side, each.text) for each in said] == [
        (1, Side.BORROWER, "L’équipement a-t-il un hayon?"),
        (2, Side.LENDER, "Oui, à l’arrière."),
        (3, Side.BORROWER, "Merci!"),
    ]
    events = two.session.scalars(sa.select(AuditEvent).where(AuditEvent.name == "message.sent"))
    assert ["hayon" in str(each.facts) for each in events] == [False] * 3


def test_each_organization_that_asks_has_a_thread_of_its_own(two: Pair, world: World) -> None:
    first = two.asks(now=at(0))
    other = world.member(world.organization("Frigo du coin")[0])
    about = service.about_listing(two.session, other, two.listing)
    second = service.begin(
        two.session,
        other,
        about,
        service.MessageDraft("Et le permis?"),
        public_id=new_public_id(),
        now=at(0),
    )
    assert first != second
    assert {each.public_id for each in service.threads(two.session, two.giver).found} == {
        first,
        second,
    }
    assert [each.public_id for each in service.threads(two.session, other).found] == [second]


def test_nobody_else_reads_or_writes_not_even_the_coordination(two: Pair, world: World) -> None:
    thread = two.asks(now=at(0))
    booking = two.books()
    stranger = world.member(world.organization()[0])
    everything = Actor(
        person_id=two.coordinator.person_id,
        memberships=stranger.memberships,
        organization_id=stranger.organization_id,
        roles=frozenset(Role),
    )
    for outsider in (stranger, two.coordinator, everything):
        for deed in (
            lambda who: service.thread(two.session, who, thread),
            lambda who: service.talk(two.session, who, thread),
            lambda who: two.answers(thread, "Bonjour", by=who, now=at(0)),
            lambda who: service.mark_read(two.session, who, thread, 1, now=at(0)),
            lambda who: service.block(two.session, who, thread, now=at(0)),
            lambda who: service.report(
                *(two.session, who, thread, 1, Grounds.OTHER, ""),
                public_id=new_public_id(),
                now=at(0),
            ),
        ):
            with pytest.raises(NotFound):
                deed(outsider)
        with pytest.raises((NotFound, Forbidden)):
            service.about_booking(two.session, outsider, booking, now=at(0))
        assert service.threads(two.session, outsider).count == 0
        assert how_many(service.count_unread, two.session, outsider, at(0)) == 0


def test_a_token_reads_and_writes_only_what_it_was_made_for(two: Pair) -> None:
    thread = two.asks(now=at(0))
    reads = Actor(
        person_id=two.giver.person_id,
        memberships=two.giver.memberships,
        organization_id=two.giver.organization_id,
        scopes=frozenset({"message.read"}),
    )
    assert service.talk(two.session, reads, thread).messages
    with pytest.raises(NotFound):
        two.answers(thread, "Bonjour", by=reads, now=at(0))


def test_nobody_writes_to_themselves_nor_before_they_are_accepted(two: Pair, world: World) -> None:
    with pytest.raises(Refused) as own:
        service.about_listing(two.session, two.giver, two.listing)
    assert codes(own) == {"message.own_listing"}
    waiting = world.member(world.organization(accepted=False)[0])
    about = service.about_listing(two.session, waiting, two.listing)
    with pytest.raises(Refused) as early:
        service.begin(
            *(two.session, waiting, about, service.MessageDraft("Bonjour")),
            public_id=new_public_id(),
            now=at(0),
        )
    assert codes(early) == {"message.not_accepted"}
    with pytest.raises(Refused) as nothing:
        two.asks("", now=at(0))
    assert codes(nothing) == {"message.empty"}
    assert two.session.scalar(sa.select(sa.func.count(MessageThread.id))) == 0


def test_the_database_keeps_threads_whole_whatever_the_code_does(two: Pair) -> None:
    thread = two.asks(now=at(0))
    row = two.session.scalars(sa.select(MessageThread)).one()
    two.session.commit()
    for wrong in (
        MessageThread(
            public_id=new_public_id(),
            lender_id=row.lender_id,
            borrower_id=row.borrower_id,
            created_at=at(0),
            last_side="lender",
            last_at=at(0),
        ),
        MessageThread(
            public_id=new_public_id(),
            listing_id=row.listing_id,
            lender_id=row.lender_id,
            borrower_id=row.borrower_id,
            created_at=at(0),
            last_side="lender",
            last_at=at(0),
        ),
        Message(
            thread_id=row.id,
            number=1,
            side="lender",
            person_id=two.giver.person_id,
            text="encore",
            sent_at=at(0),
        ),
        MessageBlock(
            organization_id=row.lender_id,
            blocked_id=row.lender_id,
            person_id=two.giver.person_id,
            since=at(0),
        ),
    ):
        two.session.add(wrong)
        with pytest.raises(IntegrityError):
            two.session.flush()
        two.session.rollback()
    assert service.thread(two.session, two.taker, thread).last_number == 1


def test_a_thread_waits_for_who_has_not_read_the_last_word_of_the_other_side(
    two: Pair, world: World
) -> None:
    colleague = world.member(two.lender[0], Role.MEMBER)
    thread = two.asks(now=at(0))

    def waits() -> list[int]:
        return [
            how_many(service.count_unread, two.session, who, at(1))
            for who in (two.giver, colleague, two.taker)
        ]

    assert waits() == [1, 1, 0]
    assert service.thread(two.session, two.giver, thread).unread
    assert service.talk(two.session, two.taker, thread).read_by == []
    service.mark_read(two.session, two.giver, thread, 1, now=at(0, 2))
    service.mark_read(two.session, two.giver, thread, 1, now=at(0, 9))
    assert waits() == [0, 1, 0]
    [read] = service.talk(two.session, two.taker, thread).read_by
    assert read.at == at(0, 2)
    # Once a colleague has answered, nobody of the organization has to.
    two.answers(thread, "Oui.", by=two.giver, now=at(0, 3))
    assert waits() == [0, 0, 1]
    # Nobody reads beyond what is there.
    service.mark_read(two.session, two.taker, thread, 99, now=at(0, 4))
    two.answers(thread, "Autre chose?", by=two.giver, now=at(0, 5))
    assert waits() == [0, 0, 1]


def test_lists_are_told_apart_and_turned(two: Pair) -> None:
    about_listing = two.asks(now=at(0))
    booking = two.books()
    about_booking = two.writes_about(booking, "Quel quai?", by=two.taker, now=at(0, 1))
    two.answers(about_listing, "Oui.", by=two.giver, now=at(0, 2))

    def found(who: Actor, which: service.Which | None) -> list[str]:
        return [each.public_id for each in service.threads(two.session, who, which=which).found]

    assert found(two.giver, None) == [about_listing, about_booking]
    assert found(two.giver, service.Which.UNREAD) == [about_booking]
    assert found(two.taker, service.Which.UNREAD) == [about_listing]
    assert found(two.taker, service.Which.LISTINGS) == [about_listing]
    assert found(two.taker, service.Which.BOOKINGS) == [about_booking]
    beyond = service.threads(two.session, two.taker, page=9)
    assert (beyond.page, beyond.pages, beyond.count) == (1, 1, 2)


def test_a_long_thread_is_read_in_parts(two: Pair) -> None:
    thread = two.asks(now=at(0))
    for n in range(2, 36):
        two.answers(thread, f"Message {n}", by=two.giver, now=at(0, n / 60))
    latest = service.talk(two.session, two.taker, thread)
    assert [each.number for each in latest.messages] == [*range(6, 36)]
    assert latest.earlier
    before = service.talk(two.session, two.taker, thread, before=6)
    assert [each.number for each in before.messages] == [1, 2, 3, 4, 5]
    assert not before.earlier


def test_ways_to_reach_somebody_wait_until_a_booking_is_confirmed(two: Pair) -> None:
    number = "Appelez le 514 555-0199"
    with pytest.raises(Refused) as first:
        two.asks(number, now=at(0))
    assert codes(first) == {"message.phone_inside"}
    two.asks(number, now=at(0), anyway=True)
    booking = two.books()
    with pytest.raises(Refused) as before:
        two.writes_about(booking, "Au 12 rue Roy, zoe@exemple.org", by=two.giver, now=at(0))
    assert codes(before) == {"message.address_inside", "message.email_inside"}
    bookings.approve(two.session, two.giver, booking, now=at(0))
    two.writes_about(booking, "Au 12 rue Roy, zoe@exemple.org", by=two.giver, now=at(0))


def jobs_of(session: Session, kind: str) -> list[Job]:
    return list(session.scalars(sa.select(Job).where(Job.kind == kind).order_by(Job.id)))


def test_each_reader_gets_one_letter_per_thread_and_hour(two: Pair, world: World) -> None:
    colleague = world.member(two.lender[0], Role.MEMBER)
    thread = two.asks(now=at(0))
    id_ = two.session.scalars(sa.select(MessageThread.id)).one()
    service.announce(two.session, id_, now=at(0))
    service.announce(two.session, id_, now=at(0))
    told = [job.arguments for job in jobs_of(two.session, "messages.tell")]
    assert [each["reader"] for each in told] == [two.giver.person_id, colleague.person_id]
    assert all(set(each) == {"thread", "reader"} for each in told)
    # The colleague reads; of what comes within the hour, only the other hears, and later.
    service.mark_read(two.session, colleague, thread, 1, now=at(0, 0.1))
    two.asks("Et un diable?", now=at(0, 0.2))
    service.mark_read(two.session, colleague, thread, 2, now=at(0, 0.3))
    service.announce(two.session, id_, now=at(0, 0.4))
    assert len(jobs_of(two.session, "messages.tell")) == 2
    later = jobs_of(two.session, "messages.announce")[-1]
    assert later.due_at == at(0, 1)
    service.announce(two.session, id_, now=at(0, 1))
    assert [job.arguments["reader"] for job in jobs_of(two.session, "messages.tell")] == [
        *(each["reader"] for each in told),
        two.giver.person_id,
    ]
    assert service.announced(two.session, id_).waiting == {two.giver.person_id}


def test_who_is_on_both_sides_is_not_written_to_about_themselves(two: Pair, world: World) -> None:
    organizations.add_member(
        two.session, two.lender[0], two.taker.person_id or 0, Role.MEMBER, now=at(0)
    )
    two.asks(now=at(0))
    id_ = two.session.scalars(sa.select(MessageThread.id)).one()
    assert service.announced(two.session, id_).waiting == {two.giver.person_id}


def with_file(two: Pair, thread: str, public_id: str) -> None:
    file = service.NewFile(public_id, FileKind.PDF, "plan.pdf", b"%PDF-1.7 plan")
    draft = service.MessageDraft("Voici le plan.", (file,))
    service.answer(two.session, two.giver, thread, draft, now=at(0, 1))


def test_a_file_is_for_the_two_sides_only(two: Pair, world: World) -> None:
    thread, file = two.asks(now=at(0)), new_public_id()
    with_file(two, thread, file)
    for who in (two.giver, two.taker):
        facts, content = service.file_content(two.session, who, file)
        assert (facts.name, facts.size, content) == ("plan.pdf", 13, b"%PDF-1.7 plan")
    for outsider in (world.member(world.organization()[0]), two.coordinator):
        with pytest.raises(NotFound):
            service.file_content(two.session, outsider, file)
    [said] = service.talk(two.session, two.taker, thread, before=3).messages[1:]
    assert [each.name for each in said.files] == ["plan.pdf"]


def test_five_files_are_too_many(two: Pair) -> None:
    files = tuple(
        service.NewFile(new_public_id(), FileKind.PDF, f"{n}.pdf", b"%PDF-") for n in range(5)
    )
    about = service.about_listing(two.session, two.taker, two.listing)
    with pytest.raises(Refused) as refused:
        service.begin(
            *(two.session, two.taker, about, service.MessageDraft("", files)),
            public_id=new_public_id(),
            now=at(0),
        )
    assert codes(refused) == {"message.too_many_files"}


def reported(two: Pair, thread: str, number: int, *, by: Actor) -> str:
    public_id = new_public_id()
    service.report(
        *(two.session, by, thread, number, Grounds.HURTFUL, "C’est dur."),
        public_id=public_id,
        now=at(1),
    )
    return public_id


def talked(two: Pair) -> str:
    """A thread of five messages, the fourth with a file."""
    thread = two.asks(now=at(0))
    two.answers(thread, "Non.", by=two.giver, now=at(0, 1))
    two.answers(thread, "Pourquoi?", by=two.taker, now=at(0, 2))
    return thread


def test_the_coordination_reads_a_reported_message_and_two_before_it(two: Pair) -> None:
    thread, file = talked(two), new_public_id()
    with_file(two, thread, file)
    two.answers(thread, "Et après?", by=two.taker, now=at(0, 4))
    with pytest.raises(NotFound):
        service.file_content(two.session, two.coordinator, file)
    reported(two, thread, 4, by=two.taker)
    [found] = service.reports(two.session, two.coordinator)
    assert [each.number for each in found.messages] == [2, 3, 4]
    assert found.message.text == "Voici le plan."
    assert how_many(service.count_reports, two.session, two.coordinator, at(1)) == 1
    assert service.file_content(two.session, two.coordinator, file)[0].name == "plan.pdf"
    service.decide(two.session, two.coordinator, found.public_id, Decision.NOTHING, "", now=at(1))
    assert service.reports(two.session, two.coordinator) == []
    with pytest.raises(NotFound):
        service.file_content(two.session, two.coordinator, file)


def test_a_hidden_message_is_read_by_nobody_and_everybody_who_reported_it_is_told(
    two: Pair, world: World
) -> None:
    colleague = world.member(two.taker.organization_id or 0, Role.MEMBER)
    thread, file = talked(two), new_public_id()
    with_file(two, thread, file)
    first = reported(two, thread, 4, by=two.taker)
    reported(two, thread, 4, by=colleague)
    assert len(service.reports(two.session, two.coordinator)) == 2
    service.decide(two.session, two.coordinator, first, Decision.HIDE, "Restons polis.", now=at(2))
    assert service.reports(two.session, two.coordinator) == []
    for who in (two.giver, two.taker):
        last = service.talk(two.session, who, thread).messages[-1]
        assert (last.hidden, last.text, last.files) == (True, "", ())
        with pytest.raises(NotFound):
            service.file_content(two.session, who, file)
    message = two.session.scalars(sa.select(Message.id).where(Message.number == 4)).one()
    told = service.reports_of(two.session, message)
    assert {each.reporter_id for each in told} == {two.taker.person_id, colleague.person_id}
    assert {each.decision for each in told} == {Decision.HIDE}
    with pytest.raises(Conflict) as late:
        reported(two, thread, 4, by=two.taker)
    assert codes(late) == {"message.already_hidden"}


def test_reports_are_made_once_of_others_and_judged_by_who_stands_outside(
    two: Pair, world: World
) -> None:
    thread = talked(two)
    with pytest.raises(Refused) as own:
        reported(two, thread, 1, by=two.taker)
    assert codes(own) == {"message.own_message"}
    with pytest.raises(NotFound):
        reported(two, thread, 9, by=two.taker)
    id_ = reported(two, thread, 2, by=two.taker)
    with pytest.raises(Conflict) as twice:
        reported(two, thread, 2, by=two.taker)
    assert codes(twice) == {"message.already_reported"}
    with pytest.raises(Forbidden):
        service.decide(two.session, two.taker, id_, Decision.HIDE, "", now=at(1))
    involved = Actor(
        person_id=two.coordinator.person_id,
        memberships={two.lender[0]: Role.MEMBER},
        roles=frozenset({Role.COORDINATOR}),
    )
    assert how_many(service.count_reports, two.session, involved, at(1)) == 0
    assert service.reports(two.session, involved) == []
    with pytest.raises(NotFound):
        service.decide(two.session, involved, id_, Decision.NOTHING, "", now=at(1))
    with pytest.raises(Refused) as unsaid:
        service.decide(two.session, two.coordinator, id_, Decision.WARN, "", now=at(1))
    assert codes(unsaid) == {"message.warning_unsaid"}
    service.decide(two.session, two.coordinator, id_, Decision.WARN, "Restons polis.", now=at(1))
    with pytest.raises(Conflict):
        service.decide(two.session, two.coordinator, id_, Decision.HIDE, "", now=at(1))
    assert not service.talk(two.session, two.taker, thread).messages[1].hidden


def test_a_block_stops_messages_both_ways_everywhere_and_leaves_bookings(two: Pair) -> None:
    thread = two.asks(now=at(0))
    booking = two.books()
    service.block(two.session, two.giver, thread, now=at(0))
    service.block(two.session, two.giver, thread, now=at(1))
    for write in (
        lambda: two.answers(thread, "Allô?", by=two.taker, now=at(1)),
        lambda: two.asks("Allô?", now=at(1)),
        lambda: two.writes_about(booking, "Allô?", by=two.taker, now=at(1)),
    ):
        with pytest.raises(Refused) as refused:
            write()
        assert codes(refused) == {"message.not_received"}
    with pytest.raises(Refused) as own:
        two.answers(thread, "Allô?", by=two.giver, now=at(1))
    assert codes(own) == {"message.you_block"}
    bookings.approve(two.session, two.giver, booking, now=at(0))
    assert bookings.booking(two.session, two.taker, booking, now=at(0)).site is not None
    [found] = service.blocked(two.session, two.giver)
    assert found.blocked.name == "Cuisine Midi"
    assert service.blocked(two.session, two.taker) == []
    ids = found.organization.public_id, found.blocked.public_id
    with pytest.raises(Forbidden):
        service.unblock(two.session, two.taker, *ids, now=at(1))
    service.unblock(two.session, two.giver, *ids, now=at(1))
    with pytest.raises(NotFound):
        service.unblock(two.session, two.giver, *ids, now=at(1))
    two.answers(thread, "Allô?", by=two.taker, now=at(1))


def test_what_is_kept_is_told_to_whom_it_is_about(two: Pair) -> None:
    thread, file = talked(two), new_public_id()
    with_file(two, thread, file)
    id_ = reported(two, thread, 4, by=two.taker)
    service.decide(two.session, two.coordinator, id_, Decision.HIDE, "Restons polis.", now=at(1))
    service.block(two.session, two.taker, thread, now=at(1))

    def about(who: Actor) -> dict[str, list[dict[str, object]]]:
        held = service.held_about_person(two.session, who.person_id or 0)
        return {each.table: [dict(row) for row in each.rows] for each in held}

    taker, giver, coordinator = about(two.taker), about(two.giver), about(two.coordinator)
    assert [row["text"] for row in taker["message"]] == [
        "L’équipement a-t-il un hayon?",
        "Pourquoi?",
    ]
    assert [row["name"] for row in giver["message_file"]] == ["plan.pdf"]
    assert "content" not in giver["message_file"][0]
    assert giver["message_report"] == []
    assert [(row["words"], row["decision_words"]) for row in taker["message_report"]] == [
        ("C’est dur.", None)
    ]
    assert [(row["words"], row["decision_words"]) for row in coordinator["message_report"]] == [
        (None, "Restons polis.")
    ]
    held = service.held_about_organization(two.session, two.lender[0])
    ours = {each.table: each.rows for each in held}
    assert len(ours["message_thread"]) == 1
    assert [row["number"] for row in ours["message"]] == [1, 2, 3]
    # Who blocks an organization is not the organization's to know.
    assert ours["message_block"] == []
    assert "message_report" not in ours


def test_who_is_erased_leaves_numbers_and_no_words(two: Pair) -> None:
    thread, file = talked(two), new_public_id()
    with_file(two, thread, file)
    service.forget_person(two.session, two.giver.person_id or 0)
    said = service.talk(two.session, two.taker, thread).messages
    assert [each.text for each in said] == ["L’équipement a-t-il un hayon?", "", "Pourquoi?", ""]
    assert two.session.scalar(sa.select(sa.func.count(MessageFile.id))) == 0
    readers = two.session.scalars(sa.select(ThreadReader.person_id)).all()
    assert readers == [two.taker.person_id]


def test_messages_of_a_booking_end_with_the_loan_and_others_with_a_year_of_silence(
    two: Pair,
) -> None:
    about_listing, about_booking = talked(two), ""
    booking = two.books()
    about_booking = two.writes_about(booking, "Quel quai?", by=two.taker, now=at(0))
    with_file(two, about_booking, new_public_id())
    reported(two, about_booking, 1, by=two.giver)

    def left() -> set[str]:
        return set(two.session.scalars(sa.select(MessageThread.public_id)))

    session = two.session
    assert service.forget_silent(session, at(0, 2), dry=False) == 0
    assert service.forget_of_loans(session, at(2), dry=False) == 0
    assert service.forget_silent(session, at(0, 3), dry=True) == 6
    assert left() == {about_listing, about_booking}
    service.forget_silent(session, at(9), dry=False)
    assert left() == {about_booking}
    # A thread, two messages, a file, a report, two readers.
    assert service.forget_of_loans(session, at(3), dry=False) == 7
    for table in (MessageThread, Message, MessageFile, MessageReport, ThreadReader):
        assert session.scalar(sa.select(sa.func.count()).select_from(table)) == 0


def test_a_booking_nobody_decides_is_talked_about_with_telephone_numbers(world: World) -> None:
    two = pair(world, approver=Approver.NOBODY)
    booking = two.books()
    thread = two.writes_about(booking, "Le 514 555-0199, au quai 3", by=two.giver, now=at(0))
    facts = service.thread(two.session, two.taker, thread)
    assert facts.booking == booking
    assert facts.period is not None
