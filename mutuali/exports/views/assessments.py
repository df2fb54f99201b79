"""Pages on which a steward writes impact assessments and reads them."""

from datetime import timedelta

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.agreements.rules import Dataset
from mutuali.core.errors import DomainError
from mutuali.core.period import local
from mutuali.core.permissions import Actor, Permission
from mutuali.exports import service
from mutuali.exports.rules.assessments import (
    HOLDS,
    LONGEST,
    AssessmentDraft,
    Factor,
    Level,
    Opinion,
    OpinionDraft,
    form_of,
    questions_of,
)
from mutuali.exports.rules.catalogue import CATALOGUE
from mutuali.exports.schemas import AssessmentSchema, OpinionSchema
from mutuali.exports.views.door import bp
from mutuali.exports.views.suggested import default_levels, suggested
from mutuali.organizations import service as organizations
from mutuali.web.clock import utc_now
from mutuali.web.doors import door
from mutuali.web.pages import errors_by_field, page, see_other
from mutuali.web.parsing import load_form
from mutuali.web.secrets import new_public_id


def _form_page(error: DomainError | None = None) -> ResponseReturnValue:
    sent = request.form or request.args
    wanted = sent.get("dataset", "")
    dataset = Dataset(wanted) if wanted in {each.value for each in CATALOGUE} else None
    place = sent.get("place", "").strip()
    weighed = {
        factor: Level(sent[factor.value])
        for factor in Factor
        if sent.get(factor.value) in {each.value for each in Level}
    }
    asks = dataset is not None and len(weighed) == len(Factor)
    form = form_of(weighed, outside=bool(place)) if asks else None
    return page(
        "exports/assessment_form.html",
        datasets=list(CATALOGUE),
        dataset=dataset,
        place=place,
        levels={**default_levels(dataset), **weighed},
        form=form,
        questions=questions_of(form, outside=bool(place)) if form else (),
        longest=LONGEST,
        typed={**suggested(dataset), **request.form} if dataset else request.form,
        errors=errors_by_field(error),
    )


def _assessment_page(
    session: Session, actor: Actor, public_id: str, error: DomainError | None = None
) -> ResponseReturnValue:
    now = utc_now()
    found = service.assessment(session, actor, public_id, now=now)
    today = local(now).date()
    in_charge = organizations.offices(session).person_in_charge
    defaults = {
        "opinion": Opinion.FAVOURABLE.value,
        "given_by": in_charge.name if in_charge else "",
        "given_on": today.isoformat(),
        "valid_until": (today + HOLDS[found.form] - timedelta(days=1)).isoformat(),
    }
    return page(
        "exports/assessment.html",
        found=found,
        questions=questions_of(found.form, outside=bool(found.place)),
        typed={**defaults, **request.form},
        errors=errors_by_field(error),
    )


@bp.get("/intendance/evaluations")
@door(Permission.ASSESSMENT_WRITE)
def assessments(session: Session, actor: Actor) -> ResponseReturnValue:
    """All assessments, and the datasets that have none in force."""
    found = service.assessments(session, actor, now=utc_now())
    covered = {each.dataset for each in found if each.in_force and not each.place}
    return page(
        "exports/assessments.html",
        assessments=found,
        bare=[dataset for dataset in CATALOGUE if dataset not in covered],
    )


@bp.get("/intendance/evaluations/nouvelle")
@door(Permission.ASSESSMENT_WRITE)
def assessment_form(session: Session, actor: Actor) -> ResponseReturnValue:
    """The five factors; once they are weighed, the questions that follow from them."""
    return _form_page()


def _write_again(session: Session, actor: Actor, *, error: DomainError) -> ResponseReturnValue:
    return _form_page(error)


@bp.post("/intendance/evaluations/nouvelle")
@door(
    Permission.ASSESSMENT_WRITE,
    parse=lambda: load_form(AssessmentSchema()),
    again=_write_again,
)
def write_assessment(session: Session, actor: Actor, draft: AssessmentDraft) -> ResponseReturnValue:
    """Keep what was written; the opinion comes next."""
    public_id = new_public_id()
    service.write_assessment(session, actor, draft, public_id=public_id, now=utc_now())
    flash(
        _("L’évaluation est gardée. Notez maintenant l’avis de la personne responsable."), "success"
    )
    return see_other(f"/intendance/evaluations/{public_id}")


@bp.get("/intendance/evaluations/<public_id>")
@door(Permission.ASSESSMENT_WRITE)
def assessment(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """One assessment, to read and to print."""
    return _assessment_page(session, actor, public_id)


@bp.post("/intendance/evaluations/<public_id>/avis")
@door(Permission.ASSESSMENT_WRITE, parse=lambda: load_form(OpinionSchema()), again=_assessment_page)
def record_opinion(
    session: Session, actor: Actor, opinion: OpinionDraft, public_id: str
) -> ResponseReturnValue:
    """Keep what the person in charge thinks of it."""
    service.record_opinion(session, actor, public_id, opinion, now=utc_now())
    flash(_("L’avis est noté. L’évaluation ne change plus."), "success")
    return see_other(f"/intendance/evaluations/{public_id}")
