"""What the pages of reviews say: plain values into words."""

from flask_babel import gettext as _
from flask_babel import ngettext

from mutuali.reviews.rules import BEST, praise
from mutuali.reviews.service import ListingReviews, OrganizationRecord, ReviewFacts
from mutuali.web.wording import in_french
from mutuali.web.words import label

#: The order in which a form asks, and pages say.
_OF_THING, _OF_PARTY = ("as_described", "quality"), ("respect", "communication")


def number_words(mean: float) -> str:
    """``4,6`` in French, ``4.6`` in English; one figure after the comma."""
    text = f"{mean:.1f}"
    return text.replace(".", ",") if in_french() else text


def stars(mean: float) -> str:
    """``★★★★☆``: for the eye, beside the words that say the same."""
    full = round(mean)
    return "★" * full + "☆" * (BEST - full)


def mean_words(mean: float) -> str:
    """``4,6 sur 5, très bien``."""
    return _(
        "%(mean)s sur %(best)s, %(word)s",
        mean=number_words(mean),
        best=BEST,
        word=label("reviews.praise", praise(mean).value),
    )


def count_words(count: int) -> str:
    """``8 avis``."""
    return ngettext("%(num)d avis", "%(num)d avis", count)


def means(found: ListingReviews | OrganizationRecord) -> list[tuple[str, float]]:
    """(what, average) of each score that has enough reviews."""
    names = _OF_THING if isinstance(found, ListingReviews) else _OF_PARTY
    said = [(label("reviews.score", name), getattr(found, name)) for name in names]
    return [(words, mean) for words, mean in said if mean is not None]


def overall(found: ListingReviews) -> float | None:
    """What borrowers think of a thing in one number; None of too few."""
    if found.as_described is None or found.quality is None:
        return None
    return (found.as_described + found.quality) / 2


def score_rows(review: ReviewFacts) -> list[tuple[str, str]]:
    """(what, score in words) of one review."""
    scores = [(name, getattr(review.scores, name)) for name in (*_OF_THING, *_OF_PARTY)]
    return [
        (label("reviews.score", name), _("%(score)s sur %(best)s", score=score, best=BEST))
        for name, score in scores
        if score is not None
    ]


def record_words(record: OrganizationRecord) -> str:
    """``12 prêts reçus, 1 retour en retard, aucune absence.``"""
    parts = [
        ngettext("%(num)d prêt reçu", "%(num)d prêts reçus", record.loans),
        ngettext("%(num)d retour en retard", "%(num)d retours en retard", record.late_returns)
        if record.late_returns
        else _("aucun retour en retard"),
        ngettext("%(num)d absence", "%(num)d absences", record.no_shows)
        if record.no_shows
        else _("aucune absence"),
    ]
    return f"{', '.join(parts)}."


def waiting_words(count: int) -> str:
    """What waits for the coordination."""
    return ngettext(
        "%(num)d avis ou mot privé attend votre lecture",
        "%(num)d avis ou mots privés attendent votre lecture",
        count,
    )


#: Handed to every page of reviews.
FUNCTIONS = {
    function.__name__: function
    for function in (
        count_words,
        mean_words,
        means,
        overall,
        record_words,
        score_rows,
        stars,
    )
}
