"""What is destroyed or anonymized when its purpose is over (P-39.1, s. 23), and after how long."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Deed(StrEnum):
    """What happens at the end."""

    DESTROY = "destroy"
    ANONYMIZE = "anonymize"


class Rule(StrEnum):
    """One rule; it counts from the day its purpose was over."""

    #: Logins that ended.
    LOGINS = "logins"
    #: Links of e-mails that were used or are too old.
    LINKS = "links"
    #: Counts of wrong passwords.
    ATTEMPTS = "attempts"
    #: Invitations that were answered or are too old.
    INVITATIONS = "invitations"
    #: Accounts whose address was never confirmed.
    UNCONFIRMED = "unconfirmed"
    #: Who asked for a loan, who noted its steps, and what they typed.
    LOAN_PEOPLE = "loan_people"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a rule does, and how long after the end of the purpose."""

    deed: Deed
    after: timedelta


RULES: dict[Rule, Terms] = {
    Rule.LOGINS: Terms(Deed.DESTROY, timedelta(days=30)),
    Rule.LINKS: Terms(Deed.DESTROY, timedelta(days=30)),
    Rule.ATTEMPTS: Terms(Deed.DESTROY, timedelta(days=30)),
    Rule.INVITATIONS: Terms(Deed.DESTROY, timedelta(days=30)),
    Rule.UNCONFIRMED: Terms(Deed.ANONYMIZE, timedelta(days=30)),
    # As the notice at sign-up says: three years, then detached from the name.
    Rule.LOAN_PEOPLE: Terms(Deed.ANONYMIZE, timedelta(days=3 * 365)),
}
