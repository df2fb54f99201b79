"""Agreements, the analysts they name, and who accepted which text."""

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from mutuali.agreements.rules import (
    BOUNDS,
    PROMISE_BOUNDS,
    AgreementState,
    Cause,
    Instrument,
    Liability,
    Method,
    OnWithdrawal,
    Regime,
    Side,
)
from mutuali.storage import Base, PublicId, UtcDateTime, one_of

#: An agreement that has not ended.
IS_OPEN = "state <> 'ended'"


class Agreement(Base):
    """What the operator and a partner agree on; its text and hash are set while it is proposed."""

    __tablename__ = "agreement"
    __table_args__ = (
        CheckConstraint(one_of("state", AgreementState), name="state"),
        CheckConstraint(one_of("liability", Liability), name="liability"),
        CheckConstraint(one_of("ended_side", Side), name="ended_side"),
        CheckConstraint(one_of("instrument", Instrument), name="instrument"),
        CheckConstraint(one_of("on_withdrawal", OnWithdrawal), name="on_withdrawal"),
        *(
            CheckConstraint(f"{name} BETWEEN {low} AND {high}", name=name)
            for name, (low, high) in {**BOUNDS, **PROMISE_BOUNDS}.items()
        ),
        CheckConstraint("starts_at < ends_at", name="term"),
        CheckConstraint("(state = 'draft') = (hash = '')", name="text"),
        CheckConstraint("(state = 'ended') = (ended_at IS NOT NULL)", name="ended"),
        CheckConstraint("(edition = 1) = (amends_id IS NULL)", name="edition"),
        Index("ix_agreement_partner_state", "partner_id", "state"),
        # One amendment at a time.
        Index(
            "uq_agreement_amends",
            "amends_id",
            unique=True,
            sqlite_where=text(IS_OPEN),
            postgresql_where=text(IS_OPEN),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PublicId, unique=True)
    #: What people call it, and which edition: an amendment has the number of what it amends.
    number: Mapped[str] = mapped_column(String(20))
    edition: Mapped[int] = mapped_column(default=1)
    amends_id: Mapped[int | None] = mapped_column(ForeignKey("agreement.id"))
    operator_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    #: The operator itself where the agreement is about its own use.
    partner_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    state: Mapped[str] = mapped_column(String(10))
    #: Coded terms, separated by commas, in the order of their lists.
    purposes: Mapped[str] = mapped_column(String(200))
    datasets: Mapped[str] = mapped_column(String(200))
    restrictions: Mapped[str] = mapped_column(String(500))
    warranties: Mapped[str] = mapped_column(String(200))
    liability: Mapped[str] = mapped_column(String(20))
    intended_use: Mapped[str] = mapped_column(String(2000))
    benefit: Mapped[str] = mapped_column(String(2000))
    outputs: Mapped[str] = mapped_column(String(2000))
    attribution: Mapped[str] = mapped_column(String(300))
    instrument: Mapped[str] = mapped_column(String(25))
    assessment_ref: Mapped[str] = mapped_column(String(200))
    ethics_ref: Mapped[str] = mapped_column(String(200))
    outside_quebec: Mapped[bool]
    kept_at: Mapped[str] = mapped_column(String(200))
    measures: Mapped[str] = mapped_column(String(200))
    #: When one for research was sent to the Commission d'accès à l'information.
    cai_sent_on: Mapped[date | None] = mapped_column(Date)
    #: The settings of a release, which the clauses say.
    k: Mapped[int]
    share_percent: Mapped[int]
    base: Mapped[int]
    on_withdrawal: Mapped[str] = mapped_column(String(10))
    days_to_act: Mapped[int]
    download_days: Mapped[int]
    keep_days: Mapped[int]
    downloads_each: Mapped[int]
    years: Mapped[int]
    #: What the parties promise besides; sums in dollars.
    breach_hours: Mapped[int]
    destroy_days: Mapped[int]
    review_days: Mapped[int]
    review_months: Mapped[int]
    cure_days: Mapped[int]
    liability_cap: Mapped[int | None]
    insurance: Mapped[int | None]
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    text_fr: Mapped[str] = mapped_column(Text, default="")
    text_en: Mapped[str] = mapped_column(Text, default="")
    hash: Mapped[str] = mapped_column(String(64), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: When the partner first got to see it; kept when it goes back to draft.
    proposed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    in_force_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_side: Mapped[str | None] = mapped_column(String(10))
    #: The question up to which somebody has answered.
    answered: Mapped[int] = mapped_column(default=0)
    #: How many days before its end people were last reminded of it, and of which review.
    reminded_days: Mapped[int | None]
    review_told_on: Mapped[date | None] = mapped_column(Date)
    version: Mapped[int] = mapped_column(default=1)


class AgreementParty(Base):
    """One side of an agreement as its text names it."""

    __tablename__ = "agreement_party"
    __table_args__ = (
        CheckConstraint(one_of("side", Side), name="side"),
        CheckConstraint(one_of("regime", Regime), name="regime"),
    )

    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"), primary_key=True)
    side: Mapped[str] = mapped_column(String(10), primary_key=True)
    legal_name: Mapped[str] = mapped_column(String(200))
    regime: Mapped[str] = mapped_column(String(10))
    place: Mapped[str] = mapped_column(String(200))
    contact: Mapped[str] = mapped_column(String(200))
    in_charge: Mapped[str] = mapped_column(String(200))


class AgreementAnalyst(Base):
    """A person whom an agreement names."""

    __tablename__ = "agreement_analyst"

    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    why: Mapped[str] = mapped_column(String(300))
    #: Within the term; both days belong to the access.
    starts_on: Mapped[date | None] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)


class AgreementUndertaking(Base):
    """The promise of a named person to keep the data confidential, over the text with this hash."""

    __tablename__ = "agreement_undertaking"
    __table_args__ = (
        ForeignKeyConstraint(
            ["agreement_id", "person_id"],
            ["agreement_analyst.agreement_id", "agreement_analyst.person_id"],
            name="fk_agreement_undertaking_named",
        ),
    )

    agreement_id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(primary_key=True)
    hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class AgreementSuspension(Base):
    """A time during which nothing leaves; ``side`` is who asked, none where the law did."""

    __tablename__ = "agreement_suspension"
    __table_args__ = (
        CheckConstraint(one_of("cause", Cause), name="cause"),
        CheckConstraint(one_of("side", Side), name="side"),
        CheckConstraint("(side IS NULL) = (cause NOT IN ('party', 'revoked'))", name="asked"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"), index=True)
    cause: Mapped[str] = mapped_column(String(15))
    side: Mapped[str | None] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(1000))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    lifted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lifted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class AgreementAcceptance(Base):
    """One side's yes to the text with this hash."""

    __tablename__ = "agreement_acceptance"
    __table_args__ = (
        CheckConstraint(one_of("side", Side), name="side"),
        CheckConstraint(one_of("method", Method), name="method"),
        # Nobody accepts for both sides.
        UniqueConstraint("agreement_id", "person_id"),
    )

    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"), primary_key=True)
    side: Mapped[str] = mapped_column(String(10), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: Who signed in the words of the day, in which capacity, and how.
    name: Mapped[str] = mapped_column(String(200))
    capacity: Mapped[str] = mapped_column(String(200))
    method: Mapped[str] = mapped_column(String(15))
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
