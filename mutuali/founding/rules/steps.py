"""What a network is set up with, one thing at a time."""

from enum import StrEnum

#: A network of one shares with nobody.
LEAST_ORGANIZATIONS = 2


class Step(StrEnum):
    """In their order; the value is its address."""

    OPERATOR = "exploitant"
    NAME = "nom"
    REGION = "region"
    PURPOSES = "finalites"
    OFFICER = "responsable"
    ORGANIZATIONS = "organismes"


STEPS = tuple(Step)


def after(step: Step) -> Step | None:
    """What comes next; None after the last."""
    number = STEPS.index(step) + 1
    return STEPS[number] if number < len(STEPS) else None
