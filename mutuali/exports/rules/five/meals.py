"""Les repas / the meals: from the bands of loans."""

from collections import Counter
from collections.abc import Mapping

from mutuali.exports.rules.five.intervals import ALIKE, Bundle, Interval, plus
from mutuali.exports.rules.five.words import (
    FAMILIES,
    LOANS,
    PERIOD,
    QUESTIONS,
    READ,
    Answer,
    Line,
    Said,
    Table,
    as_said,
    french,
    missing,
    period_name,
    said_nothing,
    usual,
)

#: The edges of each band; what was not written down adds nothing, and what was hidden may.
MEALS: dict[str, Interval] = {
    "not_recorded": (0, 0),
    "1-50": (1, 50),
    "51-200": (51, 200),
    "201+": (201, None),
    "said": (1, None),
    "*": (0, None),
}
#: How a loan that took place ended.
LENT = ("returned_on_time", "returned_late", "not_returned")


def meals_enabled(bundles: Mapping[str, Bundle]) -> Answer:
    if gone := missing(4, bundles, "loans"):
        return gone
    bundle = bundles["loans"]
    lent: Counter[tuple[str, str, str]] = Counter()
    groups: Counter[tuple[str, ...]] = Counter()
    for alike, lines in bundle.lines.items():
        named = dict(zip(ALIKE, alike, strict=True))
        if named["outcome"] in LENT:
            lent[named["family"], named["quarter"], named["meals_band"]] += lines
            groups[alike[:-1]] += lines * MEALS[named["meals_band"]][0]
    if not lent:
        return said_nothing(4, _NO_LOANS, bundles, ("loans",))
    tables = tuple(
        Table(
            title,
            what,
            (("Repas", "Meals"), LOANS, ("Sans nombre noté", "No number noted")),
            tuple(_meals_line(code, name(code), lent, at) for code in _codes(lent, at)),
        )
        for title, what, at, name in (
            (("Par période", "By period"), PERIOD, 1, period_name),
            (("Par sorte", "By kind"), ("Sorte", "Kind"), 0, lambda code: FAMILIES[code]),
        )
    )
    whole = plus(line.intervals[0] for line in tables[0].lines)
    count, silent = (sum(line.intervals[n][0] for line in tables[0].lines) for n in (1, 2))
    largest = 100 * max(groups.values()) // whole[0] if whole[0] else 0
    said = as_said(whole)
    finding = (
        f"Les prêts de ce fichier ont permis {said[0]} repas. Ce nombre vient de "
        f"{french(count - silent)} prêts sur {french(count)}.",
        f"The loans of this file enabled {said[1]} meals. That number comes from "
        f"{count - silent:,} of {count:,} loans.",
    )
    at_top = sum(n for (_, _, band), n in lent.items() if band == "201+")
    left_out = bundle.report["rows_eligible"] - bundle.report["rows_released"]
    caveats = (
        (
            "Une seule cuisine peut peser lourd, et le fichier ne nomme personne\u00a0: le plus "
            f"gros groupe de lignes semblables fait {largest}\u00a0% du minimum.",
            "One kitchen may weigh heavily, and the file names nobody: the largest group of alike "
            f"lines makes {largest}% of the minimum.",
        ),
        (
            "La plus haute tranche, 201 et plus, n’a pas de plafond\u00a0: dès qu’un prêt y est, "
            f"le maximum n’est pas connu. Ici, {french(at_top)} prêts y sont.",
            "The highest band, 201 and over, has no ceiling: once a loan is in it, the maximum is "
            f"not known. Here, {at_top:,} loans are in it.",
        ),
        (
            f"{french(left_out)} demandes n’y sont pas, car on les aurait reconnues. Les autres "
            "lignes peuvent dire ce qu’elles disaient dans un fichier d’avant.",
            f"{left_out:,} requests are not in it, as they could have been recognized. Other lines "
            "may say what they said in an earlier file.",
        ),
        *usual(bundles, ("loans",)),
    )
    return Answer(QUESTIONS[4], finding, whole, tables, caveats, READ[4])


def _codes(lent: Mapping[tuple[str, str, str], int], at: int) -> list[str]:
    return sorted({key[at] for key in lent})


def _meals_line(code: str, name: Said, lent: Mapping[tuple[str, str, str], int], at: int) -> Line:
    here = [(key[2], count) for key, count in lent.items() if key[at] == code]
    meals = plus(_times(MEALS[band], count) for band, count in here)
    loans = sum(count for _, count in here)
    silent = sum(count for band, count in here if band == "not_recorded")
    return Line(code, name, (meals, (loans, loans), (silent, silent)))


def _times(interval: Interval, count: int) -> Interval:
    return interval[0] * count, None if interval[1] is None else interval[1] * count


_NO_LOANS: Said = (
    "Aucune ligne du fichier n’est un prêt qui a eu lieu.",
    "No line of the file is a loan that took place.",
)
