"""Who answers for the network, who takes part in it and by what right they say so."""

import sqlalchemy as sa
from alembic import op

revision = "0019_participation"
down_revision = "0018_audit_heads"

_CAPACITIES = "capacity IN ('executive_direction', 'presidency', 'board_member', 'mandate')"


def upgrade() -> None:
    op.add_column(
        "organization",
        sa.Column("is_sole_operator", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.create_table(
        "office_holder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("office", sa.String(20), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("contact", sa.String(254), nullable=False),
        sa.Column("delegated_on", sa.Date(), nullable=True),
        sa.Column("delegation", sa.String(200), nullable=False),
        sa.Column("competence", sa.String(1000), nullable=False),
        sa.Column("is_external", sa.Boolean(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "office IN ('person_in_charge', 'substitute', 'qualified_person')",
            name=op.f("ck_office_holder_office"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_holder")),
    )
    current = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_office_holder_current",
        "office_holder",
        ["office"],
        unique=True,
        sqlite_where=current,
        postgresql_where=current,
    )
    op.create_table(
        "participation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("text_version", sa.String(20), nullable=False),
        sa.Column("text_fr", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("capacity", sa.String(20), nullable=False),
        sa.Column("resolution", sa.String(60), nullable=False),
        sa.Column("resolved_on", sa.Date(), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("notice_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(_CAPACITIES, name=op.f("ck_participation_capacity")),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_participation_organization_id_organization"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_participation_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participation")),
        sa.UniqueConstraint("public_id", name=op.f("uq_participation_public_id")),
    )
    op.create_index(
        op.f("ix_participation_organization_id"), "participation", ["organization_id"]
    )
    op.create_table(
        "signatory",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("capacity", sa.String(20), nullable=False),
        sa.Column("resolution", sa.String(60), nullable=False),
        sa.Column("resolved_on", sa.Date(), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(_CAPACITIES, name=op.f("ck_signatory_capacity")),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_signatory_organization_id_organization"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_signatory_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signatory")),
    )
    op.create_index(op.f("ix_signatory_organization_id"), "signatory", ["organization_id"])
    op.create_index(op.f("ix_signatory_person_id"), "signatory", ["person_id"])


def downgrade() -> None:
    op.drop_table("signatory")
    op.drop_table("participation")
    op.drop_table("office_holder")
    op.drop_column("organization", "is_sole_operator")
