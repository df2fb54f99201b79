"""Lists of actions, what organizations say of them, and how far they had come each month."""

import sqlalchemy as sa
from alembic import op

revision = "0064_charter"
down_revision = "0063_shared_weeks"

_ANSWERS = ("done", "not_yet", "not_ours")
_PRINCIPLES = (
    *("privacy", "inclusion", "cybersecurity", "consent", "sobriety", "common_good"),
    *("sovereignty", "interoperability", "transparency", "access", "participation"),
    *("innovation", "transition"),
)


def upgrade() -> None:
    op.create_table(
        "action_list",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_action_list_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_list")),
        sa.UniqueConstraint("public_id", name=op.f("uq_action_list_public_id")),
    )
    op.create_index(op.f("ix_action_list_person_id"), "action_list", ["person_id"])
    op.create_index(
        "uq_action_list_current",
        "action_list",
        [sa.text("(replaced_at IS NULL)")],
        unique=True,
        postgresql_where=sa.text("replaced_at IS NULL"),
        sqlite_where=sa.text("replaced_at IS NULL"),
    )
    op.create_table(
        "action_answer",
        _organization("action_answer"),
        sa.Column("code", sa.String(60), nullable=False),
        sa.Column("answer", sa.String(10), nullable=False),
        sa.Column("sentence", sa.String(300), nullable=False),
        sa.Column("person_id", sa.Integer()),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _one_of("action_answer", "answer", _ANSWERS),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_action_answer_person_id_person")
        ),
        sa.PrimaryKeyConstraint("organization_id", "code", name=op.f("pk_action_answer")),
    )
    op.create_index(op.f("ix_action_answer_person_id"), "action_answer", ["person_id"])
    op.create_table(
        "charter_size",
        _organization("charter_size"),
        sa.Column("size", sa.String(4), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _one_of("charter_size", "size", ("few", "some", "many")),
        sa.PrimaryKeyConstraint("organization_id", name=op.f("pk_charter_size")),
    )
    op.create_table(
        "charter_mark",
        _organization("charter_mark"),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("principle", sa.String(20), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("concerned", sa.Integer(), nullable=False),
        _one_of("charter_mark", "principle", _PRINCIPLES),
        sa.CheckConstraint("0 <= done AND done <= concerned", name=op.f("ck_charter_mark_done")),
        sa.PrimaryKeyConstraint(
            "organization_id", "month", "principle", name=op.f("pk_charter_mark")
        ),
    )


def _organization(table: str) -> sa.Column[int]:
    return sa.Column(
        "organization_id",
        sa.Integer(),
        sa.ForeignKey("organization.id", name=op.f(f"fk_{table}_organization_id_organization")),
        nullable=False,
    )


def _one_of(table: str, column: str, choices: tuple[str, ...]) -> sa.CheckConstraint:
    listed = ", ".join(f"'{each}'" for each in choices)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=op.f(f"ck_{table}_{column}"))


def downgrade() -> None:
    for table in ("charter_mark", "charter_size", "action_answer", "action_list"):
        op.drop_table(table)
