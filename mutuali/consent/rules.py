"""What data may be used for."""

from enum import StrEnum


class Purpose(StrEnum):
    """Why data is used; consent and agreements name the same list."""

    NETWORK_STATISTICS = "network_statistics"
    SHARING_STUDY = "sharing_study"
    MOBILITY_PLANNING = "mobility_planning"
