"""What analysts asked for, what became of it, who answered for it, who took it, who is in it."""

from mutuali.exports.models.assessment import Assessment
from mutuali.exports.models.export import Export, ExportDownload
from mutuali.exports.models.ladder import LadderStep
from mutuali.exports.models.lineage import (
    ExportContributor,
    ExportPart,
    ExportRecall,
    ExportRecord,
    RecallNotice,
)
from mutuali.exports.models.links import ExportLink
from mutuali.exports.models.opinion import ExportOpinion

__all__ = [
    "Assessment",
    "Export",
    "ExportContributor",
    "ExportDownload",
    "ExportLink",
    "ExportOpinion",
    "ExportPart",
    "ExportRecall",
    "ExportRecord",
    "LadderStep",
    "RecallNotice",
]
