"""The log as files: its heads and its chain for everybody, its events for who may read them."""

from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from xml.etree import ElementTree as Xml

from flask import Blueprint, Response, current_app, stream_with_context
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from mutuali.audit import service
from mutuali.audit.rules import Head
from mutuali.config import Settings
from mutuali.core.permissions import Actor, Permission
from mutuali.extensions import limiter
from mutuali.web.clock import utc_now
from mutuali.web.doors import PUBLIC, door, transaction
from mutuali.web.network import network
from mutuali.web.programs import Program, as_download, source
from mutuali.web.signing import public_keys

bp = Blueprint("audit", __name__)

_ATOM = "http://www.w3.org/2005/Atom"
#: How many days the feed goes back; the file of heads goes back to the first.
_IN_FEED = 30


@bp.get("/transparence/journal.json")
@door(PUBLIC)
def heads(session: Session, actor: Actor) -> ResponseReturnValue:
    """Every signed head, the days without one, the keys, and where the rest is."""
    known = service.heads(session, now=utc_now())
    return {
        "operator": network().operator_name,
        "keys": {key_id: b64encode(key).decode() for key_id, key in public_keys().items()},
        "heads": [head.public for head in known.signed],
        "missing": [day.isoformat() for day in known.missing],
        "chain": _address("/transparence/chaine.jsonl"),
        "verifier": _address("/transparence/verify_log.py"),
        "verifier_sha256": source(Program.VERIFY_LOG).sha256,
    }


@bp.get("/transparence/journal.atom")
@door(PUBLIC)
def feed(session: Session, actor: Actor) -> ResponseReturnValue:
    """The last heads as a feed, so that any reader of feeds keeps copies."""
    known = service.heads(session, now=utc_now())
    return Response(_feed(known.signed[-_IN_FEED:]), mimetype="application/atom+xml")


@bp.get("/transparence/chaine.jsonl")
@limiter.limit("10 per minute")
@door(PUBLIC)
def chain(session: Session, actor: Actor) -> ResponseReturnValue:
    """The chain up to the last published head; each event is only its hash."""
    return _lines("chaine.jsonl", lambda session, after: service.public_lines(session, after=after))


@bp.get("/intendance/journal.jsonl")
@door(Permission.AUDIT_READ, reads=False)
def log(session: Session, actor: Actor) -> ResponseReturnValue:
    """The chain with what each event says, by numbers; that it was read is recorded."""
    up_to = service.read_log(session, actor, now=utc_now())
    return _lines(
        "journal.jsonl",
        lambda session, after: service.whole_lines(session, actor, after=after, up_to=up_to),
    )


@bp.get("/transparence/<any(verify_log, verify_bundle):name>.py")
@door(PUBLIC)
def verifier(session: Session, actor: Actor, name: str) -> ResponseReturnValue:
    """The programs that check, without us, what this instance sealed and signed."""
    return as_download(Program(f"{name}.py"))


def _lines(name: str, some: Callable[[Session, int], Sequence[str]]) -> Response:
    """A file that may be longer than memory, read in many short transactions."""

    def batches() -> Iterator[str]:
        written = 0
        while True:
            with transaction(reads=True) as session:
                lines = some(session, written)
            if not lines:
                return
            yield "".join(lines)
            written += len(lines)

    answer = Response(stream_with_context(batches()), mimetype="application/jsonl")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _feed(heads: Sequence[Head]) -> str:
    address = _address("/transparence/journal.atom")
    feed = Xml.Element("feed", xmlns=_ATOM)
    _said(feed, "id", address)
    _said(feed, "title", f"Journal scellé · {network().operator_name}")
    Xml.SubElement(feed, "link", rel="self", href=address)
    Xml.SubElement(feed, "link", href=_address("/transparence/journal.json"))
    _said(_inside(feed, "author"), "name", network().operator_name)
    _said(feed, "updated", heads[-1].public["signed_at"] if heads else "1970-01-01T00:00:00+00:00")
    for head in reversed(heads):
        entry = _inside(feed, "entry")
        _said(entry, "id", f"{address}#{head.day}")
        _said(entry, "title", f"{head.day} · {head.count} · {head.seal}")
        _said(entry, "updated", head.public["signed_at"])
        _said(entry, "content", " ".join(f"{name}={said}" for name, said in head.public.items()))
    return Xml.tostring(feed, encoding="unicode", xml_declaration=True)


def _inside(parent: Xml.Element, name: str) -> Xml.Element:
    return Xml.SubElement(parent, name)


def _said(parent: Xml.Element, name: str, text: object) -> None:
    Xml.SubElement(parent, name).text = str(text)


def _address(path: str) -> str:
    return _settings().base_url + path


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings
