"""Rendering a page: the same frame around each, and cards that features contribute."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import Flask, current_app, g, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from mutuali.core.errors import DomainError
from mutuali.core.permissions import Actor, Permission, Role, may
from mutuali.counts import Counter, counted
from mutuali.extensions import db
from mutuali.web.clock import utc_now
from mutuali.web.identity import Who, current_who
from mutuali.web.language import language, other_language_url
from mutuali.web.network import network
from mutuali.web.secrets import new_public_id
from mutuali.web.sentences import sentence
from mutuali.web.words import choices, label


@dataclass(frozen=True, slots=True)
class ShownWho:
    """The signed-in person as the frame of a page shows it."""

    name: str
    organization_id: int | None
    organization_name: str | None
    organizations: tuple[tuple[str, str], ...]
    can_coordinate: bool
    can_steward: bool
    can_review: bool
    is_analyst: bool
    is_administrator: bool
    can_share: bool
    #: The roles over the network that wait for a second factor, in words; empty when none does.
    withheld: str


@dataclass(frozen=True, slots=True)
class Todo:
    """What waits for a person on a page of its own: how many, where, and in which words."""

    count: Counter
    href: str
    words: Callable[[int], str]


def init_pages(
    app: Flask, todo_counters: tuple[Counter, ...], todos: tuple[Todo, ...] = ()
) -> None:
    """Hand in what counts towards "for you to do"; the frame adds it up.

    What ``todo_counters`` count is on the page of that name; ``todos`` are linked from it.
    """
    app.extensions["mutuali_todo_counters"] = (*(todo.count for todo in todos), *todo_counters)
    app.extensions["mutuali_todos"] = todos
    app.jinja_env.globals.update(
        once_token=new_public_id, sentence=sentence, label=label, choices=choices
    )
    app.jinja_env.policies["ext.i18n.trimmed"] = True


def page(template: str, status: int = 200, **context: object) -> ResponseReturnValue:
    """``template`` in its frame; htmx gets the same page and takes what it asked for."""
    who, known = current_who(), network()
    answer = make_response(
        render_template(
            template,
            who=_shown(who) if who else None,
            lang=language(),
            other_lang_url=other_language_url(),
            todo_count=_todo_count(who),
            demo=current_app.config["SETTINGS"].is_demo,
            network=known,
            operator_name=known.operator_name,
            operator_contact=known.operator_contact,
            **context,
        ),
        status,
    )
    answer.headers["Vary"] = "Cookie, Accept-Language, HX-Request"
    return answer


def see_other(address: str) -> ResponseReturnValue:
    """Send the browser on after a deed, so that reloading does not repeat it."""
    return redirect(address, 303)


def errors_by_field(error: DomainError | None) -> dict[str, str]:
    """The sentences of ``error`` by field name; those without a field under the empty name."""
    said: dict[str, str] = {}
    for reason in error.reasons if error else ():
        key = reason.field or ""
        said[key] = f"{said[key]} {sentence(reason)}" if key in said else sentence(reason)
    return said


def typed(name: str, default: object = "") -> object:
    """What the person typed into ``name`` before the form was refused, else ``default``."""
    return request.form.get(name, default) if request.method == "POST" else default


def waiting_elsewhere(session: Session, actor: Actor, now: datetime) -> list[tuple[str, str]]:
    """(address, words) of what waits for this person on pages of its own."""
    todos: tuple[Todo, ...] = current_app.extensions["mutuali_todos"]
    counts = zip(todos, _counts(session, actor, now), strict=False)
    return [(todo.href, todo.words(count)) for todo, count in counts if count]


def _todo_count(who: Who | None) -> int:
    return sum(_counts(db.session(), who.actor, utc_now())) if who else 0


def _counts(session: Session, actor: Actor, now: datetime) -> list[int]:
    """What each counter counts, those of the todos first; once in a request."""
    if "todo_counts" not in g:
        counters: tuple[Counter, ...] = current_app.extensions["mutuali_todo_counters"]
        g.todo_counts = counted(session, counters, actor, now)
    return list(g.todo_counts)


def _shown(who: Who) -> ShownWho:
    actor = who.actor
    return ShownWho(
        name=who.name,
        organization_id=who.organization_id,
        organization_name=who.organization_name,
        organizations=tuple((public_id, name) for _, public_id, name in who.organizations),
        can_coordinate=may(actor, Permission.BOOKING_DECIDE_FOR_NETWORK),
        can_steward=may(actor, Permission.EXPORT_DECIDE),
        can_review=may(actor, Permission.EXPORT_REVIEW),
        is_analyst=Role.ANALYST in actor.roles,
        is_administrator=Role.ADMINISTRATOR in actor.roles,
        can_share=may(actor, Permission.NETWORK_SHARE),
        withheld=", ".join(label("role", role) for role in sorted(actor.withheld)),
    )
