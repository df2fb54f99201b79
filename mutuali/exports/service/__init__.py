"""Use cases of exports: ask, build, review, hand over."""

from mutuali.exports.service.ask import (
    DataRequest,
    count_waiting,
    expire_lapsed,
    export,
    export_by_id,
    exports,
    kept_keys,
    released,
    request_export,
)
from mutuali.exports.service.build import Kept, Withheld, Work, build, keep, read, write
from mutuali.exports.service.built import Built, BuiltTable, CellWitness, LineWitness
from mutuali.exports.service.bundle import checksums, describe, zipped
from mutuali.exports.service.decide import decline, prepare, send_back, sign
from mutuali.exports.service.files import delete, get, names, put, sweep
from mutuali.exports.service.gate import Handed, hand_over
from mutuali.exports.service.records import ExportFacts
from mutuali.exports.service.snapshot import Snapshot, take

__all__ = [
    "Built",
    "BuiltTable",
    "CellWitness",
    "DataRequest",
    "ExportFacts",
    "Handed",
    "Kept",
    "LineWitness",
    "Snapshot",
    "Withheld",
    "Work",
    "build",
    "checksums",
    "count_waiting",
    "decline",
    "delete",
    "describe",
    "expire_lapsed",
    "export",
    "export_by_id",
    "exports",
    "get",
    "hand_over",
    "keep",
    "kept_keys",
    "names",
    "prepare",
    "put",
    "read",
    "released",
    "request_export",
    "send_back",
    "sign",
    "sweep",
    "take",
    "write",
    "zipped",
]
