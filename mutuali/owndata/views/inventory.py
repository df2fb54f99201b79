"""What an organization holds: the inventory, one thing of it, something new."""

from dataclasses import replace
from enum import StrEnum
from typing import Any

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from mutuali.core.errors import DomainError
from mutuali.core.permissions import Actor, Permission, may
from mutuali.owndata import service
from mutuali.owndata.rules import (
    CHOSEN,
    ENOUGH_HOLDINGS,
    LONGEST_NAME,
    LONGEST_WORDS,
    TEMPLATES,
    CountedFrom,
    Ending,
    Everyday,
    HoldingDraft,
    Sensitivity,
    Term,
    begun,
    options,
    phrase,
    phrases,
    until,
)
from mutuali.owndata.schemas import HoldingAnswersSchema, HoldingFormSchema, TakeSchema
from mutuali.owndata.views.blueprint import bp
from mutuali.owndata.views.shown import own
from mutuali.web.clock import utc_now
from mutuali.web.doors import door
from mutuali.web.language import language
from mutuali.web.pages import errors_by_field, page, see_other
from mutuali.web.parsing import load_form
from mutuali.web.secrets import new_public_id

HERE = "/organisme/nos-donnees"


@bp.get("/organisme/nos-donnees")
@door(Permission.ORGANIZATION_READ)
def inventory(session: Session, actor: Actor) -> ResponseReturnValue:
    """What is held, what else there may be, and how far one has come."""
    return _inventory_page(session, actor)


def _inventory_again(session: Session, actor: Actor, *, error: DomainError) -> ResponseReturnValue:
    return _inventory_page(session, actor, error)


@bp.post("/organisme/nos-donnees/prendre")
@door(Permission.ORGANIZATION_EDIT, parse=lambda: load_form(TakeSchema()), again=_inventory_again)
def take(session: Session, actor: Actor, sent: dict[str, Everyday]) -> ResponseReturnValue:
    """Take an everyday holding with the answers of its template: one tap."""
    template = sent["template"]
    service.take(session, actor, own(actor), template, public_id=new_public_id(), now=utc_now())
    name = TEMPLATES[template].name.said(language())
    flash(_("C’est noté\u00a0: %(name)s. Changez ce qui n’est pas juste.", name=name), "success")
    return see_other(f"{HERE}#autres")


@bp.post("/organisme/nos-donnees/toujours-vrai")
@door(Permission.ORGANIZATION_EDIT)
def still_true(session: Session, actor: Actor) -> ResponseReturnValue:
    """Say that all of it is so."""
    service.still_true(session, actor, own(actor), now=utc_now())
    flash(_("C’est noté. On vous le redemandera dans un an."), "success")
    return see_other(HERE)


@bp.get("/organisme/nos-donnees/nouveau")
@door(Permission.ORGANIZATION_EDIT)
def new(session: Session, actor: Actor) -> ResponseReturnValue:
    """Something that no template is about."""
    return _holding_page(HoldingDraft())


@bp.post("/organisme/nos-donnees/nouveau")
@door(
    Permission.ORGANIZATION_EDIT,
    parse=lambda: load_form(HoldingFormSchema()),
    again=lambda session, actor, *, error: _holding_page(HoldingDraft(), error=error),
)
def add(session: Session, actor: Actor, sent: dict[str, Any]) -> ResponseReturnValue:
    """Note it."""
    draft = HoldingDraft(**_chosen(sent))
    service.add(session, actor, own(actor), draft, public_id=new_public_id(), now=utc_now())
    flash(_("C’est noté."), "success")
    return see_other(HERE)


@bp.get("/organisme/nos-donnees/<public_id>")
@door(Permission.ORGANIZATION_EDIT)
def holding(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """One thing that is held, and its five answers."""
    found = service.holding(session, actor, own(actor), public_id)
    return _holding_page(found.draft, found)


def _holding_again(
    session: Session, actor: Actor, public_id: str, *, error: DomainError
) -> ResponseReturnValue:
    found = service.holding(session, actor, own(actor), public_id)
    return _holding_page(found.draft, found, error)


@bp.post("/organisme/nos-donnees/<public_id>")
@door(Permission.ORGANIZATION_EDIT, again=_holding_again)
def change(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """Say it anew."""
    found = service.holding(session, actor, own(actor), public_id)
    schema = HoldingAnswersSchema() if found.draft.template else HoldingFormSchema()
    draft = replace(found.draft, **_chosen(load_form(schema)))
    service.change(session, actor, own(actor), public_id, draft, now=utc_now())
    flash(_("C’est noté."), "success")
    return see_other(HERE)


@bp.post("/organisme/nos-donnees/<public_id>/retirer")
@door(Permission.ORGANIZATION_EDIT)
def remove(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """It is held no more."""
    service.remove(session, actor, own(actor), public_id, now=utc_now())
    flash(_("C’est retiré de l’inventaire."), "success")
    return see_other(HERE)


def _chosen(sent: dict[str, Any]) -> dict[str, Any]:
    """The answers of a form; what is chosen from lists as the draft keeps it."""
    return {name: tuple(value) if name in CHOSEN else value for name, value in sent.items()}


def _inventory_page(
    session: Session, actor: Actor, error: DomainError | None = None
) -> ResponseReturnValue:
    id_ = own(actor)
    state = service.policy(session, actor, id_)
    held = service.holdings(session, actor, id_)
    return page(
        "owndata/inventory.html",
        held=held,
        state=state,
        enough=ENOUGH_HOLDINGS,
        others=[(each.value, TEMPLATES[each]) for each in service.not_taken(held)],
        manages=may(actor, Permission.ORGANIZATION_EDIT, over=id_),
        errors=errors_by_field(error),
    )


def _holding_page(
    draft: HoldingDraft,
    found: service.HoldingFacts | None = None,
    error: DomainError | None = None,
) -> ResponseReturnValue:
    spoken = language()

    def typed(name: str) -> str:
        return request.form.get(name, str(getattr(draft, name))) if error else getattr(draft, name)

    def picked(name: str) -> list[str]:
        return request.form.getlist(name) if error else [*getattr(draft, name)]

    return page(
        "owndata/holding.html",
        found=found,
        everyday=found.template if found else None,
        typed=typed,
        picked=picked,
        lists={name: options(choices, spoken) for name, choices in CHOSEN.items()},
        terms=options(Term, spoken),
        starts=options(CountedFrom, spoken),
        levels=options(Sensitivity, spoken),
        endings=options(Ending, spoken),
        longest_name=LONGEST_NAME,
        longest_words=LONGEST_WORDS,
        errors=errors_by_field(error),
    )


def until_words(draft: HoldingDraft) -> str:
    """``Un an après le départ de la personne``."""
    return begun(until(draft.term, draft.counted_from, language()))


def chosen_words(chosen: tuple[StrEnum, ...]) -> str:
    """``Papier (sous clé) et téléphone``."""
    return begun(phrases(chosen, language()))


def choice_words(choice: StrEnum) -> str:
    """``Délicat``."""
    return begun(phrase(choice, language()))


def unlooked_words(count: int) -> str:
    """How many were not looked at for a year, as a line of what is to do."""
    return ngettext(
        "%(num)d liste de votre inventaire n’a pas été regardée depuis un an",
        "%(num)d listes de votre inventaire n’ont pas été regardées depuis un an",
        count,
    )


bp.context_processor(
    lambda: {
        "until_words": until_words,
        "chosen_words": chosen_words,
        "choice_words": choice_words,
    }
)
