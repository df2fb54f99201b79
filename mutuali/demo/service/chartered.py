"""How the made-up organizations come along with the Charter, month by month."""

from datetime import datetime, timedelta
from random import Random

from sqlalchemy.orm import Session

from mutuali.charter import service as charter
from mutuali.charter.rules import Answer, Said, Size
from mutuali.core.permissions import Actor
from mutuali.demo.service.people import actor_of
from mutuali.organizations import service as organizations
from mutuali.organizations.rules import OrganizationKind

_MONTHS = 6
_OTHERS = 14
#: What the organization that one can sign in for said, and how many months ago.
_SAID = (
    ("lock_paper_lists", 6, Answer.NOT_YET, "Le classeur n’a plus de clé."),
    ("lock_paper_lists", 4, Answer.DONE, "Nouvelle serrure, deux clés."),
    ("name_officer", 5, Answer.DONE, "La direction, écrit à la porte."),
    ("members_answer_for_themselves", 3, Answer.DONE, ""),
    ("no_names_in_ai_tools", 2, Answer.NOT_YET, "À dire à la prochaine réunion."),
    ("write_reviews", 1, Answer.DONE, ""),
)


def come_along(
    session: Session, dice: Random, *, questions: charter.Questions, now: datetime
) -> None:
    """One organization answers over half a year, others here and there; each month is kept."""
    giver = actor_of(session, "gestion")
    own = giver.organization_id or 0
    known = {each.code for each in charter.current_actions(session).actions if each.fact is None}
    others = [
        each.id
        for each in organizations.accepted_organizations(session)
        if each.id != own and each.kind not in (OrganizationKind.PARTNER, OrganizationKind.OPERATOR)
    ][:_OTHERS]
    for id_ in others:
        manager_id = min(organizations.manager_ids(session, id_))
        held = organizations.memberships(session, manager_id)
        actor = Actor(manager_id, memberships=held, organization_id=id_)
        for code in dice.sample(sorted(known), 4):
            said = Said(dice.choice((Answer.DONE, Answer.DONE, Answer.NOT_YET)))
            charter.say(session, actor, id_, code, said, now=now - timedelta(days=200))
    for months in range(_MONTHS, -1, -1):
        then = now - timedelta(days=30 * months)
        if months == _MONTHS:
            charter.set_size(session, giver, own, Size.SOME, now=then)
        for code, ago, answer, sentence in _SAID:
            if ago == months and code in known:
                charter.say(session, giver, own, code, Said(answer, sentence), now=then)
        charter.note_marks(session, questions=questions, now=then)
