"""The registers on one page; those of anonymization and of communications."""

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.core.period import local
from mutuali.core.permissions import Actor, Permission
from mutuali.exports import service as exports
from mutuali.governance import service
from mutuali.governance.views.files import csv_file
from mutuali.governance.views.mine import bp
from mutuali.organizations import service as organizations
from mutuali.web.clock import utc_now
from mutuali.web.doors import door
from mutuali.web.pages import page
from mutuali.web.words import label


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
            each.at,
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
            each.analysed_on,
            each.next_analysis_on,
            each.supervisor_title or "",
            each.told["sha256"] or "",
        )
        for each in service.entries(session, actor)
    )
    return csv_file(head, rows, "registre-anonymisation.csv")


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
            each.released_at,
            each.recalled_at,
            " ".join(at.isoformat() for at in each.downloads),
        )
        for each in service.communications(session, actor, now=utc_now())
    )
    return csv_file(head, rows, "registre-communications.csv")
