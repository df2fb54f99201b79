"""Who is knocking: a person with a session cookie, an API token, or a visitor."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from flask import Flask, request
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


#: (session, hash of a token, now) -> who holds it, or None.
FindWho = Callable[[Session, str, datetime], Who | None]


def init_identity(app: Flask, find_by_login: FindWho, find_by_api_token: FindWho) -> None:
    """Hand in how ``accounts`` recognizes a login and an API token."""
    login.init_app(app)
    login.session_protection = None

    @login.user_loader
    def load(token: str) -> _Login | None:
        if request.path.startswith("/api/"):
            return None
        who = find_by_login(db.session(), token_hash(token), utc_now())
        return _Login(token, who) if who else None

    @login.request_loader
    def load_bearer(incoming: object) -> _Login | None:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if not request.path.startswith("/api/") or scheme.lower() != "bearer" or not token:
            return None
        who = find_by_api_token(db.session(), token_hash(token.strip()), utc_now())
        return _Login("", who) if who else None


def current_who() -> Who | None:
    """The person behind this request, or None for a visitor; read once per request."""
    return current_user.who if current_user.is_authenticated else None


def current_actor() -> Actor:
    """The actor of this request; a visitor when nobody is signed in."""
    who = current_who()
    return who.actor if who else VISITOR


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
