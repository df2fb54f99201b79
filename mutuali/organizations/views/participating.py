"""The agreement of participation: reading it, accepting it, saying who speaks for us."""

from flask import Response, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.core.errors import DomainError, Forbidden, NotFound
from mutuali.core.period import local
from mutuali.core.permissions import Actor, Permission, may
from mutuali.organizations import service
from mutuali.organizations.rules import EXIT_NOTICE, Mandate, OrganizationState, takes_part
from mutuali.organizations.schemas import MandateSchema, ParticipationSchema
from mutuali.organizations.views.pages import bp
from mutuali.web.clock import utc_now
from mutuali.web.doors import door
from mutuali.web.network import said
from mutuali.web.pages import errors_by_field, page, see_other
from mutuali.web.parsing import load_form
from mutuali.web.secrets import new_public_id

_HOME = "/organisme/participation"


@bp.get("/organisme/participation")
@door(Permission.ORGANIZATION_READ)
def participation(session: Session, actor: Actor) -> ResponseReturnValue:
    """What we accepted or are asked to accept, and who may say yes for us."""
    return _page(session, actor)


def _again(session: Session, actor: Actor, *, error: DomainError) -> ResponseReturnValue:
    return _page(session, actor, error)


@bp.post("/organisme/participation")
@door(
    Permission.PARTICIPATION_ACCEPT,
    parse=lambda: load_form(ParticipationSchema()),
    again=_again,
)
def accept_participation(
    session: Session, actor: Actor, accepted: tuple[str, Mandate]
) -> ResponseReturnValue:
    """Accept the exact text that was shown."""
    hash_, mandate = accepted
    service.accept_participation(
        session,
        actor,
        _own(actor),
        hash_,
        mandate,
        operator_name=said(session).operator_name,
        public_id=new_public_id(),
        now=utc_now(),
    )
    flash(_("C’est accepté. Le texte exact est gardé ici."), "success")
    return see_other(_HOME)


@bp.post("/organisme/participation/qualite")
@door(
    Permission.PARTICIPATION_ACCEPT,
    parse=lambda: load_form(MandateSchema()),
    again=_again,
)
def state_mandate(session: Session, actor: Actor, mandate: Mandate) -> ResponseReturnValue:
    """Say by what right one says yes for the organization."""
    service.state_mandate(session, actor, _own(actor), mandate, now=utc_now())
    flash(_("C’est noté."), "success")
    return see_other(_HOME)


@bp.get("/organisme/participation/texte")
@door(Permission.ORGANIZATION_READ)
def participation_text(session: Session, actor: Actor) -> ResponseReturnValue:
    """The very bytes that the hash covers."""
    found = service.participation(session, actor, _own(actor))
    if found is None:
        raise NotFound
    answer = Response(found.exact_text, mimetype="text/plain")
    answer.headers["Content-Disposition"] = 'attachment; filename="entente-de-participation.txt"'
    return answer


def _page(session: Session, actor: Actor, error: DomainError | None = None) -> ResponseReturnValue:
    id_, now = _own(actor), utc_now()
    own = service.organization(session, id_)
    accepted = service.participation(session, actor, id_)
    offered = service.participation_text(session, id_, said(session).operator_name)
    signatories = service.signatories(session, actor, id_)
    participates = service.participates(session, id_, now=now)
    shown = accepted if accepted is not None and participates else offered
    return page(
        "organizations/participation.html",
        organization=own,
        asked=takes_part(own.kind, own.state),
        accepted=accepted,
        participates=participates,
        offered=offered,
        changed=accepted is not None and participates and accepted.hash != offered.hash,
        texts={"fr": paragraphs(shown.text_fr), "en": paragraphs(shown.text_en)},
        offered_texts={"fr": paragraphs(offered.text_fr), "en": paragraphs(offered.text_en)},
        signatories=signatories,
        mine=next((each for each in signatories if each.person_id == actor.person_id), None),
        # Partners and the operator accept no participation, and sign agreements on data.
        speaks=participates or not takes_part(own.kind, OrganizationState.ACCEPTED),
        manages=may(actor, Permission.PARTICIPATION_ACCEPT, over=id_),
        last_day=local(accepted.ends_at).date() if accepted and accepted.ends_at else None,
        notice_days=EXIT_NOTICE.days,
        errors=errors_by_field(error),
        typed=request.form,
    )


def paragraphs(text: str) -> list[tuple[str, str]]:
    """(heading, words) of each paragraph of a text."""
    pairs = (each.partition("\n") for each in text.split("\n\n"))
    return [(heading, words) for heading, _line_end, words in pairs]


def _own(actor: Actor) -> int:
    if actor.organization_id is None:
        raise Forbidden
    return actor.organization_id
