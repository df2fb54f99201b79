"""Who is knocking: a person with a session cookie, an API token, or a visitor."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from flask import Flask, current_app, request
from flask import session as cookies
from flask_login import UserMixin, current_user, logout_user
from sqlalchemy.orm import Session

from mutuali.core.permissions import VISITOR, Actor
from mutuali.extensions import db, login
from mutuali.web.clock import utc_now
from mutuali.web.secrets import token_hash


@dataclass(frozen=True, slots=True)
class Who:
    """The person behind a request, as plain values: what pages show and use cases need.

    ``organizations`` are (id, public id, name) of those the person belongs to.
    """

    actor: Actor
    name: str
    language: str
    organizations: tuple[tuple[int, str, str], ...] = field(default=())

    @property
    def organization_id(self) -> int | None:
        """The organization the person acts for now."""
        return self.actor.organization_id

    @property
    def organization_name(self) -> str | None:
        """Its name."""
        names = {id_: name for id_, _, name in self.organizations}
        return names.get(self.organization_id or 0)


class _Login(UserMixin):
    """What Flask-Login carries: the hash of the login's token and who it belongs to."""

    def __init__(self, token: str, who: Who) -> None:
        self.token, self.who = token, who

    def get_id(self) -> str:
        return self.token


#: The key under which ``app.extensions`` holds how a login and a token are recognized.
_FINDERS = "mutuali_find_who"

#: (session, hash of a token, now) -> who holds it, or None.
FindWho = Callable[[Session, str, datetime], Who | None]


def init_identity(app: Flask, find_by_login: FindWho, find_by_api_token: FindWho) -> None:
    """Hand in how ``accounts`` recognizes a login and an API token."""
    login.init_app(app)
    login.session_protection = None
    app.extensions[_FINDERS] = find_by_login, find_by_api_token

    @login.user_loader
    def load(token: str) -> _Login | None:
        if request.path.startswith("/api/"):
            return None
        who = find_by_login(db.session(), token_hash(token), utc_now())
        return _Login(token, who) if who else None

    @login.request_loader
    def load_bearer(incoming: object) -> _Login | None:
        token = _bearer_token()
        who = find_by_api_token(db.session(), token_hash(token), utc_now()) if token else None
        return _Login("", who) if who else None


def current_who() -> Who | None:
    """The person behind this request, or None for a visitor; read once per request."""
    return current_user.who if current_user.is_authenticated else None


def current_actor() -> Actor:
    """The actor of this request; a visitor when nobody is signed in."""
    who = current_who()
    return who.actor if who else VISITOR


def holder_hash() -> str:
    """The hash of what this request shows of itself: a program its token, a browser its login."""
    return token_hash(_bearer_token() or current_login_token() or "")


def actor_later() -> Callable[[Session], Actor]:
    """How to find the actor of this request once more, when it has taken a while."""
    by_login, by_api_token = current_app.extensions[_FINDERS]
    find: FindWho = by_api_token if request.path.startswith("/api/") else by_login
    holder = holder_hash()

    def actor_now(session: Session) -> Actor:
        who = find(session, holder, utc_now())
        return who.actor if who else VISITOR

    return actor_now


def _bearer_token() -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    is_program = request.path.startswith("/api/") and scheme.lower() == "bearer"
    return token.strip() if is_program else ""


def keep_signed_in(token: str) -> None:
    """Put a login's token into the signed session cookie; the next request is its person's."""
    cookies["_user_id"] = token
    cookies["_fresh"] = True


def current_login_token() -> str | None:
    """The token of the login this request came with, also while it waits for a second factor;
    None for a visitor."""
    token = cookies.get("_user_id")
    return token if isinstance(token, str) else None


def forget() -> None:
    """Take the login out of the cookie."""
    logout_user()
