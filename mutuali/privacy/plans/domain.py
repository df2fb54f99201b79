"""All values that a column can have, in or out of the table.

A rule (intervals, dates, prefixes, masks) needs to know them: the loss of a level is the share of
the domain that its labels cover. A domain that is *declared* does not depend on who is in the
table: neither the loss, nor the labels, nor the hash of the plan tells anything about the rows. The
plan may ask for the values of the table instead, ``domain = "table"``, where nobody can list them;
then it knows what that costs.
"""

import datetime
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from mutuali.privacy.plans.dates import all_days, all_minutes
from mutuali.privacy.plans.dialect import read_lines
from mutuali.privacy.plans.problems import Misfit
from mutuali.privacy.plans.sections import Section

#: The bytes of a file that a plan names; whatever it raises of OSError or KeyError is a problem.
Files = Callable[[str], bytes]

#: The distinct texts of a column of the table, NA and empty text left out.
Distinct = Callable[[str], Iterable[str]]

#: A longer one would take more memory than a table.
LONGEST_DOMAIN = 1_000_000


def domain(column: Section, name: str, files: Files, distinct: Distinct | None) -> Sequence[str]:
    """The domain that the table of a column in the plan asks for.

    ``domain`` is ``"table"``, or a table with ``from`` and ``to`` (whole numbers, dates or times),
    ``values``, or ``file`` (the first cell of each line).

    Raises:
        Misfit: none of these, or none that can be read.
    """
    asked = column.raw("domain")
    if asked == "table":
        if distinct is None:
            raise Misfit("no_table_here")
        return list(distinct(name))
    if not isinstance(asked, dict):
        raise Misfit("domain_needed")
    section = Section(asked, (*column.place, "domain"), column.notes)
    which = section.choose(("from", "values", "file"))
    values: Sequence[str] = []
    if which == "from":
        values = _range(section.raw("from"), section.raw("to"))
    elif which == "values":
        values = [str(value) for value in section.raw("values")]
    elif which == "file":
        data = read_named(files, section.need("file", str, ""))
        values = [cells[0] for _, cells in read_lines(data) if cells[0]]
    section.finish()
    if not values:
        raise Misfit("empty_domain")
    if len(set(values)) < len(values):
        raise Misfit("value_twice", value=next(v for v in values if values.count(v) > 1))
    return values


def read_named(files: Files, name: str) -> bytes:
    """The bytes of a file that the plan names.

    Raises:
        Misfit: there is no such file.
    """
    try:
        return files(name)
    except (OSError, KeyError) as error:
        raise Misfit("no_such_file", file=name) from error


def _range(first: Any, last: Any) -> Sequence[str]:
    kinds = (datetime.time, datetime.date, int)
    kind = next((k for k in kinds if isinstance(first, k) and isinstance(last, k)), None)
    mixed = isinstance(first, (bool, datetime.datetime)) or isinstance(last, datetime.datetime)
    if kind is None or mixed or last < first:
        raise Misfit("bad_range", first=str(first), last=str(last))
    if kind is datetime.time:
        return all_minutes(first, last)
    count = (last - first).days if kind is datetime.date else last - first
    if count >= LONGEST_DOMAIN:
        raise Misfit("domain_too_long", count=count + 1)
    if kind is datetime.date:
        return all_days(first, last)
    return [str(number) for number in range(first, last + 1)]
