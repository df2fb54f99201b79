"""The words in which the inventory speaks of a column."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class About(StrEnum):
    """Whom or what a value tells something about."""

    PERSON = "person"
    ORGANIZATION = "organization"
    THING = "thing"


class Reach(StrEnum):
    """How far a value alone, or with others, reaches to somebody in particular."""

    #: Names somebody, alone: a name, an address, an id.
    IDENTIFIER = "identifier"
    #: Others may know it, and several of them together single somebody out.
    QUASI_IDENTIFIER = "quasi-identifier"
    #: What nobody should learn of somebody in particular.
    SENSITIVE = "sensitive"
    PLAIN = "plain"


class Origin(StrEnum):
    """How a value came to be; what a person may take along is what was collected (s. 27)."""

    COLLECTED = "collected"
    CREATED = "created"
    INFERRED = "inferred"


class Keep(StrEnum):
    """How long a value is kept; the value is also its key in the translation catalogue."""

    #: As long as the account, and two years for claims.
    ACCOUNT = "inventory.keep.account"
    #: As long as the organization takes part, and two years for claims.
    MEMBERSHIP = "inventory.keep.membership"
    #: Seven years after a loan: papers and insurance.
    LOAN = "inventory.keep.loan"
    #: As long as what was agreed can be questioned: seven years after it ended.
    AGREEMENT = "inventory.keep.agreement"
    #: The log of deeds, seven years; personal values stand in it by reference.
    LOG = "inventory.keep.log"
    #: Days: sessions, links, answers to a click, work to be done.
    DAYS = "inventory.keep.days"


class NotInventoried(LookupError):
    """A stored column that the inventory does not know: it cannot leave."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What one stored column is."""

    table: str
    column: str
    about: About
    reach: Reach
    origin: Origin
    keep: Keep


@dataclass(frozen=True, slots=True)
class Holding:
    """A stored table: whom it is about, how long it is kept, and its columns by their reach.

    Columns named in ``created`` or ``inferred`` came to be here; all others were collected.
    """

    about: About
    keep: Keep
    identifier: tuple[str, ...] = ()
    quasi: tuple[str, ...] = ()
    sensitive: tuple[str, ...] = ()
    plain: tuple[str, ...] = ()
    created: frozenset[str] = frozenset()
    inferred: frozenset[str] = frozenset()

    def entries(self, table: str) -> Iterator[Entry]:
        """One entry per column."""
        for reach, columns in (
            (Reach.IDENTIFIER, self.identifier),
            (Reach.QUASI_IDENTIFIER, self.quasi),
            (Reach.SENSITIVE, self.sensitive),
            (Reach.PLAIN, self.plain),
        ):
            for column in columns:
                yield Entry(table, column, self.about, reach, self._origin(column), self.keep)

    def _origin(self, column: str) -> Origin:
        if column in self.inferred:
            return Origin.INFERRED
        return Origin.CREATED if column in self.created else Origin.COLLECTED
