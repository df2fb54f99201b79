"""The database keeps an accepted agreement as it was accepted, on both engines."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mutuali.agreements import service
from mutuali.agreements.guard import CLAUSE_MISSING, NOT_ACCEPTED, STATEMENTS, TEXT_FIXED
from mutuali.agreements.models import Agreement, AgreementAcceptance, AgreementAnalyst
from mutuali.agreements.rules import REQUIRED_RESTRICTIONS, REQUIRED_WARRANTIES, Side
from tests.agreements.made import Table, accepted, drafted, in_force, proposed, set_table
from tests.factories import NOW, World, at
from tests.guards import missing_guards


@pytest.fixture
def table(world: World) -> Table:
    return set_table(world)


def id_of(session: Session, public_id: str) -> int:
    return session.scalars(sa.select(Agreement.id).where(Agreement.public_id == public_id)).one()


def write(session: Session, id_: int, **values: Any) -> None:
    """Straight into the table, going round every rule."""
    session.execute(sa.update(Agreement).where(Agreement.id == id_).values(**values))


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("text_fr", "autre chose"),
        ("text_en", "something else"),
        ("hash", "0" * 64),
        ("k", 6),
        ("purposes", "mobility_planning"),
        ("datasets", "loans"),
        ("restrictions", ""),
        ("warranties", ""),
        ("liability", "partner_covers"),
        ("intended_use", "tout"),
        ("starts_at", at(-1)),
        ("ends_at", at(3000)),
        ("instrument", "open"),
        ("outside_quebec", True),
        ("share_percent", 50),
        ("base", 25),
        ("on_withdrawal", "stop"),
        ("days_to_act", 90),
        ("download_days", 90),
        ("keep_days", 1095),
        ("downloads_each", 20),
        ("years", 1),
        ("number", "E-1"),
        ("benefit", "x"),
        ("outputs", "x"),
        ("attribution", "x"),
        ("assessment_ref", "x"),
        ("ethics_ref", "x"),
        ("kept_at", "x"),
        ("measures", ""),
        ("breach_hours", 72),
        ("destroy_days", 90),
        ("review_days", 90),
        ("review_months", 1),
        ("cure_days", 90),
        ("liability_cap", 5000),
        ("insurance", 5000),
    ],
)
def test_what_is_in_force_cannot_be_rewritten(
    session: Session, table: Table, column: str, value: object
) -> None:
    id_ = id_of(session, in_force(session, table))
    with pytest.raises(IntegrityError, match=TEXT_FIXED):
        write(session, id_, **{column: value})


@pytest.mark.parametrize("state", ["draft", "proposed"])
def test_what_is_in_force_does_not_become_a_draft_again(
    session: Session, table: Table, state: str
) -> None:
    id_ = id_of(session, in_force(session, table))
    with pytest.raises(IntegrityError, match=TEXT_FIXED):
        write(session, id_, state=state, **({"hash": ""} if state == "draft" else {}))


def test_what_has_ended_does_not_begin_again(session: Session, table: Table) -> None:
    public_id = in_force(session, table)
    service.end(session, table.steward, public_id, Side.OPERATOR, now=NOW)
    with pytest.raises(IntegrityError, match=TEXT_FIXED):
        write(session, id_of(session, public_id), state="in_force", ended_at=None)


def test_what_is_suspended_keeps_its_terms_and_only_what_was_in_force_is_suspended(
    session: Session, table: Table
) -> None:
    id_ = id_of(session, in_force(session, table))
    write(session, id_, state="suspended")
    write(session, id_, state="in_force")
    write(session, id_, state="suspended")
    with pytest.raises(IntegrityError, match=TEXT_FIXED):
        write(session, id_, k=99)


@pytest.mark.parametrize("make", [drafted, proposed])
def test_what_was_never_in_force_is_not_suspended(
    session: Session, table: Table, make: Any
) -> None:
    id_ = id_of(session, make(session, table))
    with pytest.raises(IntegrityError, match=f"{TEXT_FIXED}|ck_agreement_text"):
        write(session, id_, state="suspended")


def test_the_day_on_which_the_cai_got_it_is_said_once(session: Session, table: Table) -> None:
    id_ = id_of(session, in_force(session, table))
    write(session, id_, cai_sent_on=at(0).date())
    with pytest.raises(IntegrityError, match=TEXT_FIXED):
        write(session, id_, cai_sent_on=at(-40).date())


def test_a_proposed_text_changes_only_by_way_of_the_draft(session: Session, table: Table) -> None:
    id_ = id_of(session, proposed(session, table))
    with pytest.raises(IntegrityError, match=TEXT_FIXED):
        write(session, id_, k=50)


def test_nothing_takes_effect_on_one_yes(session: Session, table: Table) -> None:
    public_id = proposed(session, table)
    accepted(session, table.manager, public_id, Side.PARTNER)
    with pytest.raises(IntegrityError, match=NOT_ACCEPTED):
        write(session, id_of(session, public_id), state="in_force")


def test_a_yes_to_another_text_is_not_stored(session: Session, table: Table) -> None:
    id_ = id_of(session, proposed(session, table))
    session.add(
        AgreementAcceptance(
            agreement_id=id_,
            side="partner",
            person_id=table.manager.person_id or 0,
            hash="0" * 64,
            at=NOW,
            name="Mo",
            capacity="",
            method="password",
        )
    )
    with pytest.raises(IntegrityError, match=NOT_ACCEPTED):
        session.flush()


def test_one_person_is_not_stored_on_both_sides(session: Session, table: Table) -> None:
    public_id = proposed(session, table)
    accepted(session, table.manager, public_id, Side.PARTNER)
    row = session.get_one(Agreement, id_of(session, public_id))
    session.add(
        AgreementAcceptance(
            agreement_id=row.id,
            side="operator",
            person_id=table.manager.person_id or 0,
            hash=row.hash,
            at=NOW,
            name="Mo",
            capacity="",
            method="password",
        )
    )
    with pytest.raises(IntegrityError):
        session.flush()


@pytest.mark.parametrize("kind", [AgreementAnalyst, AgreementAcceptance, Agreement])
def test_nothing_of_it_goes_away(session: Session, table: Table, kind: Any) -> None:
    id_ = id_of(session, in_force(session, table))
    column = Agreement.id if kind is Agreement else kind.agreement_id
    with pytest.raises(IntegrityError, match="FOREIGN KEY|foreign key|" + TEXT_FIXED):
        session.execute(sa.delete(kind).where(column == id_))


def test_no_analyst_slips_in_afterwards(session: Session, table: Table, world: World) -> None:
    id_ = id_of(session, in_force(session, table))
    session.add(AgreementAnalyst(agreement_id=id_, person_id=world.person().person_id or 0, why=""))
    with pytest.raises(IntegrityError, match=TEXT_FIXED):
        session.flush()


def test_an_acceptance_is_not_rewritten(session: Session, table: Table) -> None:
    id_ = id_of(session, in_force(session, table))
    with pytest.raises(IntegrityError, match=TEXT_FIXED):
        session.execute(
            sa.update(AgreementAcceptance)
            .where(AgreementAcceptance.agreement_id == id_)
            .values(at=at(-9))
        )


def test_a_draft_changes_freely(session: Session, table: Table) -> None:
    write(session, id_of(session, drafted(session, table)), k=50)


@pytest.mark.parametrize("column", ["restrictions", "warranties"])
def test_a_clause_that_the_law_asks_for_is_in_whatever_is_proposed(
    session: Session, table: Table, column: str
) -> None:
    id_ = id_of(session, drafted(session, table))
    codes = str(session.scalar(sa.select(getattr(Agreement, column)).where(Agreement.id == id_)))
    required = {"restrictions": REQUIRED_RESTRICTIONS, "warranties": REQUIRED_WARRANTIES}[column]
    proposed_now = {"state": "proposed", "hash": "0" * 64, "proposed_at": NOW}
    for missing in sorted(required):
        rest = ",".join(each for each in codes.split(",") if each != missing)
        with pytest.raises(IntegrityError, match=CLAUSE_MISSING), session.begin_nested():
            write(session, id_, **{column: rest}, **proposed_now)
    write(session, id_, **proposed_now)


def test_the_guard_stands_in_the_migrated_database_as_it_is_written(
    session: Session, engine_name: str
) -> None:
    assert missing_guards(session, engine_name, STATEMENTS) == []
