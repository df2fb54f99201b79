"""Refusals of trips: what is wrong and what to do next; French here."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

TRIPS: Mapping[str, Any] = {
    "trip.stops": _l("Un trajet passe par deux à %(most)s arrondissements."),
    "trip.stop_not_after": _l(
        "Cet arrêt vient après le précédent\u00a0: donnez une heure plus tard."
    ),
    "trip.same_borough": _l("C’est le même arrondissement que l’arrêt précédent. Retirez-en un."),
    "trip.outside_booking": _l(
        "Le véhicule n’est réservé que du %(start)s au %(end)s. Choisissez une heure dans ce temps."
    ),
    "trip.already_left": _l("Cette heure est passée. Un trajet s’offre avant le départ."),
    "trip.join_by": _l(
        "On demande une place entre maintenant et le départ (%(end)s). Choisissez un moment entre "
        "les deux."
    ),
    "trip.nothing_offered": _l("Dites combien de palettes ou de kilos il reste."),
    "trip.contact_in_note": _l(
        "Retirez le téléphone, le courriel ou l’adresse\u00a0: ils s’affichent d’eux-mêmes une fois "
        "la place acceptée."
    ),
    "trip.no_vehicle": _l("Un trajet s’offre avec un véhicule. Cette annonce n’en est pas un."),
    "trip.not_confirmed": _l("Attendez que la réservation du véhicule soit confirmée."),
    "trip.already_offered": _l(
        "Ce véhicule a déjà un trajet. Changez-le, ou annulez-le avant d’en offrir un autre."
    ),
    "trip.accepted_more": _l(
        "Ce qui est accepté occupe jusqu’à %(kg)s kg; palettes\u00a0: %(pallets)s. N’offrez pas moins, "
        "ou annulez le trajet."
    ),
    "trip.accepted_by_now": _l(
        "Une place vient d’être acceptée\u00a0: on ne peut plus offrir moins. Rechargez la page."
    ),
    "trip.called_off": _l("Ce trajet n’a plus lieu. Cherchez-en un autre."),
    "trip.too_late": _l("On ne peut plus demander de place dans ce trajet. Cherchez-en un autre."),
    "trip.own": _l("C’est votre trajet\u00a0: vos choses y sont déjà."),
    "trip.wrong_way": _l("Choisissez un arrêt d’arrivée qui vient après celui du départ."),
    "trip.no_kg": _l("Ce trajet se compte en palettes seulement. Laissez les kilos vides."),
    "trip.no_pallets": _l("Ce trajet se compte en kilos seulement. Laissez les palettes vides."),
    "trip.leg_full": _l(
        "%(start)s → %(end)s\u00a0: la place qui reste est de %(kg)s kg; palettes\u00a0: %(pallets)s."
    ),
    "trip.fits_instead": _l(
        "Sur toute la partie demandée, il reste %(kg)s kg; palettes\u00a0: %(pallets)s."
    ),
    "trip.no_room": _l(
        "Il n’y a plus assez de place sur toute la partie demandée. Choisissez d’autres arrêts, "
        "ou un autre trajet."
    ),
    "trip.place_settled": _l(
        "Cette place n’attend plus. Rechargez la page pour voir où elle en est."
    ),
}
