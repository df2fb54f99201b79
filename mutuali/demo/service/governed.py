"""What the made-up network was asked and answered, and who speaks for whom."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from mutuali.consent import service as consent
from mutuali.consent.rules import PURPOSES_OF, Answer, Purpose, Subject
from mutuali.core.period import local
from mutuali.core.permissions import Actor, Role
from mutuali.demo.rules.dice import Dice
from mutuali.demo.rules.names import DOMAIN
from mutuali.demo.service.agreed import Voices, agree
from mutuali.organizations import service as organizations
from mutuali.organizations.rules import Capacity, Mandate, Office, OfficeDraft

#: Of those who answer, how many say yes; one in twelve has not answered at all.
_YES = {
    Purpose.NETWORK_STATISTICS: 0.9,
    Purpose.SHARING_STUDY: 0.8,
    Purpose.MOBILITY_PLANNING: 1.0,
    Purpose.NAMED_PUBLICLY: 0.6,
    Purpose.OPEN_DATA: 1.0,
}
_SILENT = 1 / 12
#: Of the people who ask for loans, how many say yes for themselves.
_PEOPLES_YES = 0.95
#: Where nobody of those asked is silent or says no: a period that a partner was given is open only
#: if everybody behind it says yes to that, and the demo has something open on whatever day.
_ALL_AGREE = frozenset({Purpose.OPEN_DATA})


def govern(
    session: Session,
    dice: Dice,
    voices: Voices,
    *,
    new_public_id: Callable[[], str],
    now: datetime,
) -> None:
    """Over half a year ago the operator said who answers and everybody agreed to take part; then
    the network was asked, most said yes, and agreements took effect.

    The first organization and its people have not answered: whoever tries the demo can.
    """
    steward = Actor(
        person_id=voices.steward_id, roles=frozenset({Role.STEWARD}), second_factor=True
    )
    asked_at = now - timedelta(days=180)
    _answer_for(session, voices, now=asked_at - timedelta(days=30))
    _take_part(session, voices, new_public_id, now=asked_at - timedelta(days=20))
    _say_by_what_right(session, voices, now=asked_at - timedelta(days=20))
    for purpose, share in _YES.items():
        notice_id = _ask(
            session, steward, voices, purpose, Subject.ORGANIZATION, new_public_id(), now=asked_at
        )
        for organization_id, person_id in voices.managers[1:]:
            if dice.random() < _SILENT and purpose not in _ALL_AGREE:
                continue
            answer = Answer.GIVEN if dice.random() < share else Answer.REFUSED
            at = asked_at + timedelta(hours=dice.randint(5, 300))
            manager = Actor(person_id=person_id, memberships={organization_id: Role.MANAGER})
            consent.answer(session, manager, organization_id, notice_id, answer, now=at)
        if purpose not in PURPOSES_OF[Subject.PERSON]:
            continue
        own_id = _ask(
            session, steward, voices, purpose, Subject.PERSON, new_public_id(), now=asked_at
        )
        for person_id in (each for people in voices.people[1:] for each in people):
            agrees = dice.random() < _PEOPLES_YES or purpose in _ALL_AGREE
            answer = Answer.GIVEN if agrees else Answer.REFUSED
            at = asked_at + timedelta(hours=dice.randint(5, 300))
            consent.answer_own(session, Actor(person_id=person_id), own_id, answer, now=at)
    agree(session, steward, voices, new_public_id=new_public_id, now=now)


def _ask(
    session: Session,
    steward: Actor,
    voices: Voices,
    purpose: Purpose,
    subject: Subject,
    public_id: str,
    *,
    now: datetime,
) -> str:
    draft = consent.default_draft(session, purpose, voices.partner_id, subject=subject)
    id_ = consent.publish_notice(session, steward, draft, public_id=public_id, now=now)
    consent.ask_all(session, id_, now=now)
    return public_id


def _answer_for(session: Session, voices: Voices, *, now: datetime) -> None:
    """The operator names who answers for personal information."""
    administrator = Actor(person_id=voices.administrator_id, roles=frozenset({Role.ADMINISTRATOR}))
    written = local(now).date()
    for draft in (
        OfficeDraft(
            Office.PERSON_IN_CHARGE,
            "Rose-Aimée Laliberté",
            "Directrice générale adjointe",
            f"vie-privee@{DOMAIN}",
            written,
            "Lettre de délégation du conseil",
        ),
        OfficeDraft(
            Office.SUBSTITUTE,
            "Théo Kaboré",
            "Responsable des opérations",
            f"vie-privee@{DOMAIN}",
            written,
            "Lettre de délégation du conseil",
        ),
        OfficeDraft(
            Office.QUALIFIED_PERSON,
            "Salomé Tran",
            "Statisticienne",
            f"anonymisation@{DOMAIN}",
            competence="Dix ans de contrôle de la divulgation dans un institut de statistique.",
            is_external=True,
        ),
    ):
        organizations.name_officer(session, administrator, draft, now=now)


def _take_part(
    session: Session, voices: Voices, new_public_id: Callable[[], str], *, now: datetime
) -> None:
    for organization_id, person_id in voices.managers:
        offered = organizations.participation_text(session, organization_id, voices.operator_name)
        organizations.accept_participation(
            session,
            Actor(person_id=person_id, memberships={organization_id: Role.MANAGER}),
            organization_id,
            offered.hash,
            Mandate(Capacity.EXECUTIVE_DIRECTION),
            operator_name=voices.operator_name,
            public_id=new_public_id(),
            now=now,
        )


def _say_by_what_right(session: Session, voices: Voices, *, now: datetime) -> None:
    """Who signs for the operator and for the partner."""
    resolved = local(now).date()
    for id_, person_id, mandate in (
        (
            voices.operator_id,
            voices.steward_id,
            Mandate(Capacity.MANDATE, f"CA-{resolved:%Y-%m}", resolved),
        ),
        (voices.partner_id, voices.partner_manager_id, Mandate(Capacity.EXECUTIVE_DIRECTION)),
    ):
        actor = Actor(person_id=person_id, memberships={id_: Role.MANAGER})
        organizations.state_mandate(session, actor, id_, mandate, now=now)
