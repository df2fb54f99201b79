"""What the links of the letter open: one answer behind a button, and no more letters."""

from datetime import UTC, datetime

from flask import make_response
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.checkin import service
from mutuali.checkin.rules import Choice, Words
from mutuali.checkin.schemas import ButtonSchema
from mutuali.checkin.service import LinkState
from mutuali.checkin.views.blueprint import bp, providers
from mutuali.core.errors import DomainError, NotFound
from mutuali.core.permissions import Actor
from mutuali.extensions import csrf, limiter
from mutuali.organizations import service as organizations
from mutuali.web.clock import utc_now
from mutuali.web.doors import PUBLIC, door
from mutuali.web.mail import address
from mutuali.web.pages import errors_by_field, page, see_other
from mutuali.web.parsing import load_form
from mutuali.web.secrets import read_signed_link, signed_link_token

_ANSWER, _STOP, _SHOWN = "checkin-answer", "checkin-stop", "checkin-shown"
#: Longer than anything is kept of a link: whether it still answers is in the database.
_OLDEST_SECONDS = 400 * 24 * 3600
_SHOWN_SECONDS = 24 * 3600


def answer_link(link_id: int, choice: Choice) -> str:
    """The address that answers a card like this."""
    token = signed_link_token(_ANSWER, f"{link_id}:{choice.value}")
    return address(f"/bilan-du-mois/repondre/{token}")


def stop_link(organization_id: int, person_id: int) -> str:
    """The address that stops a person's letters about an organization."""
    return address(f"/bilan-du-mois/arreter/{stop_token(organization_id, person_id)}")


def stop_token(organization_id: int, person_id: int) -> str:
    """The signed end of :func:`stop_link`."""
    return signed_link_token(_STOP, f"{organization_id}:{person_id}")


@bp.get("/bilan-du-mois/repondre/<token>")
@limiter.limit("30 per minute")
@door(PUBLIC)
def link(session: Session, _actor: Actor, token: str) -> ResponseReturnValue:
    """What would be answered, and its button: programs that follow every link answer nothing."""
    return _link_page(session, token)


def _again(
    session: Session, _actor: Actor, token: str, *, error: DomainError
) -> ResponseReturnValue:
    return _link_page(session, token, error)


@bp.post("/bilan-du-mois/repondre/<token>")
@limiter.limit("10 per minute")
@door(PUBLIC, parse=lambda: load_form(ButtonSchema()), again=_again)
def answer(
    session: Session, _actor: Actor, form: dict[str, str], token: str
) -> ResponseReturnValue:
    """Answer the card, once, as the person to whom the letter went."""
    link_id, choice = _read(token)
    service.answer_by_link(
        session,
        link_id,
        choice,
        shown_at=_shown_at(form["shown"]),
        providers=providers(),
        now=utc_now(),
    )
    # The answer to a form is stored for a day: it names no secret, so not this address either.
    return see_other("?fait")


@bp.get("/bilan-du-mois/arreter/<token>")
@door(PUBLIC)
def stop_page(session: Session, _actor: Actor, token: str) -> ResponseReturnValue:
    """One button: programs that follow every link of a letter stop nothing."""
    organization_id, _ = _whose(token)
    name = organizations.organization(session, organization_id).name
    return page("checkin/stop.html", token=token, name=name, stopped=False)


@bp.post("/bilan-du-mois/arreter/<token>")
@csrf.exempt
@door(PUBLIC)
def stop(session: Session, _actor: Actor, token: str) -> ResponseReturnValue:
    """Stop them, by the button or by a mail program (RFC 8058): the link alone says whose."""
    organization_id, person_id = _whose(token)
    service.stop_by_letter(session, organization_id, person_id, now=utc_now())
    return page("checkin/stop.html", token="", name="", stopped=True)


def _link_page(
    session: Session, token: str, error: DomainError | None = None
) -> ResponseReturnValue:
    link_id, choice = _read(token)
    known, now = providers(), utc_now()
    found = service.behind_link(session, link_id, providers=known, now=now)
    is_open = found.state is LinkState.OPEN and found.card is not None
    words, name = Words(""), ""
    if found.card is not None:
        words = service.words_of(known, session, found.actor, found.card)
        id_ = found.actor.organization_id or 0
        name = organizations.organization(session, id_).name
    answered = make_response(
        page(
            "checkin/link.html",
            200 if is_open or found.state is LinkState.USED else 410,
            found=found,
            state=found.state.value,
            words=words,
            choice=choice,
            name=name,
            person=_name_of(session, found.actor),
            shown=signed_link_token(_SHOWN, str(int(now.timestamp()))),
            token=token,
            errors=errors_by_field(error),
        )
    )
    answered.headers["Referrer-Policy"] = "no-referrer"
    answered.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return answered


def _name_of(session: Session, actor: Actor) -> str:
    id_ = actor.person_id or 0
    return accounts.names(session, [id_]).get(id_, "")


def _read(token: str) -> tuple[int, Choice]:
    """Which link a token is of, and what it says. Raises NotFound: we never signed it."""
    reference = read_signed_link(_ANSWER, token, max_age_seconds=_OLDEST_SECONDS)
    if reference is None:
        raise NotFound
    link_id, _colon, choice = reference.partition(":")
    return int(link_id), Choice(choice)


def _whose(token: str) -> tuple[int, int]:
    reference = read_signed_link(_STOP, token, max_age_seconds=_OLDEST_SECONDS)
    if reference is None:
        raise NotFound
    organization_id, _colon, person_id = reference.partition(":")
    return int(organization_id), int(person_id)


def _shown_at(token: str) -> datetime | None:
    """When we showed the button; nothing that a browser says of itself counts."""
    reference = read_signed_link(_SHOWN, token, max_age_seconds=_SHOWN_SECONDS)
    return None if reference is None else datetime.fromtimestamp(int(reference), UTC)
