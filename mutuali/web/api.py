"""The JSON API: OpenAPI 3.1, one shape of error, tokens only.

A feature's ``api.py`` makes an :class:`ApiBlueprint` and declares each operation in one place:
who may call it, what it takes, what it gives. Parsing, dumping and the description follow.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from inspect import cleandoc
from typing import Any, TypeAlias

from apispec.ext.marshmallow import MarshmallowPlugin, resolver
from flask import Flask, Response, current_app, jsonify, request
from flask.typing import ResponseReturnValue
from flask_smorest import Api, Blueprint
from marshmallow import Schema, fields

from mutuali.core.errors import Reason, Refused, StaleVersion
from mutuali.core.permissions import Actor, Permission
from mutuali.extensions import csrf
from mutuali.web.doors import PUBLIC, Audience, door
from mutuali.web.once import ShownOnce
from mutuali.web.pages import page
from mutuali.web.parsing import load_json, load_query

PROBLEM = "application/problem+json"
Operation: TypeAlias = Callable[..., Any]


class ReasonDumpSchema(Schema):
    """One reason of a refusal."""

    code = fields.String(required=True)
    message = fields.String(required=True)
    field = fields.String()


class NearestSpanSchema(Schema):
    """A span that would be taken in place of the asked one, or the free time around it."""

    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)


class ProblemSchema(Schema):
    """RFC 9457, with every reason; of a booking, also the nearest spans that pass."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    reasons = fields.List(fields.Nested(ReasonDumpSchema), required=True)
    nearest = fields.List(fields.Nested(NearestSpanSchema))
    free = fields.Nested(NearestSpanSchema)


@dataclass(frozen=True, slots=True)
class Given:
    """What an operation gives back when more than the data matters.

    ``etag`` is the version of what is given; ``location`` the address of what was made;
    ``shown_once`` the field that holds a secret, null in every answer after the first.
    """

    data: Any
    etag: str | None = None
    location: str | None = None
    shown_once: str | None = None


class ApiBlueprint(Blueprint):
    """The operations of one feature under ``/api/v1``; ``description`` heads them on the page."""

    def __init__(self, name: str, description: str) -> None:
        super().__init__(name, __name__, url_prefix="/api/v1", description=description)

    def operation(
        self,
        method: str,
        rule: str,
        audience: Permission | Audience,
        says: str,
        *,
        takes: type[Schema] | None = None,
        partly: bool = False,
        asks: type[Schema] | None = None,
        parse: Callable[[], object] | None = None,
        gives: type[Schema] | Mapping[str, Any] | None = None,
        many: bool = False,
        status: int = 200,
        reads: bool | None = None,
        **described: Any,
    ) -> Callable[[Operation], Operation]:
        """Declare an operation: ``says`` is its line in the description.

        ``takes`` is the JSON body (``partly``: a change that names only what changes, which then
        needs ``If-Match``), ``asks`` the query; either is read before anything is locked and
        handed to the view after the actor. ``parse`` reads what is neither. The view gives data
        for ``gives`` (a list when ``many``), a :class:`Given`, or a finished response, which
        ``gives`` describes as its content; nothing is given with 204.
        """
        dump = gives(many=many) if isinstance(gives, type) else None
        reader = parse or _reader(takes, asks, partly=partly)

        def declare(view: Operation) -> Operation:
            @wraps(view)
            def dumped(*args: Any, **kwargs: Any) -> Response:
                return _answer(view(*args, **kwargs), dump, status)

            opened = door(audience, parse=reader, reads=reads)(dumped)
            documented = self.response(status, dump)(opened) if dump is not None else opened
            documented = self.doc(
                description=cleandoc(view.__doc__ or ""),
                **_description(says, audience, takes, asks, gives, status, partly=partly),
                **described,
            )(documented)
            documented.door = opened.door  # type: ignore[attr-defined]
            return self.route(rule, methods=[method])(documented)

        return declare


class MutualiApi(Api):
    """flask-smorest, with our errors in place of its own."""

    ERROR_SCHEMA = ProblemSchema

    def _register_error_handlers(self) -> None:
        """``web.errors`` answers everything."""

    def _register_responses(self) -> None:
        self.spec.components.response(
            self.DEFAULT_ERROR_RESPONSE_NAME,
            {
                "description": "Why it is refused, every reason at once (RFC 9457)",
                "content": {PROBLEM: {"schema": ProblemSchema}},
            },
            lazy=True,
        )

    def register_blueprint(self, blp: Any, **options: Any) -> None:
        csrf.exempt(blp)
        super().register_blueprint(blp, **options)


def acting_for(actor: Actor, field: str) -> int:
    """The organization the actor acts for.

    Raises:
        Refused: none; ``field`` is where the caller can name one.
    """
    if actor.organization_id is None:
        raise Refused(Reason("organization.none_chosen", {}, field))
    return actor.organization_id


def version_read(public_id: str) -> int:
    """The version that the caller read, out of ``If-Match``; see :func:`etag_of`.

    Raises:
        StaleVersion: the header is missing (428), or names no version of this thing (412).
    """
    sent = request.if_match
    if not sent:
        raise StaleVersion(missing=True)
    for etag in sent.as_set():
        name, _, version = (etag or "").rpartition("-")  # werkzeug reads `""` as None
        if name == public_id and version.isdecimal() and len(version) < 10:
            return int(version)
    raise StaleVersion


def etag_of(public_id: str, version: int) -> str:
    """The ETag of a version of a thing."""
    return f"{public_id}-{version}"


def init_api(app: Flask) -> MutualiApi:
    """Make the API and its description at ``/api/openapi.json`` and ``/api``."""
    app.config.update(
        API_TITLE="MutuAli",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/api",
        OPENAPI_JSON_PATH="openapi.json",
        API_SPEC_OPTIONS={
            "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
        },
    )
    api = MutualiApi(
        app,
        spec_kwargs={"marshmallow_plugin": MarshmallowPlugin(schema_name_resolver=_name_of)},
    )
    described = app.view_functions["api-docs.openapi_json"]

    @door(PUBLIC)
    def openapi_json(_session: object, _actor: object) -> Any:
        return described()

    app.view_functions["api-docs.openapi_json"] = openapi_json
    app.add_url_rule("/api", "api_page", _api_page(api))
    return api


@dataclass(frozen=True, slots=True)
class ShownOperation:
    """An operation as the readable page lists it; ``scope`` is what its token must carry."""

    method: str
    path: str
    french: str
    english: str
    scope: str


def _api_page(api: MutualiApi) -> Callable[..., ResponseReturnValue]:
    @door(PUBLIC)
    def read(_session: object, _actor: object) -> ResponseReturnValue:
        spec = api.spec.to_dict()
        groups: dict[str, list[ShownOperation]] = {tag["name"]: [] for tag in spec.get("tags", ())}
        for path, item in spec["paths"].items():
            for method, operation in item.items():
                if isinstance(operation, dict):
                    shown = ShownOperation(
                        method.upper(),
                        path,
                        operation["summary"],
                        operation["description"],
                        operation["x-scope"],
                    )
                    groups[operation["tags"][0]].append(shown)
        titles = {tag["name"]: tag.get("description", "") for tag in spec.get("tags", ())}
        return page(
            "api.html",
            groups=[(titles[name], operations) for name, operations in groups.items()],
            host=request.host_url.rstrip("/"),
        )

    return read


def _name_of(schema: Any) -> str:
    """What a schema is called in the description; one that takes a part of itself, a change."""
    name = str(resolver(schema))
    return f"{name}Change" if getattr(schema, "partial", None) is True else name


def _reader(
    takes: type[Schema] | None, asks: type[Schema] | None, *, partly: bool
) -> Callable[[], object] | None:
    if takes is not None:
        body = takes(partial=partly)
        return lambda: load_json(body)
    if asks is not None:
        query = asks()
        return lambda: load_query(query)
    return None


def _answer(given: Any, dump: Schema | None, status: int) -> Response:
    if isinstance(given, Response):
        return given
    if status == HTTPStatus.NO_CONTENT:
        return current_app.response_class(status=status)
    if not isinstance(given, Given):
        given = Given(given)
    data = dump.dump(given.data) if dump is not None else given.data
    answer = jsonify(data)
    if given.shown_once is not None:
        answer = ShownOnce(answer, jsonify({**data, given.shown_once: None}))
    answer.status_code = status
    if given.etag is not None:
        answer.set_etag(given.etag)
    if given.location is not None:
        answer.headers["Location"] = given.location
    return answer


def _description(
    says: str,
    audience: Permission | Audience,
    takes: type[Schema] | None,
    asks: type[Schema] | None,
    gives: type[Schema] | Mapping[str, Any] | None,
    status: int,
    *,
    partly: bool,
) -> dict[str, Any]:
    described: dict[str, Any] = {
        "summary": says,
        "x-scope": audience.value,
        "security": [] if audience is PUBLIC else [{"token": []}],
    }
    if takes is not None:
        body = takes(partial=partly)
        required = any(field.required for field in body.fields.values()) and not partly
        described["requestBody"] = {
            "required": required,
            "content": {"application/json": {"schema": body}},
        }
    parameters: list[dict[str, Any]] = []
    if asks is not None:
        parameters.append({"in": "query", "schema": asks})
    if partly:
        parameters.append(
            {"in": "header", "name": "If-Match", "schema": {"type": "string"}, "required": True}
        )
    if parameters:
        described["parameters"] = parameters
    if not isinstance(gives, type):
        content = {} if gives is None else {"content": dict(gives)}
        described["responses"] = {
            str(status): {"description": HTTPStatus(status).phrase, **content}
        }
    return described
