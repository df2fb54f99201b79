"""How far an organization has come, action by action and principle by principle. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median

from mutuali.charter.rules.actions import Action, Depth
from mutuali.charter.rules.facts import OF_NETWORK
from mutuali.core.charter import Principle

#: Fewer organizations could be recognized in what is said of all.
LEAST_TO_COMPARE = 10
#: How long a sentence about an action may be.
LONGEST_SENTENCE = 300


class Size(StrEnum):
    """How many people work or volunteer in an organization; it says how deep its actions go."""

    FEW = "few"
    SOME = "some"
    MANY = "many"


#: Up to about five people, up to about twenty, more.
DEPTHS: Mapping[Size, frozenset[Depth]] = {
    Size.FEW: frozenset({Depth.FIRST}),
    Size.SOME: frozenset({Depth.FIRST, Depth.MORE}),
    Size.MANY: frozenset(Depth),
}


class Answer(StrEnum):
    """What people say of an action that no fact answers."""

    DONE = "done"
    NOT_YET = "not_yet"
    NOT_OURS = "not_ours"


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said of an action, in a sentence if they like."""

    answer: Answer
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an action stands: ``answer`` None while nobody said; ``amiss`` of its fact."""

    action: Action
    answer: Answer | None
    sentence: str = ""
    amiss: int | None = None

    @property
    def by_fact(self) -> bool:
        """Whether the system answered by itself."""
        return self.action.fact is not None


def stand(action: Action, amiss: int | None, said: Said | None) -> Standing:
    """Where ``action`` stands: by its fact where it has one, else by what people said.

    ``amiss`` None with a fact: there is none of what the fact is about, so it concerns nobody.
    """
    if action.fact is not None:
        answer = Answer.NOT_OURS if amiss is None else Answer.NOT_YET if amiss else Answer.DONE
        return Standing(action, answer, amiss=amiss)
    return Standing(action, said.answer if said else None, said.sentence if said else "")


@dataclass(frozen=True, slots=True)
class Share:
    """So many actions done of those that concern an organization."""

    done: int
    of: int

    @property
    def percent(self) -> int:
        """Whole percent; nothing to do is all done."""
        return 100 * self.done // self.of if self.of else 100

    @property
    def band(self) -> int:
        """Which quarter: 0 up to 25 %, 3 from 75 % on."""
        return min(3, self.percent // 25)


def shares(standings: Sequence[Standing]) -> dict[Principle, Share]:
    """How far each principle has come, in the order of the Charter."""
    return {
        principle: Share(
            sum(each.answer is Answer.DONE for each in mine),
            sum(each.answer is not Answer.NOT_OURS for each in mine),
        )
        for principle in Principle
        for mine in [[each for each in standings if each.action.principle is principle]]
    }


def suggested(standings: Sequence[Standing]) -> Standing | None:
    """The one thing to do next: the shortest that is open, where least is done."""
    come = shares(standings)
    left = [
        each
        for each in standings
        if each.answer in (None, Answer.NOT_YET) and not _of_network(each)
    ]
    return min(
        left,
        key=lambda each: (come[each.action.principle].percent, each.action.minutes),
        default=None,
    )


def _of_network(standing: Standing) -> bool:
    return standing.action.fact in OF_NETWORK


def network_bands(marks: Mapping[Principle, Sequence[Share]]) -> dict[Principle, int]:
    """In which quarter the middle organization is, of those whom an action concerns; nothing of
    principles where they are fewer than ten."""
    concerned = {
        principle: [each.percent for each in come if each.of] for principle, come in marks.items()
    }
    return {
        principle: Share(int(median(come)), 100).band
        for principle, come in concerned.items()
        if len(come) >= LEAST_TO_COMPARE
    }
