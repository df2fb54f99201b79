"""The registers. What was anonymized, destroyed or buried is only ever added to."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mutuali.governance.rules import Answer, Deed, Identity, Level, RequestKind, Rule, Tier
from mutuali.storage import Base, PublicId, UtcDateTime, one_of


class PersonRequest(Base):
    """What a person asked about what is kept of them, and the answer."""

    __tablename__ = "person_request"
    __table_args__ = (
        CheckConstraint(one_of("kind", RequestKind), name="kind"),
        CheckConstraint(f"answer IS NULL OR {one_of('answer', Answer)}", name="answer"),
        CheckConstraint(f"identity IS NULL OR {one_of('identity', Identity)}", name="identity"),
        # Nobody is answered before somebody made sure who they are.
        CheckConstraint("answer IS NULL OR identity IS NOT NULL", name="identified"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PublicId, unique=True)
    #: None for somebody without an account; then ``reference`` says in which file they are.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    reference: Mapped[str] = mapped_column(String(60), default="")
    kind: Mapped[str] = mapped_column(String(15))
    words: Mapped[str] = mapped_column(Text, default="")
    #: What is to be corrected and how; the value goes once it is where it belongs.
    field: Mapped[str] = mapped_column(String(30), default="")
    value: Mapped[str] = mapped_column(String(254), default="")
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_on: Mapped[date]
    reminders: Mapped[int] = mapped_column(default=0)
    identity: Mapped[str | None] = mapped_column(String(10))
    answer: Mapped[str | None] = mapped_column(String(10))
    answer_words: Mapped[str] = mapped_column(Text, default="")
    #: On which provision of law a refusal rests.
    provision: Mapped[str] = mapped_column(String(120), default="")
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Incident(Base):
    """A confidentiality incident: the eight fields of r. 3.1, s. 7; no value of anybody's."""

    __tablename__ = "incident"
    __table_args__ = (
        CheckConstraint(one_of("sensitivity", Level), name="sensitivity"),
        CheckConstraint(one_of("consequences", Level), name="consequences"),
        CheckConstraint(one_of("likelihood", Level), name="likelihood"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PublicId, unique=True)
    information: Mapped[str] = mapped_column(Text)
    unknown_because: Mapped[str] = mapped_column(Text, default="")
    circumstances: Mapped[str] = mapped_column(Text)
    started_on: Mapped[date]
    ended_on: Mapped[date | None]
    aware_on: Mapped[date]
    persons: Mapped[int | None]
    in_quebec: Mapped[int | None]
    sensitivity: Mapped[str] = mapped_column(String(10))
    consequences: Mapped[str] = mapped_column(String(10))
    likelihood: Mapped[str] = mapped_column(String(10))
    serious: Mapped[bool]
    elements: Mapped[str] = mapped_column(Text, default="")
    #: When the person in charge was consulted (s. 3.7).
    consulted_on: Mapped[date | None]
    commission_on: Mapped[date | None]
    persons_on: Mapped[date | None]
    public_notice: Mapped[bool] = mapped_column(default=False)
    public_because: Mapped[str] = mapped_column(Text, default="")
    measures: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: Kept at least until then.
    keep_until: Mapped[date]
    version: Mapped[int] = mapped_column(default=1)


class AnonymizationEntry(Base):
    """One line of the register of anonymization (r. 0.1, s. 9), written from a release."""

    __tablename__ = "anonymization_entry"
    __table_args__ = (
        CheckConstraint(one_of("tier", Tier), name="tier"),
        UniqueConstraint("export_id", "what"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    export_id: Mapped[int] = mapped_column(ForeignKey("export.id"))
    #: ``released``, then what updates it: ``recalled``.
    what: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: What the register says, as it was known then: see ``service.registers``.
    told: Mapped[dict[str, Any]] = mapped_column(JSON)
    tier: Mapped[str] = mapped_column(String(10))
    analysed_on: Mapped[date]
    next_analysis_on: Mapped[date | None]
    #: Who was the qualified person then; None when nobody was named.
    supervisor_id: Mapped[int | None] = mapped_column(ForeignKey("office_holder.id"))


class RetentionRun(Base):
    """A certificate: what was destroyed or anonymized, how much in bands, when, by which rule."""

    __tablename__ = "retention_run"
    __table_args__ = (
        CheckConstraint(one_of("rule", Rule), name="rule"),
        CheckConstraint(one_of("deed", Deed), name="deed"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(PublicId, unique=True)
    rule: Mapped[str] = mapped_column(String(20))
    deed: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: None when the daily job ran it.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    certificate: Mapped[dict[str, Any]] = mapped_column(JSON)
    key_id: Mapped[str] = mapped_column(String(16))
    signature: Mapped[str] = mapped_column(String(90))


class Tombstone(Base):
    """The keyed hash of somebody who was erased, so that a restored backup forgets them again."""

    __tablename__ = "tombstone"

    fingerprint: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
