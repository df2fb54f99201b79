"""Incidents: noting them, telling whom the law says, and the register as files."""

from dataclasses import asdict
from typing import Any

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.core.errors import DomainError, Refused
from mutuali.core.period import local
from mutuali.core.permissions import Actor, Permission
from mutuali.governance import service
from mutuali.governance.rules import IncidentDraft, Notices, is_serious
from mutuali.governance.schemas import IncidentSchema, NoticesSchema
from mutuali.governance.service import IncidentFacts
from mutuali.governance.views.files import csv_file, file, paper_titled
from mutuali.governance.views.mine import bp
from mutuali.web.clock import utc_now
from mutuali.web.doors import door
from mutuali.web.pages import errors_by_field, page, see_other
from mutuali.web.parsing import load_form
from mutuali.web.secrets import new_public_id
from mutuali.web.wording import day
from mutuali.web.words import label

_INCIDENTS = "/intendance/registres/incidents"


def _incidents_page(
    session: Session, actor: Actor, error: DomainError | None = None
) -> ResponseReturnValue:
    return page(
        "governance/incidents.html",
        incidents=service.incidents(session, actor),
        proposed=_proposed(),
        errors=errors_by_field(error),
        typed=request.form,
        action=_INCIDENTS,
        today=local(utc_now()).date(),
    )


def _incident_page(
    session: Session, actor: Actor, public_id: str, error: DomainError | None = None
) -> ResponseReturnValue:
    found = service.incident(session, actor, public_id)
    draft = found.draft
    values: dict[str, Any] = {
        name: "" if value is None else value for name, value in asdict(draft).items()
    }
    values["serious"] = "yes" if draft.serious else "no"
    return page(
        "governance/incident.html",
        incident=found,
        eight=eight(found),
        proposed=is_serious(draft.sensitivity, draft.consequences, draft.likelihood),
        errors=errors_by_field(error),
        typed={**values, **request.form.to_dict()},
        action=f"{_INCIDENTS}/{public_id}",
    )


@bp.get("/intendance/registres/incidents")
@door(Permission.REGISTER_KEEP)
def incidents(session: Session, actor: Actor) -> ResponseReturnValue:
    """The register of incidents, and the form of a new one."""
    return _incidents_page(session, actor)


@bp.post("/intendance/registres/incidents")
@door(Permission.REGISTER_KEEP, parse=lambda: load_form(IncidentSchema()), again=_incidents_page)
def record_incident(session: Session, actor: Actor, draft: IncidentDraft) -> ResponseReturnValue:
    """Note an incident."""
    public_id = new_public_id()
    service.record_incident(session, actor, draft, public_id=public_id, now=utc_now())
    flash(_("L’incident est au registre."), "success")
    return see_other(f"{_INCIDENTS}/{public_id}")


@bp.get("/intendance/registres/incidents.csv")
@door(Permission.REGISTER_KEEP)
def incidents_csv(session: Session, actor: Actor) -> ResponseReturnValue:
    """The register, a line per incident."""
    found = service.incidents(session, actor)
    head = (_("Incident"), *_titles(), _("À garder jusqu’au"))
    rows = (
        (each.number, *(text for _title, text in eight(each)), each.keep_until) for each in found
    )
    return csv_file(head, rows, "registre-incidents.csv")


@bp.get("/intendance/registres/incidents.pdf")
@door(Permission.REGISTER_KEEP)
def incidents_pdf(session: Session, actor: Actor) -> ResponseReturnValue:
    """The register on paper, an incident after the other."""
    return _on_paper(
        _("Incidents de confidentialité"),
        service.incidents(session, actor),
        "registre-incidents.pdf",
    )


@bp.get("/intendance/registres/incidents/<public_id>")
@door(Permission.REGISTER_KEEP)
def incident(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """One incident: what it is, whom to tell."""
    return _incident_page(session, actor, public_id)


@bp.get("/intendance/registres/incidents/<public_id>.pdf")
@door(Permission.REGISTER_KEEP)
def incident_pdf(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """One incident on paper: the copy that the Commission may ask for (r. 3.1, s. 8)."""
    found = service.incident(session, actor, public_id)
    title = _("Incident %(number)s", number=found.number)
    return _on_paper(title, [found], f"incident-{found.number}.pdf")


@bp.post("/intendance/registres/incidents/<public_id>")
@door(Permission.REGISTER_KEEP, parse=lambda: load_form(IncidentSchema()), again=_incident_page)
def revise_incident(
    session: Session, actor: Actor, draft: IncidentDraft, public_id: str
) -> ResponseReturnValue:
    """Say what is known by now."""
    service.revise_incident(session, actor, public_id, draft, now=utc_now())
    flash(_("C’est enregistré."), "success")
    return see_other(f"{_INCIDENTS}/{public_id}")


@bp.post("/intendance/registres/incidents/<public_id>/avis")
@door(Permission.REGISTER_KEEP, parse=lambda: load_form(NoticesSchema()), again=_incident_page)
def record_notices(
    session: Session, actor: Actor, notices: Notices, public_id: str
) -> ResponseReturnValue:
    """Note who was told, and when."""
    service.record_notices(session, actor, public_id, notices, now=utc_now())
    flash(_("C’est enregistré."), "success")
    return see_other(f"{_INCIDENTS}/{public_id}")


def _titles() -> tuple[str, ...]:
    """The eight things that the register says (r. 3.1, s. 7), in their order."""
    return (
        *(_("Renseignements touchés"), _("Circonstances"), _("Quand"), _("Su le")),
        *(_("Personnes touchées"), _("Risque de préjudice sérieux?"), _("Avis")),
        _("Mesures"),
    )


def eight(found: IncidentFacts) -> list[tuple[str, str]]:
    """(title, what is known of it) for each of the eight."""
    draft, notices = found.draft, found.notices
    unknown = _("Inconnus parce que\u00a0: %(why)s", why=draft.unknown_because)
    period = day(draft.started_on)
    if draft.ended_on:
        period = _("du %(start)s au %(end)s", start=period, end=day(draft.ended_on))
    persons = _("on ne sait pas encore")
    if draft.persons is not None:
        persons = str(draft.persons)
        if draft.in_quebec is not None:
            persons = _("%(all)s, dont %(here)s au Québec", all=persons, here=draft.in_quebec)
    levels = (
        (_("Sensibilité des renseignements"), draft.sensitivity),
        (_("Conséquences craintes"), draft.consequences),
        (_("Probabilité d’un mauvais usage"), draft.likelihood),
    )
    concluded = [
        _("Risque de préjudice sérieux") if draft.serious else _("Pas de risque sérieux"),
        *(
            _("%(what)s\u00a0: %(level)s", what=name, level=label("governance.level", level.value))
            for name, level in levels
        ),
        draft.elements,
    ]
    if draft.consulted_on:
        concluded.append(
            _("Personne responsable consultée le %(day)s", day=day(draft.consulted_on))
        )
    told = [
        _("Commission avisée le %(day)s", day=day(notices.commission_on))
        if notices.commission_on
        else "",
        _("Personnes avisées le %(day)s", day=day(notices.persons_on))
        if notices.persons_on
        else "",
        _("Avis public\u00a0: %(why)s", why=notices.public_because)
        if notices.public_notice
        else "",
    ]
    said = (
        draft.information or unknown,
        draft.circumstances,
        period,
        day(draft.aware_on),
        persons,
        "; ".join(filter(None, concluded)),
        "; ".join(filter(None, told)) or _("aucun"),
        draft.measures or _("aucune encore"),
    )
    return list(zip(_titles(), said, strict=True))


def _on_paper(title: str, found: list[IncidentFacts], name: str) -> ResponseReturnValue:
    paper = paper_titled(title)
    for each in found:
        if len(found) > 1 or each.number not in title:
            paper.heading(_("Incident %(number)s", number=each.number), 2)
        paper.rows([*eight(each), (_("À garder jusqu’au"), day(each.keep_until))])
    if not found:
        paper.paragraph(_("Aucun incident au registre"))
    return file(paper.bytes(), "application/pdf", name)


def _proposed() -> bool | None:
    """What the three levels that were typed propose; None until all are."""
    try:
        draft: IncidentDraft = load_form(IncidentSchema())
    except Refused:
        return None
    return is_serious(draft.sensitivity, draft.consequences, draft.likelihood)
