"""Lessons learned, one's own and those of other networks."""

from datetime import date

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from mutuali.founding.rules import LONGEST_TITLE, LONGEST_WORDS
from mutuali.storage import Base, PublicId


class LessonRow(Base):
    """What people of a network tried and what came of it; nobody is named in it, nor kept with
    it."""

    __tablename__ = "lesson"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Goes with it from network to network.
    public_id: Mapped[str] = mapped_column(PublicId, unique=True)
    #: The network that wrote it; empty for this one.
    origin: Mapped[str] = mapped_column(String(160))
    written_on: Mapped[date]
    title_fr: Mapped[str] = mapped_column(String(LONGEST_TITLE))
    title_en: Mapped[str] = mapped_column(String(LONGEST_TITLE))
    tried_fr: Mapped[str] = mapped_column(String(LONGEST_WORDS))
    tried_en: Mapped[str] = mapped_column(String(LONGEST_WORDS))
    happened_fr: Mapped[str] = mapped_column(String(LONGEST_WORDS))
    happened_en: Mapped[str] = mapped_column(String(LONGEST_WORDS))
    again_fr: Mapped[str] = mapped_column(String(LONGEST_WORDS))
    again_en: Mapped[str] = mapped_column(String(LONGEST_WORDS))
