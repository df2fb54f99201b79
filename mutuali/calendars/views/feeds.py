"""Feeds: making and revoking their addresses, and what an agenda gets at one."""

from datetime import datetime
from typing import Any

from flask import Response, current_app, flash, request
from flask import session as cookies
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.calendars import service
from mutuali.calendars.schemas import FeedSchema, OwnFeedSchema
from mutuali.calendars.views.blueprint import bp
from mutuali.calendars.views.shown import event_of
from mutuali.core.errors import DomainError
from mutuali.core.permissions import Actor, Permission
from mutuali.equipment import service as equipment
from mutuali.extensions import limiter
from mutuali.organizations import service as organizations
from mutuali.web.api import acting_for
from mutuali.web.clock import utc_now
from mutuali.web.doors import PUBLIC, afterwards, door
from mutuali.web.language import language
from mutuali.web.mail import address, in_language
from mutuali.web.pages import errors_by_field, page, see_other
from mutuali.web.parsing import load_form
from mutuali.web.secrets import new_token, token_hash

#: Where a new address travels to the one page that shows it: its owner's cookie. The answer to a
#: form is stored for a day, and no answer that is stored may hold a secret.
_NEW = "new_feed"


@bp.get("/agendas/<token>.ics")
@limiter.limit("60 per minute")
@door(PUBLIC)
def feed(session: Session, actor: Actor, token: str) -> ResponseReturnValue:
    """What the agenda behind an address shows, as a file of RFC 5545."""
    now = utc_now()
    found = service.open_feed(session, token_hash(token), now=now)
    with in_language(found.language):
        name = _name(found)
        events = [event_of(entry, found.language) for entry in found.entries]
    digest = service.digest(events, name=name, language=found.language)
    changed_at = found.changed_at if digest == found.content_hash else now
    afterwards(lambda session: service.note_use(session, found.id, digest, now=now))
    known = request.if_none_match.contains(digest)
    body = b"" if known else service.written(events, name=name, language=found.language)
    answer = calendar_file(body)
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.set_etag(digest)
    answer.last_modified = changed_at
    return answer.make_conditional(request.environ)


def calendar_file(body: bytes) -> Response:
    """An answer that is a calendar."""
    return current_app.response_class(body, mimetype="text/calendar")


def _name(found: service.OpenFeed) -> str:
    """What an agenda calls the feed: never a person."""
    if found.listing is not None:
        return _("MutuAli\u00a0: %(title)s", title=found.listing.title(found.language))
    if found.organization.is_sole_operator:
        return _("MutuAli\u00a0: prêts et emprunts")
    return _("MutuAli\u00a0: %(title)s", title=found.organization.name)


@bp.get("/compte/agendas")
@door(Permission.BOOKING_READ)
def own_feeds(session: Session, actor: Actor) -> ResponseReturnValue:
    """One's own feeds, and a form for another."""
    return _own_page(session, actor)


def _own_again(session: Session, actor: Actor, *, error: DomainError) -> ResponseReturnValue:
    return _own_page(session, actor, error)


@bp.post("/compte/agendas")
@door(Permission.BOOKING_READ, parse=lambda: load_form(OwnFeedSchema()), again=_own_again)
def make_own_feed(session: Session, actor: Actor, draft: service.FeedDraft) -> ResponseReturnValue:
    """Make a feed of one's own; the next page shows its address, once."""
    acting_for(actor, "name")
    token = new_token()
    service.make_own_feed(session, actor, draft, token_hash=token_hash(token), now=utc_now())
    cookies[_NEW] = token
    return see_other("/compte/agendas")


@bp.post("/compte/agendas/<int:feed_id>/revoquer")
@door(Permission.BOOKING_READ)
def revoke_own_feed(session: Session, actor: Actor, feed_id: int) -> ResponseReturnValue:
    """End one of one's own feeds."""
    service.revoke_own_feed(session, actor, feed_id, now=utc_now())
    flash(_("Cette adresse ne fonctionne plus."), "success")
    return see_other("/compte/agendas")


@bp.get("/organisme/agendas")
@door(Permission.LISTING_EDIT)
def feeds(session: Session, actor: Actor) -> ResponseReturnValue:
    """The feeds of one's organization and of its listings, and a form for another."""
    return _page(session, actor)


def _again(session: Session, actor: Actor, *, error: DomainError) -> ResponseReturnValue:
    return _page(session, actor, error)


@bp.post("/organisme/agendas")
@door(Permission.LISTING_EDIT, parse=lambda: load_form(FeedSchema()), again=_again)
def make_feed(session: Session, actor: Actor, draft: service.FeedDraft) -> ResponseReturnValue:
    """Make a feed of the organization or of a listing; the next page shows its address, once."""
    token = new_token()
    service.make_feed(
        session,
        actor,
        acting_for(actor, "name"),
        draft,
        token_hash=token_hash(token),
        now=utc_now(),
    )
    cookies[_NEW] = token
    return see_other("/organisme/agendas")


@bp.post("/organisme/agendas/<int:feed_id>/revoquer")
@door(Permission.LISTING_EDIT)
def revoke_feed(session: Session, actor: Actor, feed_id: int) -> ResponseReturnValue:
    """End a feed of the organization."""
    organization_id = acting_for(actor, "")
    service.revoke_feed(session, actor, organization_id, feed_id, now=utc_now())
    flash(_("Cette adresse ne fonctionne plus."), "success")
    return see_other("/organisme/agendas")


def _own_page(
    session: Session, actor: Actor, error: DomainError | None = None
) -> ResponseReturnValue:
    now = utc_now()
    return _shown(
        error,
        base="/compte/agendas",
        organization=_acting(session, actor),
        feeds=service.own_feeds(session, actor, now=now),
        now=now,
    )


def _page(session: Session, actor: Actor, error: DomainError | None = None) -> ResponseReturnValue:
    now = utc_now()
    organization_id = acting_for(actor, "")
    return _shown(
        error,
        base="/organisme/agendas",
        organization=_acting(session, actor),
        feeds=service.feeds_of(session, actor, organization_id, now=now),
        listing_options=[
            (listing.public_id, listing.title(language()))
            for listing in equipment.listings_of(session, actor, organization_id)
        ],
        now=now,
    )


def address_of(token: str) -> str:
    """The address of a feed, which nobody reads again."""
    return address(f"/agendas/{token}.ics")


def _acting(session: Session, actor: Actor) -> organizations.OrganizationFacts | None:
    """The organization that one acts for, if any."""
    if actor.organization_id is None:
        return None
    return organizations.organization(session, actor.organization_id)


def _shown(error: DomainError | None, *, now: datetime, **context: Any) -> ResponseReturnValue:
    token = "" if error else cookies.pop(_NEW, "")
    full = address_of(token) if token else ""
    return page(
        "calendars/feeds.html",
        new_address=full,
        subscribe=f"webcal://{full.partition('://')[2]}" if full else "",
        errors=errors_by_field(error),
        typed=request.form,
        **context,
    )
