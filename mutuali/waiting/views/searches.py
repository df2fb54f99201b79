"""Pages of saved searches: keep one, see what is new, stop in one tap, from the letter too."""

from flask import flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.core.errors import DomainError, NotFound
from mutuali.core.permissions import Actor
from mutuali.extensions import csrf
from mutuali.waiting import service
from mutuali.waiting.rules import SearchDraft
from mutuali.waiting.schemas import SearchFormSchema
from mutuali.waiting.views.blueprint import bp
from mutuali.waiting.views.shown import FUNCTIONS
from mutuali.web.clock import utc_now
from mutuali.web.doors import PUBLIC, SIGNED_IN, door
from mutuali.web.pages import errors_by_field, page, see_other
from mutuali.web.parsing import load_form
from mutuali.web.secrets import new_public_id, read_signed_link

#: What a link of a letter is signed for; a letter is good as long as a search is kept.
STOP_LINK = "stop-search"
_LINK_SECONDS = 400 * 24 * 3600
bp.context_processor(lambda: FUNCTIONS)


@bp.get("/recherches")
@door(SIGNED_IN)
def searches(session: Session, actor: Actor) -> ResponseReturnValue:
    """One's own searches, each with what is new."""
    return _page(session, actor)


def _again(session: Session, actor: Actor, *, error: DomainError) -> ResponseReturnValue:
    return _page(session, actor, error)


@bp.post("/recherches")
@door(SIGNED_IN, parse=lambda: load_form(SearchFormSchema()), again=_again)
def save_search(session: Session, actor: Actor, draft: SearchDraft) -> ResponseReturnValue:
    """Keep the search that was just made."""
    service.save_search(session, actor, draft, public_id=new_public_id(), now=utc_now())
    flash(_("La recherche est gardée. Vous ne recevez que ce qui est nouveau."), "success")
    return see_other("/recherches")


@bp.post("/recherches/<public_id>/vu")
@door(SIGNED_IN)
def see_news(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """One has looked at what is new."""
    service.see_news(session, actor, public_id)
    return see_other("/recherches")


@bp.post("/recherches/<public_id>/oublier")
@door(SIGNED_IN)
def forget_search(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """Destroy a search."""
    service.forget_search(session, actor, public_id, now=utc_now())
    flash(_("La recherche est détruite. Vous n’en recevrez plus rien."), "success")
    return see_other("/recherches")


@bp.get("/recherches/arreter/<token>")
@door(PUBLIC)
def stop_page(session: Session, actor: Actor, token: str) -> ResponseReturnValue:
    """One button: programs that follow every link of a letter stop nothing."""
    _search_of(token)
    return page("waiting/stop.html", token=token, stopped=False)


@bp.post("/recherches/arreter/<token>")
@csrf.exempt
@door(PUBLIC)
def stop(session: Session, actor: Actor, token: str) -> ResponseReturnValue:
    """Stop it, by the button or by a mail program (RFC 8058): the link alone says which."""
    service.stop_by_letter(session, _search_of(token), now=utc_now())
    return page("waiting/stop.html", token=token, stopped=True)


def _search_of(token: str) -> str:
    found = read_signed_link(STOP_LINK, token, max_age_seconds=_LINK_SECONDS)
    if found is None:
        raise NotFound
    return found


def _page(session: Session, actor: Actor, error: DomainError | None = None) -> ResponseReturnValue:
    return page(
        "waiting/searches.html",
        searches=service.searches(session, actor, now=utc_now()),
        errors=errors_by_field(error),
    )
