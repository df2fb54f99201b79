"""The letter of the month, once to each manager who wants it, and the links that answer from it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from mutuali.audit import service as audit
from mutuali.checkin.models import CheckIn, CheckInCard, CheckInLink, CheckInSilence
from mutuali.checkin.rules import BY_LETTER, Card, Choice, Kind, is_early, month_of
from mutuali.checkin.service.month import carry_out, end_if_last, left
from mutuali.checkin.service.providers import Providers, of_kind
from mutuali.checkin.service.records import decided_rows, month_row, pass_time
from mutuali.core.errors import Conflict
from mutuali.core.permissions import VISITOR, Actor, Permission, Role, may, require
from mutuali.jobs import service as jobs
from mutuali.organizations import service as organizations

#: How long a link of a letter answers.
LINK_LASTS = timedelta(days=14)


class LinkState(StrEnum):
    """Whether a link still answers, and why not."""

    OPEN = "open"
    USED = "used"
    EXPIRED = "expired"
    #: Its person does not manage the organization any more.
    NOT_THEIRS = "not_theirs"
    #: Somebody decided the card otherwise, or the thing settled itself.
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Link:
    """What a link of a letter stands for.

    ``card`` is what it would answer, as long as it can; ``said`` what was decided of it, by
    whomever. ``actor`` is its person, acting for its organization and for nothing else; nobody once
    nothing is kept of the link any more.
    """

    state: LinkState
    actor: Actor
    card: Card | None = None
    said: Choice | None = None


def begin_months(session: Session, *, now: datetime) -> int:
    """In the first days of a month, have each organization looked at whose managers were not
    written to; returns how many."""
    if not is_early(now):
        return 0
    month = month_of(now)
    told = set(
        session.scalars(
            select(CheckIn.organization_id).where(
                CheckIn.month == month,
                or_(CheckIn.told_at.is_not(None), CheckIn.finished_at.is_not(None)),
            )
        )
    )
    waiting = [
        each.id for each in organizations.accepted_organizations(session) if each.id not in told
    ]
    for id_ in waiting:
        jobs.enqueue(session, "checkin.begin", {"organization": id_}, now=now)
    return len(waiting)


def begin(session: Session, organization_id: int, *, providers: Providers, now: datetime) -> bool:
    """Have the managers of an organization told, if there is a card for any; whether they are."""
    if not is_early(now):
        return False
    cards = _cards_of_managers(session, organization_id, providers, now)
    if not cards:
        return False
    row = month_row(session, organization_id, now)
    if row.told_at is not None or row.finished_at is not None:
        return False
    row.told_at = now
    silent = _silent(session, organization_id)
    for person_id, theirs in cards.items():
        if person_id in silent:
            continue
        for card in theirs:
            if card.kind in BY_LETTER:
                session.add(_new_link(row, person_id, card, now))
    session.flush()
    arguments = {"organization": organization_id, "month": row.month.isoformat()}
    jobs.enqueue(session, "checkin.tell", arguments, now=now)
    return True


def to_tell(
    session: Session, organization_id: int, month: date, *, providers: Providers, now: datetime
) -> Mapping[int, tuple[Card, ...]]:
    """Who is written to about a month, with the cards that are left; nobody once it is over."""
    row = session.get(CheckIn, (organization_id, month))
    if row is None or row.finished_at is not None or month_of(now) != month:
        return {}
    silent = _silent(session, organization_id)
    cards = _cards_of_managers(session, organization_id, providers, now)
    return {id_: theirs for id_, theirs in cards.items() if id_ not in silent}


def links_of(
    session: Session, organization_id: int, person_id: int, month: date
) -> dict[tuple[Kind, str], int]:
    """The links of a person's letter, by the card that each answers."""
    rows = session.scalars(
        select(CheckInLink).where(
            CheckInLink.organization_id == organization_id,
            CheckInLink.person_id == person_id,
            CheckInLink.month == month,
        )
    )
    return {(Kind(row.kind), row.about): row.id for row in rows}


def manager(session: Session, person_id: int, organization_id: int, *, now: datetime) -> Actor:
    """A person as they act for an organization, with all that they may do."""
    actor = organizations.actor_of(session, person_id, now=now)
    return replace(actor, organization_id=organization_id)


def behind_link(session: Session, link_id: int, *, providers: Providers, now: datetime) -> Link:
    """What a link stands for; changes nothing, however often it is asked."""
    return _link(session, session.get(CheckInLink, link_id), providers, now)


def answer_by_link(
    session: Session,
    link_id: int,
    choice: Choice,
    *,
    shown_at: datetime | None,
    providers: Providers,
    now: datetime,
) -> None:
    """Answer a card by a link of a letter, once; ``shown_at`` is when its button was shown.

    Raises:
        Conflict: it was used, ran out, its person does not manage the organization any more, or the
            card waits no more.
        Refused: the card cannot be answered like this, or what it stands for refuses.
    """
    row = session.get(CheckInLink, link_id, with_for_update=True, populate_existing=True)
    found = _link(session, row, providers, now)
    if row is None or found.state is not LinkState.OPEN:
        raise Conflict(_WHY[found.state])
    month = month_row(session, row.organization_id, now)
    key = (Kind(row.kind), row.about)
    carry_out(session, found.actor, month, key, choice, providers, now=now, by_letter=True)
    row.used_at = now
    session.flush()
    pass_time(month, shown_at, now)
    everything = manager(session, row.person_id, row.organization_id, now=now)
    end_if_last(session, everything, month, providers, now=now)


def wants_letters(session: Session, actor: Actor, organization_id: int) -> bool:
    """Whether the actor is written to about the check-ins of an organization."""
    return session.get(CheckInSilence, (organization_id, actor.person_id or 0)) is None


def set_letters(
    session: Session, actor: Actor, organization_id: int, *, wanted: bool, now: datetime
) -> None:
    """Have letters about the check-ins of an organization again, or no more.

    Raises:
        Forbidden: the actor does not manage the organization.
    """
    require(actor, Permission.ORGANIZATION_EDIT, over=organization_id)
    _set_letters(session, actor.person_id or 0, organization_id, wanted=wanted, now=now)


def stop_by_letter(
    session: Session, organization_id: int, person_id: int, *, now: datetime
) -> None:
    """Send a person no more letters about an organization; the letter itself says who asks."""
    _set_letters(session, person_id, organization_id, wanted=False, now=now)


def _set_letters(
    session: Session, person_id: int, organization_id: int, *, wanted: bool, now: datetime
) -> None:
    key = (organization_id, person_id)
    is_silent = session.get(CheckInSilence, key) is not None
    if wanted is not is_silent:
        return
    if wanted:
        session.execute(
            delete(CheckInSilence).where(
                CheckInSilence.organization_id == organization_id,
                CheckInSilence.person_id == person_id,
            )
        )
    else:
        row = CheckInSilence(organization_id=organization_id, person_id=person_id, since=now)
        session.add(row)
    session.flush()
    deed = "checkin.letters_wanted" if wanted else "checkin.letters_stopped"
    who = Actor(person_id=person_id)
    audit.record(session, who, deed, "organization", organization_id, now=now)


_WHY = {
    LinkState.USED: "checkin.link_used",
    LinkState.EXPIRED: "checkin.link_expired",
    LinkState.NOT_THEIRS: "checkin.link_not_theirs",
    LinkState.GONE: "checkin.card_gone",
}


def _link(session: Session, row: CheckInLink | None, providers: Providers, now: datetime) -> Link:
    if row is None:
        return Link(LinkState.EXPIRED, VISITOR)
    id_ = row.organization_id
    actor = _only_for(manager(session, row.person_id, id_, now=now), id_)
    if not may(actor, Permission.ORGANIZATION_EDIT, over=id_):
        # Whoever left learns nothing of what was decided since.
        return Link(LinkState.NOT_THEIRS, actor)
    kind = Kind(row.kind)
    decided = session.get(CheckInCard, (id_, row.month, row.kind, row.about))
    said = Choice(decided.choice) if decided else None
    if row.used_at is not None:
        return Link(LinkState.USED, actor, said=said)
    if row.expires_at <= now or row.month != month_of(now):
        return Link(LinkState.EXPIRED, actor, said=said)
    month = session.get(CheckIn, (id_, row.month))
    if said is not None or month is None or month.finished_at is not None:
        return Link(LinkState.GONE, actor, said=said)
    for provider in of_kind(providers, kind):
        for card in provider.find(session, actor, id_, now):
            if card.key == (kind, row.about):
                return Link(LinkState.OPEN, actor, card)
    return Link(LinkState.GONE, actor)


def _only_for(actor: Actor, organization_id: int) -> Actor:
    """What a letter may stand for: the person's role there, and nothing over the network."""
    role = actor.memberships.get(organization_id)
    held: dict[int, Role] = {} if role is None else {organization_id: role}
    return Actor(actor.person_id, memberships=held, organization_id=organization_id)


def _cards_of_managers(
    session: Session, organization_id: int, providers: Providers, now: datetime
) -> dict[int, tuple[Card, ...]]:
    """The cards that are left this month, by the manager who would see them; without those who
    would see none."""
    rows = decided_rows(session, organization_id, month_of(now))
    found = {}
    for person_id in sorted(organizations.manager_ids(session, organization_id)):
        actor = manager(session, person_id, organization_id, now=now)
        cards = left(session, actor, organization_id, rows, providers, now)
        if cards:
            found[person_id] = cards
    return found


def _silent(session: Session, organization_id: int) -> set[int]:
    return set(
        session.scalars(
            select(CheckInSilence.person_id).where(
                CheckInSilence.organization_id == organization_id
            )
        )
    )


def _new_link(row: CheckIn, person_id: int, card: Card, now: datetime) -> CheckInLink:
    return CheckInLink(
        organization_id=row.organization_id,
        person_id=person_id,
        month=row.month,
        kind=card.kind,
        about=card.subject,
        expires_at=now + LINK_LASTS,
    )
