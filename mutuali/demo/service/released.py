"""What left the made-up network: a copy of each dataset agreed on, and what the registers note."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from mutuali.accounts import service as accounts
from mutuali.agreements import service as agreements
from mutuali.agreements.rules import Dataset
from mutuali.consent import service as consent
from mutuali.consent.rules import Purpose
from mutuali.core.period import local
from mutuali.core.permissions import Actor, Role
from mutuali.demo.rules.names import DOMAIN
from mutuali.exports import service as exports
from mutuali.exports.rules.answers import Answers
from mutuali.exports.rules.life import ExportState
from mutuali.governance import service as governance
from mutuali.governance.rules import IncidentDraft, Level, RequestKind
from mutuali.organizations import service as organizations

#: What is asked of each dataset, and for what; the last but one waits for its reviews, the last
#: for an answer.
_ASKED = (
    (Dataset.EQUIPMENT_USE, Purpose.NETWORK_STATISTICS, "Où manque-t-il des camions réfrigérés?"),
    (Dataset.LOANS, Purpose.SHARING_STUDY, "Qu’est-ce qui fait qu’un prêt se passe bien?"),
    (Dataset.UNMET_DEMAND, Purpose.NETWORK_STATISTICS, "Que cherche-t-on sans le trouver?"),
    (Dataset.ORGANIZATIONS_CAPACITY, Purpose.NAMED_PUBLICLY, "Qui prête quoi, et où?"),
    (Dataset.LENDING_FLOWS, Purpose.MOBILITY_PLANNING, "D’où à où passe l’équipement?"),
    (Dataset.EQUIPMENT_USE, Purpose.NETWORK_STATISTICS, "En quelle saison tout est-il prêté?"),
)
_ANSWERS = Answers(
    activities="Comparer, saison par saison, ce qui est offert et ce qui est prêté.",
    need="Sans ces chiffres, on achète de l’équipement là où il y en a déjà assez.",
    people="Adèle Nguyen",
    technologies="Un tableur, et R pour les graphiques.",
    place="À Montréal, sur un poste de l’équipe d’analyse.",
    detail="Des sommes ne diraient pas comment la durée et la saison agissent ensemble.",
    outputs="Un rapport public de dix pages, au printemps.",
)


@dataclass(frozen=True, slots=True)
class _Hands:
    """Who asks, who prepares and answers for it, and whose opinion from outside is the second."""

    analyst: Actor
    steward: Actor
    reviewer: Actor


def ask_for_data(session: Session, *, new_public_id: Callable[[], str], now: datetime) -> list[str]:
    """The partner's analyst asks and the steward has all built but the last; the public ids of
    what is built."""
    hands = _hands(session)
    analyst_id = _person(session, "analyste")
    under = {
        dataset: agreement.public_id
        for agreement in agreements.in_force_for(session, analyst_id, now=now)
        for dataset in agreement.datasets
    }
    asked = []
    for dataset, purpose, question in _ASKED:
        request = exports.DataRequest(under[dataset], dataset, purpose, question, _ANSWERS)
        public_id = new_public_id()
        exports.request_export(session, hands.analyst, request, public_id=public_id, now=now)
        asked.append(public_id)
    for public_id in asked[:-1]:
        exports.prepare(session, hands.steward, public_id, hosted_outside=False, now=now)
    return asked[:-1]


def let_out(
    session: Session,
    built: Sequence[str],
    *,
    key: bytes,
    new_public_id: Callable[[], str],
    now: datetime,
) -> None:
    """Whoever answers for a bundle says yes to all but the last, the analyst takes them, and the
    registers have their first lines; what was withheld stays in. ``key`` is that of fingerprints.
    """
    hands = _hands(session)
    for public_id in built[:-1]:
        export = exports.export(session, hands.steward, public_id, now=now)
        if export.state is not ExportState.IN_REVIEW:
            continue
        for person in (hands.steward, hands.reviewer)[: export.opinions_needed]:
            exports.sign(
                session,
                person,
                public_id,
                key=key,
                hosted_outside=False,
                remarks_read=True,
                now=now,
            )
        exports.hand_over(session, hands.analyst, public_id, key=key, now=now)
    governance.write_entries(session, now=now)
    member = Actor(person_id=_person(session, "membre"))
    governance.ask(session, member, RequestKind.ACCESS, "", public_id=new_public_id(), now=now)
    day = local(now).date()
    incident = IncidentDraft(
        information="Courriels de membres",
        unknown_because="",
        circumstances="Un message a été envoyé à la mauvaise liste.",
        started_on=day - timedelta(days=40),
        ended_on=day - timedelta(days=40),
        aware_on=day - timedelta(days=39),
        persons=12,
        in_quebec=12,
        sensitivity=Level.LOW,
        consequences=Level.LOW,
        likelihood=Level.LOW,
        serious=False,
        elements="",
        consulted_on=None,
        measures="Les listes ont été refaites et le message, rappelé.",
    )
    governance.record_incident(session, hands.steward, incident, public_id=new_public_id(), now=now)


def take_one_back(session: Session, *, key: bytes, now: datetime) -> None:
    """An organization in the copy of loans takes back its yes: the copy is recalled, and its holder
    has until a day to attest."""
    purpose, recipient_id = Purpose.SHARING_STUDY, _partner_id(session, now)
    for id_ in sorted(consent.consenting(session, purpose, recipient_id, now=now), reverse=True):
        manager = Actor(
            person_id=min(organizations.manager_ids(session, id_)), memberships={id_: Role.MANAGER}
        )
        copies = exports.copies_of_organization(session, manager, id_, key=key, now=now)
        if any(each.export.dataset is Dataset.LOANS for each in copies):
            asked = consent.questions(session, manager, id_, now=now)
            (notice,) = (each.notice for each in asked if each.notice.purpose is purpose)
            consent.withdraw(session, manager, id_, notice.public_id, now=now)
            return


def _partner_id(session: Session, now: datetime) -> int:
    analyst_id = _person(session, "analyste")
    return agreements.in_force_for(session, analyst_id, now=now)[0].partner_id


def _hands(session: Session) -> _Hands:
    def acting(part: str, role: Role) -> Actor:
        person_id = _person(session, part)
        return Actor(person_id=person_id, roles=frozenset({role}), second_factor=True)

    return _Hands(
        acting("analyste", Role.ANALYST),
        acting("intendance", Role.STEWARD),
        acting("evaluation", Role.REVIEWER),
    )


def _person(session: Session, part: str) -> int:
    found = accounts.find_person(session, f"{part}@{DOMAIN}")
    assert found is not None  # noqa: S101 - the network was filled just before
    return found.id
