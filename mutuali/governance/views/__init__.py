"""Pages of the registers."""

from mutuali.governance.views import leaving, paper, registers
from mutuali.governance.views.mine import bp

__all__ = ["bp", "leaving", "paper", "registers"]
