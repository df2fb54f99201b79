"""Check-ins by organization and month, what was decided, links of letters, who wants none."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mutuali.checkin.rules import Choice, Kind
from mutuali.storage import Base, UtcDateTime, one_of


class CheckIn(Base):
    """The check-in of an organization in one month, and the time that it took."""

    __tablename__ = "check_in"
    __table_args__ = (CheckConstraint("seconds >= 0", name="seconds"),)

    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), primary_key=True)
    #: The first day of its month.
    month: Mapped[date] = mapped_column(primary_key=True)
    #: When the next one takes its place.
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    #: When its managers were written to.
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: The last request on its pages, whoever made it; emptied at the end.
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    seconds: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CheckInCard(Base):
    """A card that was decided or set aside; it stays out for the rest of its month."""

    __tablename__ = "check_in_card"
    __table_args__ = (
        CheckConstraint(one_of("kind", Kind), name="kind"),
        CheckConstraint(one_of("choice", Choice), name="choice"),
    )

    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    #: A public id or a code: what the card was about.
    about: Mapped[str] = mapped_column(String(60), primary_key=True)
    choice: Mapped[str] = mapped_column(String(5))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class CheckInLink(Base):
    """A link that answers one card for one person; it is signed when sent and never stored."""

    __tablename__ = "check_in_link"
    __table_args__ = (
        UniqueConstraint("organization_id", "person_id", "month", "kind", "about"),
        CheckConstraint(one_of("kind", Kind), name="kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    month: Mapped[date]
    kind: Mapped[str] = mapped_column(String(12))
    about: Mapped[str] = mapped_column(String(60))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CheckInSilence(Base):
    """A person who wants no letter about the check-ins of an organization."""

    __tablename__ = "check_in_silence"

    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
