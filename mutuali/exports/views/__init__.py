"""Pages of exports: the catalogue, data requests, reviews, assessments, bundles, recalls."""

from mutuali.exports.views import (
    assessments,
    catalogue,
    commons,
    copies,
    downloads,
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
    "pages",
    "recalls",
    "register",
    "review",
]
