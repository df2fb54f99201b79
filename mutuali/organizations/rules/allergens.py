"""Allergens that a place handles and that an organization must avoid."""

from collections.abc import Collection
from enum import StrEnum


class Allergen(StrEnum):
    """The priority allergens of Health Canada, in its words."""

    EGG = "egg"
    MILK = "milk"
    MUSTARD = "mustard"
    PEANUT = "peanut"
    SHELLFISH = "shellfish"
    FISH = "fish"
    SESAME = "sesame"
    SOY = "soy"
    SULPHITES = "sulphites"
    TREE_NUTS = "tree_nuts"
    WHEAT = "wheat"


def met_allergens(
    handled: Collection[Allergen], avoided: Collection[Allergen]
) -> tuple[Allergen, ...]:
    """What is handled there and must be avoided, in the order of the list."""
    return tuple(each for each in Allergen if each in handled and each in avoided)
