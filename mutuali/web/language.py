"""Which language a page speaks: French first; English when asked for."""

from collections.abc import Callable
from urllib.parse import urlencode

from flask import Flask, Response, g, request

from mutuali.extensions import babel
from mutuali.web import wording
from mutuali.web.network import network

LANGUAGES = ("fr", "en")
_COOKIE = "langue"


def init_language(app: Flask) -> None:
    """Choose the language by address (``?lang=``), then cookie, then browser; and remember it."""
    app.config["BABEL_DEFAULT_LOCALE"] = "fr"
    app.config["BABEL_DEFAULT_TIMEZONE"] = "America/Toronto"
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "translations"
    babel.init_app(app, locale_selector=language)
    filters: dict[str, Callable[..., str]] = {
        "clock": wording.clock,
        "clock_spans": wording.clock_spans,
        "day": wording.day,
        "moment": wording.moment,
        "months": wording.months,
        "span": wording.span,
        "duration": wording.duration,
        "money": wording.money,
        "distance": wording.distance,
    }
    app.jinja_env.filters.update(filters)

    @app.after_request
    def remember(response: Response) -> Response:
        asked = request.args.get("lang")
        if asked in LANGUAGES:
            response.set_cookie(
                _COOKIE,
                asked,
                max_age=31536000,
                httponly=True,
                samesite="Lax",
                secure=app.config["SESSION_COOKIE_SECURE"],
            )
        response.headers["Content-Language"] = language()
        return response


def language() -> str:
    """``fr`` or ``en`` for this request; a job sets ``g.language`` to its reader's."""
    forced = g.get("language")
    if forced in LANGUAGES:
        return str(forced)
    if not request:
        return "fr"
    if not network().english:
        return "fr"
    for choice in (request.args.get("lang"), request.cookies.get(_COOKIE)):
        if choice in LANGUAGES:
            return choice
    return request.accept_languages.best_match(LANGUAGES, "fr")


def other_language_url() -> str:
    """This page in the other language."""
    args = request.args.to_dict(flat=False)
    args["lang"] = ["en" if language() == "fr" else "fr"]
    return f"{request.path}?{urlencode(args, doseq=True)}"
