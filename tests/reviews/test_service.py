"""Who says what of a loan, who reads it when, what it amounts to, and its end."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mutuali.bookings import service as bookings
from mutuali.bookings.models import Booking, BookingStep
from mutuali.bookings.rules import Step
from mutuali.core.errors import Conflict, DomainError, Forbidden, NotFound, Refused
from mutuali.core.period import Period
from mutuali.core.permissions import VISITOR, Actor, Role
from mutuali.jobs.models import Job
from mutuali.loans.rules import Side
from mutuali.reviews import service
from mutuali.reviews.models import LoanReview, LoanReviewReport
from mutuali.reviews.rules import REMIND_AFTER, REVIEW_WITHIN, Scores, Verdict
from mutuali.web.secrets import new_public_id
from tests.factories import World, at, span
from tests.how_many import how_many
from tests.loans.made import Loan, loan
from tests.reviews.made import BACK, returned, says

DAY = timedelta(days=1)
END = BACK + REVIEW_WITHIN


@pytest.fixture
def lent(world: World) -> Loan:
    return returned(world)


def codes(error: pytest.ExceptionInfo[DomainError]) -> set[str]:
    return {reason.code for reason in error.value.reasons}


def seen(lent: Loan, who: Actor, *, now: datetime) -> service.LoanReviews:
    return service.of_booking(lent.session, who, lent.id, now=now)


def test_nobody_reads_what_one_side_said_until_the_other_has(lent: Loan) -> None:
    says(lent, lent.taker, sentence="Très propre.", private_word="Un peu tard.", now=BACK + DAY)
    before = seen(lent, lent.giver, now=BACK + 2 * DAY)
    assert (before.own, before.theirs, before.published_at) == (None, None, None)
    assert before.may_write
    outside = seen(lent, lent.coordinator, now=BACK + 2 * DAY)
    assert (outside.own, outside.theirs, outside.published_at) == (None, None, None)
    assert not outside.may_write
    own = seen(lent, lent.taker, now=BACK + 2 * DAY)
    assert own.own is not None
    assert own.own.private_word == "Un peu tard."
    assert (own.theirs, own.published_at) == (None, END)
    says(lent, lent.giver, sentence="À l’heure.", now=BACK + 3 * DAY)
    after = seen(lent, lent.giver, now=BACK + 3 * DAY)
    assert after.theirs is not None
    assert (after.theirs.sentence, after.theirs.private_word) == ("Très propre.", "")
    assert after.published_at == BACK + 3 * DAY


def test_when_the_time_runs_out_one_side_alone_is_read(lent: Loan) -> None:
    says(lent, lent.taker, sentence="Très propre.", now=BACK + DAY)
    just_before = seen(lent, lent.giver, now=END - timedelta(seconds=1))
    assert (just_before.theirs, just_before.may_write) == (None, True)
    at_the_end = seen(lent, lent.giver, now=END)
    assert at_the_end.theirs is not None
    assert not at_the_end.may_write
    with pytest.raises(Conflict) as late:
        says(lent, lent.giver, now=END)
    assert codes(late) == {"review.too_late"}


def test_a_side_changes_what_it_said_until_it_is_published(lent: Loan) -> None:
    says(lent, lent.taker, score=2, sentence="Sale.", now=BACK + DAY)
    says(lent, lent.taker, score=4, sentence="Propre, finalement.", now=BACK + 2 * DAY)
    assert lent.session.scalar(sa.select(sa.func.count(LoanReview.id))) == 1
    says(lent, lent.giver, now=BACK + 3 * DAY)
    with pytest.raises(Conflict) as published:
        says(lent, lent.taker, score=1, now=BACK + 4 * DAY)
    assert codes(published) == {"review.published"}
    theirs = seen(lent, lent.giver, now=BACK + 4 * DAY).theirs
    assert theirs is not None
    assert theirs.scores == Scores(4, 4, 4, 4)


def test_only_the_two_parties_write_and_only_of_what_came_back(world: World) -> None:
    early = loan(world)
    with pytest.raises(Conflict) as out:
        says(early, early.taker, now=at(0, 3))
    assert codes(out) == {"review.not_back"}
    bookings.hand_over(world.session, early.taker, early.id, now=at(0, 2))
    bookings.take_back(world.session, early.taker, early.id, now=BACK)
    with pytest.raises(Forbidden):
        says(early, early.coordinator, now=BACK)
    with pytest.raises(NotFound):
        says(early, world.member(world.organization()[0]), now=BACK)
    with pytest.raises(Refused) as missing:
        service.write_review(
            *(world.session, early.taker, early.id, service.ReviewDraft(Scores(5, 5))),
            public_id=new_public_id(),
            now=BACK,
        )
    assert codes(missing) == {"field.missing"}
    bookings.close_return(world.session, early.giver, early.id, now=BACK + DAY)
    says(early, early.taker, now=BACK + DAY)


def test_the_database_keeps_reviews_whole_whatever_the_code_does(lent: Loan) -> None:
    says(lent, lent.taker, now=BACK)
    says(lent, lent.giver, now=BACK)
    lent.session.commit()
    for statement in (
        "UPDATE loan_review SET respect = 6",
        "UPDATE loan_review SET communication = 0",
        "UPDATE loan_review SET quality = NULL WHERE side = 'borrower'",
        "UPDATE loan_review SET quality = 3 WHERE side = 'lender'",
        "UPDATE loan_review SET side = 'borrower', as_described = 1, quality = 1",
    ):
        with pytest.raises(IntegrityError):
            lent.session.execute(sa.text(statement))
        lent.session.rollback()


def listing_of(lent: Loan) -> str:
    return lent.session.execute(sa.text("SELECT public_id FROM listing")).scalar_one()


def test_fewer_than_three_reviews_have_no_average(world: World) -> None:
    made = returned(world)
    says(made, made.taker, score=3, sentence="Bien.", now=BACK)
    listing = listing_of(made)
    reviews = [(4, "Propre."), (5, "")]
    for n, (score, sentence) in enumerate(reviews, start=1):
        found = service.of_listing(made.session, VISITOR, listing, now=END + n * DAY)
        assert (found.count, found.as_described, found.quality) == (n, None, None)
        again = _lent_again(world, made, listing, n)
        says(again, again.taker, score=score, sentence=sentence, now=BACK + n * DAY)
    hidden_yet = service.of_listing(made.session, VISITOR, listing, now=BACK + 3 * DAY)
    assert hidden_yet.count == 0
    found = service.of_listing(made.session, VISITOR, listing, now=END + 5 * DAY)
    assert (found.count, found.as_described, found.quality) == (3, 4.0, 4.0)
    assert [each.sentence for each in found.latest] == ["Propre.", "Bien."]
    assert all(each.organization for each in found.latest)


def _lent_again(world: World, made: Loan, listing: str, day: int) -> Loan:
    """Another organization has the same thing on a later day, and brings it back."""
    taker = world.member(world.organization()[0])
    start = at(day, 2)
    world.now = at(day)
    booked = world.booking(listing, Period(start, start + timedelta(hours=4)), borrower=taker)
    again = Loan(world.session, booked, made.giver, taker, made.coordinator)
    bookings.hand_over(world.session, taker, again.id, now=start)
    bookings.take_back(world.session, taker, again.id, now=BACK + day * DAY)
    return again


def test_who_decides_reads_the_record_of_the_borrower_and_nobody_else(world: World) -> None:
    made = returned(world)
    says(made, made.giver, score=2, sentence="En retard.", now=BACK)
    borrower_id = made.taker.organization_id or 0
    session = world.session
    session.execute(
        sa.update(Booking).where(Booking.id == made.booking.id).values(returned_at=BACK + DAY)
    )
    other = world.listing()
    world.now = at(30)
    asked = world.booking(other, span(32), borrower=made.taker)
    session.add(
        BookingStep(booking_id=asked.id, step=Step.NO_SHOW.value, at=at(30), person_id=None)
    )
    session.flush()
    record = service.records(session, [borrower_id], now=END + 2 * DAY)[borrower_id]
    assert (record.loans, record.late_returns, record.no_shows, record.reviews) == (1, 1, 1, 1)
    assert (record.respect, record.communication) == (None, None)
    assert [(each.organization, each.sentence) for each in record.latest] == [
        ("La Corbeille", "En retard.")
    ]
    decider = world.member(asked.lender_id)
    told = service.borrower_record(session, decider, asked.public_id, now=at(30))
    assert told.loans == 1
    with pytest.raises(NotFound):
        service.borrower_record(session, made.taker, asked.public_id, now=at(30))
    with pytest.raises(NotFound):
        service.borrower_record(session, made.giver, asked.public_id, now=at(30))
    with pytest.raises(NotFound):
        service.borrower_record(session, made.giver, made.id, now=at(30))


def test_each_side_that_has_not_written_is_reminded_once_three_days_after(
    lent: Loan, world: World
) -> None:
    session, booking_id = lent.session, lent.booking.id
    for step in Step:
        service.plan_reminder(session, booking_id, step, now=BACK)
    (job,) = session.scalars(sa.select(Job).where(Job.kind == "reviews.remind"))
    assert job.due_at == BACK + REMIND_AFTER
    assert job.arguments == {"booking": booking_id}
    says(lent, lent.taker, now=BACK + DAY)
    found = service.reminder(session, booking_id, now=BACK + REMIND_AFTER)
    assert found.waiting == {lent.giver.person_id}
    assert found.until == END
    assert service.reminder(session, booking_id, now=END).waiting == frozenset()


def id_of(session: Session, side: Side) -> str:
    return session.scalars(sa.select(LoanReview.public_id).where(LoanReview.side == side)).one()


def test_a_reported_sentence_is_judged_and_hidden_from_everybody(lent: Loan, world: World) -> None:
    session = lent.session
    says(lent, lent.taker, sentence="Menteurs!", now=BACK)
    review = id_of(session, Side.BORROWER)
    with pytest.raises(NotFound):  # it is not to be read yet
        service.report(session, lent.giver, review, "Injure", now=BACK)
    says(lent, lent.giver, now=BACK + DAY)
    now = BACK + 2 * DAY
    with pytest.raises(Refused) as own:
        service.report(session, lent.taker, review, "Injure", now=now)
    assert codes(own) == {"review.own_sentence"}
    with pytest.raises(Refused) as unsaid:
        service.report(session, lent.giver, review, "", now=now)
    assert codes(unsaid) == {"review.report_unsaid"}
    with pytest.raises(Forbidden):
        service.report(session, world.person(), review, "Injure", now=now)
    service.report(session, lent.giver, review, "Injure", now=now)
    with pytest.raises(Conflict):
        service.report(session, lent.giver, review, "Injure", now=now)
    assert how_many(service.count_to_judge, session, lent.coordinator, now) == 1
    [waiting] = service.to_judge(session, lent.coordinator, now=now)
    assert (waiting.sentence, waiting.words) == ("Menteurs!", "Injure")
    involved = Actor(
        person_id=lent.coordinator.person_id,
        memberships={lent.taker.organization_id or 0: Role.MEMBER},
        roles=frozenset({Role.COORDINATOR}),
    )
    assert how_many(service.count_to_judge, session, involved, now) == 0
    with pytest.raises(NotFound):
        service.judge(session, involved, review, Verdict.KEEP, now=now)
    service.judge(session, lent.coordinator, review, Verdict.HIDE, now=now)
    with pytest.raises(Conflict):
        service.judge(session, lent.coordinator, review, Verdict.KEEP, now=now)
    assert how_many(service.count_to_judge, session, lent.coordinator, now) == 0
    theirs = seen(lent, lent.giver, now=now).theirs
    assert theirs is not None
    assert (theirs.sentence, theirs.hidden) == ("", True)
    found = service.of_listing(session, VISITOR, listing_of(lent), now=now)
    assert (found.count, found.latest) == (1, ())
    with pytest.raises(NotFound):
        service.sentence(session, lent.giver, review, now=now)


def test_a_private_word_reaches_the_coordination_once_published_and_no_party(lent: Loan) -> None:
    session = lent.session
    says(lent, lent.taker, private_word="Le chauffeur sentait l’alcool.", now=BACK)
    assert service.to_judge(session, lent.coordinator, now=END - DAY) == []
    [waiting] = service.to_judge(session, lent.coordinator, now=END)
    assert waiting.private_word == "Le chauffeur sentait l’alcool."
    with pytest.raises(Forbidden):
        service.to_judge(session, lent.giver, now=END)
    with pytest.raises(Forbidden):
        service.see_word(session, lent.giver, waiting.public_id, now=END)
    service.see_word(session, lent.coordinator, waiting.public_id, now=END)
    assert service.to_judge(session, lent.coordinator, now=END) == []


def test_what_is_kept_is_told_to_whom_it_is_about(lent: Loan) -> None:
    session = lent.session
    says(lent, lent.taker, sentence="Bien.", private_word="Entre nous.", now=BACK)
    taker_id, giver_id = (who.organization_id or 0 for who in (lent.taker, lent.giver))

    def ours(id_: int, now: datetime) -> list[tuple[object, object]]:
        [held] = service.held_about_organization(session, id_, now=now)
        return [(row["sentence"], row["private_word"]) for row in held.rows]

    assert ours(taker_id, BACK) == [("Bien.", "Entre nous.")]
    assert ours(giver_id, END - DAY) == []
    assert ours(giver_id, END) == [("Bien.", None)]
    service.report(session, lent.giver, id_of(session, Side.BORROWER), "Faux", now=END)
    service.judge(session, lent.coordinator, id_of(session, Side.BORROWER), Verdict.HIDE, now=END)
    assert ours(giver_id, END) == [(None, None)]

    def words(who: Actor) -> list[object]:
        held = service.held_about_person(session, who.person_id or 0)
        return [row["words"] for each in held if "report" in each.table for row in each.rows]

    assert words(lent.giver) == ["Faux"]
    assert words(lent.coordinator) == [None]
    service.forget_person(session, lent.taker.person_id or 0)
    assert ours(taker_id, END) == [("", "")]


def test_words_end_with_the_people_of_the_loan_and_scores_with_the_loan(lent: Loan) -> None:
    session = lent.session
    says(lent, lent.taker, sentence="Bien.", private_word="Entre nous.", now=BACK)
    service.report(session, lent.giver, id_of(session, Side.BORROWER), "Faux", now=END)
    assert service.detach_people(session, BACK, dry=False) == 0
    assert service.detach_people(session, at(40), dry=True) == 2
    assert service.detach_people(session, at(40), dry=False) == 2
    row = session.scalars(sa.select(LoanReview)).one()
    assert (row.person_id, row.sentence, row.private_word, row.respect) == (None, "", "", 5)
    assert session.scalar(sa.select(sa.func.count(LoanReviewReport.id))) == 0
    assert service.detach_people(session, at(40), dry=True) == 0
    assert service.forget_loans(session, at(40), dry=False) == 1
