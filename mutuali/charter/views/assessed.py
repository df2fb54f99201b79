"""How far an organization has come: the page, an action, the paper for its board."""

from collections.abc import Iterator
from datetime import datetime

from flask import Response, flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup
from sqlalchemy.orm import Session

from mutuali.charter import service
from mutuali.charter.rules import OF_NETWORK, Answer, Fact, Said, Share, Size, Standing
from mutuali.charter.schemas import ActionSaidSchema, CharterSizeSchema
from mutuali.charter.views.public import bp, questions
from mutuali.core.charter import Principle
from mutuali.core.errors import DomainError, NotFound
from mutuali.core.period import local
from mutuali.core.permissions import Actor, Permission, may
from mutuali.organizations import service as organizations
from mutuali.web import wording
from mutuali.web.clock import utc_now
from mutuali.web.doors import door
from mutuali.web.language import language
from mutuali.web.pages import errors_by_field, page, see_other
from mutuali.web.paper import Paper
from mutuali.web.parsing import load_form
from mutuali.web.words import label

_HERE = "/organisme/charte"
#: Where each fact can be looked at, or mended.
EVIDENCE: dict[Fact, str] = {
    Fact.MANAGERS_SECOND_FACTOR: "/compte",
    Fact.NO_SLEEPING_MEMBERS: "/organisme",
    Fact.TOKENS_SHORT: "/compte",
    Fact.INVITATIONS_OPEN: "/organisme",
    Fact.TWO_MANAGERS: "/organisme",
    Fact.DELEGATIONS_SHORT: "/organisme",
    Fact.WEBHOOKS_WORK: "/organisme/webhooks",
    Fact.QUESTIONS_ANSWERED: "/organisme/consentements",
    Fact.YES_LOOKED_AT_AGAIN: "/organisme/consentements",
    Fact.YES_NOT_ENDING: "/organisme/consentements",
    Fact.LISTINGS_NAME_NOBODY: "/organisme/annonces",
    Fact.ACCESS_NOTES_NAME_NOBODY: "/organisme",
    Fact.REQUESTS_OF_PERSONS_IN_TIME: "/transparence",
    Fact.INCIDENTS_TOLD: "/transparence",
    Fact.LISTINGS_BILINGUAL: "/organisme/annonces",
    Fact.REQUESTS_ANSWERED: "/reservations",
    Fact.REFUSALS_EXPLAINED: "/reservations",
    Fact.DOCUMENTS_CURRENT: "/organisme/documents",
    Fact.DRAFTS_TIDY: "/organisme/annonces",
    Fact.EVERY_COLUMN_HAS_AN_END: "/transparence/ce-que-nous-gardons",
    Fact.SOMETHING_SHARED: "/organisme/annonces",
    Fact.LENT_LATELY: "/organisme/chiffres",
    Fact.OVERDUE_NONE: "/reservations",
    Fact.PARTICIPATION_SIGNED: "/organisme/participation",
    Fact.SIGNATORY_NAMED: "/organisme/participation",
    Fact.DATA_STAYS_IN_QUEBEC: "/registre",
    Fact.AGREEMENTS_CURRENT: "/registre",
    Fact.ENTERPRISE_NUMBER: "/organisme/modifier",
    Fact.FACTS_OF_THE_KIND: "/organisme/annonces",
    Fact.OFFICER_NAMED: "/confidentialite",
    Fact.LOG_SEALED: "/transparence",
    Fact.RELEASES_REGISTERED: "/registre",
    Fact.PHONE_GIVEN: "/organisme/modifier",
    Fact.PHOTOS_DESCRIBED: "/organisme/annonces",
    Fact.CONDITIONS_SAID: "/organisme/annonces",
    Fact.ACCESS_NOTES_SAID: "/organisme",
    Fact.MESSAGES_READ: "/messages",
    Fact.CALLS_RETURNED: "/transparence",
    Fact.ASSESSED_BEFORE: "/registre",
    Fact.QUALIFIED_PERSON_NAMED: "/confidentialite",
    Fact.RELEASES_LOOKED_AT_AGAIN: "/registre",
    Fact.DEFECTS_MENDED: "/organisme/annonces",
    Fact.MISHAPS_FOLLOWED: "/incidents-de-pret",
    Fact.TRIPS_SHARED: "/trajets",
    Fact.OWN_OFFICER_NAMED: "/organisme/nos-donnees/responsable",
    Fact.OWN_POLICY_PUBLISHED: "/organisme/nos-donnees/politique",
    Fact.OWN_INVENTORY_DONE: "/organisme/nos-donnees",
}


@bp.get("/organisme/charte")
@door(Permission.ORGANIZATION_READ)
def assessed(session: Session, actor: Actor) -> ResponseReturnValue:
    """Where one's own organization stands, principle by principle."""
    id_ = _own(actor)
    found = service.assess(session, actor, id_, questions=questions(), now=utc_now())
    by_principle = {
        principle: [each for each in found.standings if each.action.principle is principle]
        for principle in Principle
    }
    bars = [
        (label("charter.principle", principle), share.percent, share_words(share))
        for principle, share in found.shares.items()
        if share.of
    ]
    return page(
        "charter/assessed.html",
        found=found,
        by_principle=by_principle,
        bars=bars,
        months=[
            (f"{month:%m-%Y}", share.percent, wording.percent(share.percent))
            for month, share in found.before
        ],
        manages=may(actor, Permission.ORGANIZATION_EDIT, over=id_),
        sizes=[(each.value, label("charter.size", each)) for each in Size],
    )


@bp.post("/organisme/charte/taille")
@door(Permission.ORGANIZATION_EDIT, parse=lambda: load_form(CharterSizeSchema()))
def size(session: Session, actor: Actor, sent: dict[str, Size]) -> ResponseReturnValue:
    """Say how large the organization is."""
    service.set_size(session, actor, _own(actor), sent["size"], now=utc_now())
    flash(_("C’est noté. Les actions suivent la taille de votre organisme."), "success")
    return see_other(_HERE)


def _action_page(
    session: Session, actor: Actor, code: str, error: DomainError | None = None
) -> ResponseReturnValue:
    id_ = _own(actor)
    found = service.standing(session, actor, id_, code, questions=questions(), now=utc_now())
    return page(
        "charter/action.html",
        each=found,
        of_network=found.action.fact in OF_NETWORK,
        evidence=EVIDENCE.get(found.action.fact) if found.action.fact else None,
        manages=may(actor, Permission.ORGANIZATION_EDIT, over=id_),
        answers=[(each.value, label("charter.answer", each)) for each in Answer],
        errors=errors_by_field(error),
    )


@bp.get("/organisme/charte/<code>")
@door(Permission.ORGANIZATION_READ)
def action(session: Session, actor: Actor, code: str) -> ResponseReturnValue:
    """One action: what to do, why, how it is seen to be done, and the answer."""
    return _action_page(session, actor, code)


@bp.post("/organisme/charte/<code>")
@door(Permission.ORGANIZATION_EDIT, parse=lambda: load_form(ActionSaidSchema()), again=_action_page)
def say(session: Session, actor: Actor, said: Said, code: str) -> ResponseReturnValue:
    """Answer an action that no fact answers."""
    service.say(session, actor, _own(actor), code, said, now=utc_now())
    flash(_("C’est noté."), "success")
    return see_other(_HERE)


@bp.get("/organisme/charte/bilan.pdf")
@door(Permission.ORGANIZATION_READ)
def paper(session: Session, actor: Actor) -> ResponseReturnValue:
    """One page for the board, in the reader's language."""
    id_, now = _own(actor), utc_now()
    found = service.assess(session, actor, id_, questions=questions(), now=now)
    name = organizations.organization(session, id_).name
    title = _("%(name)s et la Charte des données numériques", name=name)
    made = Paper(title, language=language(), made_at=now, foot=wording.day(local(now).date()))
    made.heading(title)
    made.paragraph(f"{whole_words(found)} {facts_words(found)}")
    _table_on(made, found)
    made.paragraph("\n".join(_beside_words(found)))
    if found.next is not None:
        made.heading(_("La prochaine chose à faire"), 2)
        said = found.next.action.said
        made.paragraph(f"{said('action', language())} {said('why', language())}")
    answer = Response(made.bytes(), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = 'attachment; filename="charte.pdf"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _table_on(made: Paper, found: service.Assessment) -> None:
    """Each principle with its share, and where the middle of the network is, if that is known."""
    asked = {each: share for each, share in found.shares.items() if share.of}
    rows = [[label("charter.principle", each), share_words(share)] for each, share in asked.items()]
    head = [_("Principe"), _("Fait")]
    if found.network:
        head.append(_("Le milieu du réseau"))
        for row, each in zip(rows, asked, strict=True):
            # Of some principles too few may have answered, while of others enough have.
            band = found.network.get(each)
            row.append("–" if band is None else label("charter.band", str(band)))
    made.rows(
        rows,
        head=head,
        widths=(3, 1, 3)[: len(head)],
        named=True,
        bars=[share.percent for share in asked.values()],
    )


def _beside_words(found: service.Assessment) -> Iterator[str]:
    """What the bars and the middle mean, and where the organization stood before."""
    yield _("Part des actions faites, de celles qui vous concernent.")
    if found.network:
        yield _(
            "L’organisme du milieu, parmi ceux qui ont répondu. On ne voit la réponse de personne."
        )
    if len(found.before) > 1:
        first, then = found.before[0]
        yield _(
            "En %(month)s\u00a0: %(then)s. Maintenant\u00a0: %(now)s.",
            month=wording.month(first),
            then=wording.percent(then.percent),
            now=wording.percent(found.whole.percent),
        )


def whole_words(found: service.Assessment) -> str:
    """``18 actions faites sur 34.``"""
    whole = found.whole
    return ngettext(
        "%(num)d action faite sur %(all)d.",
        "%(num)d actions faites sur %(all)d.",
        whole.done,
        all=whole.of,
    )


def facts_words(found: service.Assessment) -> str:
    """How many answered themselves."""
    return ngettext(
        "%(num)d réponse vient des faits, sans rien vous demander.",
        "%(num)d réponses viennent des faits, sans rien vous demander.",
        found.by_facts,
    )


def share_words(share: Share) -> str:
    """``3 sur 5``; a dash where nothing concerns them."""
    return _("%(done)d sur %(all)d", done=share.done, all=share.of) if share.of else "–"


def answer_words(standing: Standing) -> str:
    """``C’est fait``, ``Pas encore: 2 à voir``, ``À vous de dire``."""
    if standing.answer is None:
        return _("À vous de dire")
    words = label("charter.answer", standing.answer)
    if standing.by_fact and standing.amiss:
        return ngettext(
            "%(words)s\u00a0: %(num)d à voir",
            "%(words)s\u00a0: %(num)d à voir",
            standing.amiss,
            words=words,
        )
    return words


def charter_panel(
    session: Session, actor: Actor, organization: str, now: datetime
) -> Markup | None:
    """A way to one's own assessment, on the page of an organization."""
    facts = organizations.by_public_id(session, organization)
    if not may(actor, Permission.ORGANIZATION_READ, over=facts.id):
        return None
    # Rendered by the engine, which escapes what people wrote.
    return Markup(render_template("charter/_organization.html"))  # noqa: S704


def _own(actor: Actor) -> int:
    if actor.organization_id is None:
        raise NotFound
    return actor.organization_id


bp.context_processor(
    lambda: {
        "answer_words": answer_words,
        "share_words": share_words,
        "whole_words": whole_words,
        "facts_words": facts_words,
    }
)
