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
from mutuali.bookings.service.series.decide import decide_series, undo_series
from mutuali.bookings.service.series.look import (
    SeriesBrief,
    SeriesDate,
    SeriesFacts,
    series,
    series_of,
    series_with,
)
from mutuali.bookings.service.series.records import StepTogether, step_together
from mutuali.bookings.service.series.waiting import WaitingSeries, waiting_series

__all__ = [
    "ChangedSeries",
    "DateChange",
    "MadeSeries",
    "SeriesBrief",
    "SeriesDate",
    "SeriesDraft",
    "SeriesFacts",
    "StepTogether",
    "WaitingSeries",
    "change_series",
    "decide_series",
    "preview_change",
    "preview_series",
    "request_series",
    "series",
    "series_of",
    "series_with",
    "step_together",
    "undo_series",
    "waiting_series",
]
