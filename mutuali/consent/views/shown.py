"""How the pages say a question, a band, a text."""

from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _

from mutuali.consent.rules import Purpose
from mutuali.consent.service import NoticeFacts
from mutuali.core.period import local


@dataclass(frozen=True, slots=True)
class Asked:
    """A question in plain words, with one made-up row of what would leave."""

    question: str
    leaves: str
    recognized: str
    head: tuple[str, ...]
    row: tuple[str, ...]


def asked(notice: NoticeFacts) -> Asked:
    """What a notice asks, as its card says it."""
    recipient = notice.recipient_name
    if notice.purpose is Purpose.NETWORK_STATISTICS:
        return Asked(
            _(
                "Acceptez-vous que vos prêts comptent dans les statistiques remises à "
                "%(recipient)s?",
                recipient=recipient,
            ),
            _(
                "Des tableaux de totaux, par genre d’équipement et par trimestre. Aucune ligne "
                "ne décrit un de vos prêts."
            ),
            _totals_recognized(),
            (_("Équipement"), _("Trimestre"), _("Prêts"), _("Heures")),
            (_("Véhicules"), _("janvier à mars"), "38", "212"),
        )
    if notice.purpose is Purpose.SHARING_STUDY:
        return Asked(
            _(
                "Acceptez-vous que vos prêts, sans nom ni date exacte, soient remis à "
                "%(recipient)s pour étudier le partage?",
                recipient=recipient,
            ),
            _(
                "Une ligne par prêt, dépersonnalisée\u00a0: un genre d’équipement, un trimestre, "
                "des tranches de durée et de préavis, un grand secteur."
            ),
            _(
                "Une ligne ne sort que si elle se confond avec celles d’assez d’autres "
                "organismes. Si vous êtes seuls à prêter ce genre d’équipement, vos prêts ne "
                "sortent pas."
            ),
            (
                _("Équipement"),
                _("Trimestre"),
                _("Durée"),
                _("Demandé d’avance"),
                _("Grand secteur"),
                _("Issue"),
            ),
            (
                *(_("Véhicules"), _("janvier à mars"), _("une demi-journée")),
                *(_("quelques jours"), _("Centre de l’île"), _("le prêt a eu lieu")),
            ),
        )
    if notice.purpose is Purpose.NAMED_PUBLICLY:
        return Asked(
            _(
                "Acceptez-vous que %(recipient)s nomme votre organisme dans une liste publique de "
                "ce qui se prête?",
                recipient=recipient,
            ),
            _("Votre nom, votre secteur et les genres d’équipement que vous offrez."),
            _(
                "Oui\u00a0: votre nom est dans la liste, et n’importe qui peut la lire et la "
                "copier."
            ),
            (_("Organisme"), _("Secteur"), _("Équipement"), _("Unités")),
            ("La Corbeille", _("Centre de l’île"), _("Véhicules"), "2"),
        )
    return Asked(
        _(
            "Acceptez-vous que vos prêts comptent dans les mouvements par secteur remis à "
            "%(recipient)s?",
            recipient=recipient,
        ),
        _(
            "Des tableaux de totaux, par grand secteur et par semestre. Aucun trajet, aucune "
            "adresse."
        ),
        _totals_recognized(),
        (_("Grand secteur où va l’équipement"), _("Semestre"), _("Prêts"), _("Heures")),
        (_("Centre de l’île"), _("janvier à juin"), "64", "391"),
    )


def _totals_recognized() -> str:
    return _(
        "Un total ne sort que si assez d’organismes sont derrière et qu’aucun n’y pèse trop "
        "lourd. Si vous êtes seuls à prêter ce genre d’équipement, vos prêts ne sortent pas."
    )


def last_day(until: datetime) -> date:
    """The day in Montréal on which a yes ends."""
    return local(until).date()


def blocks(text: str) -> list[tuple[str, str]]:
    """(heading, words) of each paragraph; one without a line of its own has no heading."""
    found = []
    for paragraph in text.split("\n\n"):
        heading, line_end, words = paragraph.strip().partition("\n")
        found.append((heading, words) if line_end else ("", heading))
    return found
