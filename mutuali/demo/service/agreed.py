"""What the made-up operator and partner agreed on: one agreement in force to use the
data, one to publish, one that has ended, one still a draft."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from mutuali.agreements import service as agreements
from mutuali.agreements.rules import (
    DEFAULT_RESTRICTIONS,
    DEFAULT_WARRANTIES,
    AgreementDraft,
    Dataset,
    Instrument,
    Liability,
    Named,
    Party,
    Regime,
    Restriction,
    Side,
    Warranty,
)
from mutuali.consent.rules import Purpose
from mutuali.core.period import local
from mutuali.core.permissions import Actor, Role


@dataclass(frozen=True, slots=True)
class Voices:
    """Who speaks: (organization, its manager) for each, the people of each, the administrator in
    the operator's name, the steward, the partner's analyst."""

    managers: Sequence[tuple[int, int]]
    people: Sequence[Sequence[int]]
    administrator_id: int
    operator_name: str
    steward_id: int
    operator_id: int
    partner_id: int
    partner_manager_id: int
    analyst_email: str


def agree(
    session: Session,
    steward: Actor,
    voices: Voices,
    *,
    new_public_id: Callable[[], str],
    now: datetime,
) -> None:
    """Write the agreements, each with the signatures that it has by ``now``."""
    began = now - timedelta(days=160)
    main = _draft(voices, began)
    _sign(session, steward, voices, main, new_public_id(), now=began)
    open_ = replace(
        main,
        purposes=(Purpose.NAMED_PUBLICLY, Purpose.OPEN_DATA),
        datasets=(
            Dataset.EQUIPMENT_USE,
            Dataset.UNMET_DEMAND,
            Dataset.LENDING_FLOWS,
            Dataset.ORGANIZATIONS_CAPACITY,
        ),
        instrument=Instrument.OPEN,
        intended_use=(
            "Publier qui prête quelle sorte d’équipement, pour qu’on sache où demander, et rendre "
            "à tous ce que le partage apprend."
        ),
        settings=replace(main.settings, download_days=90),
    )
    _sign(session, steward, voices, open_, new_public_id(), now=began)
    pilot = replace(
        main,
        purposes=(Purpose.NETWORK_STATISTICS,),
        datasets=(Dataset.EQUIPMENT_USE,),
        intended_use="Essayer les tableaux d’utilisation, avant l’entente qui couvre tout.",
    )
    ended = new_public_id()
    _sign(session, steward, voices, pilot, ended, now=began)
    agreements.end(session, steward, ended, Side.OPERATOR, now=now - timedelta(days=110))
    draft = replace(
        main,
        purposes=(Purpose.MOBILITY_PLANNING,),
        datasets=(Dataset.LENDING_FLOWS,),
        intended_use="Voir d’un secteur à l’autre où passe l’équipement, pour planifier.",
        starts_on=local(now).date(),
    )
    agreements.create_draft(
        session,
        steward,
        voices.partner_id,
        draft,
        public_id=new_public_id(),
        now=now - timedelta(days=2),
    )


def _draft(voices: Voices, now: datetime) -> AgreementDraft:
    today = local(now).date()
    return AgreementDraft(
        purposes=(
            Purpose.NETWORK_STATISTICS,
            Purpose.SHARING_STUDY,
            Purpose.MOBILITY_PLANNING,
        ),
        datasets=(
            Dataset.EQUIPMENT_USE,
            Dataset.LOANS,
            Dataset.UNMET_DEMAND,
            Dataset.LENDING_FLOWS,
        ),
        analysts=(Named(voices.analyst_email, "fait les analyses et rédige le rapport"),),
        intended_use=(
            "Savoir où manquent les véhicules réfrigérés et les cuisines, et ce qui fait qu’un "
            "prêt se passe bien, pour mieux répartir l’équipement entre les quartiers."
        ),
        restrictions=tuple(each for each in Restriction if each in DEFAULT_RESTRICTIONS),
        liability=Liability.EACH_ITS_OWN,
        warranties=tuple(each for each in Warranty if each in DEFAULT_WARRANTIES),
        starts_on=today,
        ends_on=today + timedelta(days=700),
        instrument=Instrument.PERSONAL_DEIDENTIFIED,
        assessment_ref="EFVP-1, prêts et utilisation",
        benefit="Des camions et des cuisines là où il en manque.",
        outputs="Un rapport par année, public, et une présentation aux organismes.",
        attribution="Source\u00a0: MutuAli, données des organismes du réseau.",
        kept_at="Montréal",
        operator=Party(
            place="Montréal (Québec)",
            contact="intendance des données",
            in_charge="direction générale",
        ),
        partner=Party(regime=Regime.PUBLIC, place="Montréal (Québec)", contact="équipe d’analyse"),
    )


def _sign(
    session: Session,
    steward: Actor,
    voices: Voices,
    draft: AgreementDraft,
    public_id: str,
    *,
    now: datetime,
) -> None:
    """Proposed, accepted by both sides and undertaken by the analyst, who manages the partner."""
    agreements.create_draft(
        session, steward, voices.partner_id, draft, public_id=public_id, now=now
    )
    agreements.propose(session, steward, public_id, now=now)
    partner = Actor(
        person_id=voices.partner_manager_id, memberships={voices.partner_id: Role.MANAGER}
    )
    for actor, side in ((partner, Side.PARTNER), (steward, Side.OPERATOR)):
        hash_ = agreements.agreement(session, actor, public_id, now=now).hash
        agreements.accept(session, actor, public_id, side, hash_, now=now)
    analyst = Actor(person_id=voices.partner_manager_id, roles=frozenset({Role.ANALYST}))
    hash_ = agreements.agreement(session, analyst, public_id, now=now).hash
    agreements.undertake(session, analyst, public_id, hash_, now=now)
