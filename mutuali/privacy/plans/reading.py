"""A plan from the text of a TOML file and the bytes of the files it names.

::

    version = "loans-2026"
    suppression_limit = 0.02        # share of the rows that may be left out
    mean = "geometric"              # of the losses of the columns, or "arithmetic"
    recoding = "full-domain"        # or "local", "fixed" with a level per column
    sides = ["lender"]              # whom k counts; nobody: rows
    coalition = 1
    aliases = "aliases.csv"         # two columns: alias, canonical

    [columns.lender]
    role = "contributor"

    [columns.age]
    role = "quasi-identifier"
    weight = 2
    intervals = { widths = [5, 20], bottom = 20, top = 80 }
    domain = { from = 0, to = 120 }

    [[models]]
    model = "k-anonymity"
    k = 5

Everything that is wrong is said at once, each with its place and its line. Nothing here reads a
disk: the door hands in ``files``, and ``distinct`` where a column takes its domain from the table.
"""

import enum
import tomllib
import types
import typing
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from typing import TYPE_CHECKING, Any

from mutuali.privacy.errors import PlanError
from mutuali.privacy.hierarchy import Hierarchy
from mutuali.privacy.plan import MODELS, Column, Mean, Model, Plan, RecodingModel, Role
from mutuali.privacy.plans.dialect import read_lines
from mutuali.privacy.plans.domain import Distinct, Files, read_named
from mutuali.privacy.plans.generalization import Generalization
from mutuali.privacy.plans.problems import Misfit, PlanProblems, Problem
from mutuali.privacy.plans.questions import read_questions
from mutuali.privacy.plans.sections import Notes, Section

if TYPE_CHECKING:
    from mutuali.privacy.measures.usefulness import Question


@dataclass(frozen=True, slots=True)
class CountRules:
    """How a protected table of counts hides; percentages are whole numbers, ``base`` 1 rounds
    nothing. See ``margins.unsafe.Rules`` and ``Protection``."""

    k: int = 5
    largest: int = 1
    share: int = 50
    percent: int = 10
    protection: int = 20
    base: int = 1


@dataclass(frozen=True, slots=True)
class PlanFile:
    """What a file says: the plan, and what goes with it.

    ``aliases`` gives the canonical name of each alias of a contributor; ``population`` is the name
    of the file of a population table, where a model needs one.
    """

    plan: Plan
    aliases: Mapping[str, str] = field(default_factory=dict)
    population: str | None = None
    questions: "tuple[Question, ...]" = ()
    counts: CountRules = CountRules()


def read_plan(
    text: str,
    files: Files | Mapping[str, bytes],
    distinct: Distinct | None = None,
    *,
    known: Sequence[str] | None = None,
) -> PlanFile:
    """The plan that ``text`` (TOML) describes, for a table of the columns ``known``, if they are.

    Raises:
        PlanProblems: all that is wrong with it.
    """
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PlanProblems((Problem("not_toml", details={"reason": str(error)}),)) from error
    notes = Notes(text)
    root = Section(content, (), notes)
    reader = _Reader(root, files if callable(files) else files.__getitem__, distinct, known)
    found = reader.read()
    if found is None:
        raise PlanProblems(tuple(notes.problems))
    return found


class _Reader:
    def __init__(
        self,
        root: Section,
        files: Files,
        distinct: Distinct | None,
        known: Sequence[str] | None,
    ) -> None:
        self._root = root
        self._files = files
        self._known = known
        self._generalization = Generalization(files, distinct)

    def read(self) -> PlanFile | None:
        """The plan file; None where a problem was noted."""
        root = self._root
        plan_of: dict[str, Any] = {
            "version": root.need("version", str, ""),
            "columns": tuple(filter(None, (self._column(*c) for c in self._columns()))),
            "models": tuple(filter(None, (self._model(one) for one in root.sections("models")))),
            "suppression_limit": root.get("suppression_limit", float, 0.0),
            "sides": tuple(root.listed("sides", str)),
            "coalition": root.get("coalition", int, 1),
            "mean": _choice(root, "mean", Mean, Mean.ARITHMETIC),
            "recoding": _choice(root, "recoding", RecodingModel, RecodingModel.FULL_DOMAIN),
        }
        aliases = self._aliases()
        population = root.get("population", str, "") or None
        questions = read_questions(root.section("questions")) if "questions" in root else ()
        counts = self._counts(root.section("table"))
        root.finish()
        if root.notes.problems:
            return None
        try:
            plan = Plan(**plan_of)
        except PlanError as error:
            root.note("bad_plan", reason=str(error))
            return None
        return PlanFile(plan, aliases, population, questions, counts)

    def _columns(self) -> list[tuple[str, Section]]:
        if "columns" not in self._root:
            self._root.note("missing_key", "columns", key="columns")
        return self._root.named_sections("columns")

    def _column(self, name: str, section: Section) -> Column | None:
        role = _choice(section, "role", Role, None)
        if role is None and "role" not in section:
            section.note("missing_key", "role", key="role")
        if self._known is not None and name not in self._known:
            section.note("missing_column", column=name, known=", ".join(self._known))
            return None
        hierarchy = self._generalization.hierarchy(section, name)
        weight = section.get("weight", float, 1.0)
        levels = [f.name for f in fields(Column) if f.name == "level"]
        others = {key: section.get(key, str, "") or None for key in levels if key in section}
        before = len(section.notes.problems)
        section.finish()
        said = any(problem.place[:2] == section.place for problem in section.notes.problems)
        if role is None or said or len(section.notes.problems) > before:
            return None
        try:
            return Column(name, role, hierarchy, weight, **others)
        except PlanError as error:
            section.note("bad_column", reason=str(error))
            return None

    def _model(self, section: Section) -> Model | None:
        name = section.need("model", str, "")
        kind = MODELS.get(name)
        if kind is None:
            if name:
                section.note("unknown_model", "model", model=name, known=", ".join(MODELS))
            return None
        before = len(section.notes.problems)
        hints = typing.get_type_hints(kind)
        values = {
            each.name: self._field(section, each.name, hints[each.name])
            for each in fields(kind)
            if each.name in section or _needed(each)
        }
        section.finish()
        if len(section.notes.problems) > before:
            return None
        try:
            return kind(**values)
        except PlanError as error:
            section.note("bad_model", reason=str(error))
            return None

    def _field(self, section: Section, key: str, hint: Any) -> Any:
        """A field of a model, by its type."""
        kinds = [kind for kind in _members(hint) if kind is not type(None)]
        if kinds == [Hierarchy]:
            return self._generalization.hierarchy(section, key)
        if typing.get_origin(kinds[0]) is tuple:
            return tuple(value or None for value in section.listed(key, str))
        if issubclass(kinds[0], enum.Enum):
            return _choice(section, key, kinds[0], None)
        return section.need(key, kinds[0], kinds[0]())

    def _aliases(self) -> Mapping[str, str]:
        name = self._root.get("aliases", str, "")
        if not name:
            return {}
        try:
            return read_aliases(read_named(self._files, name))
        except Misfit as error:
            self._root.note(error.code, "aliases", **{"file": name, **error.details})
            return {}

    def _counts(self, section: Section) -> CountRules:
        known = CountRules()
        values = {f.name: section.get(f.name, int, getattr(known, f.name)) for f in fields(known)}
        section.finish()
        return CountRules(**values)


def read_aliases(data: bytes) -> dict[str, str]:
    """The canonical name of each alias; the first line names the two columns.

    Raises:
        Misfit: another width, an alias of two contributors, or of one that is an alias itself.
    """
    aliases: dict[str, str] = {}
    lines = read_lines(data)
    for number, cells in lines:
        if len(cells) != 2:
            raise Misfit("line_length", line=number, found=len(cells), expected=2)
    for number, (alias, canonical) in lines[1:]:
        if aliases.setdefault(alias, canonical) != canonical:
            raise Misfit("alias_of_two", line=number, value=alias)
    for number, (alias, canonical) in lines[1:]:
        if aliases.get(canonical, canonical) != canonical:
            raise Misfit("alias_of_alias", line=number, value=alias)
    return aliases


def _needed(one: Any) -> bool:
    return one.default is MISSING and one.default_factory is MISSING


def _members(hint: Any) -> tuple[Any, ...]:
    union = typing.get_origin(hint) in (types.UnionType, typing.Union)
    return typing.get_args(hint) if union else (hint,)


def _choice(section: Section, key: str, kind: Any, default: Any) -> Any:
    """A member of an enumeration by its value."""
    text = section.get(key, str, "")
    if not text:
        return default
    try:
        return kind(text)
    except ValueError:
        section.note("unknown_choice", key, value=text, known=", ".join(one.value for one in kind))
        return default
