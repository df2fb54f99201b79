"""Which rule lets data go to a recipient: each asks something else before anything is built."""

from enum import StrEnum


class Regime(StrEnum):
    """By what right an export leaves, in the words of the law on personal information.

    ``own_study``: the operator's own use, inside its own walls. ``named_recipient``: the
    consents name who receives (P-39.1 s. 13). ``research``: study or research without consent,
    under the written agreement and the assessment of s. 21 to 21.0.2. ``open``: published for
    everybody.
    """

    OWN_STUDY = "own_study"
    NAMED_RECIPIENT = "named_recipient"
    RESEARCH = "research"
    OPEN = "open"
