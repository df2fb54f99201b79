"""A door: one HTTP address in front of one use case.

The door declares who may knock, parses before anything is locked, opens the transaction, finds the
actor in it, calls the view and commits; whatever goes wrong rolls back. A view without a door does
not answer (deny by default; ``web.security`` refuses it).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, Final, TypeVar

from flask import Response, after_this_request, current_app, make_response, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from mutuali.core.errors import Conflict, DomainError, Refused, SignInNeeded
from mutuali.core.permissions import Actor, Permission, require
from mutuali.extensions import db
from mutuali.transactions import begin, end
from mutuali.web import identity, once

View = TypeVar("View", bound=Callable[..., Any])


class Audience:
    """Whom a door is for when no permission says it."""

    def __init__(self, name: str) -> None:
        self.value = name


SAFE = frozenset({"GET", "HEAD"})
#: Doors that anybody may open.
PUBLIC: Final = Audience("public")
#: Doors for whoever is signed in, whatever their roles.
SIGNED_IN: Final = Audience("signed_in")


@contextmanager
def transaction(*, reads: bool = False) -> Iterator[Session]:
    """One unit of work on the request's session: committed at the end, rolled back on any error.

    One that only ``reads`` does not queue behind writers on SQLite, and leaves nothing behind.
    """
    session = db.session()
    begin(session, reads=reads)
    try:
        yield session
        end(session, reads=reads)
    except BaseException:
        session.rollback()
        raise


def afterwards(deed: Callable[[Session], None]) -> None:
    """Once the answer is made, do a small deed in a short transaction of its own.

    For what a reading door has to note. What goes wrong is logged and changes no answer.
    """

    @after_this_request
    def act(response: Response) -> Response:
        try:
            with transaction() as session:
                deed(session)
        except Exception:
            current_app.logger.exception("what should have been noted afterwards was not")
        return response


def door(
    audience: Permission | Audience,
    *,
    parse: Callable[[], object] | None = None,
    again: Callable[..., ResponseReturnValue] | None = None,
    reads: bool | Callable[[], bool] | None = None,
) -> Callable[[View], View]:
    """Declare who may open a view and run it inside its transaction.

    The view is called with ``session, actor``, then what ``parse`` made of the request (if given),
    then the arguments of the route. GET and HEAD read, all else writes, unless ``reads`` says so,
    of this request where it is a function.
    A permission held anywhere opens the door; the use case asks again over whom. When a form is
    refused, ``again(session, actor, *route arguments, error=...)`` shows it once more, with what
    was typed and what is wrong.

    Raises:
        SignInNeeded: the audience is not the public and nobody is signed in.
        Forbidden: the actor holds the permission nowhere.
    """

    def declare(view: View) -> View:
        def answer(only_reads: bool, args: Any, kwargs: Any) -> Response:
            try:
                parsed = () if parse is None else (parse(),)
            except DomainError:
                # Who may not come in does not learn what the form lacks.
                with transaction(reads=True):
                    _let_in(audience)
                raise
            with transaction(reads=only_reads) as session:
                actor = _let_in(audience)

                def act() -> Response:
                    return make_response(view(session, actor, *parsed, *args, **kwargs))

                # What is safe to ask twice is answered twice: no file on its way is kept.
                safe = only_reads or request.method in SAFE
                return act() if safe else once.answer_once(session, actor, act)

        @wraps(view)
        def opened(*args: Any, **kwargs: Any) -> ResponseReturnValue:
            asked = reads() if callable(reads) else reads
            only_reads = request.method in SAFE if asked is None else asked
            try:
                return answer(only_reads, args, kwargs)
            except once.TwinCameFirst:
                return answer(only_reads, args, kwargs)
            except (Refused, Conflict) as error:
                if again is None:
                    raise
                with transaction(reads=True) as session:
                    actor = _let_in(audience)
                    shown = make_response(again(session, actor, *args, error=error, **kwargs))
                shown.status_code = 409 if isinstance(error, Conflict) else 422
                return shown

        opened.door = audience.value  # type: ignore[attr-defined]
        return opened  # type: ignore[return-value]

    return declare


def _let_in(audience: Permission | Audience) -> Actor:
    actor = identity.current_actor()
    if audience is PUBLIC:
        return actor
    if actor.is_visitor:
        raise SignInNeeded
    if isinstance(audience, Permission):
        require(actor, audience)
    return actor
