"""Who answers for a bundle before it leaves, and what the law asks for first, on both engines."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mutuali.agreements.rules import Dataset, ReleaseSettings
from mutuali.audit.models import AuditEvent
from mutuali.consent import service as consent
from mutuali.consent.rules import Purpose
from mutuali.core.errors import Conflict, Forbidden, NotFound, Refused
from mutuali.core.permissions import SYSTEM, Actor, Role
from mutuali.exports import service
from mutuali.exports.models import Export, ExportOpinion
from mutuali.exports.rules.again import Worse
from mutuali.exports.rules.answers import BOUNDS, UNDER
from mutuali.exports.rules.assessments import (
    AssessmentDraft,
    Factor,
    Form,
    Level,
    Opinion,
    form_of,
    questions_of,
)
from mutuali.exports.rules.opinions import Outcome, Verdict, Voice, may_speak, outcome
from mutuali.exports.rules.regimes import Ground, Regime, obstacles
from mutuali.exports.service.closed_store import stored
from mutuali.organizations import service as organizations
from mutuali.organizations.rules import Office
from mutuali.web.clock import utc_now
from mutuali.web.secrets import new_public_id
from tests.exports.stored import (
    ANSWERS,
    KEY,
    Network,
    asked,
    assessed,
    built,
    export_row,
    in_charge,
    says_yes,
    shared_year,
    signed,
    work_through,
)
from tests.factories import World
from tests.how_many import how_many

TODAY = date(2026, 11, 26)
GROUND = Ground(
    regime=Regime.NAMED_RECIPIENT,
    dataset=Dataset.EQUIPMENT_USE,
    purpose=Purpose.NETWORK_STATISTICS,
    to_operator=False,
    assessed=True,
    outside=False,
    assessed_outside=False,
    cai_sent_on=None,
    in_charge=True,
)


def network(session: Session, dataset: Dataset = Dataset.LOANS) -> Network:
    now = utc_now()
    return shared_year(session, World(session, now), dataset, now=now)


def _snapshot(session: Session, net: Network) -> service.Snapshot:
    return service.take(
        session,
        net.dataset,
        purpose=net.purpose,
        recipient_id=net.table.partner_id,
        settings=ReleaseSettings(),
        now=utc_now(),
    )


def reviewer(session: Session) -> Actor:
    return World(session, utc_now()).person(role=Role.REVIEWER)


def codes(ground: Ground) -> list[str]:
    return [reason.code for reason in obstacles(ground, TODAY)]


def sent(days_ago: int) -> Ground:
    return replace(GROUND, regime=Regime.RESEARCH, cai_sent_on=TODAY - timedelta(days=days_ago))


@pytest.mark.parametrize(
    ("ground", "missing"),
    [
        (GROUND, []),
        (replace(GROUND, assessed=False), ["export.not_assessed"]),
        (replace(GROUND, in_charge=False), ["export.nobody_in_charge"]),
        (replace(GROUND, outside=True), ["export.not_assessed_outside"]),
        (replace(GROUND, outside=True, assessed_outside=True), []),
        (replace(GROUND, regime=Regime.OWN_STUDY), ["export.own_study_elsewhere"]),
        (replace(GROUND, regime=Regime.OWN_STUDY, to_operator=True), []),
        (replace(GROUND, regime=Regime.OPEN), ["export.not_by_this_right"]),
        (replace(GROUND, dataset=Dataset.LOANS, regime=Regime.OPEN), ["export.not_by_this_right"]),
        (replace(GROUND, dataset=Dataset.ORGANIZATIONS_CAPACITY), ["export.not_by_this_right"]),
        (replace(GROUND, regime=Regime.RESEARCH), ["export.not_sent_to_cai"]),
        (sent(29), ["export.cai_waits"]),
        (sent(30), []),
        (
            replace(GROUND, assessed=False, outside=True, in_charge=False),
            ["export.not_assessed", "export.not_assessed_outside", "export.nobody_in_charge"],
        ),
    ],
)
def test_what_is_missing_before_a_build_is_said_all_at_once(
    ground: Ground, missing: list[str]
) -> None:
    assert codes(ground) == missing


def every_vote() -> Iterator[tuple[Voice, ...]]:
    one = [Voice(1, True, verdict) for verdict in Verdict]
    other = [Voice(2, for_operator, v) for for_operator, v in product((True, False), Verdict)]
    yield from product(one, other)


def test_two_opinions_let_out_only_when_both_say_so() -> None:
    for voices in every_vote():
        both = all(voice.verdict is Verdict.SIGN for voice in voices)
        assert outcome(voices, 2) is (Outcome.SIGN if both else Outcome.RETURN)
        assert outcome(voices[:1], 2) is Outcome.WAIT
        assert outcome((voices[0], voices[0]), 2) is Outcome.WAIT


def test_an_outside_reviewer_gives_a_second_opinion_and_never_the_only_one() -> None:
    outside = Voice(9, False, Verdict.SIGN)
    assert not may_speak((), 1, 9, for_operator=False)
    assert may_speak((), 2, 9, for_operator=False)
    assert not may_speak((outside,), 2, 8, for_operator=False)
    assert may_speak((outside,), 2, 1, for_operator=True)
    assert outcome((outside, Voice(8, False, Verdict.SIGN)), 2) is Outcome.WAIT


def test_five_factors_choose_how_much_is_asked() -> None:
    low = dict.fromkeys(Factor, Level.LOW)
    assert form_of(low, outside=False) is Form.SHORT
    assert form_of({**low, Factor.MEDIUM: Level.MIDDLE}, outside=False) is Form.SHORT
    two = {**low, Factor.MEDIUM: Level.MIDDLE, Factor.PURPOSE: Level.MIDDLE}
    assert form_of(two, outside=False) is Form.LONG
    for factor in Factor:
        assert form_of({**low, factor: Level.HIGH}, outside=False) is Form.LONG
    assert form_of(low, outside=True) is Form.LONG
    assert set(questions_of(Form.SHORT, outside=False)) < set(questions_of(Form.LONG, outside=True))


def test_every_question_of_the_law_stands_under_one_of_the_five_headings() -> None:
    asked_under = [name for names in UNDER.values() for name in names]
    assert sorted(asked_under) == sorted(BOUNDS) == sorted(ANSWERS.to_dict())


def test_a_request_without_its_written_answers_is_refused_each_by_name(session: Session) -> None:
    net = network(session)
    request = service.DataRequest(
        net.agreement_id, net.dataset, net.purpose, "Quoi?", replace(ANSWERS, need="", people="")
    )
    with pytest.raises(Refused) as caught:
        service.request_export(
            session, net.table.analyst, request, public_id=new_public_id(), now=utc_now()
        )
    assert {reason.field for reason in caught.value.reasons} == {"need", "people"}


def test_nothing_is_built_before_an_assessment_is_in_force(session: Session) -> None:
    net = network(session)
    public_id = asked(session, net)
    steward, now = net.table.steward, utc_now()

    def refusal(at: timedelta = timedelta()) -> str:
        with pytest.raises(Conflict) as caught:
            service.prepare(session, steward, public_id, hosted_outside=False, now=now + at)
        return " ".join(reason.code for reason in caught.value.reasons)

    assessed(session, steward, net.dataset, now=now, opinion=Opinion.UNFAVOURABLE)
    assert refusal() == "export.not_assessed"
    assessed(session, steward, net.dataset, now=now, days=10)
    assert refusal(timedelta(days=11)) == "export.not_assessed"
    with pytest.raises(Conflict, match=r"^export.not_assessed_outside$"):
        service.prepare(session, steward, public_id, hosted_outside=True, now=now)
    organizations.end_office(session, SYSTEM, Office.PERSON_IN_CHARGE, now=now)
    assert refusal() == "export.nobody_in_charge"
    in_charge(session, now=now)
    assessed(session, steward, net.dataset, now=now, place="Toronto, Ontario")
    service.prepare(session, steward, public_id, hosted_outside=True, now=now)
    assert export_row(session, public_id).state == "building"


def test_an_assessment_with_its_opinion_stays_as_it_is(session: Session) -> None:
    net = network(session)
    public_id = assessed(session, net.table.steward, net.dataset, now=utc_now())
    found = service.assessment(session, net.table.steward, public_id, now=utc_now())
    assert (found.in_force, found.opinion_by, found.form) == (True, "Dominique Roy", Form.SHORT)
    with pytest.raises(Forbidden):
        service.assessment(session, net.table.analyst, public_id, now=utc_now())
    with pytest.raises(Refused) as caught:
        service.write_assessment(
            session,
            net.table.steward,
            AssessmentDraft(net.dataset, "", dict.fromkeys(Factor, Level.HIGH), {}),
            public_id=new_public_id(),
            now=utc_now(),
        )
    asked_for = {f"answer_{name}" for name in questions_of(Form.LONG, outside=False)}
    assert {reason.field for reason in caught.value.reasons} == asked_for


def test_a_line_per_loan_leaves_only_with_two_opinions(app: Flask, session: Session) -> None:
    net = network(session)
    row = built(app, session, net)
    assert (row.state, row.opinions_needed) == ("in_review", 2)

    first = says_yes(session, net.table.steward, row)
    assert (first, row.state, row.file_key) == (Outcome.WAIT, "in_review", None)
    with pytest.raises(Conflict, match=r"export.already_said"):
        says_yes(session, net.table.steward, row)
    outside = reviewer(session)
    second = says_yes(session, outside, row)
    assert (second, row.state, row.signed_by) == (Outcome.SIGN, "ready", outside.person_id)


def test_nobody_reads_the_other_opinion_before_both_are_in(app: Flask, session: Session) -> None:
    net = network(session)
    row = built(app, session, net)
    other = net.table.other_steward
    service.send_back(session, net.table.steward, row.public_id, "Trop fin.", now=utc_now())
    session.flush()

    seen = service.review(session, other, row.public_id, now=utc_now())
    assert (seen.given, seen.opinions, seen.mine, seen.speaks) == (1, (), None, True)
    assert "Trop fin." not in str(seen)
    own = service.review(session, net.table.steward, row.public_id, now=utc_now())
    assert own.mine is not None
    assert own.mine.verdict is Verdict.RETURN
    event = session.scalars(sa.select(AuditEvent).where(AuditEvent.name == "export.opinion")).one()
    assert "return" not in str(event.facts)
    assert (row.state, row.decision_note) == ("in_review", "")

    came_to = says_yes(session, other, row)
    assert (came_to, row.state, row.decision_note) == (Outcome.RETURN, "requested", "Trop fin.")


def test_a_bundle_built_again_voids_what_was_said_of_it(app: Flask, session: Session) -> None:
    net = network(session)
    row = built(app, session, net)
    says_yes(session, net.table.steward, row)
    consent.withdraw(session, net.managers[0], net.organizations[0], net.notice_id, now=utc_now())
    service.prepare(session, net.table.steward, row.public_id, hosted_outside=False, now=utc_now())
    session.commit()
    work_through(app)
    row = export_row(session, row.public_id)

    again = service.review(session, net.table.steward, row.public_id, now=utc_now())
    assert (again.given, again.speaks) == (0, True)
    first = says_yes(session, net.table.other_steward, row)
    assert first is Outcome.WAIT


def test_the_author_answers_for_nothing_of_their_own(app: Flask, session: Session) -> None:
    net = network(session)
    row = built(app, session, net)
    everything = frozenset({Role.ANALYST, Role.STEWARD, Role.REVIEWER})
    author = Actor(person_id=net.table.analyst.person_id, roles=everything)

    with pytest.raises(Forbidden, match=r"export.own_request"):
        says_yes(session, author, row)
    with pytest.raises(Forbidden, match=r"export.own_request"):
        service.send_back(session, author, row.public_id, "Non.", now=utc_now())
    # Said of oneself, or under another's name: the database refuses both.
    for requested_by in (row.requested_by, net.table.steward.person_id):
        said = {
            "export_id": row.id,
            "requested_by": requested_by,
            "person_id": author.person_id,
            "for_operator": True,
            "file_sha256": "0" * 64,
            "verdict": "sign",
            "note": "",
            "at": utc_now(),
        }
        with pytest.raises(IntegrityError), session.begin_nested():
            session.execute(sa.insert(ExportOpinion).values(said))


def test_an_outside_reviewer_sees_what_awaits_their_opinion_and_nothing_else(
    app: Flask, session: Session
) -> None:
    net = network(session)
    other = reviewer(session)
    waiting = asked(session, net)
    session.commit()
    row = built(app, session, net)

    def seen() -> list[str]:
        return [each.public_id for each in service.waiting_for(session, other, now=utc_now())]

    assert seen() == [row.public_id]
    assert how_many(service.count_reviews, session, other, utc_now()) == 1
    assert service.review(session, other, row.public_id, now=utc_now()).speaks
    for look in (service.export, service.review):
        with pytest.raises(NotFound):
            look(session, other, waiting, now=utc_now())
    with pytest.raises(Forbidden):
        service.exports(session, other, now=utc_now())
    with pytest.raises(NotFound):
        service.hand_over(session, other, row.public_id, key=KEY, now=utc_now())
    says_yes(session, other, row)
    assert seen() == []
    assert how_many(service.count_reviews, session, other, utc_now()) == 0
    with pytest.raises(NotFound):
        service.review(session, other, row.public_id, now=utc_now())


def test_one_opinion_is_enough_for_tables_of_sums_and_no_reviewer_is_asked(
    app: Flask, session: Session
) -> None:
    net = network(session, Dataset.EQUIPMENT_USE)
    row = built(app, session, net)
    other = reviewer(session)
    assert row.opinions_needed == 1
    with pytest.raises(NotFound):
        service.review(session, other, row.public_id, now=utc_now())
    with pytest.raises(NotFound):
        says_yes(session, other, row)
    assert signed(session, net, row).state == "ready"


def test_a_returned_request_is_answered_anew(app: Flask, session: Session) -> None:
    net = network(session, Dataset.EQUIPMENT_USE)
    row = built(app, session, net)
    service.send_back(session, net.table.steward, row.public_id, "Dites où.", now=utc_now())
    better = replace(ANSWERS, place="À Montréal, au siège")

    with pytest.raises(NotFound):
        service.revise(
            session,
            World(session).person(role=Role.ANALYST),
            row.public_id,
            better,
            now=utc_now(),
        )
    service.revise(session, net.table.analyst, row.public_id, better, now=utc_now())

    found = service.export(session, net.table.analyst, row.public_id, now=utc_now())
    assert (found.answers, found.decision_note) == (better, "")
    row.state = "declined"
    with pytest.raises(Conflict):
        service.revise(session, net.table.analyst, row.public_id, better, now=utc_now())
    assert session.scalars(sa.select(Export.requested_by)).one() == net.table.analyst.person_id


def test_the_same_again_in_one_click_needs_one_signature_when_nothing_got_worse(
    app: Flask, session: Session
) -> None:
    net = network(session)
    first = signed(session, net, built(app, session, net))
    new_id = new_public_id()
    service.repeat(
        session,
        net.table.analyst,
        first.public_id,
        new_id=new_id,
        hosted_outside=False,
        now=utc_now(),
    )
    session.commit()
    work_through(app)
    again = export_row(session, new_id)

    assert (again.state, again.again_id, again.opinions_needed) == ("in_review", first.id, 1)
    assert (again.answers, again.regime) == (first.answers, first.regime)
    seen = service.review(session, net.table.steward, new_id, now=utc_now())
    assert seen.compared is not None
    assert seen.compared.worse == ()
    came_to = says_yes(session, net.table.steward, again)
    assert (came_to, again.state) == (Outcome.SIGN, "ready")


def test_what_got_worse_since_is_reviewed_in_full(app: Flask, session: Session) -> None:
    net = network(session)
    first = signed(session, net, built(app, session, net))
    review = first.review
    assert review is not None
    better = {**review["after"], "average": 0.0}
    first.review = {**review, "after": better}
    for manager, organization in zip(net.managers[:4], net.organizations[:4], strict=True):
        consent.withdraw(session, manager, organization, net.notice_id, now=utc_now())
    new_id = new_public_id()
    service.repeat(
        session,
        net.table.analyst,
        first.public_id,
        new_id=new_id,
        hosted_outside=False,
        now=utc_now(),
    )
    session.commit()
    work_through(app)

    assert export_row(session, new_id).opinions_needed == 2
    seen = service.review(session, net.table.steward, new_id, now=utc_now())
    assert seen.compared is not None
    assert set(seen.compared.worse) >= {Worse.AVERAGE, Worse.COVERAGE}


def test_only_who_asked_repeats_and_only_what_left(app: Flask, session: Session) -> None:
    net = network(session, Dataset.EQUIPMENT_USE)
    row = built(app, session, net)

    def repeated(actor: Actor) -> None:
        service.repeat(
            session,
            actor,
            row.public_id,
            new_id=new_public_id(),
            hosted_outside=False,
            now=utc_now(),
        )

    with pytest.raises(Conflict, match=r"export.never_left"):
        repeated(net.table.analyst)
    signed(session, net, row)
    with pytest.raises(NotFound):
        repeated(World(session).person(role=Role.ANALYST))
    organizations.end_office(session, SYSTEM, Office.PERSON_IN_CHARGE, now=utc_now())
    with pytest.raises(Conflict, match=r"export.nobody_in_charge"):
        repeated(net.table.analyst)


def test_a_file_that_fails_a_check_is_withheld_and_says_which(app: Flask, session: Session) -> None:
    """An agreement that asks for more than the build made: the bytes do not keep it."""
    net = network(session, Dataset.EQUIPMENT_USE)
    row = built(app, session, net)
    assert row.checks is not None
    assert all(each["passed"] for each in row.checks)
    work = service.Work(
        service.export_by_id(session, row.id, now=utc_now()),
        _snapshot(session, net),
        (),
        {},
        stored(session, net.dataset),
        frozenset(),
    )
    stricter = replace(
        work.export, agreement=replace(work.export.agreement, settings=ReleaseSettings(base=25))
    )
    held = service.examine(replace(work, export=stricter), (), key=KEY)
    assert isinstance(held, service.Withheld)
    failed = {each["check"] for each in held.checks or () if not each["passed"]}
    assert (held.code, failed) == ("export.check_failed", {"rounding"})


def test_the_register_tells_what_left_and_nothing_of_who_asked(
    app: Flask, session: Session
) -> None:
    net = network(session, Dataset.EQUIPMENT_USE)
    built(app, session, net)
    assert service.register(session, now=utc_now()) == []
    row = signed(
        session, net, export_row(session, session.scalars(sa.select(Export.public_id)).one())
    )
    (line,) = (service.as_row(each) for each in service.register(session, now=utc_now()))
    assert tuple(line) == service.REGISTER_COLUMNS
    assert (line["recipient"], line["standing"]) == ("La Cantine", "released")
    client = app.test_client()
    for path in ("/registre", "/registre.csv", "/registre.json", "/api/v1/releases"):
        text = client.get(path).text
        assert "La Cantine" in text
        assert "Ana Lyse" not in text
        assert row.question not in text
    row.state, row.file_key = "recalled", None
    session.commit()
    assert "recalled" in client.get("/registre.csv").text
