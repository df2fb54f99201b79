"""What the public says, and the answers that everybody reads."""

import sqlalchemy as sa
from alembic import op

revision = "0066_voices"
down_revision = "0065_learning"

_TOPICS = "topic IN ('kept', 'leaves', 'consent', 'page', 'idea', 'other')"


def upgrade() -> None:
    op.create_table(
        "public_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("topic", sa.String(8), nullable=False),
        sa.Column("heading_fr", sa.String(120), nullable=False),
        sa.Column("heading_en", sa.String(120), nullable=False),
        sa.Column("words_fr", sa.Text(), nullable=False),
        sa.Column("words_en", sa.Text(), nullable=False),
        sa.Column("changed_fr", sa.String(300), nullable=False),
        sa.Column("changed_en", sa.String(300), nullable=False),
        sa.Column("changed_link", sa.String(200), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(_TOPICS, name=op.f("ck_public_answer_topic")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_public_answer")),
        sa.UniqueConstraint("public_id", name=op.f("uq_public_answer_public_id")),
    )
    op.create_index("ix_public_answer_topic", "public_answer", ["topic", "published_at"])
    op.create_table(
        "voice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("topic", sa.String(8), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("page", sa.String(200), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("email", sa.String(254)),
        sa.Column("may_publish", sa.Boolean(), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("reminders", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(9), nullable=False),
        sa.Column("junk", sa.String(11)),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("public_answer_id", sa.Integer()),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        sa.Column("closed_by", sa.Integer()),
        sa.Column("told_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint(_TOPICS, name=op.f("ck_voice_topic")),
        sa.CheckConstraint("language IN ('fr', 'en')", name=op.f("ck_voice_language")),
        sa.CheckConstraint(
            "state IN ('waiting', 'published', 'answered', 'read', 'set_aside')",
            name=op.f("ck_voice_state"),
        ),
        sa.CheckConstraint(
            "junk IN ('advertising', 'abuse', 'nonsense')", name=op.f("ck_voice_junk")
        ),
        sa.CheckConstraint(
            "(junk IS NOT NULL) = (state = 'set_aside')", name=op.f("ck_voice_set_aside")
        ),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (state = 'waiting')", name=op.f("ck_voice_closed")
        ),
        sa.CheckConstraint(
            "state <> 'published' OR may_publish", name=op.f("ck_voice_with_a_yes")
        ),
        _key("voice", "public_answer_id", "public_answer"),
        _key("voice", "closed_by", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voice")),
        sa.UniqueConstraint("public_id", name=op.f("uq_voice_public_id")),
    )
    op.create_index("ix_voice_state", "voice", ["state", "due_on"])
    op.create_table(
        "public_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_answer_id", sa.Integer(), nullable=False),
        sa.Column("voice_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("is_edited", sa.Boolean(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        _key("public_question", "public_answer_id", "public_answer"),
        _key("public_question", "voice_id", "voice"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_public_question")),
        sa.UniqueConstraint("voice_id", name=op.f("uq_public_question_voice_id")),
    )
    for table, column in (
        ("voice", "fingerprint"),
        ("voice", "said_at"),
        ("voice", "public_answer_id"),
        ("voice", "closed_by"),
        ("public_question", "public_answer_id"),
    ):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def downgrade() -> None:
    for table in ("public_question", "voice", "public_answer"):
        op.drop_table(table)


def _key(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))
