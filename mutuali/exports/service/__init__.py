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
from mutuali.exports.service.build import Kept, Withheld, Work, build, read, write
from mutuali.exports.service.built import Built, BuiltTable, CellWitness, LineWitness
from mutuali.exports.service.bundle import Described, Written, as_json, describe
from mutuali.exports.service.consents import ConsentedText, Parties, consent_records
from mutuali.exports.service.copies import Asked, CopyFacts, copy_facts
from mutuali.exports.service.dcat import Catalogued, catalogue_entry
from mutuali.exports.service.decide import decline, prepare, send_back, sign
from mutuali.exports.service.files import delete, get, names, put, sweep
from mutuali.exports.service.gate import Handed, hand_over
from mutuali.exports.service.pack import (
    MANIFEST,
    Pack,
    checksums,
    digest_of,
    manifest,
    signed_bytes,
)
from mutuali.exports.service.parquet import write_parquet
from mutuali.exports.service.records import ExportFacts
from mutuali.exports.service.snapshot import Snapshot, take

__all__ = [
    "MANIFEST",
    "Asked",
    "Built",
    "BuiltTable",
    "Catalogued",
    "CellWitness",
    "ConsentedText",
    "CopyFacts",
    "DataRequest",
    "Described",
    "ExportFacts",
    "Handed",
    "Kept",
    "LineWitness",
    "Pack",
    "Parties",
    "Snapshot",
    "Withheld",
    "Work",
    "Written",
    "as_json",
    "build",
    "catalogue_entry",
    "checksums",
    "consent_records",
    "copy_facts",
    "count_waiting",
    "decline",
    "delete",
    "describe",
    "digest_of",
    "expire_lapsed",
    "export",
    "export_by_id",
    "exports",
    "get",
    "hand_over",
    "kept_keys",
    "manifest",
    "names",
    "prepare",
    "put",
    "read",
    "released",
    "request_export",
    "send_back",
    "sign",
    "signed_bytes",
    "sweep",
    "take",
    "write",
    "write_parquet",
]
