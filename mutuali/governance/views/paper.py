"""The register of anonymization and the page for a board, on paper."""

from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.consent import service as consent
from mutuali.core.period import local
from mutuali.core.permissions import Actor, Permission
from mutuali.governance import service
from mutuali.governance.views.files import file, paper_titled
from mutuali.governance.views.leaving import own
from mutuali.governance.views.mine import bp
from mutuali.organizations import service as organizations
from mutuali.web.clock import utc_now
from mutuali.web.doors import door
from mutuali.web.language import language
from mutuali.web.network import said
from mutuali.web.paper import Paper
from mutuali.web.wording import day, moment
from mutuali.web.words import label


@bp.get("/intendance/registres/anonymisation.pdf")
@door(Permission.REGISTER_KEEP)
def anonymization_pdf(session: Session, actor: Actor) -> ResponseReturnValue:
    """The register of anonymization, an entry after the other."""
    title = _("Registre d’anonymisation")
    paper = paper_titled(title)
    for each in service.entries(session, actor):
        told = each.told
        paper.heading(
            f"{label('governance.what', each.what)}, {label('exports.dataset', each.dataset)}", 2
        )
        columns = "; ".join(", ".join(names) for names in told["information"].values())
        rows = [
            (_("Quand"), moment(each.at)),
            (_("Destinataire"), f"{told['recipient']} ({told['agreement']})"),
            (_("Renseignements"), columns),
            (_("Finalité"), label("consent.purpose", each.purpose)),
            (_("Techniques"), ", ".join(f"{k}={v}" for k, v in told["techniques"].items())),
            (_("Mesures"), "; ".join(label("governance.measure", m) for m in told["measures"])),
            (_("Analysé le"), day(each.analysed_on)),
            (_("À réanalyser le"), day(each.next_analysis_on) if each.next_analysis_on else ""),
            (_("Sous la supervision de"), each.supervisor_title or _("personne n’était nommé")),
            (_("Empreinte du fichier\u00a0:").rstrip("\u00a0:"), told["sha256"] or ""),
        ]
        paper.rows(rows)
    return file(paper.bytes(), "application/pdf", "registre-anonymisation.pdf")


@bp.get("/organisme/conseil.pdf")
@door(Permission.ORGANIZATION_READ)
def board_pdf(session: Session, actor: Actor) -> ResponseReturnValue:
    """What the board is asked, with the resolution to adopt."""
    id_, now = own(actor), utc_now()
    operator = said(session).operator_name
    found = organizations.organization(session, id_)
    offered = organizations.participation_text(session, id_, operator)
    title = _("Participation de %(name)s au réseau MutuAli", name=found.name)
    paper = Paper(title, language=language(), made_at=now, foot=day(local(now).date()))
    paper.heading(title)
    paper.heading(_("Ce qui est demandé"), 2)
    asked = [
        _(
            "Accepter l’entente de participation de %(operator)s (version %(version)s, empreinte "
            "%(short)s).",
            operator=operator,
            version=offered.version,
            short=offered.hash[:12],
        ),
        _("Dire qui peut répondre, pour l’organisme, aux questions de consentement."),
    ]
    named = []
    for question in consent.questions(session, actor, id_, now=now):
        purpose = label("consent.purpose", question.notice.purpose)
        named.append(f"{purpose}, {question.notice.recipient_name}")
        asked.append(
            _(
                "%(purpose)s, pour %(recipient)s\u00a0: oui ou non, pour %(months)s mois.",
                purpose=purpose,
                recipient=question.notice.recipient_name,
                months=question.notice.lasts_months,
            )
        )
    paper.paragraph("\n".join(f"- {each}" for each in asked))
    paper.heading(_("Ce qui sort, si c’est oui"), 2)
    paper.paragraph(
        _(
            "Des totaux, ou des lignes sans nom, sans adresse et sans date exacte, vers le seul "
            "destinataire nommé, sous une entente signée. Un chiffre qui repose sur trop peu "
            "d’organismes ne sort pas."
        )
    )
    paper.heading(_("Ce qu’un non change"), 2)
    paper.paragraph(
        _(
            "Rien. L’organisme emprunte et prête comme avant. Un oui se retire en tout temps; ce "
            "qui a déjà été communiqué ne peut pas toujours être rappelé."
        )
    )
    paper.heading(_("Résolution à adopter"), 2)
    paper.paragraph(_("Résolution numéro\u00a0: ____________ Date\u00a0: ____________"))
    paper.paragraph(
        _(
            "Il est résolu d’accepter l’entente de participation au réseau MutuAli de "
            "%(operator)s, version %(version)s, et de mandater ____________________, à titre de "
            "____________________, pour l’accepter, pour répondre aux questions de consentement "
            "dans les limites qui suivent, et pour retirer un oui en tout temps.",
            operator=operator,
            version=offered.version,
        )
    )
    choices = f"___ {_('Oui')}   ___ {_('Non')}"
    paper.paragraph("\n".join(f"- {each}   {choices}" for each in named))
    paper.paragraph(
        _("Proposée par ____________________, appuyée par ____________________. Adoptée.")
    )
    return file(paper.bytes(), "application/pdf", "conseil.pdf")
