"""Pages of exports: the catalogue, data requests, reviews, assessments, bundles, recalls."""

from mutuali.exports.views import (
    assessments,
    catalogue,
    copies,
    downloads,
    five,
    pages,
    recalls,
    register,
    review,
)
from mutuali.exports.views.door import bp

__all__ = [
    "assessments",
    "bp",
    "catalogue",
    "copies",
    "downloads",
    "five",
    "pages",
    "recalls",
    "register",
    "review",
]
