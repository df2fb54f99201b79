"""What an attack found: figures, row numbers, and a sentence in both languages."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

#: So many row numbers are kept as examples.
EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Text:
    """The same said in French and in English."""

    fr: str
    en: str


@dataclass(frozen=True, slots=True)
class Attack:
    """One attack: its ``name``, who plays it, and what the player tries."""

    name: str
    player: Text
    tries: Text


@dataclass(frozen=True, slots=True)
class Claim:
    """The attacker is sure: the target with this number has this value in this column.

    Without a column, the value is what the attack says it is: a row, a contributor.
    """

    target: int
    value: str | None
    column: str | None = None


@dataclass(frozen=True, slots=True)
class AttackResult:
    """Of ``tried`` targets, ``claimed`` had something claimed of them; ``disclosed`` truly.

    ``confidence`` is the share of claims that are right, 0 to 1, and 0 without claims. ``examples``
    are numbers of disclosed targets, never names or values.
    """

    attack: Attack
    tried: int
    claimed: int
    disclosed: int
    confidence: float
    examples: tuple[int, ...]

    @property
    def sentence(self) -> Text:
        """Who tried what, and with what success."""
        return Text(
            f"{self.attack.player.fr} {self.attack.tries.fr}. {_french(self)}",
            f"{self.attack.player.en} {self.attack.tries.en}. {_english(self)}",
        )

    def to_dict(self) -> dict[str, object]:
        """The figures and sentences as JSON-able values."""
        return asdict(self) | {"sentence": asdict(self.sentence)}


def scored(
    attack: Attack, tried: int, claims: Sequence[Claim], right: Iterable[bool]
) -> AttackResult:
    """The result of claims of which each is right or not."""
    verdicts = list(right)
    disclosed = sorted({claim.target for claim, true in zip(claims, verdicts, strict=True) if true})
    return AttackResult(
        attack=attack,
        tried=tried,
        claimed=len({claim.target for claim in claims}),
        disclosed=len(disclosed),
        confidence=sum(verdicts) / len(verdicts) if verdicts else 0.0,
        examples=tuple(disclosed[:EXAMPLES]),
    )


def _french(result: AttackResult) -> str:
    tried, found = result.tried, result.disclosed
    if not tried:
        return "Il n’y avait rien à essayer."
    most = "essais" if tried > 1 else "essai"
    if not found:
        said = f"Sur {_spaced(tried)} {most}, aucun n’a réussi"
    else:
        said = f"Sur {_spaced(tried)} {most}, {_spaced(found)} {'ont' if found > 1 else 'a'} réussi"
    if result.claimed:
        said += f"; ce qui a été affirmé était juste à {_percent(result.confidence)} %"
    return f"{said}."


def _english(result: AttackResult) -> str:
    tried, found = result.tried, result.disclosed
    if not tried:
        return "There was nothing to try."
    said = f"Of {tried:,} {'tries' if tried > 1 else 'try'}, {f'{found:,}' if found else 'none'}"
    said += " succeeded"
    if result.claimed:
        said += f"; what was claimed was right {_percent(result.confidence)}% of the time"
    return f"{said}."


def _percent(share: float) -> int:
    """Rounded, but neither never nor always where it was not."""
    return round(100 * share) if share in (0, 1) else min(max(round(100 * share), 1), 99)


def _spaced(number: int) -> str:
    return f"{number:,}".replace(",", "\u202f")
