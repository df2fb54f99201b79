"""What every use case of an organization's own data reads the same way."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mutuali.core.errors import NotFound
from mutuali.owndata.models import OwnHolding
from mutuali.owndata.rules import (
    CHOSEN,
    TEMPLATES,
    WORDS,
    Advice,
    CameBy,
    CountedFrom,
    Ending,
    Everyday,
    HoldingDraft,
    KeptIn,
    SeenBy,
    Sensitivity,
    Template,
    Term,
    Whom,
    advice,
    in_order,
    name_of,
    words_of,
)


@dataclass(frozen=True, slots=True)
class HoldingFacts:
    """One thing that an organization holds, as it said so."""

    public_id: str
    draft: HoldingDraft
    created_at: datetime
    looked_at: datetime
    version: int

    @property
    def template(self) -> Template | None:
        """What it was taken from."""
        return TEMPLATES[self.draft.template] if self.draft.template else None

    @property
    def advice(self) -> tuple[Advice, ...]:
        """What is worth a second thought."""
        return advice(self.draft, self.template)

    def name(self, language: str) -> str:
        """What it is called."""
        return name_of(self.draft, language)

    def said(self, word: str, language: str) -> str:
        """``what`` or ``why``."""
        return words_of(self.draft, self.template, word).said(language)


def rows_of(session: Session, organization_id: int) -> list[OwnHolding]:
    """All that an organization holds, in the order in which it was noted."""
    return list(
        session.scalars(
            select(OwnHolding)
            .where(OwnHolding.organization_id == organization_id)
            .order_by(OwnHolding.id)
        )
    )


def own_row(session: Session, organization_id: int, public_id: str) -> OwnHolding:
    """One of them, locked. Raises NotFound."""
    row = session.scalars(
        select(OwnHolding)
        .where(OwnHolding.public_id == public_id, OwnHolding.organization_id == organization_id)
        .with_for_update()
    ).one_or_none()
    if row is None:
        raise NotFound
    return row


def facts_of(row: OwnHolding) -> HoldingFacts:
    """A row as others see it."""
    draft = HoldingDraft(
        template=Everyday(row.template) if row.template else None,
        name_fr=row.name_fr,
        name_en=row.name_en,
        what_fr=row.what_fr,
        what_en=row.what_en,
        why_fr=row.why_fr,
        why_en=row.why_en,
        about_whom=tuple(Whom(each) for each in row.about_whom),
        came_by=tuple(CameBy(each) for each in row.came_by),
        kept_in=tuple(KeptIn(each) for each in row.kept_in),
        seen_by=tuple(SeenBy(each) for each in row.seen_by),
        term=Term(row.term),
        counted_from=CountedFrom(row.counted_from),
        sensitivity=Sensitivity(row.sensitivity),
        ending=Ending(row.ending),
    )
    return HoldingFacts(row.public_id, draft, row.created_at, row.looked_at, row.version)


def columns_of(draft: HoldingDraft) -> Mapping[str, Any]:
    """A draft as the table holds it, but for its template."""
    return {
        **{name: getattr(draft, name) for name in _TEXTS},
        **{
            name: [each.value for each in in_order(choices, getattr(draft, name))]
            for name, choices in CHOSEN.items()
        },
        "term": draft.term,
        "counted_from": draft.counted_from,
        "sensitivity": draft.sensitivity,
        "ending": draft.ending,
    }


_TEXTS = tuple(f"{word}_{language}" for word in WORDS for language in ("fr", "en"))
