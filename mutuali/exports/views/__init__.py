"""Pages of exports: the catalogue, data requests, reviews, assessments, bundles, recalls."""

from mutuali.exports.views import (
    assessments,
    catalogue,
    commons,
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
    "commons",
    "copies",
    "downloads",
    "five",
    "pages",
    "recalls",
    "register",
    "review",
]
