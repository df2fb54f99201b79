"""How refusals are answered: pages for people, problem+json (RFC 9457) under ``/api/``."""

from http import HTTPStatus
from urllib.parse import quote

from flask import Flask, Response, current_app, jsonify, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import HTTPException

from mutuali.core.errors import (
    Conflict,
    DomainError,
    Forbidden,
    NotFound,
    Reason,
    Refused,
    SignInNeeded,
    StaleVersion,
    Unreadable,
)
from mutuali.core.period import Period
from mutuali.extensions import db
from mutuali.web.pages import errors_by_field, page, see_other
from mutuali.web.sentences import sentence

STATUS: dict[type[DomainError], int] = {
    Unreadable: 400,
    SignInNeeded: 401,
    Forbidden: 403,
    NotFound: 404,
    Conflict: 409,
    Refused: 422,
}
_PAGES = {400, 403, 404, 409, 422, 429, 500}


def status_of(error: DomainError) -> int:
    """The HTTP status of a refusal."""
    if isinstance(error, StaleVersion):
        return 428 if error.missing else 412
    return STATUS[type(error)]


def init_errors(app: Flask) -> None:
    """Answer every refusal and every failure in the caller's format."""
    app.register_error_handler(DomainError, _answer_refusal)
    app.register_error_handler(CSRFError, _answer_csrf)
    app.register_error_handler(HTTPException, answer_http)
    app.register_error_handler(IntegrityError, _answer_guard)
    app.register_error_handler(Exception, _answer_failure)


def _answer_refusal(error: DomainError) -> ResponseReturnValue:
    if isinstance(error, SignInNeeded) and not is_api():
        here = request.full_path.rstrip("?") if request.method == "GET" else "/"
        return see_other(f"/connexion?suite={quote(here)}")
    return _answer(status_of(error), error)


def _answer_csrf(_: CSRFError) -> ResponseReturnValue:
    return _answer(400, Unreadable("csrf"))


#: Guards of the database -> the refusal that the service would have given.
GUARDS = {
    "booking_capacity": "booking.not_free",
    "booking_two_yeses": "booking.second_yes_missing",
    "booking_units_out": "booking.still_out",
    "listing_units_booked": "listing.units_booked",
    "agreement_text_fixed": "agreement.text_fixed",
    "agreement_not_accepted": "agreement.not_accepted",
    "agreement_clause_missing": "agreement.required_clause_missing",
    "trip_capacity": "trip.no_room",
    "trip_shrinks": "trip.accepted_by_now",
    "trip_called_off": "trip.called_off",
    "uq_voice_public_id": "voice.form_used",
}


def _answer_guard(error: IntegrityError) -> ResponseReturnValue:
    """The database had the last word; anything but a guard of ours is a failure."""
    db.session.rollback()
    for name, code in GUARDS.items():
        if name in str(error.orig):
            return _answer(409, Conflict(code))
    return _answer_failure(error)


def answer_http(error: HTTPException) -> ResponseReturnValue:
    """An HTTP error of the framework; redirects pass as they are, and what has its answer."""
    status = error.code or 500
    if status < 400 or error.response is not None:
        return error.get_response()
    codes = {404: "not_found", 403: "forbidden", 429: "too_many"}
    answer = _answer(status, Unreadable(codes.get(status, "unreadable")))
    if status == 405:
        response = current_app.make_response(answer)
        response.headers["Allow"] = ", ".join(sorted(getattr(error, "valid_methods", None) or ()))
        return response
    return answer


def _answer_failure(error: Exception) -> ResponseReturnValue:
    db.session.rollback()
    current_app.logger.error("request failed", exc_info=error)
    if current_app.config.get("PROPAGATE_EXCEPTIONS"):
        raise error
    return _answer(500, None)


def is_api() -> bool:
    """Whether the caller speaks JSON to us."""
    return request.path.startswith("/api/")


def problem(status: int, error: DomainError | None) -> Response:
    """RFC 9457: every reason with its code, sentence and field, and what would pass instead."""
    reasons = error.reasons if error else ()
    response = jsonify(
        type="about:blank",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=" ".join(sentence(reason) for reason in reasons) or HTTPStatus(status).phrase,
        reasons=[dumped(reason) for reason in reasons],
        **_instead(error),
    )
    response.status_code = status
    response.content_type = "application/problem+json"
    return response


def _instead(error: DomainError | None) -> dict[str, object]:
    """The spans that would have been taken, where there are any."""
    if error is None or error.free is None:
        return {}
    return {"nearest": [_span(each) for each in error.nearest], "free": _span(error.free)}


def _span(span: Period) -> dict[str, str]:
    return {"starts_at": span.start.isoformat(), "ends_at": span.end.isoformat()}


def dumped(reason: Reason) -> dict[str, object]:
    """A reason as the API says it."""
    said: dict[str, object] = {"code": reason.code, "message": sentence(reason)}
    if reason.field is not None:
        said["field"] = reason.field
    return said


def _answer(status: int, error: DomainError | None) -> ResponseReturnValue:
    if is_api():
        return problem(status, error)
    template = f"errors/{status if status in _PAGES else (500 if status >= 500 else 400)}.html"
    try:
        return page(template, status, errors=errors_by_field(error))
    finally:
        db.session.rollback()
