"""Use cases of series: ask for many dates at once, look at them, change or decide them together."""

from mutuali.bookings.service.series.ask import (
    MadeSeries,
    SeriesDraft,
    preview_series,
    request_series,
)

__all__ = ["MadeSeries", "SeriesDraft", "preview_series", "request_series"]
