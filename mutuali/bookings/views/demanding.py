"""What the pages say of documents that a listing demands, and of allergens that meet."""

from collections.abc import Iterable, Sequence

from flask_babel import gettext as _

from mutuali.bookings.service import InboxCard
from mutuali.bookings.service.series import WaitingSeries
from mutuali.core.errors import Reason
from mutuali.equipment.service import ListingFacts
from mutuali.organizations.rules import Allergen, DocumentKind, Need, met_allergens, need_word
from mutuali.organizations.service import OrganizationFacts
from mutuali.web import wording
from mutuali.web.words import label


def demand_sentences(needs: Iterable[Need]) -> list[str]:
    """What a listing demands, each in a sentence; a licence is somebody's who drives."""
    return [_demand(need) for need in needs]


def _demand(need: Need) -> str:
    name = wording.said(need_word(need.kind, need.detail))
    if need.kind is DocumentKind.DRIVING_LICENCE:
        return _(
            "Il faut qu’une personne de l’organisme qui conduit ait ce permis, valide jusqu’au"
            " retour\u00a0: %(name)s.",
            name=name,
        )
    if need.kind is DocumentKind.TRAINING:
        return _(
            "Il faut qu’une personne de l’organisme ait cette formation\u00a0: %(name)s.", name=name
        )
    if need.kind is DocumentKind.INSURANCE:
        return _("Il faut une attestation d’assurance valide jusqu’au retour.")
    return _("Il faut un permis du MAPAQ valide jusqu’au retour.")


def lacking_words(reasons: Sequence[Reason]) -> str:
    """Why an organization could not borrow it, in a line; empty where it could."""
    if not reasons:
        return ""
    return _(
        "Votre organisme ne peut pas encore l’emprunter\u00a0: %(names)s.", names=_names(reasons)
    )


def allergen_words(allergens: Iterable[Allergen]) -> str:
    """Allergens by name, in the order of the list."""
    return ", ".join(label("organizations.allergen", each.value).lower() for each in allergens)


def allergens_met(listing: ListingFacts, borrower: OrganizationFacts | None) -> str:
    """The allergens of a listing that an organization must avoid, by name; empty where none are."""
    if borrower is None:
        return ""
    return allergen_words(met_allergens(listing.allergens, borrower.avoids))


def documents_of(card: InboxCard) -> str | None:
    """Whether the borrower holds what the listing demands, for all dates that the card stands for;
    None where it demands nothing."""
    if not card.demands:
        return None
    if card.series is not None and card.series.count > 1:
        return _for_dates(card.series)
    if not card.lacking:
        return _("Tous vérifiés, valides jusqu’au retour")
    return _("Il en manque, accepter serait refusé\u00a0: %(names)s", names=_names(card.lacking))


def _for_dates(series: WaitingSeries) -> str:
    """How many dates of a series the documents do for, and what the others lack."""
    if not series.lacking:
        return _("Tous vérifiés, valides pour les %(dates)s dates", dates=series.count)
    if not series.documented:
        return _(
            "Il en manque pour toutes les dates, accepter serait refusé\u00a0: %(names)s",
            names=_names(series.lacking),
        )
    return _(
        "Vérifiés pour %(some)s des %(dates)s dates; %(lacking)s",
        some=series.documented,
        dates=series.count,
        lacking=", ".join(_lack(each) for each in series.lacking),
    )


def _lack(reason: Reason) -> str:
    """What is wrong with one document, so short that several stand in a line."""
    name = wording.said(reason.params["document"])
    if "last" in reason.params:
        return _(
            "%(name)s\u00a0: échoit le %(day)s", name=name, day=wording.said(reason.params["last"])
        )
    return _("%(name)s\u00a0: le nouveau n’est pas encore vérifié", name=name)


def _names(lacking: Iterable[Reason]) -> str:
    return ", ".join(str(wording.said(each.params["document"])) for each in lacking)


#: Handed to every page of bookings.
FUNCTIONS = {
    function.__name__: function
    for function in (demand_sentences, lacking_words, documents_of, allergens_met)
}
