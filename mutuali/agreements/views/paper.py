"""An agreement on paper: its whole text, and its summary on one page."""

from flask_babel import gettext as _

from mutuali.agreements import service
from mutuali.agreements.rules import Clause, Side, clauses_of
from mutuali.agreements.views.shown import right_said
from mutuali.web.paper import Paper
from mutuali.web.wording import moment


def text_on_paper(facts: service.AgreementFacts, language: str) -> bytes:
    """The text in one language with who accepted it and the hash of both."""
    title = _("Entente de partage de données %(number)s", number=facts.number)
    paper = _paper(facts, title, language)
    paper.heading(title)
    for n, clause in enumerate(_clauses(facts, language), 1):
        paper.heading(f"{n}. {clause.heading}", 2)
        paper.paragraph(clause.plain, strong=True)
        paper.paragraph(clause.text)
    paper.heading(_("Qui a accepté"), 2)
    paper.rows(_signatures(facts), head=(_("Partie"), _("Nom"), _("À titre de"), _("Quand")))
    paper.paragraph(_("Empreinte du texte exact (SHA-256)\u00a0:"), strong=True)
    paper.paragraph(facts.hash)
    return paper.bytes()


def summary_on_paper(facts: service.AgreementFacts, language: str) -> bytes:
    """Each clause in its plain line, on one page."""
    title = _("L’entente %(number)s en une page", number=facts.number)
    paper = _paper(facts, title, language)
    paper.heading(title)
    paper.paragraph(
        _(
            "Entre %(operator)s et %(partner)s",
            operator=facts.operator_name,
            partner=facts.partner_name,
        )
    )
    paper.rows([(clause.heading, clause.plain) for clause in _clauses(facts, language)])
    return paper.bytes()


def _paper(facts: service.AgreementFacts, title: str, language: str) -> Paper:
    made_at = facts.in_force_at or facts.proposed_at or facts.created_at
    return Paper(
        title, language=language, made_at=made_at, foot=f"{facts.number} · {facts.hash[:12]}"
    )


def _clauses(facts: service.AgreementFacts, language: str) -> tuple[Clause, ...]:
    return clauses_of(facts.text_fr if language == "fr" else facts.text_en, language)


def _signatures(facts: service.AgreementFacts) -> list[tuple[str, str, str, str]]:
    names = {Side.OPERATOR: facts.operator_name, Side.PARTNER: facts.partner_name}
    return [
        (names[each.side], each.person_name, right_said(each.capacity), moment(each.at))
        for each in facts.acceptances
    ]
