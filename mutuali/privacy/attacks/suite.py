"""What would a neighbour find out? Every attack that the given knowledge allows, on any release."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

import numpy as np
import pyarrow as pa

from mutuali.privacy.attacks import (
    background,
    calendars,
    cells,
    composition,
    difference,
    directory,
    downcoding,
    homogeneity,
    member,
    minimality,
)
from mutuali.privacy.attacks.composition import Published
from mutuali.privacy.attacks.result import AttackResult, Text
from mutuali.privacy.attacks.scene import Scene, sensitive, texts
from mutuali.privacy.margins.table import BoolArray, Table
from mutuali.privacy.margins.unsafe import Fact
from mutuali.privacy.plan import Plan
from mutuali.privacy.recode.histogram import IntArray


@dataclass(frozen=True, slots=True, eq=False)
class Withdrawal:
    """The release before the present one, what it was made from, and who withdrew since.

    ``rows`` are rows of ``raw``; ``witness`` names the raw row of each released one.
    """

    before: Published
    raw: pa.Table
    witness: IntArray
    rows: Sequence[int]


@dataclass(frozen=True, slots=True, eq=False)
class Spans:
    """What was scraped, in columns of the release, and the raw row of each span (-1: none)."""

    table: pa.Table
    rows: Sequence[int]


@dataclass(frozen=True, slots=True, eq=False)
class HiddenCells:
    """A table with margins, which of its cells are hidden, and what else is known of it."""

    table: Table
    hidden: BoolArray
    facts: Sequence[Fact] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Knowledge:
    """What attackers have besides the release and the published parts of its plan.

    ``targets`` are raw rows whose quasi-identifiers are known: all when None. ``rules_out`` is how
    many values an acquaintance can rule out; with ``register``, the quasi-identifiers of all raw
    rows are known, without names. ``directory`` is a table and its column of names,
    which is a contributor column too; ``member`` is a contributor column and who attacks.
    """

    targets: Sequence[int] | None = None
    rules_out: int | None = None
    register: bool = False
    earlier: Sequence[Published] = ()
    withdrawal: Withdrawal | None = None
    directory: tuple[pa.Table, str] | None = None
    spans: Spans | None = None
    member: tuple[str, str] | None = None
    cells: HiddenCells | None = None


@dataclass(frozen=True, slots=True)
class NotPlayed:
    """An attack that was not played, and why."""

    attack: str
    why: Text


@dataclass(frozen=True, slots=True)
class Suite:
    """The results, and the attacks that lacked something."""

    results: tuple[AttackResult, ...]
    not_played: tuple[NotPlayed, ...]

    def to_dict(self) -> dict[str, object]:
        """The results as JSON-able values."""
        return {
            "results": [result.to_dict() for result in self.results],
            "not_played": [asdict(each) for each in self.not_played],
        }


_NO_SENSITIVE = Text("Le plan n’a pas de colonne sensible.", "The plan has no sensitive column.")
_NO_RULED_OUT = Text(
    "Il n’est pas dit combien de valeurs une personne proche peut écarter.",
    "It is not said how many values an acquaintance can rule out.",
)
_NO_REGISTER = Text(
    "Personne n’est censé avoir un registre de toutes les lignes.",
    "Nobody is assumed to have a register of all rows.",
)
_NO_EARLIER = Text("Il n’y a pas de version précédente.", "There is no earlier release.")
_NO_WITHDRAWAL = Text("Aucun retrait n’est connu.", "No withdrawal is known.")
_NO_DIRECTORY = Text("Aucun répertoire n’a été fourni.", "No directory was given.")
_NO_SPANS = Text("Aucun calendrier n’a été relevé.", "No calendar was scraped.")
_NO_MEMBER = Text("Aucun membre n’a été nommé.", "No member was named.")
_NO_CELLS = Text(
    "Aucun tableau à cellules masquées n’a été fourni.", "No table with hidden cells was given."
)


def attack(
    released: pa.Table,
    plan: Plan,
    raw: pa.Table,
    witness: IntArray,
    knowledge: Knowledge | None = None,
) -> Suite:
    """Play on ``released``, made from ``raw`` under ``plan``, all that ``knowledge`` allows.

    ``witness[i]`` is the raw row of released row i; it and ``raw`` only score.

    Raises:
        BadTable: a column that is missing, or of a type that cannot be handled.
        UnknownValue: a value that its hierarchy does not name.
    """
    known = knowledge or Knowledge()
    scene = Scene(released, plan, raw, np.asarray(witness, dtype=np.int64))
    rows = np.arange(raw.num_rows) if known.targets is None else np.asarray(known.targets)
    played = [*_on_values(scene, rows, known), *_on_rows(scene, rows, known)]
    return Suite(
        tuple(each for each in played if isinstance(each, AttackResult)),
        tuple(each for each in played if isinstance(each, NotPlayed)),
    )


def _on_values(
    scene: Scene, rows: IntArray, known: Knowledge
) -> Iterator[AttackResult | NotPlayed]:
    """The attacks that are after a sensitive value."""
    if not sensitive(scene.plan):
        for each in (homogeneity, background, minimality, composition):
            yield NotPlayed(each.ATTACK.name, _NO_SENSITIVE)
        return
    yield homogeneity.play(scene, rows)
    yield (
        background.play(scene, rows, known.rules_out)
        if known.rules_out is not None
        else NotPlayed("background", _NO_RULED_OUT)
    )
    yield (
        minimality.play(scene, rows) if known.register else NotPlayed("minimality", _NO_REGISTER)
    )
    yield (
        composition.play(scene, rows, known.earlier)
        if known.earlier
        else NotPlayed("composition", _NO_EARLIER)
    )


def _on_rows(scene: Scene, rows: IntArray, known: Knowledge) -> Iterator[AttackResult | NotPlayed]:
    """The attacks that are after whose a row is, or what a label or a cell hides."""
    yield (downcoding.play(scene) if known.register else NotPlayed("downcoding", _NO_REGISTER))
    now = Published(scene.released, scene.plan)
    gone = known.withdrawal
    yield (
        difference.play(gone.before, now, gone.raw, gone.rows, gone.witness)
        if gone is not None
        else NotPlayed("difference", _NO_WITHDRAWAL)
    )
    yield (
        directory.play(scene, *known.directory)
        if known.directory is not None
        else NotPlayed("directory", _NO_DIRECTORY)
    )
    yield (
        calendars.play(scene, known.spans.table, known.spans.rows)
        if known.spans is not None
        else NotPlayed("calendars", _NO_SPANS)
    )
    if known.member is None:
        yield NotPlayed("member", _NO_MEMBER)
    else:
        column, name = known.member
        own = [row for row, who in enumerate(texts(scene.raw, column)) if who == name]
        yield member.play(scene, rows, own)
    yield (
        cells.play(known.cells.table, known.cells.hidden, facts=known.cells.facts)
        if known.cells is not None
        else NotPlayed("cells", _NO_CELLS)
    )
