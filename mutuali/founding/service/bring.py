"""Use cases: look at a kit of another network, and take parts of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from mutuali.audit import service as audit
from mutuali.charter import service as charter
from mutuali.charter.rules import Action, read_actions
from mutuali.consent.rules import Purpose
from mutuali.core.errors import Reason, Refused
from mutuali.core.network import Network
from mutuali.core.permissions import Actor, Permission, may, require
from mutuali.founding.rules import (
    ACTIONS_FILE,
    Kit,
    KitSettings,
    Lesson,
    NoticeKey,
    Part,
    naming_objections,
    numbers_here,
    read_lessons,
    read_notices,
    read_settings,
    unpack,
)
from mutuali.founding.service.lessons import add_row, check_room, lessons, names_here
from mutuali.founding.service.make import notice_texts
from mutuali.network import service as networks

#: Who may take what.
NEEDS: Mapping[Part, Permission] = {
    Part.ACTIONS: Permission.REGISTER_KEEP,
    Part.NOTICES: Permission.NOTICE_PUBLISH,
    Part.SETTINGS: Permission.NETWORK_EDIT,
    Part.LESSONS: Permission.NETWORK_SHARE,
}


@dataclass(frozen=True, slots=True)
class ReadKit:
    """A kit with its parts read; a part that it does not hold is None or empty."""

    kit: Kit
    actions: tuple[Action, ...] | None
    notices: Mapping[NoticeKey, tuple[str, str]]
    settings: KitSettings | None
    lessons: tuple[Lesson, ...]


@dataclass(frozen=True, slots=True)
class ActionChanges:
    """How many actions would come, go and say something else; how many stay."""

    added: int
    gone: int
    changed: int
    same: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What taking each part would change here. ``numbers`` are those that differ: name, here,
    there; they belong to the software and are not taken. ``known`` are lessons that are here
    already, as they are or said otherwise; they stay."""

    network: str
    holds: tuple[Part, ...]
    may_take: frozenset[Part]
    actions: ActionChanges | None
    notices: tuple[NoticeKey, ...]
    purposes: tuple[frozenset[str], frozenset[str]] | None
    english: bool | None
    numbers: tuple[tuple[str, str, str], ...]
    lessons: tuple[Lesson, ...]
    known: tuple[Lesson, ...]

    @property
    def changes(self) -> frozenset[Part]:
        """The parts of which taking would change anything."""
        moved = self.actions and (self.actions.added or self.actions.gone or self.actions.changed)
        found = {
            Part.ACTIONS: bool(moved),
            Part.NOTICES: bool(self.notices),
            Part.SETTINGS: self.purposes is not None or self.english is not None,
            Part.LESSONS: bool(self.lessons),
        }
        return frozenset(part for part, differs in found.items() if differs)

    @property
    def takeable(self) -> frozenset[Part]:
        """The parts that would change something and that the actor may take."""
        return self.changes & self.may_take


def read_kit(content: bytes, *, field: str = "file") -> ReadKit:
    """A kit and its parts, read whole.

    Raises:
        Refused: everything that is wrong with it.
    """
    kit = unpack(content, field=field)
    words = kit.files.get(ACTIONS_FILE)
    return ReadKit(
        kit,
        _of_field(words, field) if words is not None else None,
        read_notices(kit, field),
        read_settings(kit, field),
        read_lessons(kit, field),
    )


def preview(session: Session, actor: Actor, read: ReadKit, known: Network) -> Preview:
    """What a kit would change here; nothing is written. Raises Forbidden."""
    require(actor, Permission.NETWORK_SHARE)
    here = notice_texts(session)
    ids = {each.id: each for each in lessons(session, known.shown_name)}
    asked = frozenset(purpose.value for purpose in Purpose if known.asks_for(purpose))
    there = frozenset(each.value for each in read.settings.purposes) if read.settings else asked
    numbers = read.settings.numbers if read.settings else {}
    holds = {
        Part.ACTIONS: read.actions is not None,
        Part.NOTICES: bool(read.notices),
        Part.SETTINGS: read.settings is not None,
        Part.LESSONS: bool(read.lessons),
    }
    return Preview(
        read.kit.network,
        tuple(part for part in Part if holds[part]),
        frozenset(part for part, needed in NEEDS.items() if may(actor, needed)),
        None if read.actions is None else _changes(session, read.actions),
        tuple(key for key, words in read.notices.items() if words != here.get(key)),
        None if asked == there else (asked, there),
        read.settings.english if read.settings and read.settings.english != known.english else None,
        tuple(
            (name, str(value), str(numbers[name]))
            for name, value in numbers_here().items()
            if name in numbers and numbers[name] != value
        ),
        tuple(each for each in read.lessons if each.id not in ids),
        tuple(each for each in read.lessons if each.id in ids),
    )


def take_kit(
    session: Session,
    actor: Actor,
    read: ReadKit,
    parts: Collection[Part],
    known: Network,
    *,
    public_id: str,
    now: datetime,
) -> None:
    """Take ``parts`` of a kit: its actions become the list that counts, its notices the words that
    notices start from, its choices ours, its lessons stand beside ours under their network's name.

    All of them, or nothing. What is published, answered or ours stays as it is.

    Raises:
        Forbidden: a part that the actor may not take.
        Refused: no part, one that the kit does not hold, or a lesson that names somebody here.
    """
    seen = preview(session, actor, read, known)
    if not parts:
        raise Refused(Reason("kit.nothing_chosen", {}, "parts"))
    for part in parts:
        require(actor, NEEDS[part])
        if part not in seen.holds:
            raise Refused(Reason("kit.part_missing", {}, "parts"))
    origin = read.kit.network
    if Part.LESSONS in parts:
        _take_lessons(session, seen.lessons, known)
    if Part.ACTIONS in parts:
        charter.bring_list(
            session,
            actor,
            read.kit.files[ACTIONS_FILE],
            name=origin[:120],
            source=origin,
            public_id=public_id,
            now=now,
        )
    if Part.NOTICES in parts and seen.notices:
        words = [(*key, *read.notices[key]) for key in seen.notices]
        networks.propose_words(session, actor, words, origin, now=now)
    if Part.SETTINGS in parts and read.settings is not None:
        chosen = tuple(purpose.value for purpose in read.settings.purposes)
        networks.ask_for(session, actor, chosen, now=now)
        networks.speak(session, actor, english=read.settings.english, now=now)
    facts = {"parts": sorted(part.value for part in parts), "lessons": len(seen.lessons)}
    audit.record(session, actor, "kit.taken", "network", 1, now=now, facts=facts)


def _take_lessons(session: Session, found: Collection[Lesson], known: Network) -> None:
    names = names_here(session, known.shown_name)
    reasons = [
        Reason("kit.lesson_names", {"title": each.draft.title_fr, **reason.params}, "file")
        for each in found
        for reason in naming_objections(each.draft, names)[:1]
    ]
    if reasons:
        raise Refused.because(reasons)
    check_room(session, len(found))
    for each in found:
        add_row(session, each)


def _changes(session: Session, there: tuple[Action, ...]) -> ActionChanges:
    here = {each.code: each for each in charter.current_actions(session).actions}
    new = {each.code: each for each in there}
    both = set(here) & set(new)
    changed = sum(here[code] != new[code] for code in both)
    return ActionChanges(len(set(new) - both), len(set(here) - both), changed, len(both) - changed)


def _of_field(words: str, field: str) -> tuple[Action, ...]:
    try:
        return read_actions(words)
    except Refused as error:
        # They belong to the field of the kit here, and say which of its files they are about.
        head = Reason("kit.value_wrong", {"path": ACTIONS_FILE, "what": ""}, field)
        moved = (Reason(each.code, each.params, field) for each in error.reasons)
        raise Refused(head, *moved) from None
