"""What the code reads, found in the code itself: a column whose name is read nowhere is read by
nothing.

A name that is read anywhere counts as read, whatever it is the name of there: this never says that
something is unread which is read, and misses a column that shares its name with one that is.
"""

import ast
import re
from collections.abc import Iterable

from mutuali.inventory.rules import Entry, Origin, Reach

_NAME = re.compile(r"[a-z_][a-z0-9_]*", re.IGNORECASE)
#: What stands between the braces of a template.
_SPOKEN = re.compile(r"\{[{%](.*?)[%}]\}", re.DOTALL)


def names_in_code(source: str) -> frozenset[str]:
    """The names that a Python file reads: attributes, and words of texts that may be names or SQL.

    What is only written, given as an argument's name or told in a docstring is not read.
    """
    read: set[str] = set()
    waiting: list[ast.AST] = [ast.parse(source)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            continue
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
            read.add(node.attr)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            read.update(_NAME.findall(node.value))
        waiting.extend(ast.iter_child_nodes(node))
    return frozenset(read)


def names_in_template(source: str) -> frozenset[str]:
    """The names in the expressions of a template."""
    return frozenset(name for spoken in _SPOKEN.findall(source) for name in _NAME.findall(spoken))


def unread(
    stored: Iterable[Entry], code: Iterable[str], templates: Iterable[str]
) -> tuple[Entry, ...]:
    """The columns that were collected, or that name somebody, and whose name no source reads."""
    asked = [
        each for each in stored if each.origin is Origin.COLLECTED or each.reach is Reach.IDENTIFIER
    ]
    names = {each.column for each in asked}
    for sources, names_in in ((templates, names_in_template), (code, names_in_code)):
        for source in sources:
            # A file that does not hold one of the words left is not worth taking apart.
            if any(name in source for name in names):
                names -= names_in(source)
    return tuple(each for each in asked if each.column in names)
