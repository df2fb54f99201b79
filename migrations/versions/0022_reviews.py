"""What a request answers, impact assessments, opinions on built bundles, the outside reviewer."""

import sqlalchemy as sa
from alembic import op

revision = "0022_reviews"
down_revision = "0021_governance"

_DATASETS = (
    "dataset IN ('equipment-use', 'loans', 'unmet-demand', 'lending-flows',"
    " 'organizations-capacity')"
)
_ROLES_BEFORE = "role IN ('administrator', 'analyst', 'coordinator', 'steward')"
_ROLES_AFTER = "role IN ('administrator', 'analyst', 'coordinator', 'reviewer', 'steward')"


def upgrade() -> None:
    with op.batch_alter_table("export") as export:
        export.add_column(sa.Column("answers", sa.JSON(), nullable=False, server_default="{}"))
        export.add_column(
            sa.Column("opinions_needed", sa.Integer(), nullable=False, server_default="1")
        )
        export.add_column(sa.Column("checks", sa.JSON(none_as_null=True), nullable=True))
        export.add_column(sa.Column("review", sa.JSON(none_as_null=True), nullable=True))
        export.create_check_constraint(
            op.f("ck_export_opinions_needed"), "opinions_needed IN (1, 2)"
        )
        export.create_unique_constraint("uq_export_id_requested_by", ["id", "requested_by"])
    # What waits now and holds a line per loan waits for two.
    op.execute(
        "UPDATE export SET opinions_needed = 2 WHERE dataset = 'loans'"
        " AND state IN ('requested', 'building', 'in_review')"
    )
    with op.batch_alter_table("export") as export:
        export.alter_column("answers", server_default=None)
        export.alter_column("opinions_needed", server_default=None)
    op.create_table(
        "export_opinion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("export_id", sa.Integer(), nullable=False),
        sa.Column("requested_by", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("for_operator", sa.Boolean(), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("verdict", sa.String(length=10), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("verdict IN ('sign', 'return')", name=op.f("ck_export_opinion_verdict")),
        sa.CheckConstraint(
            "person_id <> requested_by", name=op.f("ck_export_opinion_of_another")
        ),
        sa.ForeignKeyConstraint(
            ["export_id", "requested_by"],
            ["export.id", "export.requested_by"],
            name=op.f("fk_export_opinion_export_id_export"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_export_opinion_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export_opinion")),
    )
    op.create_index(
        "ix_export_opinion_once",
        "export_opinion",
        ["export_id", "person_id"],
        unique=True,
        postgresql_where=sa.text("voided_at IS NULL"),
        sqlite_where=sa.text("voided_at IS NULL"),
    )
    op.create_table(
        "assessment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=22), nullable=False),
        sa.Column("dataset", sa.String(length=30), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("form", sa.String(length=10), nullable=False),
        sa.Column("levels", sa.JSON(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("written_by", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opinion", sa.String(length=15), nullable=True),
        sa.Column("opinion_text", sa.String(length=2000), nullable=False),
        sa.Column("opinion_by", sa.String(length=200), nullable=False),
        sa.Column("opinion_on", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(_DATASETS, name=op.f("ck_assessment_dataset")),
        sa.CheckConstraint("form IN ('short', 'long')", name=op.f("ck_assessment_form")),
        sa.CheckConstraint(
            "opinion IS NULL OR opinion IN ('favourable', 'unfavourable')",
            name=op.f("ck_assessment_opinion"),
        ),
        sa.CheckConstraint(
            "opinion IS NULL OR (opinion_by <> '' AND opinion_on IS NOT NULL"
            " AND valid_until > opinion_on AND recorded_by IS NOT NULL)",
            name=op.f("ck_assessment_opinion_whole"),
        ),
        sa.ForeignKeyConstraint(
            ["written_by"], ["person.id"], name=op.f("fk_assessment_written_by_person")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["person.id"], name=op.f("fk_assessment_recorded_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
        sa.UniqueConstraint("public_id", name=op.f("uq_assessment_public_id")),
    )
    op.create_index("ix_assessment_dataset", "assessment", ["dataset", "recorded_at"])
    _roles(_ROLES_AFTER)


def downgrade() -> None:
    op.execute("DELETE FROM network_role WHERE role = 'reviewer'")
    _roles(_ROLES_BEFORE)
    op.drop_table("assessment")
    op.drop_table("export_opinion")
    with op.batch_alter_table("export") as export:
        export.drop_constraint("uq_export_id_requested_by", type_="unique")
        export.drop_constraint(op.f("ck_export_opinions_needed"), type_="check")
        for column in ("answers", "opinions_needed", "checks", "review"):
            export.drop_column(column)


def _roles(check: str) -> None:
    with op.batch_alter_table("network_role") as role:
        role.drop_constraint(op.f("ck_network_role_role"), type_="check")
        role.create_check_constraint(op.f("ck_network_role_role"), check)
