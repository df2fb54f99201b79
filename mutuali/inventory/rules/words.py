"""The words in which the inventory speaks of a column."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
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

    #: As long as somebody uses the account; two years after the last time.
    ACCOUNT = "inventory.keep.account"
    #: As long as the organization takes part, and two years for claims.
    MEMBERSHIP = "inventory.keep.membership"
    #: As long as the organization takes part, and seven years: the other side of a loan needs it.
    PARTY = "inventory.keep.party"
    #: Three years after a loan: as long as one can claim for it (C.c.Q., art. 2925).
    CLAIM = "inventory.keep.claim"
    #: A year after the last word; about a booking, three years after the loan.
    TALK = "inventory.keep.talk"
    #: Seven years after a loan: papers and insurance.
    LOAN = "inventory.keep.loan"
    #: As long as what was agreed can be questioned: seven years after it ended.
    AGREEMENT = "inventory.keep.agreement"
    #: A year after the last day it held: a loan of that time may be questioned.
    DOCUMENT = "inventory.keep.document"
    #: Five years from the day an incident was known (r. 3.1, s. 8).
    INCIDENT = "inventory.keep.incident"
    #: The log of deeds and what proves an end: a chain without one of its links proves nothing.
    #: It holds numbers, and the number of who was erased leads to nobody (P-39.1, s. 23).
    LOG = "inventory.keep.log"
    #: What left: each release is held against all before it, so that nobody can be worked out from
    #: two (r. 0.1, s. 5 to 8). It ends with the last release of the network.
    RELEASE = "inventory.keep.release"
    #: The text of a question, the hours of a week: they say nothing of anybody.
    TEXT = "inventory.keep.text"
    #: What the public said: a year after the answer, thirty days what was set aside, an address
    #: until the answer left; then the subject and the dates are left to count.
    VOICE = "inventory.keep.voice"
    #: What stands on a public page with the yes of who wrote it, read over by a person.
    PUBLIC = "inventory.keep.public"
    #: Until the quarter closes, a day later at most.
    QUARTER = "inventory.keep.quarter"
    #: Until what it is for begins; a year where that has no date.
    MOMENT = "inventory.keep.moment"
    #: A week after the loan: whom to call, where the keys are, who may come without an account.
    WEEK = "inventory.keep.week"
    #: Thirty days: sessions, links, answers to a click, work to be done.
    DAYS = "inventory.keep.days"


_YEAR = timedelta(days=365)
#: How long after the end of its purpose a value goes. What is not here stays, for the reason of
#: law that its words give, or ends at an instant of its own (a quarter's key).
LASTS: Mapping[Keep, timedelta] = {
    Keep.ACCOUNT: 2 * _YEAR,
    Keep.MEMBERSHIP: 2 * _YEAR,
    Keep.PARTY: 7 * _YEAR,
    Keep.CLAIM: 3 * _YEAR,
    Keep.TALK: _YEAR,
    Keep.LOAN: 7 * _YEAR,
    Keep.AGREEMENT: 7 * _YEAR,
    Keep.INCIDENT: 5 * _YEAR,
    Keep.DOCUMENT: _YEAR,
    Keep.VOICE: _YEAR,
    Keep.WEEK: timedelta(days=7),
    Keep.DAYS: timedelta(days=30),
}
#: What stays, for a reason of law; or because it is public and says nothing of anybody.
STANDS = frozenset({Keep.LOG, Keep.RELEASE, Keep.TEXT, Keep.PUBLIC})


class Why(StrEnum):
    """What a table is kept for; any other use is asked for, purpose by purpose (s. 12)."""

    #: To know whom one speaks to, and to write to them.
    ACCOUNTS = "accounts"
    #: To lend and to borrow.
    SERVICE = "service"
    #: To prove what was agreed, answered and done.
    PROOF = "proof"
    #: To count what was missing, for those who agreed to it.
    DEMAND = "demand"
    #: To find again which cards one has read.
    LEARNING = "learning"
    #: To answer the public.
    ANSWERS = "answers"
    SECURITY = "security"
    RUNNING = "running"


_WHY = {
    Keep.ACCOUNT: Why.ACCOUNTS,
    Keep.MEMBERSHIP: Why.SERVICE,
    Keep.PARTY: Why.SERVICE,
    Keep.CLAIM: Why.PROOF,
    Keep.WEEK: Why.SERVICE,
    Keep.TALK: Why.SERVICE,
    Keep.LOAN: Why.SERVICE,
    Keep.AGREEMENT: Why.PROOF,
    Keep.INCIDENT: Why.PROOF,
    Keep.DOCUMENT: Why.SERVICE,
    Keep.LOG: Why.PROOF,
    Keep.RELEASE: Why.PROOF,
    Keep.TEXT: Why.PROOF,
    Keep.VOICE: Why.ANSWERS,
    Keep.PUBLIC: Why.ANSWERS,
    Keep.QUARTER: Why.DEMAND,
    Keep.MOMENT: Why.SERVICE,
    Keep.DAYS: Why.SECURITY,
}


class Seen(StrEnum):
    """Who is shown a value by the pages and programs of the service: the widest circle.

    Whom a value is about sees it too where they may ask for it (s. 27); a dataset is declared in
    the catalogue, and a page of figures shows no value.
    """

    EVERYBODY = "everybody"
    #: Whoever is signed in and acts for an organization of the network.
    MEMBERS = "members"
    #: Both organizations of a loan, whoever drives for them, and those who coordinate.
    PARTIES = "parties"
    #: The two organizations that write to each other; what one of them reports, the coordination.
    CORRESPONDENTS = "correspondents"
    #: Both sides of a data agreement: its partner with the analysts named there, and the stewards.
    SIGNERS = "signers"
    #: Those who act for the organization that it is of.
    ORGANIZATION = "organization"
    #: The person that it is of, alone.
    PERSON = "person"
    #: Whoever wrote it, and those who coordinate the network.
    COORDINATION = "coordination"
    #: Whoever it is about or wrote it, and the stewards.
    STEWARDS = "stewards"
    #: Those who look after this instance.
    ADMINISTRATION = "administration"
    #: No page shows it: the software works with it.
    NOBODY = "nobody"


#: What no page ever shows, in whichever table it stands, unless the holding says otherwise.
_INTERNAL = frozenset({"id", "turn", "hash", "token_hash", "code_hash", "password_hash", "is_demo"})


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
    why: Why
    seen: Seen


@dataclass(frozen=True, slots=True)
class Holding:
    """A stored table: whom it is about, how long it is kept, who is shown it, and its columns by
    their reach.

    Columns named in ``created`` or ``inferred`` came to be here; all others were collected. Those
    in ``otherwise`` are shown to others than the rest.
    """

    about: About
    keep: Keep
    seen: Seen
    identifier: tuple[str, ...] = ()
    quasi: tuple[str, ...] = ()
    sensitive: tuple[str, ...] = ()
    plain: tuple[str, ...] = ()
    created: frozenset[str] = frozenset()
    inferred: frozenset[str] = frozenset()
    #: None: what tables that are kept so long are kept for.
    kept_for: Why | None = None
    otherwise: Mapping[Seen, tuple[str, ...]] = field(default_factory=dict)

    @property
    def why(self) -> Why:
        """What the table is kept for."""
        return self.kept_for or _WHY[self.keep]

    def entries(self, table: str) -> Iterator[Entry]:
        """One entry per column."""
        for reach, columns in (
            (Reach.IDENTIFIER, self.identifier),
            (Reach.QUASI_IDENTIFIER, self.quasi),
            (Reach.SENSITIVE, self.sensitive),
            (Reach.PLAIN, self.plain),
        ):
            for column in columns:
                origin = self._origin(column)
                yield Entry(
                    table,
                    column,
                    self.about,
                    reach,
                    origin,
                    self.keep,
                    self.why,
                    self._seen(column),
                )

    def _seen(self, column: str) -> Seen:
        for seen, columns in self.otherwise.items():
            if column in columns:
                return seen
        return Seen.NOBODY if column in _INTERNAL else self.seen

    def _origin(self, column: str) -> Origin:
        if column in self.inferred:
            return Origin.INFERRED
        return Origin.CREATED if column in self.created else Origin.COLLECTED
