"""What the made-up network thought of each dataset before anything could be built."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from mutuali.core.period import local
from mutuali.core.permissions import Actor
from mutuali.exports import service as exports
from mutuali.exports.rules.assessments import (
    HOLDS,
    AssessmentDraft,
    Factor,
    Level,
    Opinion,
    OpinionDraft,
)
from mutuali.exports.rules.catalogue import CATALOGUE
from mutuali.organizations import service as organizations

_ANSWERS = {
    "purpose": (
        "Voir où manquent les véhicules réfrigérés et les cuisines. Sans ces chiffres, on achète "
        "là où il y en a déjà."
    ),
    "risks": (
        "Un organisme seul de son espèce dans un secteur pourrait être reconnu dans une petite "
        "case, et un bailleur de fonds en tirer une conclusion."
    ),
    "measures": (
        "Seules entrent les données de qui a dit oui. Les petites cases sont masquées, le fichier "
        "est recompté, une personne en répond, et l’entente défend d’y chercher quelqu’un."
    ),
    "flows": (
        "De la base du réseau à un fichier ZIP, téléchargé par la personne nommée, détruit à la "
        "date que dit l’entente."
    ),
    "alternatives": (
        "Des tableaux de sommes ne montrent pas comment la durée, le délai et la saison agissent "
        "ensemble sur un même prêt."
    ),
    "residual": (
        "Deviner l’issue d’un prêt en particulier reste possible avec peu de certitude; personne "
        "n’y gagne rien qu’un appel ne dirait."
    ),
}


def assess(
    session: Session,
    steward: Actor,
    *,
    new_public_id: Callable[[], str],
    now: datetime,
) -> None:
    """Each dataset has an assessment in force, longer where there is a line per loan, with the
    opinion of the person in charge."""
    in_charge = organizations.offices(session).person_in_charge
    assert in_charge is not None  # noqa: S101 - the operator named somebody before
    today = local(now).date()
    for dataset, declared in CATALOGUE.items():
        weight = Level.MIDDLE if declared.row_level else Level.LOW
        levels = {
            **dict.fromkeys(Factor, Level.LOW),
            Factor.SENSITIVITY: weight,
            Factor.QUANTITY: weight,
        }
        draft = AssessmentDraft(dataset, "", levels, _ANSWERS)
        public_id = new_public_id()
        exports.write_assessment(session, steward, draft, public_id=public_id, now=now)
        opinion = OpinionDraft(
            Opinion.FAVOURABLE,
            "D’accord, tant que les seuils de l’entente ne baissent pas.",
            in_charge.name,
            today,
            today + HOLDS[draft.form],
        )
        exports.record_opinion(session, steward, public_id, opinion, now=now)
