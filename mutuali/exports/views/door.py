"""What the pages and the API of exports share."""

from flask import Blueprint, Response, current_app

from mutuali.exports import service

bp = Blueprint("exports", __name__)


def hosted_outside() -> bool:
    """Whether this instance, or where it keeps its files, is outside Québec."""
    return bool(current_app.config["SETTINGS"].outside_quebec)


def handed(bundle: service.Handed) -> Response:
    """The bundle as a download that nothing on the way keeps."""
    data = service.get(current_app.config["SETTINGS"].files_url, bundle.key)
    answer = Response(data, mimetype="application/zip")
    answer.headers["Content-Disposition"] = f'attachment; filename="{bundle.filename}"'
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Repr-Digest"] = f"sha-256={bundle.sha256}"
    return answer
