"""Every address declares who may open it, and every refusal has its sentence in both languages."""

import ast
import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

import pytest
from flask import Flask

from mutuali.app import create_app
from mutuali.core.permissions import GRANTS, Permission, Role
from mutuali.web import sentences, words
from mutuali.web.sentences import SENTENCES
from tests.conftest import settings

PACKAGE = Path(__file__).resolve().parents[2] / "mutuali"
CODE = re.compile(r"[a-z]+\.[a-z_]+|not_found|forbidden|sign_in_needed|unreadable|too_many|csrf")
RAISERS = {
    "Reason",
    "Refused",
    "Conflict",
    "NotFound",
    "Forbidden",
    "Unreadable",
    "refuse_field",
    "_coded",
    "follow",
    "wrong",
}


@pytest.fixture(scope="module")
def bare_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    folder = tmp_path_factory.mktemp("bare")
    return create_app(settings(f"sqlite:///{folder / 'bare.sqlite'}", folder), TESTING=True)


def test_every_view_declares_its_door(bare_app: Flask) -> None:
    undeclared = [
        name for name, view in bare_app.view_functions.items() if not hasattr(view, "door")
    ]
    assert undeclared == []


def test_every_role_is_in_the_table_and_every_permission_is_given_to_somebody() -> None:
    assert set(GRANTS) == set(Role)
    assert {permission for granted in GRANTS.values() for permission in granted} == set(Permission)


def raised_codes() -> set[str]:
    """Every code that the sources hand to a refusal."""
    codes = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                wanted = node.args[:2] if name == "refuse_field" else node.args
                for argument in wanted if name in RAISERS else ():
                    if isinstance(argument, ast.Constant) and CODE.fullmatch(str(argument.value)):
                        codes.add(str(argument.value))
    return codes


@pytest.mark.parametrize("package", [words, sentences])
def test_no_word_and_no_sentence_stands_in_two_files(package: ModuleType) -> None:
    folder = Path(package.__file__ or "").parent
    assert len(package.PARTS) == len(list(folder.glob("*.py"))) - 1
    found = Counter(
        (code, word)
        for part in package.PARTS
        for code, said in part.items()
        for word in (said if isinstance(said, Mapping) else [""])
    )
    assert {code for code, times in found.items() if times > 1} == set()


def test_every_refusal_has_a_sentence() -> None:
    codes = raised_codes()
    assert len(codes) > 40
    assert codes - set(SENTENCES) == set()
