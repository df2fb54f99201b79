"""How the pages say a question, a band, a text."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from flask_babel import gettext as _

from mutuali.consent.rules import Purpose, Subject
from mutuali.consent.service import Example, NoticeFacts, Standout
from mutuali.core.period import local
from mutuali.core.places import ZONES
from mutuali.equipment.rules import Kind
from mutuali.web.wording import in_french
from mutuali.web.words import label


@dataclass(frozen=True, slots=True)
class Asked:
    """A question in plain words, with one made-up row of what would leave."""

    question: str
    leaves: str
    recognized: str
    head: tuple[str, ...]
    row: tuple[str, ...]


def asked(
    notice: NoticeFacts, example: Example | None = None, standout: Standout | None = None
) -> Asked:
    """What a notice asks, as its card says it, with one's own last loan where there is one."""
    is_person = notice.subject is Subject.PERSON
    question = _OWN_QUESTIONS if is_person else _QUESTIONS
    words = _SHOWN[notice.purpose](example)
    recognized = words.recognized
    if is_person:
        recognized = _person_recognized()
    elif notice.purpose is not Purpose.NAMED_PUBLICLY and standout is not None:
        recognized = f"{_stands_out(standout)} {recognized}".strip()
    return replace(
        words, question=question[notice.purpose](notice.recipient_name), recognized=recognized
    )


def _stands_out(standout: Standout) -> str:
    """True of this very organization, by what everybody can find."""
    told = []
    if standout.alone:
        told.append(
            _(
                "Trop peu d’organismes prêtent ce que vous prêtez (%(kinds)s)\u00a0: vos prêts de "
                "ce genre ne sortiront pas, parce qu’on vous y reconnaîtrait.",
                kinds=_listed(standout.alone),
            )
        )
    if standout.among_others:
        told.append(
            _(
                "Pour ce que d’autres prêtent aussi (%(kinds)s), vos prêts se fondent parmi les "
                "leurs.",
                kinds=_listed(standout.among_others),
            )
        )
    return " ".join(told)


def _listed(kinds: Sequence[Kind]) -> str:
    return ", ".join(str(label("equipment.kind", kind.value)).lower() for kind in kinds)


def _person_recognized() -> str:
    return _(
        "Votre nom ne sort pas, et rien ne dit qui a demandé un prêt. Une personne qui sait déjà "
        "quel prêt vous avez demandé pourrait le deviner dans une liste; une entente signée lui "
        "défend de chercher."
    )


_QUESTIONS: Mapping[Purpose, Callable[[str], str]] = {
    Purpose.NETWORK_STATISTICS: lambda recipient: _(
        "Acceptez-vous que vos prêts comptent dans les statistiques remises à %(recipient)s?",
        recipient=recipient,
    ),
    Purpose.SHARING_STUDY: lambda recipient: _(
        "Acceptez-vous que vos prêts, sans nom ni date exacte, soient remis à %(recipient)s pour "
        "étudier le partage?",
        recipient=recipient,
    ),
    Purpose.MOBILITY_PLANNING: lambda recipient: _(
        "Acceptez-vous que vos prêts comptent dans les mouvements par secteur remis à "
        "%(recipient)s?",
        recipient=recipient,
    ),
    Purpose.NAMED_PUBLICLY: lambda recipient: _(
        "Acceptez-vous que %(recipient)s nomme votre organisme dans une liste publique de ce qui "
        "se prête?",
        recipient=recipient,
    ),
    Purpose.OPEN_DATA: lambda recipient: _(
        "Acceptez-vous que vos prêts comptent dans les totaux que %(recipient)s publie pour tout "
        "le monde?",
        recipient=recipient,
    ),
}

_OWN_QUESTIONS: Mapping[Purpose, Callable[[str], str]] = {
    Purpose.NETWORK_STATISTICS: lambda recipient: _(
        "Acceptez-vous que les prêts que vous avez demandés comptent dans les statistiques "
        "remises à %(recipient)s?",
        recipient=recipient,
    ),
    Purpose.SHARING_STUDY: lambda recipient: _(
        "Acceptez-vous que les prêts que vous avez demandés, sans nom ni date exacte, soient "
        "remis à %(recipient)s pour étudier le partage?",
        recipient=recipient,
    ),
    Purpose.MOBILITY_PLANNING: lambda recipient: _(
        "Acceptez-vous que les prêts que vous avez demandés comptent dans les mouvements par "
        "secteur remis à %(recipient)s?",
        recipient=recipient,
    ),
    Purpose.OPEN_DATA: lambda recipient: _(
        "Acceptez-vous que les prêts que vous avez demandés comptent dans les totaux que "
        "%(recipient)s publie pour tout le monde?",
        recipient=recipient,
    ),
}


def _kind(example: Example | None) -> str:
    return str(label("equipment.kind", example.kind.value)) if example else _("Véhicules")


def _quarter(example: Example | None) -> str:
    names = (
        _("janvier à mars"),
        _("avril à juin"),
        _("juillet à septembre"),
        _("octobre à décembre"),
    )
    return names[(local(example.starts_at).month - 1) // 3 if example else 0]


def _half_year(example: Example | None) -> str:
    is_second = example is not None and local(example.starts_at).month > 6
    return _("juillet à décembre") if is_second else _("janvier à juin")


def _zone(example: Example | None) -> str:
    if example is None or example.zone is None:
        return _("Centre de l’île")
    zone = ZONES[example.zone]
    return zone.name_fr if in_french() else zone.name_en


def _length(example: Example | None) -> str:
    if example is None or 4 <= example.hours < 8:
        return _("une demi-journée")
    if example.hours < 4:
        return _("quelques heures")
    return _("une journée") if example.hours < 24 else _("quelques jours")


def _ahead(example: Example | None) -> str:
    if example is None or 1 <= example.days_ahead < 7:
        return _("quelques jours")
    return _("la veille ou le jour même") if example.days_ahead < 1 else _("une semaine ou plus")


def _statistics(example: Example | None) -> Asked:
    return Asked(
        "",
        _(
            "Des tableaux de totaux, par genre d’équipement et par trimestre. Aucune ligne ne "
            "décrit un de vos prêts."
        ),
        _totals_recognized(),
        (_("Équipement"), _("Trimestre"), _("Prêts"), _("Heures")),
        (_kind(example), _quarter(example), "38", "212"),
    )


def _study(example: Example | None) -> Asked:
    return Asked(
        "",
        _(
            "Une ligne par prêt, dépersonnalisée\u00a0: un genre d’équipement, un trimestre, des "
            "tranches de durée et de préavis, un grand secteur."
        ),
        _(
            "Une ligne ne sort que si elle se confond avec celles d’assez d’autres organismes. Si "
            "vous êtes seuls à prêter ce genre d’équipement, vos prêts ne sortent pas."
        ),
        (
            *(_("Équipement"), _("Trimestre"), _("Durée"), _("Demandé d’avance")),
            *(_("Grand secteur"), _("Issue")),
        ),
        (
            *(_kind(example), _quarter(example), _length(example), _ahead(example)),
            *(_zone(example), _("le prêt a eu lieu")),
        ),
    )


def _movements(example: Example | None) -> Asked:
    return Asked(
        "",
        _(
            "Des tableaux de totaux, par grand secteur et par semestre. Aucun trajet, aucune "
            "adresse."
        ),
        _totals_recognized(),
        (_("Grand secteur où va l’équipement"), _("Semestre"), _("Prêts"), _("Heures")),
        (_zone(example), _half_year(example), "64", "391"),
    )


def _named(_example: Example | None) -> Asked:
    return Asked(
        "",
        _("Votre nom, votre secteur et les genres d’équipement que vous offrez."),
        _("Oui\u00a0: votre nom est dans la liste, et n’importe qui peut la lire et la copier."),
        (_("Organisme"), _("Secteur"), _("Équipement"), _("Unités")),
        ("La Corbeille", _("Centre de l’île"), _("Véhicules"), "2"),
    )


_SHOWN: Mapping[Purpose, Callable[[Example | None], Asked]] = {
    Purpose.NETWORK_STATISTICS: _statistics,
    Purpose.SHARING_STUDY: _study,
    Purpose.MOBILITY_PLANNING: _movements,
    Purpose.NAMED_PUBLICLY: _named,
    Purpose.OPEN_DATA: _statistics,
}


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
