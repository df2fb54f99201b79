"""What people say of a built bundle before it leaves."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from mutuali.exports.rules.opinions import Verdict
from mutuali.storage import Base, UtcDateTime, one_of


class ExportOpinion(Base):
    """One person's opinion on the bundle with one hash; it is void once that is built again.

    ``requested_by`` is here, tied to that of the export, so that the database can see by itself
    that nobody answers for what they asked for.
    """

    __tablename__ = "export_opinion"
    __table_args__ = (
        CheckConstraint(one_of("verdict", Verdict), name="verdict"),
        CheckConstraint("person_id <> requested_by", name="of_another"),
        ForeignKeyConstraint(["export_id", "requested_by"], ["export.id", "export.requested_by"]),
        Index(
            "ix_export_opinion_once",
            "export_id",
            "person_id",
            unique=True,
            postgresql_where=text("voided_at IS NULL"),
            sqlite_where=text("voided_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    export_id: Mapped[int]
    requested_by: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    #: Whether they answer for the operator; else an outside reviewer.
    for_operator: Mapped[bool]
    file_sha256: Mapped[str] = mapped_column(String(64))
    verdict: Mapped[str] = mapped_column(String(10))
    note: Mapped[str] = mapped_column(String(1000))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    voided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
