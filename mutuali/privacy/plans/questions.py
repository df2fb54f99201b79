"""The questions of an analyst that a plan names, to be answered before and after."""

from typing import TYPE_CHECKING

from mutuali.privacy.plans.sections import Section

if TYPE_CHECKING:
    from mutuali.privacy.measures.usefulness import Question


def read_questions(section: Section) -> "tuple[Question, ...]":
    """``counts``, ``cross_counts``, ``means``, ``shares`` and ``trends`` of the table."""
    from mutuali.privacy.measures import usefulness

    asked = [usefulness.counts(column) for column in section.listed("counts", str)]
    for pair in section.listed("cross_counts", list):
        if len(pair) == 2 and all(isinstance(name, str) for name in pair):
            asked.append(usefulness.cross_counts(*pair))
        else:
            section.note("pair_needed", "cross_counts")
    for one in section.sections("means"):
        asked.append(usefulness.mean(one.need("of", str, ""), by=one.need("by", str, "")))
        one.finish()
    for one in section.sections("shares"):
        of, value = one.need("of", str, ""), one.get("value", str, "") or None
        asked.append(usefulness.share(of, value, by=one.need("by", str, "")))
        one.finish()
    asked += [usefulness.trend(column) for column in section.listed("trends", str)]
    section.finish()
    return tuple(asked)
