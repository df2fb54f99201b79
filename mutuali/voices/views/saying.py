"""Saying something without an account, and what keeps programs from doing so."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Response, make_response, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from mutuali.core.errors import Conflict, DomainError, Refused
from mutuali.core.permissions import Actor
from mutuali.extensions import csrf, limiter
from mutuali.voices import service
from mutuali.voices.rules import (
    ANSWER_WITHIN,
    LONGEST,
    LONGEST_OPEN,
    Leave,
    due_on,
    local_path,
)
from mutuali.voices.schemas import SaySchema
from mutuali.voices.views.blueprint import SAY, bp
from mutuali.web.clock import utc_now
from mutuali.web.doors import PUBLIC, door, transaction
from mutuali.web.identity import current_actor
from mutuali.web.language import language
from mutuali.web.pages import errors_by_field, page, see_other
from mutuali.web.parsing import load_form
from mutuali.web.strangers import by_mark, form_token, is_from_here, read_form_token

#: What the signature of a form is bound to.
FORM = "voice"
_SENT, _TAKEN = "60 per hour", "5 per hour"
#: After these a form is no good any more, whatever is changed in it.
_SPENT = frozenset({"voice.page_too_old", "voice.form_used"})


@dataclass(frozen=True, slots=True)
class _Heard:
    """What was sent: the words, when the form was shown, the id it is good for, the trap."""

    said: service.Said
    public_id: str
    opened_at: datetime | None
    trap: str


def _hear() -> _Heard:
    if not is_from_here():
        raise Refused("voice.page_too_old")
    form = load_form(SaySchema())
    public_id, opened_at = read_form_token(FORM, form["token"], lasts=LONGEST_OPEN)
    said = service.Said(
        form["topic"],
        form["words"],
        local_path(form["page"]),
        language(),
        form["email"],
        form["leave"],
    )
    return _Heard(said, public_id, opened_at, form["website"])


@bp.get(SAY)
@door(PUBLIC)
def say_form(session: Session, actor: Actor) -> ResponseReturnValue:
    """The form, which says which page it is about and what happens with what is said."""
    return _say_page(session, actor)


def _say_page(
    _session: Session, _actor: Actor, *, error: DomainError | None = None
) -> ResponseReturnValue:
    typed = request.form
    return page(
        "voices/say.html",
        typed=typed,
        about=local_path(typed.get("page", request.args.get("page", ""))),
        token=_token_again(error) or form_token(FORM, utc_now()),
        errors=errors_by_field(error),
        longest=LONGEST,
        days=ANSWER_WITHIN.days,
        leave=typed.get("leave", Leave.NO.value),
    )


def _token_again(error: DomainError | None) -> str:
    """The token that was sent, where it is still good: whoever corrects a word does not wait."""
    spent = isinstance(error, Conflict) or (
        error is not None and any(reason.code in _SPENT for reason in error.reasons)
    )
    sent = request.form.get("token", "")
    opened_at = read_form_token(FORM, sent, lasts=LONGEST_OPEN)[1]
    return "" if spent or opened_at is None else sent


def _was_taken(response: Response) -> bool:
    return response.status_code == 303


def _turn_away(limit: Any) -> Response:
    """Too much comes from one address: the form again, with all that was typed."""
    with transaction(reads=True) as session:
        error = Refused("voice.too_many_from_here")
        shown = make_response(_say_page(session, current_actor(), error=error))
    shown.status_code = 429
    shown.headers["Retry-After"] = str(max(1, limit.reset_at - int(utc_now().timestamp())))
    return shown


@bp.post(SAY)
@limiter.limit(_SENT, key_func=by_mark, on_breach=_turn_away)
@limiter.limit(_TAKEN, key_func=by_mark, deduct_when=_was_taken, on_breach=_turn_away)
@csrf.exempt  # asked for in `_hear`, where nothing typed is lost
@door(PUBLIC, parse=_hear, again=_say_page)
def say(session: Session, _actor: Actor, heard: _Heard) -> ResponseReturnValue:
    """Take what is said."""
    service.say(
        session,
        heard.said,
        public_id=heard.public_id,
        opened_at=heard.opened_at,
        trap=heard.trap,
        now=utc_now(),
    )
    told = "?courriel=1" if heard.said.email else ""
    return see_other(f"{SAY}/merci{told}")


@bp.get(f"{SAY}/merci")
@door(PUBLIC)
def thanks(session: Session, actor: Actor) -> ResponseReturnValue:
    """It arrived; what happens now, and by when."""
    return page(
        "voices/thanks.html",
        due=due_on(utc_now()),
        by_mail="courriel" in request.args,
    )
