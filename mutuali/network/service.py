"""Use cases: what the network says of itself, step by step; each is kept on its own."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mutuali.audit import service as audit
from mutuali.core.errors import Conflict, NotFound, Refused, StaleVersion
from mutuali.core.network import NOTHING_SAID, Logo, Network, in_order
from mutuali.core.permissions import Actor, Permission, require
from mutuali.core.places import BOROUGHS
from mutuali.network.models import NetworkRow, NoticeWords
from mutuali.network.rules import (
    PUT_AWAY_AFTER,
    OperatorDraft,
    borough_objections,
    operator_objections,
)
from mutuali.organizations import service as organizations


@dataclass(frozen=True, slots=True)
class EncodedLogo:
    """A picture as the door re-encoded it: WebP without metadata, its pixels."""

    content: bytes
    key: str
    width: int
    height: int


def network(session: Session) -> Network:
    """What the network says of itself; nothing at all until somebody began."""
    row = session.get(NetworkRow, 1)
    return NOTHING_SAID if row is None else _facts(row)


def logo(session: Session, key: str) -> bytes:
    """The picture with this key. Raises NotFound: there is none, or another by now."""
    found = session.scalar(select(NetworkRow.logo).where(NetworkRow.logo_key == key))
    if not key or found is None:
        raise NotFound
    return found


def name_operator(
    session: Session,
    actor: Actor,
    draft: OperatorDraft,
    *,
    public_id: str,
    version: int | None = None,
    now: datetime,
) -> int:
    """Say which legal person answers; returns its organization, which is made where there is none.

    Another legal name makes another text of participation, which binds nobody until accepted.

    Raises:
        Forbidden: the actor may not.
        Refused: what is missing, or an enterprise number that is none.
        StaleVersion: somebody changed the network meanwhile.
    """
    require(actor, Permission.NETWORK_EDIT)
    objections = operator_objections(draft)
    if objections:
        raise Refused.because(objections)
    row = _row(session, now, version)
    row.operator_name, row.operator_address = draft.name, draft.address
    row.operator_contact = draft.contact
    organization_id = organizations.name_operator(
        session, actor, draft.name, draft.enterprise_number, public_id=public_id, now=now
    )
    _changed(session, actor, row, "operator", now)
    return organization_id


def name_network(
    session: Session, actor: Actor, name: str, *, version: int | None = None, now: datetime
) -> None:
    """Say what the network is called; nothing: as its operator. Raises Forbidden, StaleVersion."""
    require(actor, Permission.NETWORK_EDIT)
    row = _row(session, now, version)
    row.name = name
    _changed(session, actor, row, "name", now)


def set_logo(
    session: Session,
    actor: Actor,
    encoded: EncodedLogo | None,
    *,
    alt_fr: str,
    alt_en: str,
    now: datetime,
) -> None:
    """Show a picture in place of the name; None takes it away. Raises Forbidden."""
    require(actor, Permission.NETWORK_EDIT)
    row = _row(session, now)
    row.logo = encoded.content if encoded else None
    row.logo_key = encoded.key if encoded else ""
    row.logo_width, row.logo_height = (encoded.width, encoded.height) if encoded else (0, 0)
    row.logo_alt_fr, row.logo_alt_en = alt_fr, alt_en
    _changed(session, actor, row, "logo", now)


def serve(
    session: Session,
    actor: Actor,
    boroughs: tuple[str, ...],
    *,
    english: bool,
    version: int | None = None,
    now: datetime,
) -> None:
    """Say where the network serves, nowhere named being the whole island; in English too or not.

    Raises:
        Forbidden: the actor may not.
        Refused: one of ``boroughs`` is none of the island.
        StaleVersion: somebody changed the network meanwhile.
    """
    require(actor, Permission.NETWORK_EDIT)
    objections = borough_objections(boroughs)
    if objections:
        raise Refused.because(objections)
    row = _row(session, now, version)
    row.boroughs = list(in_order(boroughs, BOROUGHS))
    row.english = english
    _changed(session, actor, row, "region", now)


def speak(session: Session, actor: Actor, *, english: bool, now: datetime) -> None:
    """Say whether the network speaks English besides French. Raises Forbidden."""
    require(actor, Permission.NETWORK_EDIT)
    row = _row(session, now)
    row.english = english
    _changed(session, actor, row, "english", now)


def ask_for(
    session: Session,
    actor: Actor,
    purposes: tuple[str, ...],
    *,
    version: int | None = None,
    now: datetime,
) -> None:
    """Say for which purposes the network will ask; notices that are out stay as they are.

    Raises:
        Forbidden: the actor may not.
        StaleVersion: somebody changed the network meanwhile.
    """
    require(actor, Permission.NETWORK_SHARE)
    row = _row(session, now, version)
    row.purposes = list(purposes)
    _changed(session, actor, row, "purposes", now)


def publish_kit(session: Session, actor: Actor, *, public: bool, now: datetime) -> None:
    """Let everybody take the governance kit, or only those of the network. Raises Forbidden."""
    require(actor, Permission.NETWORK_SHARE)
    row = _row(session, now)
    row.kit_published_at = now if public else None
    _changed(session, actor, row, "kit", now, public=public)


def put_away(session: Session, actor: Actor, *, ready: bool, now: datetime) -> None:
    """Put away what is still to be set up; ``ready`` says that those who answer are named.

    Raises:
        Forbidden: the actor may not.
        Conflict: they are not, or it has not been thirty days.
    """
    require(actor, Permission.NETWORK_SHARE)
    row = _row(session, now)
    if not ready:
        raise Conflict("network.nobody_answers")
    if now < row.begun_at + PUT_AWAY_AFTER:
        raise Conflict("network.too_early")
    row.put_away_at = now
    _changed(session, actor, row, "put_away", now)


def notice_words(session: Session, subject: str, purpose: str) -> tuple[str, str] | None:
    """The words in both languages that a notice starts from here; None: the software's."""
    row = session.get(NoticeWords, (subject, purpose))
    return None if row is None else (row.text_fr, row.text_en)


def all_notice_words(session: Session) -> dict[tuple[str, str], tuple[str, str, str]]:
    """(subject, purpose) -> words in French and English, and the network that wrote them."""
    rows = session.scalars(select(NoticeWords))
    return {(row.subject, row.purpose): (row.text_fr, row.text_en, row.origin) for row in rows}


def propose_words(
    session: Session,
    actor: Actor,
    words: Collection[tuple[str, str, str, str]],
    origin: str,
    *,
    now: datetime,
) -> None:
    """Let notices start from the words of another network: (subject, purpose, French, English).
    What is published stays as it is. Raises Forbidden."""
    require(actor, Permission.NOTICE_PUBLISH)
    for subject, purpose, french, english in words:
        row = session.get(NoticeWords, (subject, purpose))
        if row is None:
            row = NoticeWords(subject=subject, purpose=purpose)
            session.add(row)
        row.text_fr, row.text_en, row.origin, row.at = french, english, origin, now
    session.flush()
    facts = {"notices": len(words)}
    audit.record(session, actor, "network.notice_words", "network", 1, now=now, facts=facts)


def _row(session: Session, now: datetime, version: int | None = None) -> NetworkRow:
    row = session.get(NetworkRow, 1, with_for_update=True)
    if row is None:
        try:
            with session.begin_nested():
                session.add(NetworkRow(id=1, begun_at=now, version=0))
        except IntegrityError:
            raise Conflict("network.just_begun") from None
        row = session.get_one(NetworkRow, 1)
    if version is not None and version != row.version:
        raise StaleVersion
    return row


def _changed(
    session: Session, actor: Actor, row: NetworkRow, what: str, now: datetime, **more: object
) -> None:
    row.version += 1
    session.flush()
    facts = {"what": what, **more}
    audit.record(session, actor, "network.changed", "network", 1, now=now, facts=facts)


def _facts(row: NetworkRow) -> Network:
    return Network(
        row.operator_name,
        row.operator_address,
        row.operator_contact,
        row.name,
        Logo(row.logo_key, row.logo_width, row.logo_height, row.logo_alt_fr, row.logo_alt_en)
        if row.logo_key
        else None,
        None if row.boroughs is None else tuple(row.boroughs),
        row.english,
        None if row.purposes is None else tuple(row.purposes),
        row.kit_published_at,
        row.begun_at,
        row.put_away_at,
        row.version,
    )
