"""A loan on paper: its agreement with the reports as an annex, and a receipt."""

from collections.abc import Sequence

from flask_babel import force_locale
from flask_babel import gettext as _

from mutuali.bookings.service import BookingFacts
from mutuali.loans.rules import Side, clauses_of
from mutuali.loans.service import Account, AgreementFacts, Passage
from mutuali.loans.views.shown import report_rows, side_name
from mutuali.web.language import language
from mutuali.web.paper import Paper
from mutuali.web.wording import day, moment, money, span
from mutuali.web.words import label


def agreement_on_paper(
    facts: BookingFacts, found: AgreementFacts, passages: Sequence[Passage], language_: str
) -> bytes:
    """The exact text in one language, who signed it, its hash, and what was noted of the thing."""
    with force_locale(language_):
        text = found.text_fr if language_ == "fr" else found.text_en
        title, clauses = clauses_of(text, language_)
        foot = f"{found.number} · {found.sha256[:12]}"
        paper = Paper(title, language=language_, made_at=found.written_at, foot=foot)
        paper.heading(title)
        for n, clause in enumerate(clauses, 1):
            paper.heading(f"{n}. {clause.heading}", 2)
            paper.paragraph(clause.plain, strong=True)
            paper.paragraph(clause.text)
        paper.heading(_("Qui a signé"), 2)
        signed = [
            (side_name(facts, side), each.signed_by, moment(each.signed_at))
            for side, each in found.signatures.items()
        ]
        if signed:
            paper.rows(signed, head=(_("Partie"), _("Nom écrit"), _("Quand")), named=True)
        else:
            paper.paragraph(_("Personne encore."))
        for side, since in found.english_since.items():
            paper.paragraph(
                _(
                    "%(name)s a reçu le français d’abord, puis a choisi expressément d’avoir aussi "
                    "l’anglais, %(when)s.",
                    name=side_name(facts, side),
                    when=moment(since),
                )
            )
        paper.paragraph(_("Empreinte du texte exact (SHA-256)\u00a0:"), strong=True)
        paper.paragraph(found.sha256)
        if language_ == "en":
            paper.paragraph(_("Empreinte du texte anglais (SHA-256)\u00a0:"), strong=True)
            paper.paragraph(found.english_sha256)
        _annex(paper, facts, passages)
        return paper.bytes()


def receipt_on_paper(facts: BookingFacts, account: Account, number: str) -> bytes:
    """What was noted of the money of a loan, line by line, and what that comes to."""
    last = max(each.noted_at for each in account.payments)
    title = _("Reçu %(number)s", number=number)
    paper = Paper(title, language=language(), made_at=last, foot=number)
    paper.heading(title)
    paper.rows(
        [
            (_("Prêteur"), facts.lender.name),
            (_("Emprunteur"), facts.borrower.name),
            (_("Quoi"), facts.listing.title(language())),
            (_("Quand"), span(facts.period)),
            (
                _("Prix demandé"),
                money(account.price_cents) if account.price_cents else _("Gratuit"),
            ),
            (
                _("Dépôt demandé"),
                money(account.deposit_cents) if account.deposit_cents else _("Aucun"),
            ),
        ],
        named=True,
        widths=(1, 2),
    )
    paper.heading(_("Ce qui a changé de mains"), 2)
    paper.rows(
        [
            (
                day(each.draft.paid_on),
                label("loans.payment", each.draft.kind),
                label("loans.means", each.draft.means),
                money(each.draft.cents),
            )
            for each in account.payments
            if each.struck_at is None
        ],
        head=(_("Jour"), _("Pour"), _("Comment"), _("Montant")),
        widths=(5, 3, 3, 2),
    )
    paper.rows(
        [
            (_("Prix payé"), money(account.sums.price)),
            (_("Dépôt remis"), money(account.sums.deposit)),
            (_("Dépôt rendu"), money(account.sums.deposit_back)),
        ],
        named=True,
        widths=(1, 2),
    )
    paper.paragraph(
        _(
            "Noté par le prêteur. MutuAli ne traite aucune carte et ne reçoit aucun argent. "
            "Ce reçu n’est pas un reçu de don."
        )
    )
    return paper.bytes()


def _annex(paper: Paper, facts: BookingFacts, passages: Sequence[Passage]) -> None:
    shown = [each for each in passages if each.reports]
    if not shown:
        return
    paper.heading(_("Annexe\u00a0: constats d’état"), 2)
    paper.paragraph(_("L’empreinte couvre le texte plus haut. Les constats s’y ajoutent à mesure."))
    for each in shown:
        direction = label("loans.direction", each.direction)
        standing = label("loans.standing", each.standing)
        paper.heading(f"{direction}\u00a0: {standing}", 3)
        sides = [label("loans.side", side).capitalize() for side in each.reports]
        paper.rows(
            [(words, *said) for words, _differs, said in report_rows(each)],
            head=(_("Regardé"), *sides),
            named=True,
        )
        for side in (Side.LENDER, Side.BORROWER):
            report = each.reports.get(side)
            if report is not None and report.agreed_at is not None:
                paper.paragraph(
                    _(
                        "«\u00a0C’est bien ça\u00a0», %(name)s, %(when)s.",
                        name=report.agreed_name or side_name(facts, side),
                        when=moment(report.agreed_at),
                    )
                )
        if each.dispute is not None and each.dispute.settlement and each.dispute.settled_at:
            paper.paragraph(
                _("Comment c’est réglé\u00a0: %(words)s", words=each.dispute.settlement)
            )
