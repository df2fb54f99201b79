"""Agreements, the analysts they name, and who accepted which text."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mutuali.agreements.rules import (
    BOUNDS,
    AgreementState,
    Instrument,
    Liability,
    OnWithdrawal,
    Side,
)
from mutuali.storage import Base, PublicId, UtcDateTime, one_of


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
            for name, (low, high) in BOUNDS.items()
        ),
        CheckConstraint("starts_at < ends_at", name="term"),
        CheckConstraint("(state = 'draft') = (hash = '')", name="text"),
        CheckConstraint("(state = 'ended') = (ended_at IS NOT NULL)", name="ended"),
        Index("ix_agreement_partner_state", "partner_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PublicId, unique=True)
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
    instrument: Mapped[str] = mapped_column(String(25))
    outside_quebec: Mapped[bool]
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
    version: Mapped[int] = mapped_column(default=1)


class AgreementAnalyst(Base):
    """A person whom an agreement names."""

    __tablename__ = "agreement_analyst"

    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)


class AgreementAcceptance(Base):
    """One side's yes to the text with this hash."""

    __tablename__ = "agreement_acceptance"
    __table_args__ = (
        CheckConstraint(one_of("side", Side), name="side"),
        # Nobody accepts for both sides.
        UniqueConstraint("agreement_id", "person_id"),
    )

    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"), primary_key=True)
    side: Mapped[str] = mapped_column(String(10), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
