"""What can be amiss with those who act for an organization, as questions to the database."""

from datetime import timedelta

from sqlalchemy import Select, exists, func, select

from mutuali.accounts.models import ApiToken, Login, Person, SecondFactor
from mutuali.audit import service as audit
from mutuali.counts import NOW, ORGANIZATION, Amiss, ago, amiss_among

#: Who has not signed in for so long has left, as far as the software can tell.
ASLEEP = timedelta(days=365)
#: No program needs a key for longer.
_TOKEN_DAYS = timedelta(days=180)


def without_second_factor(people: Select[int]) -> Amiss:
    """How many of ``people`` sign in with a password alone."""
    has_one = exists().where(SecondFactor.person_id == Person.id)
    return amiss_among(~has_one, Person.id.in_(people))


def asleep(people: Select[int]) -> Amiss:
    """How many of ``people`` have not signed in for a year, nor joined within it.

    Logins themselves are destroyed weeks after they end; the log remembers.
    """
    last = select(func.max(Login.created_at)).where(Login.person_id == Person.id)
    since = func.coalesce(last.scalar_subquery(), Person.created_at)
    told = audit.happened_since("account.signed_in", "person", Person.id.expression, ago(ASLEEP))
    return amiss_among((since < ago(ASLEEP)) & ~told, Person.id.in_(people))


def long_tokens() -> Amiss:
    """How many keys of programs that act for it last for more than half a year from now."""
    return amiss_among(
        ApiToken.expires_at > ago(-_TOKEN_DAYS),
        ApiToken.organization_id == ORGANIZATION,
        ApiToken.revoked_at.is_(None),
        ApiToken.expires_at > NOW,
    )
