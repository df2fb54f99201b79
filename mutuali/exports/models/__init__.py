"""What analysts asked for, what became of it, and who downloaded it."""

from mutuali.exports.models.export import Export, ExportDownload

__all__ = ["Export", "ExportDownload"]
