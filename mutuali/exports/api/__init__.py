"""JSON doors of exports: the catalogue, data requests, opinions, assessments, bundles."""

from mutuali.exports.api import assessments, exports
from mutuali.exports.api.door import bp

__all__ = ["assessments", "bp", "exports"]
