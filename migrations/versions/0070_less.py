"""Optional questions that are asked no more: what was decided, and nothing stored of them."""

import re
from collections.abc import Iterable

import sqlalchemy as sa
from alembic import op

from mutuali.collecting.guard import STATEMENTS

revision = "0070_less"
down_revision = "0069_open_data"

_QUESTIONS = (
    *("meals", "note", "odometer", "payment_note", "trip_note", "private_word", "unit_note"),
)
_KEEPS = (
    *("account", "membership", "party", "claim", "talk", "loan", "agreement", "document"),
    *("incident", "log", "release", "text", "voice", "public", "quarter", "moment", "week", "days"),
)
_SEEN = (
    *("everybody", "members", "parties", "correspondents", "signers", "organization", "person"),
    *("coordination", "stewards", "administration", "nobody"),
)


def upgrade() -> None:
    op.create_table(
        "collection_choice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("question", sa.String(20), nullable=False),
        sa.Column("collects", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Integer()),
        sa.Column("purpose", sa.String(300), nullable=False),
        sa.Column("keep", sa.String(40)),
        sa.Column("seen_by", sa.String(20)),
        sa.Column("certificate", sa.JSON(none_as_null=True)),
        sa.Column("key_id", sa.String(16)),
        sa.Column("signature", sa.String(90)),
        sa.CheckConstraint(
            f"question IN ({_listed(_QUESTIONS)})", name=op.f("ck_collection_choice_question")
        ),
        sa.CheckConstraint(
            f"keep IS NULL OR keep IN ({_listed(f'inventory.keep.{each}' for each in _KEEPS)})",
            name=op.f("ck_collection_choice_keep"),
        ),
        sa.CheckConstraint(
            f"seen_by IS NULL OR seen_by IN ({_listed(_SEEN)})", name=op.f("ck_collection_choice_seen_by")
        ),
        sa.CheckConstraint(
            "CASE WHEN collects THEN purpose <> '' AND keep IS NOT NULL AND seen_by IS NOT NULL "
            "ELSE signature IS NOT NULL END",
            name=op.f("ck_collection_choice_answered"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_collection_choice_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collection_choice")),
        sa.UniqueConstraint("public_id", name=op.f("uq_collection_choice_public_id")),
    )
    op.create_index(op.f("ix_collection_choice_person_id"), "collection_choice", ["person_id"])
    op.create_index("ix_collection_choice_question", "collection_choice", ["question", "id"])
    for statement in STATEMENTS[op.get_bind().dialect.name]:
        op.execute(sa.text(statement.replace(":", "\\:")))


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    for statement in STATEMENTS[dialect]:
        if made := re.match(r"CREATE TRIGGER (\w+)\s.*? ON (\w+)", statement, re.DOTALL):
            name, table = made.groups()
            op.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if dialect != "sqlite" else ""))
    for statement in STATEMENTS[dialect]:
        if made := re.match(r"CREATE FUNCTION (\w+)", statement):
            op.execute(f"DROP FUNCTION {made[1]}()")
    op.drop_table("collection_choice")


def _listed(choices: Iterable[str]) -> str:
    return ", ".join(f"'{each}'" for each in choices)
