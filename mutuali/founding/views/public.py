"""What everybody sees: the logo, and the kit where the network let it out."""

from flask import Response
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from mutuali.core.errors import NotFound
from mutuali.core.network import Network
from mutuali.core.permissions import Actor
from mutuali.founding import service
from mutuali.founding.views.blueprint import bp
from mutuali.founding.views.kit import kit_zip
from mutuali.network import service as networks
from mutuali.web.doors import PUBLIC, door
from mutuali.web.network import said
from mutuali.web.pages import page


@bp.get("/logo-du-reseau/<key>.webp")
@door(PUBLIC)
def logo(session: Session, actor: Actor, key: str) -> ResponseReturnValue:
    """The logo, kept by browsers for good: another one gets another address."""
    answer = Response(networks.logo(session, key), mimetype="image/webp")
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return answer


@bp.get("/trousse")
@door(PUBLIC)
def public_kit(session: Session, actor: Actor) -> ResponseReturnValue:
    """What the kit holds, and the lessons; 404 while the network keeps it to itself."""
    known = _published(session)
    lessons = service.shown_lessons(session, known.shown_name)
    return page("founding/public.html", known=known, lessons=lessons)


@bp.get("/trousse.zip")
@door(PUBLIC)
def public_kit_file(session: Session, actor: Actor) -> ResponseReturnValue:
    """The kit; 404 while the network keeps it to itself."""
    _published(session)
    return kit_zip(session)


def _published(session: Session) -> Network:
    known = said(session)
    if known.kit_published_at is None:
        raise NotFound
    return known
