"""Use cases of series: ask for many dates at once, look at them, change or decide them together."""

from mutuali.bookings.service.series.ask import (
    MadeSeries,
    SeriesDraft,
    preview_series,
    request_series,
)
from mutuali.bookings.service.series.change import (
    ChangedSeries,
    DateChange,
    change_series,
    preview_change,
)
from mutuali.bookings.service.series.look import (
    SeriesBrief,
    SeriesDate,
    SeriesFacts,
    series,
    series_with,
)
from mutuali.bookings.service.series.records import StepTogether, step_together

__all__ = [
    "ChangedSeries",
    "DateChange",
    "MadeSeries",
    "SeriesBrief",
    "SeriesDate",
    "SeriesDraft",
    "SeriesFacts",
    "StepTogether",
    "change_series",
    "preview_change",
    "preview_series",
    "request_series",
    "series",
    "series_with",
    "step_together",
]
