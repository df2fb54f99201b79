"""JSON doors of exports: the catalogue, data requests, bundles."""

from flask import jsonify, make_response
from flask.typing import ResponseReturnValue
from flask_smorest import Blueprint
from marshmallow import Schema, fields
from sqlalchemy.orm import Session

from mutuali.agreements.rules import Dataset
from mutuali.consent.rules import Purpose
from mutuali.core.permissions import Actor, Permission
from mutuali.exports import service
from mutuali.exports.rules.catalogue import CATALOGUE, ColumnRole, Side
from mutuali.exports.rules.life import ExportState
from mutuali.exports.schemas import DataRequestSchema, DecisionSchema
from mutuali.exports.views.pages import handed
from mutuali.web.clock import utc_now
from mutuali.web.doors import PUBLIC, door
from mutuali.web.parsing import load_json
from mutuali.web.secrets import new_public_id

bp = Blueprint("exports_api", __name__, url_prefix="/api/v1", description="Données gouvernées")


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
    row_level = fields.Boolean(required=True)
    tables = fields.List(fields.Nested(DatasetTableSchema), required=True)


class ExportSchema(Schema):
    """A data request and what became of it; ``report`` once it is ready."""

    id = fields.String(required=True)
    agreement = fields.String(required=True)
    dataset = fields.Enum(Dataset, by_value=True, required=True)
    purpose = fields.Enum(Purpose, by_value=True, required=True)
    question = fields.String(required=True)
    state = fields.Enum(ExportState, by_value=True, required=True)
    created_at = fields.AwareDateTime(required=True)
    expires_at = fields.AwareDateTime(required=True)
    decision_note = fields.String(required=True)
    withheld_because = fields.String(required=True, allow_none=True)
    sha256 = fields.String(required=True, allow_none=True)
    report = fields.Dict(required=True, allow_none=True)


def _body(schema: type[Schema]) -> dict[str, object]:
    """How OpenAPI says that an operation takes this JSON body."""
    return {"required": True, "content": {"application/json": {"schema": schema}}}


@bp.get("/datasets")
@bp.doc(summary="Lister les jeux de données")
@bp.response(200, DatasetSchema(many=True))
@door(PUBLIC)
def datasets(session: Session, actor: Actor) -> ResponseReturnValue:
    """The catalogue: every dataset, column by column."""
    return jsonify(DatasetSchema(many=True).dump(list(CATALOGUE.values())))


@bp.get("/exports")
@bp.doc(summary="Lister les demandes de données")
@bp.response(200, ExportSchema(many=True))
@door(Permission.EXPORT_READ)
def exports(session: Session, actor: Actor) -> ResponseReturnValue:
    """What one asked for; everything for a steward."""
    found = service.exports(session, actor, now=utc_now())
    return jsonify(ExportSchema(many=True).dump([_export(each) for each in found]))


@bp.post("/exports")
@bp.doc(summary="Demander des données", requestBody=_body(DataRequestSchema))
@bp.response(201, ExportSchema)
@door(Permission.EXPORT_REQUEST, parse=lambda: load_json(DataRequestSchema()))
def request_export(
    session: Session, actor: Actor, asked: service.DataRequest
) -> ResponseReturnValue:
    """Ask for a dataset under an agreement that names you; a steward answers."""
    public_id = new_public_id()
    service.request_export(session, actor, asked, public_id=public_id, now=utc_now())
    answer = make_response(_one(session, actor, public_id), 201)
    answer.headers["Location"] = f"/api/v1/exports/{public_id}"
    return answer


@bp.get("/exports/<export_id>")
@bp.doc(summary="Lire une demande de données")
@bp.response(200, ExportSchema)
@door(Permission.EXPORT_READ)
def export(session: Session, actor: Actor, export_id: str) -> ResponseReturnValue:
    """One data request, with the report of its bundle."""
    return _one(session, actor, export_id)


@bp.post("/exports/<export_id>/approve")
@bp.doc(summary="Approuver une demande de données")
@bp.response(200, ExportSchema)
@door(Permission.EXPORT_DECIDE)
def approve(session: Session, actor: Actor, export_id: str) -> ResponseReturnValue:
    """Let the bundle be built and measured."""
    service.approve(session, actor, export_id, now=utc_now())
    return _one(session, actor, export_id)


@bp.post("/exports/<export_id>/decline")
@bp.doc(summary="Refuser une demande de données", requestBody=_body(DecisionSchema))
@bp.response(200, ExportSchema)
@door(Permission.EXPORT_DECIDE, parse=lambda: load_json(DecisionSchema()))
def decline(
    session: Session, actor: Actor, decision: dict[str, str], export_id: str
) -> ResponseReturnValue:
    """Say no, with a reason that the analyst reads."""
    service.decline(session, actor, export_id, decision["note"], now=utc_now())
    return _one(session, actor, export_id)


@bp.get("/exports/<export_id>/bundle")
@bp.doc(
    summary="Télécharger une exportation",
    responses={"200": {"description": "The ZIP.", "content": {"application/zip": {}}}},
)
@door(Permission.EXPORT_DOWNLOAD, reads=False)
def bundle(session: Session, actor: Actor, export_id: str) -> ResponseReturnValue:
    """The ZIP; only for an analyst whom an agreement in force names. It is recorded."""
    return handed(service.hand_over(session, actor, export_id, now=utc_now()))


def _one(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    return jsonify(
        ExportSchema().dump(_export(service.export(session, actor, public_id, now=utc_now())))
    )


def _export(facts: service.ExportFacts) -> dict[str, object]:
    return {
        "id": facts.public_id,
        "agreement": facts.agreement.public_id,
        "dataset": facts.dataset,
        "purpose": facts.purpose,
        "question": facts.question,
        "state": facts.state,
        "created_at": facts.created_at,
        "expires_at": facts.expires_at,
        "decision_note": facts.decision_note,
        "withheld_because": facts.withheld_because,
        "sha256": facts.file_sha256,
        "report": facts.report,
    }
