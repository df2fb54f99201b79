"""A hierarchy written out, one value per line: the layout that ARX and others share."""

from mutuali.privacy.errors import BadChain, PlanError
from mutuali.privacy.hierarchy import ANY, Hierarchy
from mutuali.privacy.plans.dialect import read_lines
from mutuali.privacy.plans.problems import Misfit


def explicit_hierarchy(
    data: bytes, names: tuple[str, ...] = (), delimiter: str | None = None
) -> Hierarchy:
    """Each line: a value, its ever coarser labels, '*'. An empty first cell is the chain of NA.

    Where no line ends in '*', a last label that all lines share stands for it, and otherwise it is
    added to all of them; ``names`` are then those of the levels in the file.

    Cells stand between commas, semicolons or tabs, whichever the first line has most of, unless
    ``delimiter`` says which.

    Raises:
        Misfit: the file cannot be read, or a line does not fit the others; it says which.
    """
    lines = read_lines(data, delimiter)
    if not lines:
        raise Misfit("empty_file")
    rows = [cells for _, cells in lines]
    last = {cells[-1] for cells in rows}
    if len(last) == 1:
        rows = [[*cells[:-1], ANY] for cells in rows]
    elif ANY not in last:
        rows = [[*cells, ANY] for cells in rows]
        names = (*names, ANY) if names else ()
    try:
        return Hierarchy.table(rows, names or None)
    except BadChain as error:
        line, cells = lines[error.number]
        raise Misfit("bad_chain", line=line, value=cells[0], reason=str(error)) from error
    except PlanError as error:
        raise Misfit("bad_hierarchy", reason=str(error)) from error
