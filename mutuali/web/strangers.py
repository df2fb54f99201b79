"""Forms that anybody may send: what keeps programs out without asking a third party, and without
keeping anything of who sends."""

from datetime import UTC, datetime, timedelta

from flask import current_app, request
from flask_wtf.csrf import CSRFError

from mutuali.extensions import csrf
from mutuali.web.secrets import (
    address_mark,
    new_public_id,
    read_signed_link,
    signed_link_token,
)


def form_token(purpose: str, opened_at: datetime) -> str:
    """What a form carries: when it was shown, and the public id of what it is good for, signed."""
    return signed_link_token(purpose, f"{new_public_id()} {int(opened_at.timestamp())}")


def read_form_token(purpose: str, token: str, *, lasts: timedelta) -> tuple[str, datetime | None]:
    """The public id and the instant in a form's token; no instant when we did not write it, or
    longer ago than it ``lasts``."""
    seconds = int(lasts / timedelta(seconds=1))
    held = read_signed_link(purpose, token, max_age_seconds=seconds)
    if held is None:
        return "", None
    public_id, _space, opened_at = held.partition(" ")
    return public_id, datetime.fromtimestamp(int(opened_at), UTC)


def is_from_here() -> bool:
    """Whether the form stood on a page of ours, in this browser; for doors that are exempt from
    being asked before, because the answer then would lose what was typed."""
    if not current_app.config["WTF_CSRF_ENABLED"]:
        return True
    try:
        csrf.protect()
    except CSRFError:
        return False
    return True


def by_mark() -> str:
    """What limits count by: a mark of the sender's address, not the address."""
    return address_mark(request.remote_addr or "")
