"""JSON doors of exports: the catalogue, data requests, opinions, assessments, bundles."""

from mutuali.exports.api import assessments, commons, downloads, exports
from mutuali.exports.api.door import bp

__all__ = ["assessments", "bp", "commons", "downloads", "exports"]
