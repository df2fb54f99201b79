"""The parts of a kit, read: settings, notices, lessons. Every bad value is named."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from mutuali.agreements.rules import Promises, ReleaseSettings
from mutuali.consent.rules import (
    LONGEST_TEXT,
    MONTHS,
    MOST_MONTHS,
    PURPOSES_OF,
    Purpose,
    Subject,
)
from mutuali.core.errors import Reason, Refused
from mutuali.founding.rules.kit import (
    LESSONS_FILE,
    NOTICE,
    SETTINGS_FILE,
    Kit,
)
from mutuali.founding.rules.lessons import (
    LONGEST_ORIGIN,
    MOST_LESSONS,
    WORDS,
    Lesson,
    LessonDraft,
    lesson_objections,
)

NoticeKey = tuple[Subject, Purpose]


@dataclass(frozen=True, slots=True)
class KitSettings:
    """What a network chose, and the numbers of its software."""

    purposes: tuple[Purpose, ...]
    english: bool
    numbers: Mapping[str, int | str | None]


def numbers_here() -> dict[str, int | str | None]:
    """The numbers that this software starts agreements and notices from."""
    release = {f"release.{name}": value for name, value in asdict(ReleaseSettings()).items()}
    promises = {f"promises.{name}": value for name, value in asdict(Promises()).items()}
    return {
        **{
            name: str(value) if isinstance(value, str) else value for name, value in release.items()
        },
        **promises,
        "consent.months": MONTHS,
        "consent.most_months": MOST_MONTHS,
    }


def read_settings(kit: Kit, field: str) -> KitSettings | None:
    """The settings of a kit; None where it holds none.

    Raises:
        Refused: they cannot be read, or name a purpose that is none here.
    """
    found = _json(kit, SETTINGS_FILE, field)
    if found is None:
        return None
    wrong = Refused(Reason("kit.value_wrong", {"path": SETTINGS_FILE, "what": ""}, field))
    if not isinstance(found, dict) or set(found) != {"purposes", "english", "numbers"}:
        raise wrong
    purposes, english, numbers = found["purposes"], found["english"], found["numbers"]
    known = {purpose.value for purpose in Purpose}
    if not isinstance(purposes, list) or not isinstance(english, bool):
        raise wrong
    for each in purposes:
        if not isinstance(each, str) or each not in known:
            params = {"path": SETTINGS_FILE, "what": _shown(each)}
            raise Refused(Reason("kit.value_wrong", params, field))
    if not isinstance(numbers, dict) or not all(
        isinstance(each, int | str | None) for each in numbers.values()
    ):
        raise wrong
    chosen = tuple(purpose for purpose in Purpose if purpose.value in purposes)
    return KitSettings(chosen, english, {_shown(k): v for k, v in numbers.items()})


def read_notices(kit: Kit, field: str) -> dict[NoticeKey, tuple[str, str]]:
    """The words of notices by whom they ask and for what, French and English.

    Raises:
        Refused: a purpose that is none here, a language that is missing, words that are too long
            or leave no gap for the recipient.
    """
    found: dict[NoticeKey, dict[str, str]] = {}
    reasons = []
    for path, words in kit.files.items():
        named = NOTICE.fullmatch(path)
        if named is None:
            continue
        try:
            key = Subject(named[1]), Purpose(named[2])
        except ValueError:
            key = None
        if key is None or key[1] not in PURPOSES_OF[key[0]]:
            reasons.append(Reason("kit.notice_unknown", {"path": path}, field))
            continue
        if len(words) > LONGEST_TEXT or "{recipient}" not in words or "{months}" not in words:
            reasons.append(Reason("kit.notice_wrong", {"path": path, "max": LONGEST_TEXT}, field))
        found.setdefault(key, {})[named[3]] = words
    for (subject, purpose), words_by_language in found.items():
        for language in {"fr", "en"} - set(words_by_language):
            path = f"notices/{subject.value}.{purpose.value}.{language}.txt"
            reasons.append(Reason("kit.file_missing", {"path": path}, field))
    if reasons:
        raise Refused.because(reasons)
    return {key: (words["fr"], words["en"]) for key, words in found.items()}


def read_lessons(kit: Kit, field: str) -> tuple[Lesson, ...]:
    """The lessons of a kit, in its order.

    Raises:
        Refused: every lesson that cannot be read, by its number.
    """
    found = _json(kit, LESSONS_FILE, field)
    if found is None:
        return ()
    if not isinstance(found, list) or len(found) > MOST_LESSONS:
        raise Refused(Reason("kit.value_wrong", {"path": LESSONS_FILE, "what": ""}, field))
    lessons, reasons = [], []
    ids: set[str] = set()
    for number, each in enumerate(found, 1):
        lesson = _lesson(each)
        if lesson is None or lesson.id in ids or lesson_objections(lesson.draft):
            params = {"path": LESSONS_FILE, "what": str(number)}
            reasons.append(Reason("kit.value_wrong", params, field))
        else:
            lessons.append(lesson)
            ids.add(lesson.id)
    if reasons:
        raise Refused.because(reasons)
    return tuple(lessons)


def _lesson(told: Any) -> Lesson | None:
    """A lesson as it is told; None when it is none."""
    if not isinstance(told, dict) or set(told) != {"id", "network", "written_on", *WORDS}:
        return None
    if not all(isinstance(each, str) and _is_text(each) for each in told.values()):
        return None
    origin = " ".join(told["network"].split())
    if len(told["id"]) != 22 or not told["id"].isascii() or not 0 < len(origin) <= LONGEST_ORIGIN:
        return None
    try:
        written_on = date.fromisoformat(told["written_on"])
    except ValueError:
        return None
    return Lesson(told["id"], origin, written_on, LessonDraft(**{n: told[n] for n in WORDS}))


def _is_text(words: str) -> bool:
    """Whether it can be stored: JSON can say halves of characters, and NUL."""
    return "\0" not in words and words == words.encode(errors="replace").decode()


def _shown(value: object) -> str:
    return str(value)[:40].encode(errors="replace").decode()


def _json(kit: Kit, path: str, field: str) -> Any:
    if path not in kit.files:
        return None
    try:
        return json.loads(kit.files[path])
    except (ValueError, RecursionError):
        raise Refused(Reason("kit.value_wrong", {"path": path, "what": ""}, field)) from None
