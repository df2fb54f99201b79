"""Tables of agreements; their guard comes with the newest migration that changes it."""

import sqlalchemy as sa
from alembic import op

revision = "0008_agreements"
down_revision = "0007_bookings"


def upgrade() -> None:
    op.create_table(
        "agreement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("operator_id", sa.Integer(), nullable=False),
        sa.Column("partner_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("purposes", sa.String(length=200), nullable=False),
        sa.Column("datasets", sa.String(length=200), nullable=False),
        sa.Column("restrictions", sa.String(length=500), nullable=False),
        sa.Column("warranties", sa.String(length=200), nullable=False),
        sa.Column("liability", sa.String(length=20), nullable=False),
        sa.Column("intended_use", sa.String(length=2000), nullable=False),
        sa.Column("k", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text_fr", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("in_force_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_side", sa.String(length=10), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'proposed', 'in_force', 'ended')",
            name=op.f("ck_agreement_state"),
        ),
        sa.CheckConstraint(
            "liability IN ('each_its_own', 'partner_insured', 'partner_covers')",
            name=op.f("ck_agreement_liability"),
        ),
        sa.CheckConstraint(
            "ended_side IN ('operator', 'partner')", name=op.f("ck_agreement_ended_side")
        ),
        sa.CheckConstraint("k >= 5", name=op.f("ck_agreement_k")),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_agreement_term")),
        sa.CheckConstraint("(state = 'draft') = (hash = '')", name=op.f("ck_agreement_text")),
        sa.CheckConstraint(
            "(state = 'ended') = (ended_at IS NOT NULL)", name=op.f("ck_agreement_ended")
        ),
        sa.ForeignKeyConstraint(
            ["operator_id"], ["organization.id"], name=op.f("fk_agreement_operator_id_organization")
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["organization.id"], name=op.f("fk_agreement_partner_id_organization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement")),
        sa.UniqueConstraint("public_id", name=op.f("uq_agreement_public_id")),
    )
    op.create_index("ix_agreement_partner_state", "agreement", ["partner_id", "state"])
    op.create_table(
        "agreement_analyst",
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["agreement.id"],
            name=op.f("fk_agreement_analyst_agreement_id_agreement"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_agreement_analyst_person_id_person")
        ),
        sa.PrimaryKeyConstraint("agreement_id", "person_id", name=op.f("pk_agreement_analyst")),
    )
    op.create_index(
        op.f("ix_agreement_analyst_person_id"), "agreement_analyst", ["person_id"], unique=False
    )
    op.create_table(
        "agreement_acceptance",
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(length=10), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "side IN ('operator', 'partner')", name=op.f("ck_agreement_acceptance_side")
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["agreement.id"],
            name=op.f("fk_agreement_acceptance_agreement_id_agreement"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_agreement_acceptance_person_id_person")
        ),
        sa.PrimaryKeyConstraint("agreement_id", "side", name=op.f("pk_agreement_acceptance")),
        sa.UniqueConstraint(
            "agreement_id", "person_id", name=op.f("uq_agreement_acceptance_agreement_id_person_id")
        ),
    )


def downgrade() -> None:
    op.drop_table("agreement_acceptance")
    op.drop_index(op.f("ix_agreement_analyst_person_id"), table_name="agreement_analyst")
    op.drop_table("agreement_analyst")
    op.drop_index("ix_agreement_partner_state", table_name="agreement")
    op.drop_table("agreement")
