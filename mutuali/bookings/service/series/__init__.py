"""Use cases of series: ask for many dates at once, look at them, change or decide them together."""

from mutuali.bookings.service.series.ask import (
    MadeSeries,
    SeriesDraft,
    preview_series,
    request_series,
)
from mutuali.bookings.service.series.look import (
    SeriesBrief,
    SeriesDate,
    SeriesFacts,
    series,
    series_by_id,
    series_with,
)

__all__ = [
    "MadeSeries",
    "SeriesBrief",
    "SeriesDate",
    "SeriesDraft",
    "SeriesFacts",
    "preview_series",
    "request_series",
    "series",
    "series_by_id",
    "series_with",
]
