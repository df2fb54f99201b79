"""Addresses that a bundle can be taken from for a few minutes, by one person in one login."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from mutuali.storage import Base, UtcDateTime


class ExportLink(Base):
    """A link to a bundle; the address itself is signed when given and never stored."""

    __tablename__ = "export_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    export_id: Mapped[int] = mapped_column(ForeignKey("export.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    #: The hash of the login or token it was asked for with; no other may use it.
    holder: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: When it was first used: that is the download; to resume it is none.
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
