"""Pages of an organization's own data."""

from mutuali.owndata.views import inventory, meetings, policy
from mutuali.owndata.views.blueprint import bp
from mutuali.owndata.views.inventory import unlooked_words
from mutuali.owndata.views.meetings import meetings_words
from mutuali.owndata.views.panels import lender_policy_line, own_data_panel

__all__ = [
    "bp",
    "inventory",
    "lender_policy_line",
    "meetings",
    "meetings_words",
    "own_data_panel",
    "policy",
    "unlooked_words",
]
