"""What a network says of itself, as every page, letter and paper needs it. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture in place of a word; ``key`` is its address and changes with it, pixels."""

    key: str
    width: int
    height: int
    alt_fr: str
    alt_en: str

    def alt(self, language: str) -> str:
        """What stands for it where it is not seen; French where nothing else is said."""
        return (self.alt_en if language == "en" else self.alt_fr) or self.alt_fr


@dataclass(frozen=True, slots=True)
class Network:
    """Who answers for a network, and what it is; empty where nobody has said.

    ``boroughs`` are slugs and ``purposes`` values of the purposes it asks for; None: nobody said,
    so everywhere and every one. ``version`` counts its changes.
    """

    operator_name: str = ""
    operator_address: str = ""
    operator_contact: str = ""
    name: str = ""
    logo: Logo | None = None
    boroughs: tuple[str, ...] | None = None
    english: bool = True
    purposes: tuple[str, ...] | None = None
    kit_published_at: datetime | None = None
    begun_at: datetime | None = None
    put_away_at: datetime | None = None
    version: int = 0

    @property
    def shown_name(self) -> str:
        """What the network is called; its operator's name until it has one of its own."""
        return self.name or self.operator_name

    def asks_for(self, purpose: str) -> bool:
        """Whether it asks for this purpose at all."""
        return self.purposes is None or purpose in self.purposes

    def serves(self, borough: str) -> bool:
        """Whether it lies where the network serves."""
        return not self.boroughs or borough in self.boroughs


#: What nobody has said anything of.
NOTHING_SAID = Network()


def in_order(chosen: Collection[str], known: Collection[str]) -> tuple[str, ...]:
    """Those of ``known`` that were chosen, in its order."""
    return tuple(each for each in known if each in chosen)
