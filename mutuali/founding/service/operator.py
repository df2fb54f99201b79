"""Use case: say which legal person answers, and who signs for it."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from mutuali.core.errors import Conflict, Forbidden
from mutuali.core.permissions import Actor, Permission, Role, require
from mutuali.network import service as network
from mutuali.network.rules import OperatorDraft
from mutuali.organizations import service as organizations
from mutuali.organizations.rules import Mandate


@dataclass(frozen=True, slots=True)
class SaidOperator:
    """The legal person, and who signs: oneself by a right (``mandate``), or whoever has an address
    (``signer_email``), who says theirs when they come in; neither: nobody yet."""

    draft: OperatorDraft
    mandate: Mandate | None
    signer_email: str


def operator(session: Session) -> organizations.OrganizationFacts | None:
    """The organization that answers; None until there is one."""
    id_ = organizations.operator_id(session)
    return None if id_ is None else organizations.organization(session, id_)


def say_operator(
    session: Session, actor: Actor, said: SaidOperator, *, public_id: str, now: datetime
) -> None:
    """Name the legal person; whoever signs for it manages its organization.

    Raises:
        Forbidden: the actor may not.
        Refused: something is missing, or the right to sign is not said in full.
        Conflict: somebody manages it already, and invites whom they like.
    """
    require(actor, Permission.NETWORK_EDIT)
    if actor.person_id is None:
        raise Forbidden
    id_ = network.name_operator(session, actor, said.draft, public_id=public_id, now=now)
    if said.mandate is not None:
        held = organizations.memberships(session, actor.person_id)
        if held.get(id_) is not Role.MANAGER:
            # Nobody slips in beside those who manage it: they invite whom they like.
            if id_ in held or organizations.manager_ids(session, id_):
                raise Conflict("organization.managed")
            organizations.add_member(session, id_, actor.person_id, Role.MANAGER, now=now)
            session.flush()
            held = {**held, id_: Role.MANAGER}
        signing = replace(actor, memberships=held)
        organizations.state_mandate(session, signing, id_, said.mandate, now=now)
    elif said.signer_email:
        organizations.invite_first_manager(session, actor, id_, said.signer_email, now=now)
