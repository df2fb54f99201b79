"""Use cases of trips: offer, join, answer, look."""

from mutuali.trips.service.amiss import (
    none_shared,
)
from mutuali.trips.service.ending import (
    detach_people,
    forget_loans,
    forget_person,
    held_about_organization,
    held_about_person,
)
from mutuali.trips.service.join import (
    accept_place,
    ask_place,
    decline_place,
    expire_places,
    withdraw_place,
)
from mutuali.trips.service.look import (
    PlaceFacts,
    PlaceLetter,
    TripFacts,
    TripSearch,
    count_offered,
    count_waiting,
    open_trips,
    our_trips,
    place_letter,
    trip,
    trip_by_id,
    trip_of_booking,
)
from mutuali.trips.service.offer import (
    can_offer,
    cancel_trip,
    change_trip,
    follow_booking,
    offer_trip,
)
from mutuali.trips.service.records import Capacity, PlaceDraft

__all__ = [
    "Capacity",
    "PlaceDraft",
    "PlaceFacts",
    "PlaceLetter",
    "TripFacts",
    "TripSearch",
    "accept_place",
    "ask_place",
    "can_offer",
    "cancel_trip",
    "change_trip",
    "count_offered",
    "count_waiting",
    "decline_place",
    "detach_people",
    "expire_places",
    "follow_booking",
    "forget_loans",
    "forget_person",
    "held_about_organization",
    "held_about_person",
    "none_shared",
    "offer_trip",
    "open_trips",
    "our_trips",
    "place_letter",
    "trip",
    "trip_by_id",
    "trip_of_booking",
    "withdraw_place",
]
