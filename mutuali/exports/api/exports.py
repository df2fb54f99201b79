"""The catalogue, data requests, opinions and bundles as JSON."""

from marshmallow import Schema, fields
from sqlalchemy.orm import Session

from mutuali.agreements.rules import Dataset
from mutuali.consent.rules import Purpose
from mutuali.core.permissions import Actor, Permission
from mutuali.exports import service
from mutuali.exports.api.door import bp
from mutuali.exports.rules.answers import Answers
from mutuali.exports.rules.catalogue import (
    CATALOGUE,
    ColumnRole,
    DataClass,
    DeclaredDataset,
    Rows,
    Side,
)
from mutuali.exports.rules.life import ExportState
from mutuali.exports.rules.opinions import Outcome
from mutuali.exports.rules.regimes import Regime
from mutuali.exports.schemas import (
    AnswersSchema,
    DataRequestSchema,
    DecisionSchema,
    ExportSignatureSchema,
)
from mutuali.exports.views.door import hosted_outside
from mutuali.exports.views.of_groups import GroupRemark, group_remarks
from mutuali.web.api import Given
from mutuali.web.clock import utc_now
from mutuali.web.doors import PUBLIC
from mutuali.web.secrets import fingerprint_key, new_public_id


class DatasetColumnSchema(Schema):
    """A column, its role, and whose yes each of its values rests on."""

    name = fields.String(required=True)
    role = fields.Enum(ColumnRole, by_value=True, required=True)
    needs = fields.List(fields.Enum(Side, by_value=True), required=True)


class DatasetTableSchema(Schema):
    """One file of a dataset."""

    name = fields.String(required=True)
    columns = fields.List(fields.Nested(DatasetColumnSchema), required=True)


class DatasetSchema(Schema):
    """A dataset of the catalogue."""

    name = fields.Enum(Dataset, by_value=True, required=True)
    rows = fields.Enum(Rows, by_value=True, required=True)
    row_level = fields.Boolean(required=True)
    data_class = fields.Enum(DataClass, by_value=True, required=True)
    is_open = fields.Boolean(required=True)
    tables = fields.List(fields.Nested(DatasetTableSchema), required=True)


class OutcomeSchema(Schema):
    """What follows from the opinions so far: wait for the other, signed, returned."""

    outcome = fields.Enum(Outcome, by_value=True, required=True)


class ExportSchema(Schema):
    """A data request and what became of it; ``report`` and ``sha256`` once it is signed."""

    id = fields.String(required=True)
    agreement = fields.String(required=True)
    dataset = fields.Enum(Dataset, by_value=True, required=True)
    purpose = fields.Enum(Purpose, by_value=True, required=True)
    question = fields.String(required=True)
    answers = fields.Dict(required=True)
    regime = fields.Enum(Regime, by_value=True, required=True)
    period = fields.String(required=True, allow_none=True)
    state = fields.Enum(ExportState, by_value=True, required=True)
    created_at = fields.AwareDateTime(required=True)
    expires_at = fields.AwareDateTime(required=True)
    released_at = fields.AwareDateTime(required=True, allow_none=True)
    recalled_at = fields.AwareDateTime(required=True, allow_none=True)
    decision_note = fields.String(required=True)
    withheld_because = fields.String(required=True, allow_none=True)
    sha256 = fields.String(required=True, allow_none=True)
    report = fields.Dict(required=True, allow_none=True)


@bp.operation(
    "GET", "/datasets", PUBLIC, "Lister les jeux de données", gives=DatasetSchema, many=True
)
def datasets(session: Session, actor: Actor) -> list[DeclaredDataset]:
    """The catalogue: every dataset, column by column."""
    return list(CATALOGUE.values())


class ReleaseSchema(Schema):
    """One line of the public register; ``month`` as ``2026-05``."""

    month = fields.String(required=True)
    dataset = fields.String(required=True)
    recipient = fields.String(required=True)
    purpose = fields.String(required=True)
    data_class = fields.String(required=True)
    regime = fields.String(required=True)
    standing = fields.String(required=True)


@bp.operation(
    "GET",
    "/releases",
    PUBLIC,
    "Lire le registre des communications",
    gives=ReleaseSchema,
    many=True,
)
def releases(session: Session, actor: Actor) -> list[dict[str, str]]:
    """What left: dataset, recipient, purpose, month, class, right, and whether it was recalled."""
    return [service.as_row(each) for each in service.register(session, now=utc_now())]


@bp.operation(
    "POST",
    "/exports/<export_id>/repeat",
    Permission.EXPORT_REQUEST,
    "Refaire une exportation comme la dernière fois",
    gives=ExportSchema,
    status=201,
)
def repeat(session: Session, actor: Actor, export_id: str) -> Given:
    """The same once more: same dataset, agreement, purpose, right and answers."""
    public_id = new_public_id()
    service.repeat(
        session,
        actor,
        export_id,
        new_id=public_id,
        hosted_outside=hosted_outside(),
        now=utc_now(),
    )
    return Given(_one(session, actor, public_id), location=f"/api/v1/exports/{public_id}")


@bp.operation(
    "GET",
    "/exports",
    Permission.EXPORT_READ,
    "Lister les demandes de données",
    gives=ExportSchema,
    many=True,
)
def exports(session: Session, actor: Actor) -> list[dict[str, object]]:
    """What one asked for; everything for a steward."""
    return [_export(each) for each in service.exports(session, actor, now=utc_now())]


@bp.operation(
    "POST",
    "/exports",
    Permission.EXPORT_REQUEST,
    "Demander des données",
    takes=DataRequestSchema,
    gives=ExportSchema,
    status=201,
)
def request_export(session: Session, actor: Actor, asked: service.DataRequest) -> Given:
    """Ask for a dataset under an agreement that names you; a steward answers."""
    public_id = new_public_id()
    service.request_export(session, actor, asked, public_id=public_id, now=utc_now())
    return Given(_one(session, actor, public_id), location=f"/api/v1/exports/{public_id}")


@bp.operation(
    "GET",
    "/exports/<export_id>",
    Permission.EXPORT_READ,
    "Lire une demande de données",
    gives=ExportSchema,
)
def export(session: Session, actor: Actor, export_id: str) -> dict[str, object]:
    """One data request, with the report of its bundle."""
    return _one(session, actor, export_id)


@bp.operation(
    "POST",
    "/exports/<export_id>/prepare",
    Permission.EXPORT_DECIDE,
    "Préparer une exportation",
    gives=ExportSchema,
)
def prepare(session: Session, actor: Actor, export_id: str) -> dict[str, object]:
    """Let the bundle be built and measured; it waits for a signature."""
    service.prepare(
        session,
        actor,
        export_id,
        hosted_outside=hosted_outside(),
        now=utc_now(),
    )
    return _one(session, actor, export_id)


@bp.operation(
    "POST",
    "/exports/<export_id>/sign",
    Permission.EXPORT_REVIEW,
    "Signer une exportation",
    takes=ExportSignatureSchema,
    gives=OutcomeSchema,
)
def sign(
    session: Session, actor: Actor, signature: dict[str, bool], export_id: str
) -> dict[str, object]:
    """Say yes to the reviewed bundle; the last yes that is needed lets it out."""
    return {
        "outcome": service.sign(
            session,
            actor,
            export_id,
            key=fingerprint_key(),
            hosted_outside=hosted_outside(),
            remarks_read=signature["remarks_read"],
            now=utc_now(),
        )
    }


class GroupRemarkSchema(Schema):
    """What a release could make people think of an area or of people, in words."""

    about = fields.String(required=True)
    sentence = fields.String(required=True)


@bp.operation(
    "GET",
    "/exports/<export_id>/remarks",
    Permission.EXPORT_REVIEW,
    "Lire les remarques sur les groupes",
    gives=GroupRemarkSchema,
    many=True,
)
def group_remarks_of(session: Session, actor: Actor, export_id: str) -> list[GroupRemark]:
    """Small areas, single providers, one-sided areas and words that stigmatize, of a bundle that
    one answers for; who signs it says that they were read."""
    found = service.review(session, actor, export_id, now=utc_now()).export.review
    return list(group_remarks(found)) if found else []


@bp.operation(
    "POST",
    "/exports/<export_id>/return",
    Permission.EXPORT_REVIEW,
    "Retourner une exportation",
    takes=DecisionSchema,
    gives=OutcomeSchema,
)
def send_back(
    session: Session, actor: Actor, decision: dict[str, str], export_id: str
) -> dict[str, object]:
    """Say no with a reason; once all opinions are in, the bundle is forgotten."""
    came_to = service.send_back(session, actor, export_id, decision["note"], now=utc_now())
    return {"outcome": came_to}


@bp.operation(
    "PUT",
    "/exports/<export_id>/answers",
    Permission.EXPORT_REQUEST,
    "Revoir ses réponses",
    takes=AnswersSchema,
    gives=ExportSchema,
)
def revise(session: Session, actor: Actor, answers: Answers, export_id: str) -> dict[str, object]:
    """Answer a waiting request anew."""
    service.revise(session, actor, export_id, answers, now=utc_now())
    return _one(session, actor, export_id)


@bp.operation(
    "POST",
    "/exports/<export_id>/decline",
    Permission.EXPORT_DECIDE,
    "Refuser une demande de données",
    takes=DecisionSchema,
    gives=ExportSchema,
)
def decline(
    session: Session, actor: Actor, decision: dict[str, str], export_id: str
) -> dict[str, object]:
    """Say no, with a reason that the analyst reads."""
    service.decline(session, actor, export_id, decision["note"], now=utc_now())
    return _one(session, actor, export_id)


def _one(session: Session, actor: Actor, public_id: str) -> dict[str, object]:
    return _export(service.export(session, actor, public_id, now=utc_now()))


def _export(facts: service.ExportFacts) -> dict[str, object]:
    return {
        "id": facts.public_id,
        "agreement": facts.agreement.public_id,
        "dataset": facts.dataset,
        "purpose": facts.purpose,
        "question": facts.question,
        "answers": facts.answers.to_dict(),
        "regime": facts.regime,
        "period": facts.period,
        "state": facts.state,
        "created_at": facts.created_at,
        "expires_at": facts.expires_at,
        "released_at": facts.released_at,
        "recalled_at": facts.recalled_at,
        "decision_note": facts.decision_note,
        "withheld_because": facts.withheld_because,
        "sha256": facts.file_sha256,
        "report": facts.report,
    }
