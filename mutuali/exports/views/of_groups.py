"""What a release could make people think of a place or a people, said to who answers for it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from mutuali.exports.rules.wording_of_groups import EXPRESSIONS
from mutuali.exports.views.cells import area_name
from mutuali.web.wording import in_french
from mutuali.web.words import label


@dataclass(frozen=True, slots=True)
class GroupRemark:
    """One remark: ``about`` an area or the words of a text, and a sentence or two."""

    about: str
    sentence: str


def group_remarks(review: Mapping[str, Any]) -> tuple[GroupRemark, ...]:
    """Every remark of a review on areas and words; none where it was made before they were."""
    groups = review["groups"]
    of_lines = groups.get("of_lines", False)
    return (
        *(remark for found in groups.get("wording", ()) for remark in _wording(found)),
        *(_provider(found, of_lines) for found in groups.get("providers", ())),
        *(_one_sided(found) for found in groups.get("one_sided", ())),
        *(_small(found, of_lines) for found in groups.get("areas", ())),
    )


def _wording(found: Mapping[str, str]) -> Iterator[GroupRemark]:
    expression = EXPRESSIONS.get(found["expression"])
    if expression is None:
        return
    language = "fr" if in_french() else "en"
    yield GroupRemark(
        label("exports.said_in", found["where"]),
        _(
            "«\u00a0%(words)s\u00a0»\u00a0: %(why)s À écrire plutôt\u00a0: %(better)s.",
            words=found["found"],
            why=expression.why(language),
            better=expression.better(language),
        ),
    )


def _provider(found: Mapping[str, Any], of_lines: bool) -> GroupRemark:
    family = label("exports.family", found["family"])
    return GroupRemark(
        _("%(area)s, %(family)s", area=area_name(found["area"]), family=family),
        _(
            "Un seul organisme en offre, d’après les annonces publiques\u00a0: ce que le fichier "
            "en dit (%(said)s) parle de lui.",
            said=_said(found["said"], of_lines),
        ),
    )


def _one_sided(found: Mapping[str, Any]) -> GroupRemark:
    return GroupRemark(
        area_name(found["area"]),
        _(
            "On y emprunte ou on y demande, et personne n’y prête. Quelqu’un pourrait en conclure "
            "que ce secteur prend sans donner\u00a0: dites à côté du chiffre ce qui l’explique."
        ),
    )


def _small(found: Mapping[str, Any], of_lines: bool) -> GroupRemark:
    said = _said(found["said"], of_lines)
    sentences = []
    if found["fewest"] is not None:
        sentences.append(
            ngettext(
                "Derrière ce que le fichier en dit (%(said)s), il n’y a parfois que %(num)d "
                "organisme. Ce qui est dit du secteur sera cru de chacun.",
                "Derrière ce que le fichier en dit (%(said)s), il n’y a parfois que %(num)d "
                "organismes. Ce qui est dit du secteur sera cru de chacun.",
                found["fewest"],
                said=said,
            )
        )
    else:
        sentences.append(_("Le fichier en parle (%(said)s).", said=said))
    if found["few_yes"]:
        sentences.append(_("Moins de %(few)d organismes y ont dit oui.", few=found["few_yes"]))
    name = area_name(found["area"])
    return GroupRemark(_("%(area)s, petit secteur", area=name), " ".join(sentences))


def _said(count: int, of_lines: bool) -> str:
    if of_lines:
        return ngettext("%(num)d ligne", "%(num)d lignes", count)
    return ngettext("%(num)d chiffre", "%(num)d chiffres", count)
