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
from mutuali.exports.rules.promotion import opens_from
from mutuali.exports.rules.regimes import Regime, regime_of
from mutuali.governance import service as governance
from mutuali.governance.rules import IncidentDraft, Level, RequestKind
from mutuali.organizations import service as organizations

#: What the partner asked for last month, and was given.
LAST_MONTH = (
    (Dataset.EQUIPMENT_USE, Purpose.NETWORK_STATISTICS, "Où manque-t-il des camions réfrigérés?"),
    (Dataset.UNMET_DEMAND, Purpose.NETWORK_STATISTICS, "Que cherche-t-on sans le trouver?"),
    (Dataset.LENDING_FLOWS, Purpose.MOBILITY_PLANNING, "D’où à où passe l’équipement?"),
    (Dataset.LOANS, Purpose.SHARING_STUDY, "Qu’est-ce qui fait qu’un prêt se passe bien?"),
)
#: What it asks for now: the loans again, without who left.
NOW = (
    (Dataset.LOANS, Purpose.SHARING_STUDY, "Combien de repas le partage a-t-il permis?"),
    (Dataset.ORGANIZATIONS_CAPACITY, Purpose.NAMED_PUBLICLY, "Qui prête quoi, et où?"),
)
WAITS = (Dataset.EQUIPMENT_USE, Purpose.NETWORK_STATISTICS, "En quelle saison tout est-il prêté?")
#: What is proposed for everybody.
OPENED = (
    (Dataset.EQUIPMENT_USE, "Qu’est-ce qui se prête, et quand, pour qui veut acheter ou prêter?"),
    (Dataset.UNMET_DEMAND, "Que cherche-t-on sans le trouver, pour qui finance l’équipement?"),
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


def ask_for_data(
    session: Session,
    asked: Sequence[tuple[Dataset, Purpose, str]],
    *,
    new_public_id: Callable[[], str],
    now: datetime,
) -> list[str]:
    """The partner's analyst asks and the steward has it built; the public ids of what is built."""
    hands = _hands(session)
    under = _under(session, now, Regime.NAMED_RECIPIENT)
    open_ = _under(session, now, Regime.OPEN)
    built = []
    for dataset, purpose, question in asked:
        agreement = (open_ if purpose is Purpose.NAMED_PUBLICLY else under)[dataset]
        request = exports.DataRequest(agreement, dataset, purpose, question, _ANSWERS)
        built.append(_ask(session, hands, request, new_public_id(), now=now))
    return built


def ask_and_wait(session: Session, *, new_public_id: Callable[[], str], now: datetime) -> None:
    """The analyst asks for what nobody has answered yet."""
    dataset, purpose, question = WAITS
    agreement = _under(session, now, Regime.NAMED_RECIPIENT)[dataset]
    request = exports.DataRequest(agreement, dataset, purpose, question, _ANSWERS)
    analyst = _hands(session).analyst
    exports.request_export(session, analyst, request, public_id=new_public_id(), now=now)


def propose_opening(
    session: Session,
    dataset: Dataset,
    question: str,
    *,
    new_public_id: Callable[[], str],
    now: datetime,
) -> str:
    """The analyst proposes to give everybody what the partner was given; it is built anew."""
    hands = _hands(session)
    source = next(
        each
        for each in exports.exports(session, hands.analyst, now=now)
        if each.dataset is dataset and each.released_at is not None
    )
    agreement = _under(session, now, Regime.OPEN)[dataset]
    request = exports.DataRequest(
        agreement, dataset, Purpose.OPEN_DATA, question, _ANSWERS, promotes=source.public_id
    )
    return _ask(session, hands, request, new_public_id(), now=now)


def let_out(session: Session, built: Sequence[str], *, key: bytes, now: datetime) -> None:
    """Whoever answers for a bundle says yes to it, and the analyst takes what was given to their
    partner; what was withheld stays in. ``key`` is that of fingerprints."""
    hands = _hands(session)
    for public_id in built:
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


def open_to_all(session: Session, public_id: str, *, key: bytes, now: datetime) -> None:
    """A day after the announcement one person signs, and another once it is old enough."""
    hands = _hands(session)
    export = exports.export(session, hands.steward, public_id, now=now)
    if export.state is not ExportState.IN_REVIEW or export.ended_at is None:
        return
    first, last = export.ended_at + timedelta(days=1), opens_from(export.ended_at)
    for person, at in ((hands.reviewer, first), (hands.steward, last + timedelta(hours=9))):
        exports.sign(
            session, person, public_id, key=key, hosted_outside=False, remarks_read=True, now=at
        )


def write_registers(session: Session, *, new_public_id: Callable[[], str], now: datetime) -> None:
    """The registers have their first lines."""
    hands = _hands(session)
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


def _ask(
    session: Session,
    hands: _Hands,
    request: exports.DataRequest,
    public_id: str,
    *,
    now: datetime,
) -> str:
    exports.request_export(session, hands.analyst, request, public_id=public_id, now=now)
    exports.prepare(session, hands.steward, public_id, hosted_outside=False, now=now)
    return public_id


def _under(session: Session, now: datetime, regime: Regime) -> dict[Dataset, str]:
    """Under which agreement the analyst may ask for each dataset by that right."""
    return {
        dataset: agreement.public_id
        for agreement in agreements.in_force_for(session, _person(session, "analyste"), now=now)
        for dataset in agreement.datasets
        if regime_of(agreement.instrument) is regime
    }


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
