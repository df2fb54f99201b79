"""What is signed is written in one way only."""

import pytest

from mutuali.core.canonical import canonical, sha256


def test_the_order_of_keys_changes_nothing() -> None:
    assert canonical({"b": [1, {"z": None, "é": True}], "a": "x"}) == canonical(
        {"a": "x", "b": [1, {"é": True, "z": None}]}
    )


def test_it_is_utf8_without_a_space() -> None:
    assert canonical({"à": "c d", "n": 1}) == '{"n":1,"à":"c d"}'.encode()


def test_a_fraction_is_refused_wherever_it_hides() -> None:
    with pytest.raises(TypeError, match="fraction"):
        canonical({"a": [{"b": 0.5}]})


def test_the_hash_is_hex() -> None:
    assert sha256(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
