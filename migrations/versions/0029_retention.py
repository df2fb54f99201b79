"""More rules of retention; the guards of consents and agreements know when their time is over."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from alembic import op

from mutuali.agreements import guard as agreements
from mutuali.consent import guard as consent
from mutuali.governance import guard as registers

revision = "0029_retention"
down_revision = "0028_lineage"

_BEFORE = ("logins", "links", "attempts", "invitations", "unconfirmed", "loan_people")
_NOW = (
    *_BEFORE,
    *("calls", "accounts", "places", "parties", "writings", "loans", "demand", "consents"),
    *("agreements", "assessments", "requests", "incidents"),
)


def upgrade() -> None:
    _put_anew(agreements.STATEMENTS)
    _put_anew(consent.STATEMENTS)
    _allow(_NOW)


def downgrade() -> None:
    # The guards stay: they refuse whatever the code of before would try.
    _allow(_BEFORE)


def _allow(rules: Sequence[str]) -> None:
    """Which rules a certificate may name; certificates of others go with a downgrade."""
    for name in _triggers(registers.STATEMENTS, "retention_run"):
        _drop(name, "retention_run")
    listed = ", ".join(repr(rule) for rule in rules)
    op.execute(sa.text(f"DELETE FROM retention_run WHERE rule NOT IN ({listed})"))
    with op.batch_alter_table("retention_run") as batch:
        batch.drop_constraint(op.f("ck_retention_run_rule"), type_="check")
        batch.create_check_constraint(op.f("ck_retention_run_rule"), f"rule IN ({listed})")
    wanted = _triggers(registers.STATEMENTS, "retention_run")
    for statement in registers.STATEMENTS[op.get_bind().dialect.name]:
        if statement.split()[2] in wanted:
            op.execute(sa.text(statement.replace(":", "\\:")))


def _put_anew(statements: Mapping[str, Sequence[str]]) -> None:
    for name, table in _triggers(statements).items():
        _drop(name, table)
    for statement in statements[op.get_bind().dialect.name]:
        text = statement.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1)
        op.execute(sa.text(text.replace(":", "\\:")))


def _triggers(statements: Mapping[str, Sequence[str]], of: str = "") -> dict[str, str]:
    """Name -> table of the triggers among ``statements``, of one table or of all."""
    found = {}
    for statement in statements[op.get_bind().dialect.name]:
        words = statement.split()
        if words[1] == "TRIGGER" and of in ("", words[words.index("ON") + 1]):
            found[words[2]] = words[words.index("ON") + 1]
    return found


def _drop(name: str, table: str) -> None:
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    op.execute(f"DROP TRIGGER IF EXISTS {name}" + (f" ON {table}" if on_postgresql else ""))
