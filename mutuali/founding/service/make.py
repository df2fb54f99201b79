"""Making a governance kit: texts and rules, never a row about anybody."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from mutuali.agreements.rules import Party, Terms, first_draft, offered
from mutuali.agreements.rules import render as agreement_text
from mutuali.charter import service as charter
from mutuali.charter.rules import COLUMNS, Action, as_csv
from mutuali.consent.rules import PURPOSES_OF, Purpose, blank_texts
from mutuali.core.charter import CURRENT
from mutuali.core.network import Network
from mutuali.founding.rules import (
    ACTIONS_FILE,
    LESSONS_FILE,
    SETTINGS_FILE,
    NoticeKey,
    as_plain,
    in_words,
    named_in,
    numbers_here,
    pack,
    written,
)
from mutuali.founding.service.lessons import lessons, names_here, shown_lessons
from mutuali.network import service as networks
from mutuali.organizations.rules import TEXT_VERSION
from mutuali.organizations.rules import texts as participation_texts

#: What stands where a name, a number or a day goes.
GAP = "________"
#: A day that no agreement has, so that it can be found and left open.
_A_DAY = date(2001, 1, 1)
_DAYS = {"fr": "1er janvier 2001", "en": "January 1, 2001"}


@dataclass(frozen=True, slots=True)
class MadeKit:
    """A kit as it is handed on; ``left_out`` are titles and codes of what names somebody."""

    content: bytes
    left_out: tuple[str, ...]


def make_kit(session: Session, known: Network, words: Mapping[str, str]) -> MadeKit:
    """The kit of this network, from its texts as they are now.

    ``words`` are the files that only pages can word: what to read first, the cards of the
    check-in, how long things are kept. The same state makes the same bytes.
    """
    names = names_here(session, known.shown_name)
    left_out: list[str] = []
    files = {**words, **_agreements()}
    for (subject, purpose), texts in notice_texts(session).items():
        if any(named_in(text, names) for text in texts):
            left_out.append(f"{subject.value}.{purpose.value}")
            texts = blank_texts(purpose, subject)
        for language, text in zip(("fr", "en"), texts, strict=True):
            files[f"notices/{subject.value}.{purpose.value}.{language}.txt"] = text
    actions = []
    for action in charter.current_actions(session).actions:
        if named_in(" · ".join(as_csv([action])[0]), names):
            left_out.append(action.code)
        else:
            actions.append(action)
    files[ACTIONS_FILE] = actions_csv(actions)
    files[SETTINGS_FILE] = written(settings_here(known))
    shown = shown_lessons(session, known.shown_name)
    stay = {each.id for each in shown}
    left_out += [
        each.draft.title_fr for each in lessons(session, known.shown_name) if each.id not in stay
    ]
    files[LESSONS_FILE] = written([as_plain(each) for each in shown])
    for language in ("fr", "en"):
        files[f"lessons.{language}.md"] = in_words(shown, language)
    versions = {"charter": CURRENT.value, "participation": TEXT_VERSION}
    return MadeKit(pack(known.shown_name, files, versions), tuple(left_out))


def notice_texts(session: Session) -> dict[NoticeKey, tuple[str, str]]:
    """The words that notices start from here, with their gaps open."""
    proposed = networks.all_notice_words(session)
    found = {}
    for subject, purposes in PURPOSES_OF.items():
        for purpose in Purpose:
            if purpose in purposes:
                own = proposed.get((subject.value, purpose.value))
                found[subject, purpose] = own[:2] if own else blank_texts(purpose, subject)
    return found


def settings_here(known: Network) -> dict[str, object]:
    """What this network chose, and the numbers it starts from."""
    return {
        "purposes": [purpose.value for purpose in Purpose if known.asks_for(purpose)],
        "english": known.english,
        "numbers": numbers_here(),
    }


def actions_csv(actions: list[Action]) -> str:
    """Actions as a list that can be brought in."""
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(COLUMNS)
    lines.writerows(as_csv(actions))
    return text.getvalue()


def _agreements() -> dict[str, str]:
    """Both agreements, without anybody in them."""
    found = {}
    blank = first_draft(_A_DAY)
    purposes = tuple(Purpose)
    terms = Terms(
        number=GAP,
        is_internal=False,
        operator=Party(GAP),
        partner=Party(GAP),
        purposes=purposes,
        datasets=offered(replace(blank, purposes=purposes)),
        analysts=(),
        intended_use=GAP,
        restrictions=blank.restrictions,
        liability=blank.liability,
        warranties=blank.warranties,
        starts_on=_A_DAY,
        ends_on=_A_DAY,
        settings=blank.settings,
        measures=blank.measures,
        promises=blank.promises,
    )
    for language, text in zip(("fr", "en"), participation_texts(GAP, GAP), strict=True):
        agreed = agreement_text(terms, language).replace(_DAYS[language], GAP)
        found[f"agreements/data-sharing.{language}.txt"] = agreed
        found[f"agreements/participation.{language}.txt"] = f"{text}\n"
    return found
