"""Jobs and e-mails of bookings."""

from mutuali.bookings.jobs import steps, warnings
from mutuali.bookings.jobs.steps import readers

HANDLERS = {**steps.HANDLERS, **warnings.HANDLERS}

__all__ = ["HANDLERS", "readers"]
