"""What people type and programs send to bookings."""

from mutuali.bookings.schemas.booking import (
    Asked,
    BasketSchema,
    BookingDraftSchema,
    CartFormSchema,
    CheckOutSchema,
    ConditionSchema,
    MonthPageSchema,
    MonthSchema,
    ReasonSchema,
    RequestFormSchema,
    SearchQuerySchema,
    WeekSchema,
    WishSchema,
    default_span,
    week_days,
)
from mutuali.bookings.schemas.deciding import BulkFormSchema, BulkSchema

__all__ = [
    "Asked",
    "BasketSchema",
    "BookingDraftSchema",
    "BulkFormSchema",
    "BulkSchema",
    "CartFormSchema",
    "CheckOutSchema",
    "ConditionSchema",
    "MonthPageSchema",
    "MonthSchema",
    "ReasonSchema",
    "RequestFormSchema",
    "SearchQuerySchema",
    "WeekSchema",
    "WishSchema",
    "default_span",
    "week_days",
]
