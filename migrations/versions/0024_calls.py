"""Who wants to be called about a question, and by what right a yes was given."""

import sqlalchemy as sa
from alembic import op

revision = "0024_calls"
down_revision = "0023_consent_of_people"


def upgrade() -> None:
    op.create_table(
        "call_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("phone", sa.String(30), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notice.id"], name=op.f("fk_call_request_notice_id_notice")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_call_request_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["closed_by"], ["person.id"], name=op.f("fk_call_request_closed_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_request")),
        sa.UniqueConstraint("public_id", name=op.f("uq_call_request_public_id")),
    )
    op.add_column("consent_event", sa.Column("capacity", sa.String(20), nullable=True))
    op.create_index(op.f("ix_call_request_person_id"), "call_request", ["person_id"])


def downgrade() -> None:
    op.drop_column("consent_event", "capacity")
    op.drop_table("call_request")
