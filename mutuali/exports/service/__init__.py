"""Use cases of exports: ask, build, review, hand over."""

from mutuali.exports.service.again import Compared, repeat
from mutuali.exports.service.amiss import (
    left_unassessed,
    released_anonymized,
    still_out,
)
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
    revise,
)
from mutuali.exports.service.assessments import (
    AssessmentFacts,
    assessment,
    assessments,
    record_opinion,
    write_assessment,
)
from mutuali.exports.service.build import (
    Examined,
    Kept,
    Withheld,
    Work,
    build,
    examine,
    read,
    write,
)
from mutuali.exports.service.built import Built, BuiltTable, CellWitness, LineWitness
from mutuali.exports.service.bundle import Described, Written, as_json, describe
from mutuali.exports.service.closed import Followed
from mutuali.exports.service.consents import ConsentedText, consent_records
from mutuali.exports.service.copies import Asked, CopyFacts, copy_facts
from mutuali.exports.service.dcat import Catalogued, catalogue_entry
from mutuali.exports.service.decide import decline, prepare
from mutuali.exports.service.demand import close_quarters
from mutuali.exports.service.ending import (
    forget_assessments,
    forget_under,
)
from mutuali.exports.service.feed import (
    FORMS,
    OPEN_LICENCE,
    Publisher,
    Told,
    catalogue,
    dictionary,
    schema_org,
)
from mutuali.exports.service.files import delete, get, get_range, names, put, sweep
from mutuali.exports.service.five import TakenBundle, read_bundles, taken_bundles
from mutuali.exports.service.gate import (
    Handed,
    Link,
    Taken,
    ask_link,
    downloads_of,
    hand_over,
    revoke_links,
    still_open,
    use_link,
)
from mutuali.exports.service.ladder import StepFacts, climb, steps
from mutuali.exports.service.loans import Before
from mutuali.exports.service.marking import with_numbers
from mutuali.exports.service.opinions import (
    OpinionFacts,
    Review,
    count_reviews,
    review,
    send_back,
    sign,
    waiting_for,
)
from mutuali.exports.service.pack import (
    MANIFEST,
    Pack,
    checksums,
    digest_of,
    manifest,
    signed_bytes,
)
from mutuali.exports.service.parquet import write_parquet
from mutuali.exports.service.published import (
    Published,
    published,
    still_published,
    take_published,
)
from mutuali.exports.service.recalls import (
    Attestation,
    NoticeFacts,
    RecallFacts,
    attest,
    count_overdue,
    count_unattested,
    follow_up,
    notice,
    notices,
    notify,
    overdue,
    recall_of,
)
from mutuali.exports.service.records import ExportFacts
from mutuali.exports.service.register import COLUMNS as REGISTER_COLUMNS
from mutuali.exports.service.register import Entry, as_row, register
from mutuali.exports.service.snapshot import Snapshot, take
from mutuali.exports.service.traces import Trace, TracedCopy, trace
from mutuali.exports.service.whereabouts import (
    HeldCopy,
    copies_of_organization,
    copies_of_person,
)

__all__ = [
    "COLUMNS",
    "FORMS",
    "MANIFEST",
    "OPEN_LICENCE",
    "REGISTER_COLUMNS",
    "Asked",
    "AssessmentFacts",
    "Attestation",
    "Before",
    "Built",
    "BuiltTable",
    "Catalogued",
    "CellWitness",
    "Compared",
    "ConsentedText",
    "CopyFacts",
    "DataRequest",
    "Described",
    "Entry",
    "Examined",
    "ExportFacts",
    "Followed",
    "Handed",
    "HeldCopy",
    "Kept",
    "LineWitness",
    "Link",
    "NoticeFacts",
    "OpinionFacts",
    "Pack",
    "Published",
    "Publisher",
    "RecallFacts",
    "Review",
    "Snapshot",
    "StepFacts",
    "Taken",
    "TakenBundle",
    "Told",
    "Trace",
    "TracedCopy",
    "Withheld",
    "Work",
    "Written",
    "as",
    "as_json",
    "as_row",
    "ask_link",
    "assessment",
    "assessments",
    "attest",
    "build",
    "catalogue",
    "catalogue_entry",
    "checksums",
    "climb",
    "close_quarters",
    "consent_records",
    "copies_of_organization",
    "copies_of_person",
    "copy_facts",
    "count_overdue",
    "count_reviews",
    "count_unattested",
    "count_waiting",
    "decline",
    "delete",
    "describe",
    "dictionary",
    "digest_of",
    "downloads_of",
    "examine",
    "expire_lapsed",
    "export",
    "export_by_id",
    "exports",
    "follow_up",
    "forget_assessments",
    "forget_under",
    "get",
    "get_range",
    "hand_over",
    "kept_keys",
    "left_unassessed",
    "manifest",
    "names",
    "notice",
    "notices",
    "notify",
    "overdue",
    "prepare",
    "published",
    "put",
    "read",
    "read_bundles",
    "recall_of",
    "record_opinion",
    "register",
    "released",
    "released_anonymized",
    "repeat",
    "request_export",
    "review",
    "revise",
    "revoke_links",
    "schema_org",
    "send_back",
    "sign",
    "signed_bytes",
    "steps",
    "still_open",
    "still_out",
    "still_published",
    "sweep",
    "take",
    "take_published",
    "taken_bundles",
    "trace",
    "use_link",
    "waiting_for",
    "with_numbers",
    "write",
    "write_assessment",
    "write_parquet",
]
