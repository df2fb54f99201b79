"""The few ways in which people write CSV files, and where a file stops being one."""

import csv
import io

from mutuali.privacy.plans.problems import Misfit

#: What may stand between two cells.
DELIMITERS = (",", ";", "\t")

#: The longest cell, in characters: far above any value, far below what fills a memory.
LONGEST_CELL = 131_072

BYTE_ORDER_MARK = "\ufeff"


def delimiter_of(line: str) -> str:
    """What stands most often between the cells of a line; a comma where nothing does."""
    outside = "".join(line.split('"')[::2])
    return max(DELIMITERS, key=outside.count)


def read_lines(data: bytes, delimiter: str | None = None) -> list[tuple[int, list[str]]]:
    """The lines of a small CSV file that are not empty, each with its number from 1.

    Raises:
        Misfit: no UTF-8, a quote that is never closed, a NUL byte, or a cell without end.
    """
    try:
        text = data.decode("utf-8").removeprefix(BYTE_ORDER_MARK)
    except UnicodeDecodeError as error:
        raise Misfit("not_utf8", line=data[: error.start].count(b"\n") + 1) from error
    if "\0" in text:
        raise Misfit("nul_byte", line=text[: text.index("\0")].count("\n") + 1)
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=delimiter or delimiter_of(text.partition("\n")[0]),
        strict=True,
    )
    lines: list[tuple[int, list[str]]] = []
    start = 1
    try:
        for cells in reader:
            if cells:
                lines.append((start, cells))
            start = reader.line_num + 1
    except csv.Error as error:
        raise Misfit(csv_problem(error), line=start) from error
    return lines


def csv_problem(error: csv.Error) -> str:
    """Which of our codes an error of the reader is."""
    said = str(error)
    if "field larger" in said:
        return "cell_too_long"
    return "open_quote" if "unexpected end" in said else "stray_quote"
