"""The page of the Charter: what it asks, what is done, the proof, what is missing."""

from collections.abc import Callable, Mapping

from flask import Blueprint, current_app
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from mutuali.charter import service
from mutuali.charter.rules import SERVED_BY, Fact
from mutuali.core.charter import COMMITMENTS, RETITLED, Principle
from mutuali.core.permissions import Actor
from mutuali.web.clock import utc_now
from mutuali.web.doors import PUBLIC, door
from mutuali.web.pages import page
from mutuali.web.wording import day

bp = Blueprint("charter", __name__)
#: Where app.py puts the questions that answer facts.
FACTS_KEY = "mutuali_facts"


def questions() -> service.Questions:
    """The questions to the database, of all features."""
    known: service.Questions = current_app.extensions[FACTS_KEY]
    return known


@bp.get("/charte")
@door(PUBLIC)
def charter(session: Session, actor: Actor) -> ResponseReturnValue:
    """The thirteen principles, each with its proof."""
    found = service.proofs(session, questions=questions(), now=utc_now())
    return page(
        "charter/charter.html",
        commitments=COMMITMENTS,
        retitled=RETITLED,
        served_by=SERVED_BY,
        proofs={each: (words(found), href) for each, (words, href) in _PROOFS.items()},
    )


def _sealed(found: service.Proofs) -> str:
    if found.sealed_day is None:
        return _("La première empreinte du journal paraîtra demain.")
    return ngettext(
        "%(num)d trace scellée, jusqu’au %(day)s.",
        "%(num)d traces scellées, jusqu’au %(day)s.",
        found.sealed,
        day=day(found.sealed_day),
    )


def _in_time(found: service.Proofs) -> str:
    late = found.amiss[Fact.REQUESTS_OF_PERSONS_IN_TIME]
    if late:
        return ngettext(
            "%(num)d demande d’une personne attend depuis plus de 30 jours.",
            "%(num)d demandes de personnes attendent depuis plus de 30 jours.",
            late,
        )
    return _("Aucune demande d’une personne n’attend depuis plus de 30 jours.")


def _assessed(found: service.Proofs) -> str:
    amiss = found.amiss[Fact.ASSESSED_BEFORE]
    if amiss:
        return ngettext(
            "%(num)d communication sans évaluation favorable en vigueur.",
            "%(num)d communications sans évaluation favorable en vigueur.",
            amiss,
        )
    return _("Rien n’est sorti sans une évaluation favorable.")


def _kept_here(found: service.Proofs) -> str:
    amiss = found.amiss[Fact.DATA_STAYS_IN_QUEBEC]
    if amiss:
        return ngettext(
            "%(num)d entente laisse des données sortir du Québec.",
            "%(num)d ententes laissent des données sortir du Québec.",
            amiss,
        )
    return _("Aucune entente ne laisse de données sortir du Québec.")


def _both_languages(found: service.Proofs) -> str:
    return _(
        "%(many)d annonces sur %(all)d ont un titre dans les deux langues.",
        many=found.in_both_languages,
        all=found.listings,
    )


#: The figure of each principle, and the page that shows more.
_PROOFS: Mapping[Principle, tuple[Callable[[service.Proofs], str], str]] = {
    Principle.PRIVACY: (_in_time, "/transparence"),
    Principle.INCLUSION: (_both_languages, "/"),
    Principle.CYBERSECURITY: (_sealed, "/transparence"),
    Principle.CONSENT: (
        lambda found: ngettext(
            "%(num)d question est posée aux organismes et aux gens.",
            "%(num)d questions sont posées aux organismes et aux gens.",
            found.questions,
        ),
        "/transparence",
    ),
    Principle.SOBRIETY: (
        lambda found: ngettext(
            "%(num)d donnée gardée, avec sa raison et sa fin.",
            "%(num)d données gardées, chacune avec sa raison et sa fin.",
            found.columns,
        ),
        "/transparence/ce-que-nous-gardons",
    ),
    Principle.COMMON_GOOD: (
        lambda found: ngettext(
            "%(num)d chose à partager en ce moment.",
            "%(num)d choses à partager en ce moment.",
            found.listings,
        ),
        "/",
    ),
    Principle.SOVEREIGNTY: (_kept_here, "/registre"),
    Principle.INTEROPERABILITY: (
        lambda found: ngettext(
            "%(num)d jeu de données dans le catalogue ouvert.",
            "%(num)d jeux de données dans le catalogue ouvert.",
            found.datasets,
        ),
        "/jeux-de-donnees",
    ),
    Principle.TRANSPARENCY: (
        lambda found: ngettext(
            "%(num)d communication de données, dite au registre.",
            "%(num)d communications de données, toutes dites au registre.",
            found.released,
        ),
        "/registre",
    ),
    Principle.ACCESS: (lambda _found: _("Cherchez sans compte, dès maintenant."), "/"),
    Principle.PARTICIPATION: (
        lambda found: (
            _("Quelqu’un attend notre appel depuis plus d’une semaine.")
            if found.amiss[Fact.CALLS_RETURNED]
            else _("Personne n’attend notre appel depuis plus d’une semaine.")
        ),
        "/transparence",
    ),
    Principle.INNOVATION: (_assessed, "/jeux-de-donnees"),
    Principle.TRANSITION: (
        lambda found: ngettext(
            "%(num)d trajet offert à d’autres depuis un an.",
            "%(num)d trajets offerts à d’autres depuis un an.",
            found.trips,
        ),
        "/trajets",
    ),
}
