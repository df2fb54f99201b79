"""What programs of recipients ask each week: may this copy be kept?"""

from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from mutuali.core.permissions import Actor
from mutuali.exports import service
from mutuali.exports.views.door import bp
from mutuali.web.clock import utc_now
from mutuali.web.doors import PUBLIC, door
from mutuali.web.mail import address


@bp.get("/exportations/<public_id>/retraits.json")
@door(PUBLIC)
def withdrawals(session: Session, actor: Actor, public_id: str) -> ResponseReturnValue:
    """Whether somebody in this export withdrew so that its copies are called back.

    Open to whoever knows the id, which is in every copy: it says nothing else of the export.
    """
    now = utc_now()
    found = service.copy_facts(session, public_id, now=now)
    return {
        "export": public_id,
        "as_of": now.isoformat(timespec="seconds"),
        "asks": found.asks.value,
        "destroy_by": found.destroy_by.isoformat() if found.destroy_by else None,
        "recalled_at": found.recalled_at.isoformat() if found.recalled_at else None,
        "act_by": found.act_by.isoformat() if found.act_by else None,
        "replaced_by": address(f"/exportations/{found.replaced_by}") if found.replaced_by else None,
    }
