"""Which principles of the Charter a dataset serves, and with it an agreement or a release."""

from collections.abc import Iterable, Mapping

from mutuali.agreements.rules.terms import Dataset
from mutuali.core.charter import Principle

SERVES: Mapping[Dataset, tuple[Principle, ...]] = {
    Dataset.EQUIPMENT_USE: (Principle.COMMON_GOOD, Principle.SOVEREIGNTY, Principle.TRANSPARENCY),
    Dataset.LOANS: (Principle.COMMON_GOOD, Principle.SOVEREIGNTY, Principle.INNOVATION),
    Dataset.UNMET_DEMAND: (Principle.INCLUSION, Principle.COMMON_GOOD),
    Dataset.LENDING_FLOWS: (Principle.COMMON_GOOD, Principle.TRANSITION),
    Dataset.ORGANIZATIONS_CAPACITY: (Principle.INTEROPERABILITY, Principle.ACCESS),
}
#: What nothing leaves without, whatever it is for.
ALWAYS = (Principle.PRIVACY, Principle.CONSENT)


def principles_of(datasets: Iterable[Dataset]) -> tuple[Principle, ...]:
    """The principles that these datasets serve or heed, in the order of the Charter."""
    served = {each for dataset in datasets for each in SERVES[dataset]} | set(ALWAYS)
    return tuple(each for each in Principle if each in served)
