"""What people type to get in and to look after their account."""

from typing import Any

from marshmallow import Schema, fields, post_load, validates_schema

from mutuali.accounts.rules import LONGEST_PASSWORD, password_objections
from mutuali.core.permissions import Permission
from mutuali.web.parsing import OneOf, Text, raise_reasons, refuse_field


class EmailField(Text):
    """An address that could get e-mail: one ``@``, a dot after it, no blank."""

    def __init__(self, **options: Any) -> None:
        super().__init__(longest=254, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> str:
        text = super()._deserialize(value, attr, data, **options)
        name, _, host = text.rpartition("@")
        if not name or "." not in host or " " in text or host.startswith(".") or "@" in name:
            raise self.make_coded("field.not_an_email")
        return text


class SignUpSchema(Schema):
    """A new account; the notice has to be accepted."""

    name = Text(longest=120, required=True)
    email = EmailField(required=True)
    password = fields.String(required=True)
    language = fields.String(load_default="fr")
    notice = fields.Boolean(load_default=False)

    @validates_schema
    def check(self, data: dict[str, Any], **_: object) -> None:
        raise_reasons(password_objections(data.get("password", ""), data.get("email", "")))
        if not data.get("notice"):
            raise refuse_field("notice", "account.notice_not_accepted")

    @post_load
    def known_language(self, data: dict[str, Any], **_: object) -> dict[str, Any]:
        return {**data, "language": "en" if data["language"] == "en" else "fr"}


class SignInSchema(Schema):
    """Address and password; ``suite`` is where to go next."""

    email = EmailField(required=True)
    password = fields.String(required=True)
    suite = Text(longest=2000, load_default="/")


class EmailSchema(Schema):
    """One address."""

    email = EmailField(required=True)


class PasswordSchema(Schema):
    """A new password."""

    password = Text(longest=LONGEST_PASSWORD, required=True)


class TokenSchema(Schema):
    """A new API token."""

    name = Text(longest=80, required=True)
    scopes = fields.List(OneOf(Permission), load_default=list)
