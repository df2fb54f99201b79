"""The JSON API: OpenAPI 3.1, one shape of error, tokens only."""

from collections.abc import Callable
from typing import Any

from flask import Flask, request
from flask.typing import ResponseReturnValue
from flask_smorest import Api
from marshmallow import Schema, fields

from mutuali.extensions import csrf
from mutuali.web.doors import PUBLIC, door
from mutuali.web.pages import page


class ReasonDumpSchema(Schema):
    """One reason of a refusal."""

    code = fields.String(required=True)
    message = fields.String(required=True)
    field = fields.String()


class ProblemSchema(Schema):
    """RFC 9457, with every reason."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    reasons = fields.List(fields.Nested(ReasonDumpSchema), required=True)


class MutualiApi(Api):
    """flask-smorest, with our errors in place of its own."""

    ERROR_SCHEMA = ProblemSchema

    def _register_error_handlers(self) -> None:
        """``web.errors`` answers everything."""

    def register_blueprint(self, blp: Any, **options: Any) -> None:
        csrf.exempt(blp)
        super().register_blueprint(blp, **options)


def init_api(app: Flask) -> MutualiApi:
    """Make the API and its description at ``/api/openapi.json`` and ``/api``."""
    app.config.update(
        API_TITLE="MutuAli",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/api",
        OPENAPI_JSON_PATH="openapi.json",
        API_SPEC_OPTIONS={
            "security": [{"token": []}],
            "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
        },
    )
    api = MutualiApi(app)
    described = app.view_functions["api-docs.openapi_json"]

    @door(PUBLIC)
    def openapi_json(_session: object, _actor: object) -> Any:
        return described()

    app.view_functions["api-docs.openapi_json"] = openapi_json
    app.add_url_rule("/api", "api_page", _api_page(api))
    return api


def _api_page(api: MutualiApi) -> Callable[..., ResponseReturnValue]:
    @door(PUBLIC)
    def read(_session: object, _actor: object) -> ResponseReturnValue:
        operations = [
            (path, method.upper(), operation.get("summary", ""), operation.get("description", ""))
            for path, item in sorted(api.spec.to_dict()["paths"].items())
            for method, operation in item.items()
            if isinstance(operation, dict)
        ]
        return page("api.html", operations=operations, host=request.host_url.rstrip("/"))

    return read
