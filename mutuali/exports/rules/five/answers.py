"""Les cinq questions / the five questions."""

from collections.abc import Mapping, Sequence

from mutuali.exports.rules.five.intervals import (
    Bundle,
    Figures,
    Interval,
    cells_of,
    minus,
    percent,
    plus,
)
from mutuali.exports.rules.five.meals import meals_enabled
from mutuali.exports.rules.five.words import (
    FAMILIES,
    LOANS,
    PERIOD,
    QUESTIONS,
    READ,
    SHARE,
    VAIN,
    ZONE,
    ZONES,
    Answer,
    Line,
    Said,
    Table,
    as_said,
    both,
    first_of,
    missing,
    period_name,
    too_coarse,
    usual,
)


def answers(bundles: Mapping[str, Bundle]) -> tuple[Answer, ...]:
    """The five answers from the bundle of each dataset."""
    return tuple(each(bundles) for each in (_shortage, _unused, _across, _unmet, meals_enabled))


# Où et quand manque-t-il du transport? | Where and when is transport short?


def _shortage(bundles: Mapping[str, Bundle]) -> Answer:
    if gone := missing(0, bundles, "unmet-demand", "equipment-use"):
        return gone
    wanted, used = (Figures(cells_of(bundles[each])) for each in ("unmet-demand", "equipment-use"))
    only = {"family": "transport"}
    when = _in_vain(wanted, used, ("period",), only)
    where = _in_vain(wanted, used, ("zone", "period"), only)
    if not when:
        return too_coarse(0, bundles, "unmet-demand", "equipment-use")
    offered = used.by("unit_hours_offered", ("period",), **only)
    lent = used.by("unit_hours_lent", ("period",), **only)
    free = {key: minus(offered[key], lent[key]) for key in offered if key in lent}
    tables = [
        Table(
            ("Quand", "When"),
            PERIOD,
            (SHARE, VAIN, LOANS, ("Heures non prêtées", "Hours not lent")),
            tuple(
                Line(period, period_name(period), (*each, free.get((period,), (0, None))))
                for (period,), each in when.items()
            ),
            most=100,
        )
    ]
    if where:
        tables.append(
            Table(
                ("Où", "Where"),
                ZONE,
                (SHARE, VAIN, LOANS),
                tuple(
                    Line(f"{zone} {period}", both(ZONES[zone], period_name(period)), each)
                    for (zone, period), each in where.items()
                    if zone != "elsewhere"
                ),
                most=100,
            )
        )
    whole = percent(*(plus(each[n] for each in when.values()) for n in (1, 2)))
    found = as_said(whole)
    finding = (
        f"Sur 100 fois où l’on a voulu du transport, {found[0]} l’ont été en vain. "
        f"{_worst(tables[0])[0]} {_worst(tables[1])[0] if where else _NO_ZONE[0]}",
        f"Of 100 times that transport was wanted, {found[1]} were in vain. "
        f"{_worst(tables[0])[1]} {_worst(tables[1])[1] if where else _NO_ZONE[1]}",
    )
    caveats = (
        (
            "Les fichiers disent «\u00a0transport\u00a0», sans dire ce qui est réfrigéré.",
            "The files say “transport”, and do not tell what is refrigerated.",
        ),
        _TIMES,
        *usual(bundles, ("unmet-demand", "equipment-use"), wanted, used),
    )
    return Answer(QUESTIONS[0], finding, whole, tuple(tables), caveats, READ[0])


_NO_ZONE: Said = (
    "Les fichiers de ce palier ne disent pas dans quel secteur.",
    "The files of this step do not tell in which zone.",
)
_TIMES: Said = (
    "On compte des fois\u00a0: un même besoin peut être cherché plusieurs jours, puis demandé.",
    "These are times: one need may be searched for on several days, then asked for.",
)


def _in_vain(
    wanted: Figures, used: Figures, by: Sequence[str], only: Mapping[str, str]
) -> dict[tuple[str, ...], tuple[Interval, Interval, Interval]]:
    """(of 100, times in vain, loans) by the same keys of both datasets."""
    searches, requests = (wanted.by(each, by, **only) for each in ("searches", "requests"))
    loans = used.by("loans", by, **only)
    found = {}
    for key in sorted(searches.keys() & loans.keys(), key=lambda each: (each[-1], each)):
        vain = plus((searches[key], requests[key]))
        found[key] = (percent(vain, loans[key]), vain, loans[key])
    return found


def _worst(table: Table) -> Said:
    """The line that is worst for sure, and whether another may be worse."""
    worst, unsure = first_of(table.lines)
    if not worst.intervals[0][0]:
        return (
            f"{table.title[0]}\u00a0: rien ne permet de le dire.",
            f"{table.title[1]}: nothing allows to say.",
        )
    said = as_said(worst.intervals[0])
    return (
        f"{table.title[0]}\u00a0: surtout {worst.name[0]} ({said[0]} sur 100){unsure[0]}.",
        f"{table.title[1]}: mostly {worst.name[1]} ({said[1]} of 100){unsure[1]}.",
    )


# Combien de temps de cuisine reste libre? | How much kitchen time stands unused?


def _unused(bundles: Mapping[str, Bundle]) -> Answer:
    if gone := missing(1, bundles, "equipment-use"):
        return gone
    used = Figures(cells_of(bundles["equipment-use"]))
    offered = used.by("unit_hours_offered", ("period",), family="kitchen")
    lent = used.by("unit_hours_lent", ("period",), family="kitchen")
    if not offered:
        return too_coarse(1, bundles, "equipment-use")
    lines = tuple(
        Line(
            period,
            period_name(period),
            (minus(offered[period,], lent[period,]), offered[period,], lent[period,]),
        )
        for (period,) in sorted(offered)
    )
    whole, given = plus(offered.values()), plus(lent.values())
    left = minus(whole, given)
    found, of = as_said(left), as_said(percent(left, given))
    finding = (
        f"Les cuisines ont passé {found[0]} heures sans être prêtées\u00a0: {of[0]} sur 100 des "
        "heures où elles étaient offertes.",
        f"Kitchens stood {found[1]} hours without being lent: {of[1]} of 100 hours in which they "
        "were on offer.",
    )
    table = Table(
        ("Heures de cuisine non prêtées", "Kitchen hours not lent"),
        PERIOD,
        (("Non prêtées", "Not lent"), ("Offertes", "Offered"), ("Prêtées", "Lent")),
        lines,
    )
    caveats = (
        (
            "Une heure offerte est une heure du calendrier, la nuit aussi; la cuisine sert "
            "peut-être alors à son organisme.",
            "An hour on offer is an hour of the calendar, at night too; the kitchen may serve its "
            "own organization then.",
        ),
        (
            "La famille «\u00a0cuisine\u00a0» compte aussi les appareils de cuisson et de "
            "préparation.",
            "The family “kitchen” also counts cooking and preparation equipment.",
        ),
        *usual(bundles, ("equipment-use",), used),
    )
    return Answer(QUESTIONS[1], finding, left, (table,), caveats, READ[1])


# Qui prête d’un secteur à l’autre? | Who lends across zones?


def _across(bundles: Mapping[str, Bundle]) -> Answer:
    if gone := missing(2, bundles, "lending-flows"):
        return gone
    flows = Figures(cells_of(bundles["lending-flows"]))
    found = flows.by("loans", ("from", "zone"))
    if not found:
        return too_coarse(2, bundles, "lending-flows")
    lines = []
    for start in sorted({start for start, _ in found} - {"elsewhere"}):
        own = found[start, start]
        away = plus(
            n for (a, b), n in found.items() if a == start and b not in (start, "elsewhere")
        )
        unknown = found.get((start, "elsewhere"), (0, 0))
        maybe = [plus((each, (0, unknown[1]))) for each in (away, own)]
        lines.append(Line(start, ZONES[start], (away, own, percent(*maybe))))
    whole = plus(line.intervals[0] for line in lines)
    most, unsure = first_of(lines)
    said, top = as_said(whole), as_said(most.intervals[0])
    finding = (
        f"D’un secteur à un autre, {said[0]} prêts sont passés. Le plus grand nombre sûr vient de "
        f"ce secteur\u00a0: {most.name[0]}, {top[0]}{unsure[0]}.",
        f"From one zone to another, {said[1]} loans went. The highest sure number is from this "
        f"zone: {most.name[1]}, {top[1]}{unsure[1]}.",
    )
    if not most.intervals[0][0]:
        finding = (
            "On ne peut pas dire quel secteur prête aux autres\u00a0: trop de chiffres sont "
            "supprimés.",
            "It cannot be said which zone lends to others: too many figures are suppressed.",
        )
    table = Table(
        ("Prêts vers un autre secteur", "Loans to another zone"),
        ("Secteur du prêteur", "Lender’s zone"),
        (
            ("Vers un autre", "To another"),
            ("Dans le même", "Within"),
            ("Vers un autre, sur 100", "To another, of 100"),
        ),
        tuple(lines),
    )
    caveats = (
        (
            "On compte par secteur du prêteur, jamais par organisme. Un lieu inconnu n’est d’aucun "
            "secteur.",
            "Loans are counted by the lender’s zone, never by organization. A place that is "
            "unknown is in no zone.",
        ),
        *usual(bundles, ("lending-flows",), flows),
    )
    return Answer(QUESTIONS[2], finding, whole, (table,), caveats, READ[2])


# Qu’est-ce qu’on cherche en vain? | What demand goes unmet?


def _unmet(bundles: Mapping[str, Bundle]) -> Answer:
    if gone := missing(3, bundles, "unmet-demand"):
        return gone
    wanted = Figures(cells_of(bundles["unmet-demand"]))
    tables = []
    for by, title, what, names in (
        ("family", ("Par sorte", "By kind"), ("Sorte", "Kind"), FAMILIES),
        ("zone", ("Par secteur", "By zone"), ZONE, ZONES),
        ("period", ("Par période", "By period"), PERIOD, {}),
    ):
        searches, requests = (wanted.by(each, (by,)) for each in ("searches", "requests"))
        lines = tuple(
            Line(
                code,
                names.get(code) or period_name(code),
                (plus((searches[code,], requests[code,])), searches[code,], requests[code,]),
            )
            for (code,) in sorted(searches)
        )
        if lines:
            tables.append(Table(title, what, (VAIN, _SEARCHES, _REQUESTS), lines))
    whole = plus(line.intervals[0] for line in tables[-1].lines)
    said = as_said(whole)
    first, unsure = first_of(tables[0].lines)
    top = as_said(first.intervals[0])
    finding = (
        f"En vain, on a cherché ou demandé {said[0]} fois. Surtout\u00a0: {first.name[0]}, "
        f"{top[0]}{unsure[0]}.",
        f"In vain, people searched or asked {said[1]} times. Mostly: {first.name[1]}, "
        f"{top[1]}{unsure[1]}.",
    )
    caveats = (_TIMES, *usual(bundles, ("unmet-demand",), wanted))
    return Answer(QUESTIONS[3], finding, whole, tuple(tables), caveats, READ[3])


_SEARCHES: Said = ("Recherches sans résultat", "Searches without result")
_REQUESTS: Said = ("Demandes sans prêt", "Requests without a loan")
