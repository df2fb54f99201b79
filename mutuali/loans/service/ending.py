"""What is kept about a person's or an organization's loans beyond the bookings, and its end."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from mutuali.bookings import service as bookings
from mutuali.loans.models import (
    ConditionDispute,
    ConditionPhoto,
    ConditionReport,
    DayContact,
    DriverLink,
    LoanAgreement,
    LoanEnglish,
    LoanPayment,
    LoanSignature,
)
from mutuali.storage import Base, HeldRows, forget_rows, held_rows

_BOOKING = Base.metadata.tables["booking"]
#: What hangs on a booking itself; signatures hang on its agreement, photos on its reports.
_OF_BOOKING = (
    *(ConditionReport, ConditionDispute, DayContact, DriverLink),
    *(LoanAgreement, LoanEnglish, LoanPayment),
)
_Specs: TypeAlias = Mapping[InstrumentedAttribute[int | None], tuple[str, ...]]
#: Who wrote what: the column of the person, and what they typed, which is blank once they are gone.
_BY_PERSON: Mapping[type[ConditionReport | ConditionDispute | LoanPayment], _Specs] = {
    ConditionReport: {
        ConditionReport.person_id: ("signed_by", "note", "items"),
        ConditionReport.agreed_by: ("agreed_name",),
    },
    ConditionDispute: {
        ConditionDispute.person_id: ("difference",),
        ConditionDispute.settlement_by: ("settlement",),
    },
    LoanPayment: {LoanPayment.noted_by: ("note",)},
}


def held_about_person(session: Session, person_id: int) -> list[HeldRows]:
    """What this feature keeps about a person: what they wrote, confirmed and settled."""
    found = []
    for model, specs in _BY_PERSON.items():
        held = held_rows(session, model, or_(*(who == person_id for who in specs)))
        # Of a row that two people wrote, each gets their own part.
        rows = [
            {name: None if name in _of_others(specs, row, person_id) else row[name] for name in row}
            for row in held.rows
        ]
        found.append(HeldRows(held.table, rows))
    return [
        *found,
        held_rows(session, DayContact, DayContact.set_by == person_id),
        held_rows(session, DriverLink, DriverLink.made_by == person_id),
        held_rows(session, LoanSignature, LoanSignature.person_id == person_id),
        held_rows(session, LoanEnglish, LoanEnglish.person_id == person_id),
    ]


def held_about_organization(session: Session, organization_id: int) -> list[HeldRows]:
    """What this feature keeps about an organization's loans; photos stay at their addresses."""
    own = select(_BOOKING.c.id).where(
        or_(_BOOKING.c.lender_id == organization_id, _BOOKING.c.borrower_id == organization_id)
    )
    return [held_rows(session, model, model.booking_id.in_(own)) for model in _OF_BOOKING]


def forget_person(session: Session, person_id: int) -> None:
    """Blank the names and words of a person who is erased; who did what stays, by number."""
    for model, specs in _BY_PERSON.items():
        for who, blanks in specs.items():
            for row in session.scalars(select(model).where(who == person_id)):
                _blank(row, blanks)
    forget_rows(session, DayContact, DayContact.set_by == person_id, dry=False)
    for signature in session.scalars(
        select(LoanSignature).where(LoanSignature.person_id == person_id)
    ):
        signature.signed_by = ""
    session.flush()


def detach_people(session: Session, before: datetime, *, dry: bool) -> int:
    """Take people and their words off what was written of loans that ended before; returns how
    many rows have some."""
    over = bookings.ended_before(before)
    count = 0
    for model, specs in _BY_PERSON.items():
        for who, blanks in specs.items():
            named: ColumnElement[bool] = who.is_not(None)
            if who is ConditionReport.person_id:
                # A driver without an account left a name too.
                named = or_(named, ConditionReport.signed_by != "")
            rows = session.scalars(select(model).where(model.booking_id.in_(over), named)).all()
            count += len(rows)
            for row in () if dry else rows:
                _blank(row, blanks)
                setattr(row, who.key, None)
    signed = select(LoanAgreement.id).where(LoanAgreement.booking_id.in_(over))
    signatures = session.scalars(
        select(LoanSignature).where(
            LoanSignature.agreement_id.in_(signed), LoanSignature.person_id.is_not(None)
        )
    ).all()
    choices = session.scalars(
        select(LoanEnglish).where(
            LoanEnglish.booking_id.in_(over), LoanEnglish.person_id.is_not(None)
        )
    ).all()
    for signature in () if dry else signatures:
        signature.signed_by, signature.person_id = "", None
    for choice in () if dry else choices:
        choice.person_id = None
    session.flush()
    return count + len(signatures) + len(choices)


def forget_photos(session: Session, before: datetime, *, dry: bool) -> int:
    """Destroy the photos of reports of loans that ended before; returns how many."""
    reports = select(ConditionReport.id).where(
        ConditionReport.booking_id.in_(bookings.ended_before(before))
    )
    return forget_rows(session, ConditionPhoto, ConditionPhoto.report_id.in_(reports), dry=dry)


def forget_loans(session: Session, before: datetime, *, dry: bool) -> int:
    """Destroy all that was written of loans that ended before; returns how many rows."""
    over = bookings.ended_before(before)
    agreements = select(LoanAgreement.id).where(LoanAgreement.booking_id.in_(over))
    signed = forget_rows(
        session, LoanSignature, LoanSignature.agreement_id.in_(agreements), dry=dry
    )
    return (
        signed
        + forget_photos(session, before, dry=dry)
        + sum(
            forget_rows(session, model, model.booking_id.in_(over), dry=dry)
            for model in _OF_BOOKING
        )
    )


def _of_others(specs: _Specs, row: Mapping[str, Any], person_id: int) -> set[str]:
    """The columns of a row that somebody else wrote."""
    return {name for who, names in specs.items() if row[who.key] != person_id for name in names}


def _blank(row: Base, names: Sequence[str]) -> None:
    for name in names:
        value: Any = ""
        if name == "items":
            value = [{**each, "word": ""} for each in getattr(row, name)]
        setattr(row, name, value)
