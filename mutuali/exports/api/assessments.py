"""Impact assessments as JSON."""

from marshmallow import Schema, fields
from sqlalchemy.orm import Session

from mutuali.agreements.rules import Dataset
from mutuali.core.permissions import Actor, Permission
from mutuali.exports import service
from mutuali.exports.api.door import bp
from mutuali.exports.rules.assessments import AssessmentDraft, Form, Opinion, OpinionDraft
from mutuali.exports.schemas import AssessmentSchema, OpinionSchema
from mutuali.web.api import Given
from mutuali.web.clock import utc_now
from mutuali.web.secrets import new_public_id


class AssessmentShownSchema(Schema):
    """An impact assessment and the opinion on it; ``place`` is empty for Québec."""

    id = fields.String(required=True)
    dataset = fields.Enum(Dataset, by_value=True, required=True)
    place = fields.String(required=True)
    form = fields.Enum(Form, by_value=True, required=True)
    levels = fields.Dict(required=True)
    answers = fields.Dict(required=True)
    written_at = fields.AwareDateTime(required=True)
    opinion = fields.Enum(Opinion, by_value=True, required=True, allow_none=True)
    opinion_text = fields.String(required=True)
    opinion_by = fields.String(required=True)
    opinion_on = fields.Date(required=True, allow_none=True)
    valid_until = fields.Date(required=True, allow_none=True)
    in_force = fields.Boolean(required=True)


@bp.operation(
    "GET",
    "/assessments",
    Permission.ASSESSMENT_WRITE,
    "Lister les évaluations",
    gives=AssessmentShownSchema,
    many=True,
)
def assessments(session: Session, actor: Actor) -> list[dict[str, object]]:
    """Impact assessments, newest first."""
    return [_assessment(each) for each in service.assessments(session, actor, now=utc_now())]


@bp.operation(
    "POST",
    "/assessments",
    Permission.ASSESSMENT_WRITE,
    "Rédiger une évaluation",
    takes=AssessmentSchema,
    gives=AssessmentShownSchema,
    status=201,
)
def write_assessment(session: Session, actor: Actor, draft: AssessmentDraft) -> Given:
    """Keep an assessment; it needs the opinion of the person in charge."""
    public_id, now = new_public_id(), utc_now()
    service.write_assessment(session, actor, draft, public_id=public_id, now=now)
    found = service.assessment(session, actor, public_id, now=now)
    return Given(_assessment(found), location=f"/api/v1/assessments/{public_id}")


@bp.operation(
    "GET",
    "/assessments/<assessment_id>",
    Permission.ASSESSMENT_WRITE,
    "Lire une évaluation",
    gives=AssessmentShownSchema,
)
def assessment(session: Session, actor: Actor, assessment_id: str) -> dict[str, object]:
    """One assessment."""
    return _assessment(service.assessment(session, actor, assessment_id, now=utc_now()))


@bp.operation(
    "POST",
    "/assessments/<assessment_id>/opinion",
    Permission.ASSESSMENT_WRITE,
    "Noter l’avis de la personne responsable",
    takes=OpinionSchema,
    gives=AssessmentShownSchema,
)
def record_opinion(
    session: Session, actor: Actor, opinion: OpinionDraft, assessment_id: str
) -> dict[str, object]:
    """Keep the opinion; from then on the assessment stays as it is."""
    now = utc_now()
    service.record_opinion(session, actor, assessment_id, opinion, now=now)
    return _assessment(service.assessment(session, actor, assessment_id, now=now))


def _assessment(facts: service.AssessmentFacts) -> dict[str, object]:
    return {
        "id": facts.public_id,
        "dataset": facts.dataset,
        "place": facts.place,
        "form": facts.form,
        "levels": facts.levels,
        "answers": facts.answers,
        "written_at": facts.written_at,
        "opinion": facts.opinion,
        "opinion_text": facts.opinion_text,
        "opinion_by": facts.opinion_by,
        "opinion_on": facts.opinion_on,
        "valid_until": facts.valid_until,
        "in_force": facts.in_force,
    }
