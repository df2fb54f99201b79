"""Pages of the registers."""

from mutuali.governance.views import ends, incidents, leaving, paper, persons, registers
from mutuali.governance.views.mine import bp

__all__ = ["bp", "ends", "incidents", "leaving", "paper", "persons", "registers"]
