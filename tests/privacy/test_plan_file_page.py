"""The page on plan files is true: put together, its pieces are one plan, and no key is missing."""

from pathlib import Path

from mutuali.privacy.models import MODELS
from mutuali.privacy.plan import Mean, RecodingModel, Role
from mutuali.privacy.plans.reading import PlanFile, read_plan
from tests.privacy.tutorial import blocks

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "plan-file.md").read_text(encoding="utf-8")

FILES = {
    "kinds.csv": b"fridge;cold;*\ntruck;wheels;*\n",
    "aliases.csv": b"alias,name\nMoisson Inc.,Moisson\n",
    "boroughs.csv": b"fsa,borough\nH1X,Anjou=0.01;Rosemont=0.99\nH2S,Rosemont=0.6|Villeray=0.4\n",
    "zones.csv": b"borough,zone\nRosemont,Centre\nVilleray,Nord\n",
}


def whole() -> PlanFile:
    """All pieces of the page as one plan."""
    pieces = [block.body for block in blocks(PAGE)]
    # The kind is shown with both ways to name its file.
    written_out = next(piece for piece in pieces if "delimiter" in piece)
    pieces.remove(written_out)
    return read_plan("\n".join(pieces), FILES, lambda _: ["H2X 1Y4"])


def test_the_pieces_of_the_page_make_one_plan() -> None:
    found = whole()

    roles = {column.name: column.role for column in found.plan.columns}
    assert set(roles.values()) == set(Role)
    assert {model.name for model in found.plan.models} == set(MODELS)
    assert len(found.questions) == 5
    assert found.aliases == {"Moisson Inc.": "Moisson"}
    chains = {c.name: c.hierarchy.chains for c in found.plan.columns if c.hierarchy is not None}
    assert chains["place"][1] == ("H2S", "Rosemont|Villeray", "Centre|Nord", "*")
    assert chains["starts_on"][0] == ("2025-01-01", "2025-01", "2025-Q1", "2025", "*")
    assert chains["at"][0] == ("06:00", "06:00-06:59", "06:00-11:59", "*")
    assert chains["hours"][0] == ("1", "1-9", "1-34", "*")
    assert chains["member_number"][0] == ("A12345", "A12###", "A#####", "*")


def test_every_choice_is_named_on_the_page() -> None:
    for choice in (*Role, *Mean, *RecodingModel):
        assert f'"{choice.value}"' in PAGE
