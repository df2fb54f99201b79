"""Pages of exports: the catalogue, data requests, bundles."""

from mutuali.exports.views import copies
from mutuali.exports.views.pages import bp

__all__ = ["bp", "copies"]
