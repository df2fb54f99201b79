"""What later features put on pages of earlier ones, page by page, in order."""

from collections.abc import Mapping

from mutuali.bookings.views import series_panel
from mutuali.calendars.views import agenda_panel
from mutuali.charter.views.assessed import charter_panel
from mutuali.checkin.views.walk import checkin_panel
from mutuali.founding.views import kit_panel, start_panel
from mutuali.learning import views as learning_views
from mutuali.loans.views import conditions_next, conditions_panel, day_panel, papers_panel
from mutuali.messages import views as message_views
from mutuali.mishaps.views import mishaps_panel
from mutuali.mobility.views import vehicles_line, vehicles_panel
from mutuali.numbers.views import numbers_panel
from mutuali.owndata.views import lender_policy_line, own_data_panel
from mutuali.reviews import views as review_views
from mutuali.trips.views import trip_panel
from mutuali.voices.views import voices_panel
from mutuali.waiting import views as waiting_views
from mutuali.web.panels import Panel, Place

#: What later features add to the pages of earlier ones.
PANELS: Mapping[Place, tuple[Panel, ...]] = {
    Place.BOOKING_NEXT: (
        review_views.next_review,
        conditions_next,
        waiting_views.at_risk_line,
    ),
    Place.BOOKING: (
        day_panel,
        trip_panel,
        message_views.booking_messages,
        review_views.booking_reviews,
        papers_panel,
        conditions_panel,
        agenda_panel,
        mishaps_panel,
        series_panel,
    ),
    Place.LISTING: (
        waiting_views.listing_line,
        review_views.listing_reviews,
        message_views.listing_messages,
        lender_policy_line,
    ),
    Place.SEARCH: (waiting_views.search_to_keep,),
    Place.REQUEST_REFUSED: (waiting_views.refused_request,),
    Place.SERIES: (waiting_views.series_line,),
    Place.ORGANIZATION: (
        checkin_panel,
        charter_panel,
        own_data_panel,
        vehicles_panel,
        numbers_panel,
        learning_views.organization_panel,
    ),
    Place.CONSENTS: (learning_views.before_consent,),
    Place.AGREEMENT_BEGUN: (learning_views.before_agreement,),
    Place.EXPORT_REVIEW: (learning_views.before_release,),
    Place.INBOX: (start_panel,),
    Place.TRANSPARENCY: (vehicles_line, voices_panel, kit_panel),
}
