"""A hierarchy written out, one value per line: the layout that ARX and others share."""

from mutuali.privacy.errors import BadChain, PlanError
from mutuali.privacy.hierarchy import Hierarchy
from mutuali.privacy.plans.dialect import read_lines
from mutuali.privacy.plans.problems import Misfit


def explicit_hierarchy(
    data: bytes, names: tuple[str, ...] = (), delimiter: str | None = None
) -> Hierarchy:
    """Each line: a value, its ever coarser labels, '*'. An empty first cell is the chain of NA.

    Cells stand between commas, semicolons or tabs, whichever the first line has most of, unless
    ``delimiter`` says which.

    Raises:
        Misfit: the file cannot be read, or a line does not fit the others; it says which.
    """
    lines = read_lines(data, delimiter)
    if not lines:
        raise Misfit("empty_file")
    try:
        return Hierarchy.table([cells for _, cells in lines], names or None)
    except BadChain as error:
        line, cells = lines[error.number]
        raise Misfit("bad_chain", line=line, value=cells[0], reason=str(error)) from error
    except PlanError as error:
        raise Misfit("bad_hierarchy", reason=str(error)) from error
