"""Starting a network: a screen for each thing, kept on its own, in any order, as often as need
be."""

from contextlib import closing
from hashlib import sha256
from typing import Any

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.consent.rules import Purpose
from mutuali.core.errors import DomainError
from mutuali.core.permissions import Actor, Permission, may
from mutuali.core.places import BOROUGHS, ZONES
from mutuali.founding import service
from mutuali.founding.rules import STEPS, Step, after
from mutuali.founding.schemas import (
    NameFormSchema,
    OfficerFormSchema,
    OperatorFormSchema,
    PurposesFormSchema,
    RegionFormSchema,
    SaidName,
    SaidRegion,
)
from mutuali.founding.views.blueprint import bp
from mutuali.network import service as networks
from mutuali.network.rules import MOST_LOGO
from mutuali.organizations import service as organizations
from mutuali.organizations.rules import OfficeDraft
from mutuali.web.clock import utc_now
from mutuali.web.doors import door
from mutuali.web.network import read_again, said
from mutuali.web.pages import errors_by_field, page, see_other
from mutuali.web.parsing import load_form
from mutuali.web.photos import encode_logo
from mutuali.web.secrets import new_public_id
from mutuali.web.words import label

HOME = "/demarrer"
#: Who may open each screen.
NEEDS = {
    Step.OPERATOR: Permission.NETWORK_EDIT,
    Step.NAME: Permission.NETWORK_EDIT,
    Step.REGION: Permission.NETWORK_EDIT,
    Step.PURPOSES: Permission.NETWORK_SHARE,
    Step.OFFICER: Permission.OFFICE_NAME,
    Step.ORGANIZATIONS: Permission.IMPORT,
}


@bp.get(HOME)
@door(Permission.NETWORK_SHARE)
def start(session: Session, actor: Actor) -> ResponseReturnValue:
    """What is done and what is next."""
    return _start_page(session, actor)


def _start_page(
    session: Session, actor: Actor, *, error: DomainError | None = None
) -> ResponseReturnValue:
    found = service.checklist(session, now=utc_now())
    return page(
        "founding/start.html",
        checklist=found,
        steps=[(step, found.done[step], may(actor, NEEDS[step])) for step in STEPS],
        errors=errors_by_field(error),
    )


@bp.post(f"{HOME}/ranger")
@door(Permission.NETWORK_SHARE, again=_start_page)
def put_away(session: Session, actor: Actor) -> ResponseReturnValue:
    """Put away what is left."""
    service.put_away(session, actor, now=utc_now())
    read_again()
    flash(_("C’est rangé. La page «\u00a0Démarrer le réseau\u00a0» reste au menu."), "success")
    return see_other("/a-faire")


def step_page(
    session: Session, step: Step, error: DomainError | None = None, **context: Any
) -> ResponseReturnValue:
    """The frame of a screen."""
    return page(
        f"founding/{step.name.lower()}.html",
        step=step,
        number=STEPS.index(step) + 1,
        labels=[label("founding.step", each.value) for each in STEPS],
        known=said(session),
        errors=errors_by_field(error),
        typed=request.form,
        **context,
    )


def kept(step: Step) -> ResponseReturnValue:
    """On to the next screen once this one is kept."""
    read_again()
    following = after(step)
    flash(_("C’est noté."), "success")
    return see_other(f"{HOME}/{following.value}" if following else HOME)


def _operator_page(
    session: Session, actor: Actor, *, error: DomainError | None = None
) -> ResponseReturnValue:
    own = service.operator(session)
    return step_page(
        session,
        Step.OPERATOR,
        error,
        own=own,
        spoken_for=own is not None and organizations.is_spoken_for(session, own.id),
        own_row=networks.network(session),
    )


@bp.get(f"{HOME}/exploitant")
@door(Permission.NETWORK_EDIT)
def operator(session: Session, actor: Actor) -> ResponseReturnValue:
    """The legal person that answers."""
    return _operator_page(session, actor)


@bp.post(f"{HOME}/exploitant")
@door(Permission.NETWORK_EDIT, parse=lambda: load_form(OperatorFormSchema()), again=_operator_page)
def say_operator(session: Session, actor: Actor, told: service.SaidOperator) -> ResponseReturnValue:
    """Name it, and who signs for it."""
    service.say_operator(session, actor, told, public_id=new_public_id(), now=utc_now())
    return kept(Step.OPERATOR)


def _name_page(
    session: Session, actor: Actor, *, error: DomainError | None = None
) -> ResponseReturnValue:
    return step_page(session, Step.NAME, error, most_kb=MOST_LOGO // 1000)


@bp.get(f"{HOME}/nom")
@door(Permission.NETWORK_EDIT)
def name(session: Session, actor: Actor) -> ResponseReturnValue:
    """What the network is called."""
    return _name_page(session, actor)


def _named() -> tuple[SaidName, networks.EncodedLogo | None]:
    told: SaidName = load_form(NameFormSchema())
    file = request.files.get("logo")
    if file is None or not file.filename:
        return told, None
    with closing(file):
        made = encode_logo(file.stream, MOST_LOGO)
    key = sha256(made.content).hexdigest()[:16]
    return told, networks.EncodedLogo(made.content, key, made.width, made.height)


@bp.post(f"{HOME}/nom")
@door(Permission.NETWORK_EDIT, parse=_named, again=_name_page)
def say_name(
    session: Session, actor: Actor, told: tuple[SaidName, networks.EncodedLogo | None]
) -> ResponseReturnValue:
    """Name it, and show a logo in place of the name."""
    words, logo = told
    networks.name_network(session, actor, words.name, now=utc_now())
    if logo is not None or words.no_logo:
        networks.set_logo(
            session,
            actor,
            logo,
            alt_fr=words.alt_fr or words.name,
            alt_en=words.alt_en,
            now=utc_now(),
        )
    return kept(Step.NAME)


def _region_page(
    session: Session, actor: Actor, *, error: DomainError | None = None
) -> ResponseReturnValue:
    by_zone = [
        (zone, [(each.slug, each.name) for each in BOROUGHS.values() if each.zone == zone.slug])
        for zone in ZONES.values()
    ]
    return step_page(session, Step.REGION, error, zones=by_zone)


@bp.get(f"{HOME}/region")
@door(Permission.NETWORK_EDIT)
def region(session: Session, actor: Actor) -> ResponseReturnValue:
    """Where it serves, in which languages."""
    return _region_page(session, actor)


@bp.post(f"{HOME}/region")
@door(Permission.NETWORK_EDIT, parse=lambda: load_form(RegionFormSchema()), again=_region_page)
def say_region(session: Session, actor: Actor, told: SaidRegion) -> ResponseReturnValue:
    """Say where and how it serves."""
    networks.serve(session, actor, told.boroughs, english=told.english, now=utc_now())
    return kept(Step.REGION)


def _purposes_page(
    session: Session, actor: Actor, *, error: DomainError | None = None
) -> ResponseReturnValue:
    known = said(session)
    chosen = [each.value for each in Purpose if known.asks_for(each)]
    return step_page(session, Step.PURPOSES, error, chosen=chosen)


@bp.get(f"{HOME}/finalites")
@door(Permission.NETWORK_SHARE)
def purposes(session: Session, actor: Actor) -> ResponseReturnValue:
    """For what it will ask."""
    return _purposes_page(session, actor)


@bp.post(f"{HOME}/finalites")
@door(Permission.NETWORK_SHARE, parse=lambda: load_form(PurposesFormSchema()), again=_purposes_page)
def say_purposes(session: Session, actor: Actor, told: tuple[str, ...]) -> ResponseReturnValue:
    """Say for what it will ask."""
    networks.ask_for(session, actor, told, now=utc_now())
    return kept(Step.PURPOSES)


def _officer_page(
    session: Session, actor: Actor, *, error: DomainError | None = None
) -> ResponseReturnValue:
    held = organizations.offices(session).person_in_charge
    return step_page(session, Step.OFFICER, error, held=held)


@bp.get(f"{HOME}/responsable")
@door(Permission.OFFICE_NAME)
def officer(session: Session, actor: Actor) -> ResponseReturnValue:
    """Who answers for personal information."""
    return _officer_page(session, actor)


@bp.post(f"{HOME}/responsable")
@door(Permission.OFFICE_NAME, parse=lambda: load_form(OfficerFormSchema()), again=_officer_page)
def name_officer(session: Session, actor: Actor, draft: OfficeDraft) -> ResponseReturnValue:
    """Name the person in charge."""
    organizations.name_officer(session, actor, draft, now=utc_now())
    return kept(Step.OFFICER)
