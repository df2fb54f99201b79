"""The inventory knows every stored column, and no other."""

import importlib
from collections import Counter
from pathlib import Path

import pytest

import mutuali
from mutuali.inventory.rules import (
    HOLDINGS,
    About,
    Holding,
    Keep,
    NotInventoried,
    Origin,
    Reach,
    Seen,
    Why,
    entries,
    entry,
)
from mutuali.inventory.rules.holdings import PARTS
from mutuali.storage import Base
from mutuali.web.words import WORDS


def stored() -> set[tuple[str, str]]:
    """Every column of every model."""
    package = Path(str(mutuali.__file__)).parent
    for path in package.glob("*/models*"):
        importlib.import_module(f"mutuali.{path.parent.name}.{path.stem}")
    return {
        (table.name, column.name)
        for table in Base.metadata.sorted_tables
        for column in table.columns
    }


def test_every_stored_column_has_one_entry_and_no_entry_is_of_a_column_that_is_gone() -> None:
    known = [(found.table, found.column) for found in entries()]
    written = [column for holding in HOLDINGS.values() for column in holding.entries("")]

    assert set(known) == stored()
    assert len(known) == len(written)


def test_no_table_stands_in_two_files() -> None:
    found = Counter(table for part in PARTS for table in part)
    assert [table for table, times in found.items() if times > 1] == []


def test_a_column_without_an_entry_cannot_leave() -> None:
    with pytest.raises(NotInventoried, match=r"booking\.colour"):
        entry("booking", "colour")


def test_every_stored_column_says_what_for_how_long_and_who_sees_it() -> None:
    for found in entries():
        for kind, value in (("why", found.why), ("keep", found.keep), ("seen", found.seen)):
            assert str(WORDS[f"inventory.{kind}"][value]), (found, kind)
    assert set(WORDS["inventory.seen"]) == {each.value for each in Seen}
    with pytest.raises(TypeError, match="seen"):
        Holding(About.PERSON, Keep.ACCOUNT)  # type: ignore[call-arg]


def test_exceptions_name_columns_that_are_there_once_and_differ() -> None:
    for table, holding in HOLDINGS.items():
        columns = {found.column for found in holding.entries(table)}
        named = [column for some in holding.otherwise.values() for column in some]
        assert set(named) <= columns, table
        assert len(named) == len(set(named)), table
        assert holding.seen not in holding.otherwise, table


def test_secrets_are_shown_to_nobody_and_what_is_public_to_everybody() -> None:
    for table, column in (
        ("person", "password_hash"),
        ("login", "token_hash"),
        ("second_factor", "sealed_secret"),
        ("webhook", "sealed_secret"),
        ("booking", "id"),
    ):
        assert entry(table, column).seen is Seen.NOBODY
    assert entry("organization", "name").seen is Seen.EVERYBODY
    assert entry("booking", "note").seen is Seen.PARTIES
    assert entry("loan_review", "private_word").seen is Seen.COORDINATION


def test_origins_name_columns_that_are_there() -> None:
    for table, holding in HOLDINGS.items():
        columns = {found.column for found in holding.entries(table)}
        assert holding.inferred <= columns


def test_what_a_person_gave_is_told_from_what_was_made_here() -> None:
    assert entry("person", "email").origin is Origin.COLLECTED
    assert entry("person", "confirmed_at").origin is Origin.CREATED
    assert entry("site", "borough").origin is Origin.INFERRED


def test_secrets_and_answers_are_sensitive_and_names_identify() -> None:
    assert entry("person", "password_hash").reach is Reach.SENSITIVE
    assert entry("consent_event", "event").reach is Reach.SENSITIVE
    assert entry("organization", "name").reach is Reach.IDENTIFIER
    assert entry("booking", "note").reach is Reach.IDENTIFIER
    assert entry("job", "arguments").keep is Keep.DAYS
    assert entry("listing", "kind").about is About.THING


def test_every_table_is_kept_for_something_and_working_parts_say_so() -> None:
    assert entry("person", "email").why is Why.ACCOUNTS
    assert entry("booking", "units").why is Why.SERVICE
    assert entry("consent_event", "event").why is Why.PROOF
    assert entry("job", "arguments").why is Why.RUNNING
