"""Les mots d’une réponse / the words of an answer.

Chaque réponse a une phrase, un intervalle, des tableaux et des réserves. Un fichier ou un tableau
qui manque se dit en mots: ce n’est jamais un zéro.

Each answer has a sentence, an interval, tables and caveats. A file or a table that is missing is
said in words: it is never a zero.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mutuali.exports.rules.five.intervals import Bundle, Figures, Interval

#: The same in French and in English.
Said = tuple[str, str]


@dataclass(frozen=True)
class Line:
    """A line of a table: its code, what it is called, and an interval per measure."""

    code: str
    name: Said
    intervals: tuple[Interval, ...]


@dataclass(frozen=True)
class Table:
    """A table of an answer; its chart shows the first measure, of ``most`` where that is known."""

    title: Said
    what: Said
    measures: tuple[Said, ...]
    lines: tuple[Line, ...]
    most: int | None = None


@dataclass(frozen=True)
class Answer:
    """What is said to a question; without an interval where nothing can be said, and why."""

    question: Said
    finding: Said
    interval: Interval | None
    tables: tuple[Table, ...]
    caveats: tuple[Said, ...]
    read: tuple[str, ...]


QUESTIONS: tuple[Said, ...] = (
    (
        "Où et quand manque-t-il du transport réfrigéré?",
        "Where and when is refrigerated transport short?",
    ),
    ("Combien de temps de cuisine reste libre?", "How much kitchen time stands unused?"),
    ("Qui prête d’un secteur à l’autre?", "Who lends across zones?"),
    ("Qu’est-ce qu’on cherche en vain?", "What demand goes unmet?"),
    ("Combien de repas le partage a-t-il permis?", "How many meals has sharing enabled?"),
)
ZONES: dict[str, Said] = {
    "ouest": ("Ouest-de-l’Île", "West Island"),
    "centre-ouest": ("Centre-Ouest", "West-Central"),
    "sud-ouest": ("Sud-Ouest", "Southwest"),
    "centre": ("Centre", "Central"),
    "nord": ("Nord", "North"),
    "est": ("Est", "East"),
    "elsewhere": ("Lieu inconnu", "Place unknown"),
}
FAMILIES: dict[str, Said] = {
    "transport": ("Transport", "Transport"),
    "kitchen": ("Cuisine", "Kitchen"),
    "storage": ("Entreposage", "Storage"),
    "other": ("Autre", "Other"),
    "any": ("N’importe quelle sorte", "Any kind"),
    "*": ("Toutes les sortes", "All kinds"),
}
_PARTS: dict[str, Said] = {
    "Q1": ("janv. à mars", "Jan to Mar"),
    "Q2": ("avril à juin", "Apr to Jun"),
    "Q3": ("juill. à sept.", "Jul to Sep"),
    "Q4": ("oct. à déc.", "Oct to Dec"),
    "H1": ("janv. à juin", "Jan to Jun"),
    "H2": ("juill. à déc.", "Jul to Dec"),
}
SHARE: Said = ("En vain, sur 100", "In vain, of 100")
VAIN: Said = ("Fois en vain", "Times in vain")
LOANS: Said = ("Prêts", "Loans")
PERIOD: Said = ("Période", "Period")
ZONE: Said = ("Secteur", "Zone")


def period_name(period: str) -> Said:
    """``janv. à mars 2026``; all of them where the period was widened to the end."""
    if period == "*":
        return "Toutes les périodes", "All periods"
    part = _PARTS.get(period[5:])
    return (f"{part[0]} {period[:4]}", f"{part[1]} {period[:4]}") if part else (period, period)


def as_said(interval: Interval) -> Said:
    """``de 12 à 45``, ``au moins 12``, ``12``: the numbers of an interval in words."""
    low, high = interval
    if high is None:
        return (f"au moins {french(low)}", f"at least {low:,}") if low else _UNKNOWN
    if low == high:
        return french(low), f"{low:,}"
    return f"de {french(low)} à {french(high)}", f"{low:,} to {high:,}"


_UNKNOWN: Said = ("inconnu", "unknown")


def french(number: int) -> str:
    return f"{number:,}".replace(",", "\u00a0")


# Ce qui vaut pour toutes | What holds for all

READ: tuple[tuple[str, ...], ...] = (
    ("unmet-demand", "equipment-use"),
    ("equipment-use",),
    ("lending-flows",),
    ("unmet-demand",),
    ("loans",),
)


def usual(
    bundles: Mapping[str, Bundle], names: Sequence[str], *figures: Figures
) -> tuple[Said, ...]:
    """Which share of the network the files speak of, and how much of them says nothing."""
    bands = ", ".join(dict.fromkeys(bundles[each].report["coverage"] for each in names))
    bands = bands.replace("%", "")
    said: list[Said] = [
        (
            f"Seuls y sont les organismes qui ont dit oui\u00a0: {bands}\u00a0% du réseau.",
            f"Only organizations that said yes are in it: {bands}% of the network.",
        )
    ]
    read, hidden = sum(each.read for each in figures), sum(each.hidden for each in figures)
    if hidden:
        share = -(-100 * hidden // read)
        said.append(
            (
                f"{share}\u00a0% des chiffres lus sont supprimés\u00a0: ils valent au moins 0, et "
                "les intervalles en sont plus larges.",
                f"{share}% of the figures read are suppressed: they are at least 0, and make the "
                "intervals wider.",
            )
        )
    return tuple(said)


def missing(number: int, bundles: Mapping[str, Bundle], *names: str) -> Answer | None:
    """Why nothing is said where a file is not there; None where all are."""
    gone = [each for each in names if each not in bundles]
    if not gone:
        return None
    listed = ", ".join(gone)
    why = (
        f"Il manque un fichier pour répondre\u00a0: {listed}. Ce n’est pas un zéro.",
        f"A file is missing to answer: {listed}. That is not a zero.",
    )
    return said_nothing(number, why, bundles, [each for each in names if each in bundles])


def too_coarse(number: int, bundles: Mapping[str, Bundle], *names: str) -> Answer:
    """Nothing is said where the step of the year has no such table, or it was withheld."""
    held = [table for each in names for table in bundles[each].report["withheld_tables"]]
    listed = f" ({', '.join(held)})" if held else ""
    why = (
        f"Aucun tableau du fichier n’est assez fin à ce palier, ou il a été retenu{listed}. "
        "Ce n’est pas un zéro.",
        f"No table of the file is fine enough on this step, or it was withheld{listed}. "
        "That is not a zero.",
    )
    return said_nothing(number, why, bundles, names)


def said_nothing(
    number: int, why: Said, bundles: Mapping[str, Bundle], names: Sequence[str]
) -> Answer:
    caveats = usual(bundles, names) if names else ()
    return Answer(QUESTIONS[number], why, None, (), caveats, READ[number])


def first_of(lines: Sequence[Line]) -> tuple[Line, Said]:
    """The line that is highest for sure, and what is added where another may be higher."""
    first = max(lines, key=lambda line: (line.intervals[0][0], line.code))
    others = [line.intervals[0][1] for line in lines if line is not first]
    if any(high is None or high > first.intervals[0][0] for high in others):
        return first, (", sans que l’ordre soit certain", ", though the order is not certain")
    return first, ("", "")


def both(one: Said, other: Said) -> Said:
    return f"{one[0]}, {other[0]}", f"{one[1]}, {other[1]}"
