"""Pages of exports: what there is, what was asked for, what became of it."""

from datetime import datetime

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.agreements import service as agreements
from mutuali.agreements.rules import ALLOWED, Dataset, principles_of
from mutuali.consent.rules import Purpose
from mutuali.core.errors import DomainError, NotFound, Reason
from mutuali.core.permissions import Actor, Permission, may
from mutuali.exports import service
from mutuali.exports.rules.answers import BOUNDS, UNDER, Answers
from mutuali.exports.rules.catalogue import CATALOGUE, Rows
from mutuali.exports.rules.life import ExportState
from mutuali.exports.rules.promotion import Source, promotable
from mutuali.exports.rules.regimes import Regime, regime_of
from mutuali.exports.schemas import AnswersSchema, DataRequestSchema, DecisionSchema
from mutuali.exports.views.door import bp, hosted_outside
from mutuali.exports.views.measured import shown_checks
from mutuali.exports.views.recalled import shown_recall
from mutuali.exports.views.shown import (
    plain_restrictions,
    shown_answers,
    shown_export,
)
from mutuali.exports.views.suggested import default_answers
from mutuali.web.clock import utc_now
from mutuali.web.doors import door
from mutuali.web.pages import errors_by_field, page, see_other
from mutuali.web.parsing import load_form
from mutuali.web.programs import Program, source
from mutuali.web.secrets import new_public_id
from mutuali.web.sentences import sentence

_WAITING = (ExportState.REQUESTED, ExportState.IN_REVIEW)


@bp.get("/exportations")
@door(Permission.EXPORT_READ)
def exports(session: Session, actor: Actor) -> ResponseReturnValue:
    """What one asked for; for a steward, everything, what waits first."""
    found = service.exports(session, actor, now=utc_now())
    decides = may(actor, Permission.EXPORT_DECIDE)
    overdue = service.overdue(session, actor, utc_now())
    found.sort(key=lambda each: not (decides and (each.state in _WAITING or each.id in overdue)))
    return page(
        "exports/exports.html",
        exports=found,
        decides=decides,
        overdue=overdue,
        asks=may(actor, Permission.EXPORT_REQUEST),
    )


@bp.get("/exportations/nouvelle")
@door(Permission.EXPORT_REQUEST)
def request_form(session: Session, actor: Actor) -> ResponseReturnValue:
    """Ask for a dataset."""
    return _request_page(session, actor)


def _request_again(session: Session, actor: Actor, *, error: DomainError) -> ResponseReturnValue:
    return _request_page(session, actor, error)


@bp.post("/exportations/nouvelle")
@door(Permission.EXPORT_REQUEST, parse=lambda: load_form(DataRequestSchema()), again=_request_again)
def request_export(
    session: Session, actor: Actor, asked: service.DataRequest
) -> ResponseReturnValue:
    """Hand the request in."""
    public_id = new_public_id()
    service.request_export(session, actor, asked, public_id=public_id, now=utc_now())
    flash(_("Votre demande est partie. L’intendance a trente jours pour répondre."), "success")
    return see_other(f"/exportations/{public_id}")


@bp.get("/exportations/<public_id>")
@door(Permission.EXPORT_READ)
def export(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """One export: its state, what was done, what may be done with it."""
    return _export_page(session, actor, public_id)


def export_again(
    session: Session, actor: Actor, public_id: str, *, error: DomainError
) -> ResponseReturnValue:
    """The page of an export once more, with what is wrong."""
    return _export_page(session, actor, public_id, error)


@bp.post("/exportations/<public_id>/preparer")
@door(Permission.EXPORT_DECIDE, again=export_again)
def prepare(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """Let it be built."""
    service.prepare(session, actor, public_id, hosted_outside=hosted_outside(), now=utc_now())
    flash(_("L’exportation se prépare. Elle attendra votre signature."), "success")
    return see_other(f"/exportations/{public_id}")


@bp.post("/exportations/<public_id>/refuser")
@door(Permission.EXPORT_DECIDE, parse=lambda: load_form(DecisionSchema()), again=export_again)
def decline(
    session: Session, actor: Actor, decision: dict[str, str], public_id: str
) -> ResponseReturnValue:
    """Say no."""
    service.decline(session, actor, public_id, decision["note"], now=utc_now())
    flash(_("C’est refusé. L’analyste lira votre raison."), "success")
    return see_other(f"/exportations/{public_id}")


@bp.post("/exportations/<public_id>/refaire")
@door(Permission.EXPORT_REQUEST, again=export_again)
def repeat(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """The same as last time."""
    new_id = new_public_id()
    service.repeat(
        session, actor, public_id, new_id=new_id, hosted_outside=hosted_outside(), now=utc_now()
    )
    flash(_("La même exportation se prépare, avec les données d’aujourd’hui."), "success")
    return see_other(f"/exportations/{new_id}")


def _revise_again(
    session: Session, actor: Actor, public_id: str, *, error: DomainError
) -> ResponseReturnValue:
    return _revise_page(session, actor, public_id, error)


@bp.get("/exportations/<public_id>/reponses")
@door(Permission.EXPORT_REQUEST)
def revise_form(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """The answers of a request that waits, to be written anew."""
    return _revise_page(session, actor, public_id)


@bp.post("/exportations/<public_id>/reponses")
@door(Permission.EXPORT_REQUEST, parse=lambda: load_form(AnswersSchema()), again=_revise_again)
def revise(session: Session, actor: Actor, answers: Answers, public_id: str) -> ResponseReturnValue:
    """Keep them."""
    service.revise(session, actor, public_id, answers, now=utc_now())
    flash(_("Vos réponses sont gardées. L’intendance les lira."), "success")
    return see_other(f"/exportations/{public_id}")


def _request_page(
    session: Session, actor: Actor, error: DomainError | None = None
) -> ResponseReturnValue:
    under = agreements.in_force_for(session, actor.person_id or 0, now=utc_now())
    wanted = request.form.get("agreement_id") or request.args.get("entente")
    dataset = request.args.get("jeu", "")
    chosen = next((each for each in under if each.public_id == wanted), under[0] if under else None)
    names = [
        each.name
        for each in accounts.people(session, frozenset(chosen.analysts if chosen else ())).values()
    ]
    return page(
        "exports/request.html",
        agreements=under,
        chosen=chosen,
        dataset=dataset,
        purpose=_served(chosen, dataset) if chosen else None,
        promotes=request.form.get("promotes") or request.args.get("ouvrir"),
        under=UNDER,
        bounds=BOUNDS,
        typed={**default_answers(chosen, names), **request.form} if chosen else {},
        errors=errors_by_field(error),
    )


def _served(agreement: agreements.AgreementFacts, dataset: str) -> Purpose:
    """The first purpose of an agreement that a dataset serves; its first where none is named."""
    mine = [each for name in Dataset if name == dataset for each in ALLOWED[name]]
    return next((each for each in agreement.purposes if each in mine), agreement.purposes[0])


def _revise_page(
    session: Session, actor: Actor, public_id: str, error: DomainError | None = None
) -> ResponseReturnValue:
    found = service.export(session, actor, public_id, now=utc_now())
    if found.requested_by != actor.person_id or found.state is not ExportState.REQUESTED:
        raise NotFound
    return page(
        "exports/answers.html",
        export=found,
        under=UNDER,
        bounds=BOUNDS,
        typed={**found.answers.to_dict(), **request.form},
        errors=errors_by_field(error),
    )


def _export_page(
    session: Session, actor: Actor, public_id: str, error: DomainError | None = None
) -> ResponseReturnValue:
    now = utc_now()
    found = service.export(session, actor, public_id, now=now)
    mine = found.requested_by == actor.person_id
    may_decide = may(actor, Permission.EXPORT_DECIDE)
    recall = service.recall_of(session, actor, public_id, now=now) if may_decide else None
    return page(
        "exports/export.html",
        export=found,
        served=principles_of([found.dataset]),
        recall=shown_recall(session, recall, now=now) if recall else None,
        answered=shown_answers(found.answers),
        shown=shown_export(found, found.report) if found.report else None,
        checks=shown_checks(found.checks or ()) if may_decide and found.withheld_because else (),
        restrictions=plain_restrictions(found),
        copy=service.copy_facts(session, public_id, now=now) if found.released_at else None,
        verifier_sha256=source(Program.VERIFY_BUNDLE).sha256,
        why=sentence(Reason(found.withheld_because)) if found.withheld_because else None,
        decides=may_decide and not mine and found.state is ExportState.REQUESTED,
        reviews=may_decide and found.state is ExportState.IN_REVIEW,
        repeats=mine and found.released_at is not None,
        looks=mine and bool(found.downloads) and _may_look(found, now),
        opening=_opening(session, actor, found, now) if mine else None,
        revises=mine and found.state is ExportState.REQUESTED,
        downloads=service.downloads_of(session, actor, public_id),
        revokes=may(actor, Permission.EXPORT_DECIDE) and found.state is ExportState.READY,
        takes=mine and found.state is ExportState.READY and found.expires_at > now,
        typed=request.form,
        errors=errors_by_field(error),
    )


def _may_look(found: service.ExportFacts, now: datetime) -> bool:
    """Whether its sums can be looked at on a page."""
    is_ready = found.state is ExportState.READY and found.expires_at > now
    return is_ready and CATALOGUE[found.dataset].rows is Rows.SUM


def _opening(
    session: Session, actor: Actor, found: service.ExportFacts, now: datetime
) -> str | None:
    """The agreement under which the actor may propose to make a release open; None without one."""
    source = Source(found.dataset, found.regime, found.state, found.released_at)
    if not promotable(source):
        return None
    for each in agreements.in_force_for(session, actor.person_id or 0, now=now):
        if regime_of(each.instrument) is Regime.OPEN and found.dataset in each.datasets:
            return each.public_id
    return None
