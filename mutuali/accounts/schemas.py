"""What people type to get in and to look after their account."""

from typing import Any

from marshmallow import Schema, fields, post_load, validates_schema
from marshmallow.validate import Length

from mutuali.accounts.rules import password_objections
from mutuali.core.errors import Reason
from mutuali.core.permissions import Permission
from mutuali.web.parsing import Email, OneOf, Text, raise_reasons


class SignUpSchema(Schema):
    """A new account; the notice has to be accepted."""

    name = Text(longest=120, required=True)
    email = Email(required=True)
    password = fields.String(required=True)
    language = fields.String(load_default="fr")
    notice = fields.Boolean(load_default=False)

    @validates_schema(skip_on_field_errors=False)
    def check(self, data: dict[str, Any], **_: object) -> None:
        reasons: tuple[Reason, ...] = ()
        if "password" in data:
            reasons = password_objections(data["password"], data.get("email", ""))
        if not data.get("notice"):
            reasons += (Reason("account.notice_not_accepted", {}, "notice"),)
        raise_reasons(reasons)

    @post_load
    def known_language(self, data: dict[str, Any], **_: object) -> dict[str, Any]:
        return {**data, "language": "en" if data["language"] == "en" else "fr"}


class NameSchema(Schema):
    """One's own name."""

    own_name = Text(longest=120, required=True)


class SignInSchema(Schema):
    """Address and password; ``suite`` is where to go next."""

    email = Email(required=True)
    password = fields.String(required=True)
    suite = fields.String(load_default="/")


class EmailSchema(Schema):
    """One address."""

    email = Email(required=True)


class PasswordSchema(Schema):
    """A new password, blanks at its ends included: sign-in compares every character."""

    password = fields.String(required=True)


class TokenSchema(Schema):
    """A new API token."""

    name = Text(longest=80, required=True)
    scopes = fields.List(OneOf(Permission), load_default=list)


class StepSchema(Schema):
    """What is shown beside the password: a code, a passkey's answer, or a recovery code."""

    code = fields.String(load_default="", validate=Length(max=20))
    answer = fields.String(load_default="", validate=Length(max=20_000))
    recovery_code = fields.String(load_default="", validate=Length(max=40))
    password = fields.String(load_default="")
    suite = fields.String(load_default="/")


class ApplicationSchema(Schema):
    """An application of codes: its secret, sealed, and a code that shows that it was copied."""

    name = Text(longest=80, required=True)
    secret = fields.String(required=True, validate=Length(max=200))
    code = fields.String(required=True, validate=Length(max=20))
    password = fields.String(load_default="")


class PasskeySchema(Schema):
    """A passkey, as the browser made it."""

    name = Text(longest=80, required=True)
    answer = fields.String(load_default="", validate=Length(max=20_000))
    password = fields.String(load_default="")
