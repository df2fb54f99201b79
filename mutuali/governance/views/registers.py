"""The registers, for those who keep them."""

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.consent.rules import band
from mutuali.core.errors import DomainError, Refused
from mutuali.core.period import local
from mutuali.core.permissions import Actor, Permission
from mutuali.exports import service as exports
from mutuali.governance import service
from mutuali.governance.rules import (
    RULES,
    Answer,
    Identity,
    IncidentDraft,
    Notices,
    Rule,
    is_serious,
)
from mutuali.governance.schemas import (
    Answered,
    AnsweredSchema,
    IncidentSchema,
    Noted,
    NotedSchema,
    NoticesSchema,
    RuleSchema,
)
from mutuali.governance.views.mine import bp, file
from mutuali.organizations import service as organizations
from mutuali.web import signing, wording
from mutuali.web.clock import utc_now
from mutuali.web.doors import door
from mutuali.web.pages import errors_by_field, page, see_other
from mutuali.web.parsing import load_form
from mutuali.web.secrets import new_public_id, tombstone_key
from mutuali.web.words import label

_HOME = "/intendance/registres"
_REQUESTS = f"{_HOME}/demandes"
_INCIDENTS = f"{_HOME}/incidents"
_ENDS = f"{_HOME}/conservation"


@bp.get("/intendance/registres")
@door(Permission.REGISTER_KEEP)
def registers(session: Session, actor: Actor) -> ResponseReturnValue:
    """All registers on one page, what waits first."""
    now = utc_now()
    asked = service.requests(session, actor)
    known = service.incidents(session, actor)
    entries = service.entries(session, actor)
    today = local(now).date()
    return page(
        "governance/registers.html",
        open_requests=[each for each in asked if each.answer is None],
        requests=asked,
        incidents=known,
        owing=[each for each in known if each.owes],
        entries=entries,
        to_analyse=[
            each for each in entries if each.next_analysis_on and each.next_analysis_on <= today
        ],
        communications=service.communications(session, actor, now=now),
        assessments=exports.assessments(session, actor, now=now),
        due=service.count_due(session, actor, now=now),
        runs=service.runs(session, actor),
        offices=organizations.offices(session),
        today=today,
    )


@bp.get("/intendance/registres/anonymisation")
@door(Permission.REGISTER_KEEP)
def anonymization(session: Session, actor: Actor) -> ResponseReturnValue:
    """The register of anonymization."""
    return page("governance/anonymization.html", entries=service.entries(session, actor))


@bp.get("/intendance/registres/anonymisation.csv")
@door(Permission.REGISTER_KEEP)
def anonymization_csv(session: Session, actor: Actor) -> ResponseReturnValue:
    """The same, a line per entry."""
    head = (
        *(_("Quand"), _("Événement"), _("Jeu de données"), _("Renseignements"), _("Finalité")),
        *(_("Règle"), _("Techniques"), _("Mesures"), _("Analysé le"), _("À réanalyser le")),
        *(_("Sous la supervision de"), "sha256"),
    )
    rows = (
        (
            each.at.isoformat(),
            label("governance.what", each.what),
            label("exports.dataset", each.dataset),
            "; ".join(
                f"{table}: {', '.join(columns)}"
                for table, columns in each.told["information"].items()
            ),
            label("consent.purpose", each.purpose),
            each.told["regime"],
            "; ".join(f"{name}={value}" for name, value in each.told["techniques"].items()),
            "; ".join(label("governance.measure", code) for code in each.told["measures"]),
            each.analysed_on.isoformat(),
            each.next_analysis_on.isoformat() if each.next_analysis_on else "",
            each.supervisor_title or "",
            each.told["sha256"] or "",
        )
        for each in service.entries(session, actor)
    )
    return file(_csv(head, rows), "text/csv", "registre-anonymisation.csv")


@bp.get("/intendance/registres/communications")
@door(Permission.REGISTER_KEEP)
def communications(session: Session, actor: Actor) -> ResponseReturnValue:
    """Who received what, when, on what ground, what for."""
    found = service.communications(session, actor, now=utc_now())
    return page("governance/communications.html", communications=found)


@bp.get("/intendance/registres/communications.csv")
@door(Permission.REGISTER_KEEP)
def communications_csv(session: Session, actor: Actor) -> ResponseReturnValue:
    """The same, a line per release."""
    head = (
        *(_("Destinataire"), _("Entente"), _("Jeu de données"), _("Règle"), _("Finalité")),
        *(_("Communiqué le"), _("Rappelé le"), _("Téléchargements")),
    )
    rows = (
        (
            each.recipient,
            each.agreement,
            label("exports.dataset", each.dataset),
            each.regime.value,
            label("consent.purpose", each.purpose),
            each.released_at.isoformat(),
            each.recalled_at.isoformat() if each.recalled_at else "",
            " ".join(at.isoformat() for at in each.downloads),
        )
        for each in service.communications(session, actor, now=utc_now())
    )
    return file(_csv(head, rows), "text/csv", "registre-communications.csv")


@bp.get("/intendance/registres/demandes")
@door(Permission.REGISTER_KEEP)
def requests(session: Session, actor: Actor) -> ResponseReturnValue:
    """Requests of persons, the nearest day first."""
    return _requests_page(session, actor)


def _requests_again(session: Session, actor: Actor, *, error: DomainError) -> ResponseReturnValue:
    return _requests_page(session, actor, error)


@bp.post("/intendance/registres/demandes")
@door(Permission.REGISTER_KEEP, parse=lambda: load_form(NotedSchema()), again=_requests_again)
def note_request(session: Session, actor: Actor, noted: Noted) -> ResponseReturnValue:
    """Note a request that came by another way."""
    service.note_request(
        session,
        actor,
        noted.kind,
        noted.reference,
        noted.words,
        received_on=noted.received_on,
        public_id=new_public_id(),
        now=utc_now(),
    )
    flash(_("La demande est notée; son délai court."), "success")
    return see_other(_REQUESTS)


@bp.get("/intendance/registres/demandes/<public_id>")
@door(Permission.REGISTER_KEEP)
def request_(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """One request, to be answered."""
    return _request_page(session, actor, public_id)


def _request_again(
    session: Session, actor: Actor, public_id: str, *, error: DomainError
) -> ResponseReturnValue:
    return _request_page(session, actor, public_id, error)


@bp.post("/intendance/registres/demandes/<public_id>")
@door(Permission.REGISTER_KEEP, parse=lambda: load_form(AnsweredSchema()), again=_request_again)
def answer_request(
    session: Session, actor: Actor, answered: Answered, public_id: str
) -> ResponseReturnValue:
    """Answer."""
    service.answer_request(
        session,
        actor,
        public_id,
        answered.identity,
        answered.answer,
        answered.words,
        provision=answered.provision,
        tombstone_key=tombstone_key(),
        now=utc_now(),
    )
    flash(_("La réponse est partie."), "success")
    return see_other(_REQUESTS)


@bp.get("/intendance/registres/incidents")
@door(Permission.REGISTER_KEEP)
def incidents(session: Session, actor: Actor) -> ResponseReturnValue:
    """The register of incidents, and the form of a new one."""
    return _incidents_page(session, actor)


def _incidents_again(session: Session, actor: Actor, *, error: DomainError) -> ResponseReturnValue:
    return _incidents_page(session, actor, error)


@bp.post("/intendance/registres/incidents")
@door(Permission.REGISTER_KEEP, parse=lambda: load_form(IncidentSchema()), again=_incidents_again)
def record_incident(session: Session, actor: Actor, draft: IncidentDraft) -> ResponseReturnValue:
    """Note an incident."""
    public_id = new_public_id()
    service.record_incident(session, actor, draft, public_id=public_id, now=utc_now())
    flash(_("L’incident est au registre."), "success")
    return see_other(f"{_INCIDENTS}/{public_id}")


@bp.get("/intendance/registres/incidents/<public_id>")
@door(Permission.REGISTER_KEEP)
def incident(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """One incident: what it is, whom to tell."""
    return _incident_page(session, actor, public_id)


def _incident_again(
    session: Session, actor: Actor, public_id: str, *, error: DomainError
) -> ResponseReturnValue:
    return _incident_page(session, actor, public_id, error)


@bp.post("/intendance/registres/incidents/<public_id>")
@door(Permission.REGISTER_KEEP, parse=lambda: load_form(IncidentSchema()), again=_incident_again)
def revise_incident(
    session: Session, actor: Actor, draft: IncidentDraft, public_id: str
) -> ResponseReturnValue:
    """Say what is known by now."""
    service.revise_incident(session, actor, public_id, draft, now=utc_now())
    flash(_("C’est enregistré."), "success")
    return see_other(f"{_INCIDENTS}/{public_id}")


@bp.post("/intendance/registres/incidents/<public_id>/avis")
@door(Permission.REGISTER_KEEP, parse=lambda: load_form(NoticesSchema()), again=_incident_again)
def record_notices(
    session: Session, actor: Actor, notices: Notices, public_id: str
) -> ResponseReturnValue:
    """Note who was told, and when."""
    service.record_notices(session, actor, public_id, notices, now=utc_now())
    flash(_("C’est enregistré."), "success")
    return see_other(f"{_INCIDENTS}/{public_id}")


@bp.get("/intendance/registres/conservation")
@door(Permission.REGISTER_KEEP)
def ends(session: Session, actor: Actor) -> ResponseReturnValue:
    """What each rule would end now, and what was ended."""
    return _ends_page(session, actor)


def _ends_again(session: Session, actor: Actor, *, error: DomainError) -> ResponseReturnValue:
    return _ends_page(session, actor, error)


@bp.post("/intendance/registres/conservation")
@door(Permission.REGISTER_KEEP, parse=lambda: load_form(RuleSchema()), again=_ends_again)
def apply_rule(session: Session, actor: Actor, rule: Rule) -> ResponseReturnValue:
    """End what is over; from now on the daily job does."""
    done = service.apply_rule(
        session,
        actor,
        rule,
        sign=signed,
        tombstone_key=tombstone_key(),
        public_id=new_public_id(),
        now=utc_now(),
    )
    flash(_("C’est fait. Le certificat est gardé ici."), "success")
    return see_other(f"{_ENDS}#{done.public_id}")


@bp.get("/intendance/registres/conservation/<public_id>.json")
@door(Permission.REGISTER_KEEP)
def certificate(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """A certificate with its signature, to keep and to verify."""
    found = service.run_by_public_id(session, actor, public_id)
    content = {
        "certificate": found.certificate,
        "key_id": found.signature.key_id,
        "signature": found.signature.value,
    }
    data = json.dumps(content, ensure_ascii=False, indent=2).encode()
    return file(data, "application/json", f"certificat-{found.rule.value}.json")


def signed(data: bytes) -> service.Signed:
    """``data`` signed with the key of this instance."""
    found = signing.sign(data)
    return service.Signed(found.key_id, found.value)


def _csv(head: Iterable[object], rows: Iterable[Iterable[object]]) -> bytes:
    text = io.StringIO()
    lines = csv.writer(text)
    lines.writerow(head)
    lines.writerows(rows)
    return ("\ufeff" + text.getvalue()).encode()


def _requests_page(
    session: Session, actor: Actor, error: DomainError | None = None
) -> ResponseReturnValue:
    return page(
        "governance/requests.html",
        requests=service.requests(session, actor),
        today=local(utc_now()).date(),
        errors=errors_by_field(error),
        typed=request.form,
    )


def _request_page(
    session: Session, actor: Actor, public_id: str, error: DomainError | None = None
) -> ResponseReturnValue:
    return page(
        "governance/request.html",
        asked=service.request_by_public_id(session, actor, public_id),
        today=local(utc_now()).date(),
        identities=[each.value for each in Identity],
        answers=[each.value for each in Answer],
        errors=errors_by_field(error),
        typed=request.form,
    )


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
        proposed=is_serious(draft.sensitivity, draft.consequences, draft.likelihood),
        errors=errors_by_field(error),
        typed={**values, **request.form.to_dict()},
        action=f"{_INCIDENTS}/{public_id}",
    )


def _proposed() -> bool | None:
    """What the three levels that were typed propose; None until all are."""
    try:
        draft: IncidentDraft = load_form(IncidentSchema())
    except Refused:
        return None
    return is_serious(draft.sensitivity, draft.consequences, draft.likelihood)


def _ends_page(
    session: Session, actor: Actor, error: DomainError | None = None
) -> ResponseReturnValue:
    due = service.count_due(session, actor, now=utc_now())
    runs = service.runs(session, actor)
    return page(
        "governance/ends.html",
        due={rule: band(count) if count else None for rule, count in due.items()},
        terms=RULES,
        by_hand={each.rule for each in runs if each.by_hand},
        runs=runs,
        band_words=wording.band,
        errors=errors_by_field(error),
    )
