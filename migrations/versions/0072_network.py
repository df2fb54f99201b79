"""What the network says of itself, the words its notices start from, and lessons learned."""

import sqlalchemy as sa
from alembic import op

revision = "0072_network"
down_revision = "0071_mobility"

_WORDS = (("title", 120), ("tried", 1500), ("happened", 1500), ("again", 1500))


def upgrade() -> None:
    op.create_table(
        "network",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        *(
            sa.Column(name, sa.String(length), nullable=False)
            for name, length in (
                *(("operator_name", 160), ("operator_address", 200), ("operator_contact", 254)),
                *(("name", 60), ("logo_key", 16), ("logo_alt_fr", 120), ("logo_alt_en", 120)),
            )
        ),
        sa.Column("logo", sa.LargeBinary()),
        sa.Column("logo_width", sa.Integer(), nullable=False),
        sa.Column("logo_height", sa.Integer(), nullable=False),
        sa.Column("boroughs", sa.JSON()),
        sa.Column("english", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("purposes", sa.JSON()),
        sa.Column("kit_published_at", sa.DateTime(timezone=True)),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("put_away_at", sa.DateTime(timezone=True)),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_network_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_network")),
    )
    op.create_table(
        "notice_words",
        sa.Column("subject", sa.String(12), nullable=False),
        sa.Column("purpose", sa.String(30), nullable=False),
        sa.Column("text_fr", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("origin", sa.String(160), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("subject", "purpose", name=op.f("pk_notice_words")),
    )
    op.create_table(
        "lesson",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("origin", sa.String(160), nullable=False),
        sa.Column("written_on", sa.Date(), nullable=False),
        *(
            sa.Column(f"{word}_{language}", sa.String(length), nullable=False)
            for word, length in _WORDS
            for language in ("fr", "en")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lesson")),
        sa.UniqueConstraint("public_id", name=op.f("uq_lesson_public_id")),
    )


def downgrade() -> None:
    for table in ("lesson", "notice_words", "network"):
        op.drop_table(table)
