"""What became of each card with each person."""

import sqlalchemy as sa
from alembic import op

revision = "0065_learning"
down_revision = "0064_charter"


def upgrade() -> None:
    op.create_table(
        "learned_card",
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("card", sa.String(40), nullable=False),
        sa.Column("outcome", sa.String(5), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('right', 'wrong', 'later')", name=op.f("ck_learned_card_outcome")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_learned_card_person_id_person")
        ),
        sa.PrimaryKeyConstraint("person_id", "card", name=op.f("pk_learned_card")),
    )


def downgrade() -> None:
    op.drop_table("learned_card")
