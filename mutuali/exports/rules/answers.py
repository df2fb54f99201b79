"""What a data request says, as the law's written request asks, under the Five Safes.

P-39.1 s. 21.0.1: the detailed activities, the grounds for the need, the other bodies asked, the
technologies, and the decision of an ethics committee if there is one.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum

from mutuali.core.errors import Reason


class Heading(StrEnum):
    """The five questions under which a request is asked and a review is read (Five Safes)."""

    PROJECT = "project"
    PEOPLE = "people"
    SETTING = "setting"
    DATA = "data"
    OUTPUTS = "outputs"


@dataclass(frozen=True, slots=True)
class Answers:
    """What the analyst answers; the last three of the project may be empty.

    ``activities`` is what will be done with the data, step by step; ``need`` why it cannot be done
    without; ``others_asked`` the other bodies that are asked for data, ``ethics`` the decision of
    an ethics committee; ``people`` who handles the data; ``technologies`` with which tools;
    ``place`` where it is kept; ``detail`` why no coarser data would do; ``outputs`` what will be
    published.
    """

    activities: str
    need: str
    people: str
    technologies: str
    place: str
    detail: str
    outputs: str
    others_asked: str = ""
    ethics: str = ""

    def to_dict(self) -> dict[str, str]:
        """The answers by name, for their column."""
        return asdict(self)

    @classmethod
    def from_dict(cls, stored: Mapping[str, str]) -> "Answers":
        """The answers of their column; what was never asked is empty."""
        return cls(**{each.name: stored.get(each.name, "") for each in fields(cls)})


#: Which question stands under which heading, in the order of the page.
UNDER: Mapping[Heading, tuple[str, ...]] = {
    Heading.PROJECT: ("activities", "need", "others_asked", "ethics"),
    Heading.PEOPLE: ("people",),
    Heading.SETTING: ("technologies", "place"),
    Heading.DATA: ("detail",),
    Heading.OUTPUTS: ("outputs",),
}

#: The fewest and the most characters of each answer.
BOUNDS: Mapping[str, tuple[int, int]] = {
    "activities": (20, 2000),
    "need": (20, 2000),
    "others_asked": (0, 1000),
    "ethics": (0, 500),
    "people": (3, 1000),
    "technologies": (3, 1000),
    "place": (3, 500),
    "detail": (10, 1000),
    "outputs": (10, 1000),
}


def objections(answers: Answers) -> Iterator[Reason]:
    """A reason for each answer that is too short or too long, with its field."""
    for name, (least, most) in BOUNDS.items():
        length = len(getattr(answers, name).strip())
        if length < least:
            yield Reason("field.too_short", {"min": least}, name)
        elif length > most:
            yield Reason("field.too_long", {"max": most}, name)
