"""What the network says of itself, in one row; the words its notices start from."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, LargeBinary, String, Text, true
from sqlalchemy.orm import Mapped, deferred, mapped_column

from mutuali.storage import Base, UtcDateTime


class NetworkRow(Base):
    """There is one network to an instance; without its row, the environment speaks for it."""

    __tablename__ = "network"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    operator_name: Mapped[str] = mapped_column(String(160), default="")
    operator_address: Mapped[str] = mapped_column(String(200), default="")
    operator_contact: Mapped[str] = mapped_column(String(254), default="")
    name: Mapped[str] = mapped_column(String(60), default="")
    #: WebP, as the door re-encoded it.
    logo: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    #: The first letters of its SHA-256; with none there is no logo.
    logo_key: Mapped[str] = mapped_column(String(16), default="")
    logo_width: Mapped[int] = mapped_column(default=0)
    logo_height: Mapped[int] = mapped_column(default=0)
    logo_alt_fr: Mapped[str] = mapped_column(String(120), default="")
    logo_alt_en: Mapped[str] = mapped_column(String(120), default="")
    #: Slugs; empty: the whole island. None until somebody said.
    boroughs: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    english: Mapped[bool] = mapped_column(default=True, server_default=true())
    purposes: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    kit_published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
    put_away_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: Counts changes, for ETags.
    version: Mapped[int] = mapped_column(default=1)


class NoticeWords(Base):
    """The words that a notice starts from in place of the software's, and which network wrote
    them; the recipient's name is a gap."""

    __tablename__ = "notice_words"

    subject: Mapped[str] = mapped_column(String(12), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(30), primary_key=True)
    text_fr: Mapped[str] = mapped_column(Text)
    text_en: Mapped[str] = mapped_column(Text)
    origin: Mapped[str] = mapped_column(String(160))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
