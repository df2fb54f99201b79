"""Pages of loans."""

from mutuali.loans.views import condition, day, driver, papers, part_back
from mutuali.loans.views.blueprint import bp
from mutuali.loans.views.panels import (
    conditions_next,
    conditions_panel,
    day_panel,
    papers_panel,
)

__all__ = [
    "bp",
    "condition",
    "conditions_next",
    "conditions_panel",
    "day",
    "day_panel",
    "driver",
    "papers",
    "papers_panel",
    "part_back",
]
