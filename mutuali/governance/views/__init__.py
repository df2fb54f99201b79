"""Pages of the registers."""

from mutuali.governance.views import leaving, registers
from mutuali.governance.views.mine import bp

__all__ = ["bp", "leaving", "registers"]
