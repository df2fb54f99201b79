"""Lessons learned: what people of a network tried, and what came of it. They name nobody."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from mutuali.core.errors import Reason
from mutuali.core.folding import folded

LONGEST_TITLE, LONGEST_WORDS = 120, 1500
MOST_LESSONS = 100
LONGEST_ORIGIN = 160
#: What a lesson says, in both languages; French is needed.
PARTS = ("title", "tried", "happened", "again")
_SHORTEST_NAME = 4
_EMAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+")
_PHONE = re.compile(
    r"(?<![0-9])(?:\+?1[\s.-]?)?\(?[2-9][0-9]{2}\)?[\s.-]?[0-9]{3}[\s.-]?[0-9]{4}(?![0-9])"
)


@dataclass(frozen=True, slots=True)
class LessonDraft:
    """A lesson as people write it: what was tried, what happened, what they would do again."""

    title_fr: str
    tried_fr: str
    happened_fr: str
    again_fr: str
    title_en: str = ""
    tried_en: str = ""
    happened_en: str = ""
    again_en: str = ""

    def said(self, part: str, language: str) -> str:
        """A part of it; French where nothing is said in the other language."""
        found: str = getattr(self, f"{part}_{language}")
        return found or str(getattr(self, f"{part}_fr"))

    @property
    def is_english(self) -> bool:
        """Whether all of it is said in English too."""
        return all(getattr(self, f"{part}_en") for part in PARTS)


#: The fields of a draft, and the columns that keep them.
WORDS = (
    *("title_fr", "title_en", "tried_fr", "tried_en"),
    *("happened_fr", "happened_en", "again_fr", "again_en"),
)


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson and where it comes from; ``id`` goes with it from network to network."""

    id: str
    origin: str
    written_on: date
    draft: LessonDraft


def longest(name: str) -> int:
    """How many characters a field may have."""
    return LONGEST_TITLE if name.startswith("title") else LONGEST_WORDS


def lesson_objections(draft: LessonDraft) -> tuple[Reason, ...]:
    """Why this is no lesson to hand on: French is missing, a part is half in English, or an
    address or a number of somebody stands in it."""
    found = []
    for part in PARTS:
        if not getattr(draft, f"{part}_fr"):
            found.append(Reason("field.missing", {}, f"{part}_fr"))
        english = getattr(draft, f"{part}_en")
        if not english and any(getattr(draft, f"{each}_en") for each in PARTS):
            found.append(Reason("lesson.half_in_english", {}, f"{part}_en"))
    for name in WORDS:
        words = getattr(draft, name)
        if len(words) > longest(name):
            found.append(Reason("field.too_long", {"max": longest(name)}, name))
        if _EMAIL.search(words) or _PHONE.search(words):
            found.append(Reason("lesson.reaches_somebody", {}, name))
    return tuple(found)


def folded_names(names: Iterable[str]) -> Mapping[str, str]:
    """Names by how they are looked for, accents and capitals apart; without the shortest, which
    stand in too many words."""
    found = {_plain(name): name for name in names}
    return {key: name for key, name in found.items() if len(key) >= _SHORTEST_NAME}


def named_in(text: str, names: Mapping[str, str]) -> str | None:
    """The first of :func:`folded_names` that stands in ``text`` as whole words."""
    plain = f" {_plain(text)} "
    return next((name for key, name in names.items() if f" {key} " in plain), None)


def naming_objections(draft: LessonDraft, names: Mapping[str, str]) -> tuple[Reason, ...]:
    """Why this lesson may not go out: somebody of the network is named in it."""
    found = ((name, named_in(getattr(draft, name), names)) for name in WORDS)
    return tuple(Reason("lesson.names", {"name": who}, field) for field, who in found if who)


def as_plain(lesson: Lesson) -> Mapping[str, str]:
    """A lesson as a kit holds it."""
    return {
        "id": lesson.id,
        "network": lesson.origin,
        "written_on": lesson.written_on.isoformat(),
        **{name: getattr(lesson.draft, name) for name in WORDS},
    }


def in_words(lessons: Iterable[Lesson], language: str) -> str:
    """Lessons to read, as Markdown."""
    title, heads = _HEADS[language]
    blocks = [f"# {title}"]
    for each in lessons:
        blocks.append(f"## {each.draft.said('title', language)}")
        blocks.append(f"{each.origin}, {each.written_on.isoformat()}. CC BY 4.0")
        for part, head in zip(PARTS[1:], heads, strict=True):
            blocks += [f"### {head}", each.draft.said(part, language)]
    return "\n\n".join(blocks) + "\n"


_HEADS = {
    "fr": (
        "Leçons apprises",
        ("Ce que nous avons essayé", "Ce qui s’est passé", "Ce que nous referions"),
    ),
    "en": ("Lessons learned", ("What we tried", "What happened", "What we would do again")),
}


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", folded(text)))
