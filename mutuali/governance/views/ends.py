"""Ends of retention: what each rule would do, doing it, certificates."""

import json

from flask import flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from mutuali.consent.rules import band
from mutuali.core.errors import DomainError
from mutuali.core.permissions import Actor, Permission
from mutuali.governance import service
from mutuali.governance.rules import RULES, Rule
from mutuali.governance.schemas import RuleSchema
from mutuali.governance.views.files import file
from mutuali.governance.views.mine import bp
from mutuali.web import signing, wording
from mutuali.web.clock import utc_now
from mutuali.web.doors import door
from mutuali.web.pages import errors_by_field, page, see_other
from mutuali.web.parsing import load_form
from mutuali.web.secrets import new_public_id, tombstone_key

_ENDS = "/intendance/registres/conservation"


def _ends_page(
    session: Session, actor: Actor, error: DomainError | None = None
) -> ResponseReturnValue:
    due = service.count_due(session, actor, now=utc_now())
    runs = service.runs(session, actor)
    return page(
        "governance/ends.html",
        due={rule: band(count) if count else None for rule, count in due.items()},
        terms=RULES,
        by_hand={each.rule for each in runs if each.by_hand},
        runs=runs,
        band_words=wording.band,
        errors=errors_by_field(error),
    )


@bp.get("/intendance/registres/conservation")
@door(Permission.REGISTER_KEEP)
def ends(session: Session, actor: Actor) -> ResponseReturnValue:
    """What each rule would end now, and what was ended."""
    return _ends_page(session, actor)


@bp.post("/intendance/registres/conservation")
@door(Permission.REGISTER_KEEP, parse=lambda: load_form(RuleSchema()), again=_ends_page)
def apply_rule(session: Session, actor: Actor, rule: Rule) -> ResponseReturnValue:
    """End what is over; from now on the daily job does."""
    done = service.apply_rule(
        session,
        actor,
        rule,
        sign=signed,
        tombstone_key=tombstone_key(),
        public_id=new_public_id(),
        now=utc_now(),
    )
    flash(_("C’est fait. Le certificat est gardé ici."), "success")
    return see_other(f"{_ENDS}#{done.public_id}")


@bp.get("/intendance/registres/conservation/<public_id>.json")
@door(Permission.REGISTER_KEEP)
def certificate(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """A certificate with its signature, to keep and to verify."""
    found = service.run_by_public_id(session, actor, public_id)
    content = {
        "certificate": found.certificate,
        "key_id": found.signature.key_id,
        "signature": found.signature.value,
    }
    data = json.dumps(content, ensure_ascii=False, indent=2).encode()
    return file(data, "application/json", f"certificat-{found.rule.value}.json")


def signed(data: bytes) -> service.Signed:
    """``data`` signed with the key of this instance."""
    found = signing.sign(data)
    return service.Signed(found.key_id, found.value)
