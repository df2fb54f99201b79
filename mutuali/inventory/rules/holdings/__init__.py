"""Every stored table, one entry per column, in the file of the feature that stores it.

The log, jobs and answers already given are in ``running``. A column that is missing here fails a
test.
"""

from collections.abc import Mapping

from mutuali.inventory.rules.holdings.accounts import ACCOUNTS
from mutuali.inventory.rules.holdings.agreements import AGREEMENTS
from mutuali.inventory.rules.holdings.bookings import BOOKINGS
from mutuali.inventory.rules.holdings.calendars import CALENDARS
from mutuali.inventory.rules.holdings.charter import CHARTER
from mutuali.inventory.rules.holdings.checkin import CHECKIN
from mutuali.inventory.rules.holdings.collecting import COLLECTING
from mutuali.inventory.rules.holdings.consent import CONSENT
from mutuali.inventory.rules.holdings.equipment import EQUIPMENT
from mutuali.inventory.rules.holdings.exports import EXPORTS
from mutuali.inventory.rules.holdings.governance import GOVERNANCE
from mutuali.inventory.rules.holdings.learning import LEARNING
from mutuali.inventory.rules.holdings.loans import LOANS
from mutuali.inventory.rules.holdings.messages import MESSAGES
from mutuali.inventory.rules.holdings.mishaps import MISHAPS
from mutuali.inventory.rules.holdings.mobility import MOBILITY
from mutuali.inventory.rules.holdings.network import NETWORK
from mutuali.inventory.rules.holdings.organizations import ORGANIZATIONS
from mutuali.inventory.rules.holdings.owndata import OWNDATA
from mutuali.inventory.rules.holdings.reviews import REVIEWS
from mutuali.inventory.rules.holdings.running import RUNNING
from mutuali.inventory.rules.holdings.trips import TRIPS
from mutuali.inventory.rules.holdings.voices import VOICES
from mutuali.inventory.rules.holdings.waiting import WAITING
from mutuali.inventory.rules.holdings.webhooks import WEBHOOKS
from mutuali.inventory.rules.words import Entry, Holding, NotInventoried

PARTS: tuple[Mapping[str, Holding], ...] = (
    ACCOUNTS,
    ORGANIZATIONS,
    NETWORK,
    EQUIPMENT,
    BOOKINGS,
    LOANS,
    WAITING,
    CALENDARS,
    MESSAGES,
    MISHAPS,
    MOBILITY,
    REVIEWS,
    TRIPS,
    WEBHOOKS,
    CONSENT,
    AGREEMENTS,
    EXPORTS,
    CHARTER,
    LEARNING,
    CHECKIN,
    OWNDATA,
    GOVERNANCE,
    COLLECTING,
    VOICES,
    RUNNING,
)

#: All stored tables.
HOLDINGS: Mapping[str, Holding] = {
    table: holding for part in PARTS for table, holding in part.items()
}

_ENTRIES = {
    (found.table, found.column): found
    for table, holding in HOLDINGS.items()
    for found in holding.entries(table)
}


def entries() -> tuple[Entry, ...]:
    """Every entry, by table and reach."""
    return tuple(_ENTRIES.values())


def entry(table: str, column: str) -> Entry:
    """What a stored column is.

    Raises:
        NotInventoried: it has no entry, so nothing made of it may leave.
    """
    try:
        return _ENTRIES[table, column]
    except KeyError:
        raise NotInventoried(f"{table}.{column} has no entry in the inventory") from None
