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

__all__ = [
    "Asked",
    "BasketSchema",
    "BookingDraftSchema",
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
