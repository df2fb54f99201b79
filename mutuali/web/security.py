"""Headers on every answer, and no answer from a view that declares no door."""

from flask import Flask, Response, abort, current_app, request

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "manifest-src 'self'",
    )
)

#: Bytes; larger ones are photos, which their doors read as they come.
_SMALL_BODY = 64 * 1024


def init_security(app: Flask) -> None:
    """Deny by default, and say to browsers what pages may do."""

    @app.before_request
    def refuse_undeclared_doors() -> None:
        view = current_app.view_functions.get(request.endpoint or "")
        if view is not None and not hasattr(view, "door"):
            abort(500, f"{request.endpoint} declares no door")

    @app.before_request
    def hear_out() -> None:
        # Answered before all of it has come in, a request costs its sender the connection, and
        # with it the next request: a small body is read even where no door asks for it.
        if (request.content_length or 0) <= _SMALL_BODY:
            request.get_data()

    @app.after_request
    def add_headers(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("Content-Security-Policy", POLICY)
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Referrer-Policy", "same-origin")
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        headers.setdefault("Permissions-Policy", "geolocation=(), microphone=()")
        if app.config["SESSION_COOKIE_SECURE"]:
            headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        if "Cache-Control" not in headers:
            headers["Cache-Control"] = "no-store"
        return response
