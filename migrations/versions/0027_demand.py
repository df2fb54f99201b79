"""Searches that found nothing, by a token; the step of the ladder that a year keeps."""

import sqlalchemy as sa
from alembic import op

revision = "0027_demand"
down_revision = "0026_export_link"

_DATASETS = (
    "'equipment-use', 'loans', 'unmet-demand', 'lending-flows', 'organizations-capacity'"
)
_PURPOSES = "'network_statistics', 'sharing_study', 'mobility_planning', 'named_publicly'"


def upgrade() -> None:
    op.create_table(
        "demand_key",
        sa.Column("quarter", sa.String(7), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("quarter", name=op.f("pk_demand_key")),
    )
    op.create_table(
        "unmet_search",
        sa.Column("mark", sa.String(64), nullable=False),
        sa.Column("quarter", sa.String(7), nullable=False),
        sa.Column("family", sa.String(20), nullable=False),
        sa.Column("zone", sa.String(20), nullable=False),
        sa.Column("token", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(
            ["quarter"], ["demand_key.quarter"], name=op.f("fk_unmet_search_quarter_demand_key")
        ),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_unmet_search")),
    )
    op.create_index(op.f("ix_unmet_search_quarter"), "unmet_search", ["quarter"])
    op.create_table(
        "unmet_demand",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.String(7), nullable=False),
        sa.Column("family", sa.String(20), nullable=False),
        sa.Column("zone", sa.String(20), nullable=False),
        sa.Column("token", sa.String(64), nullable=False),
        sa.Column("searches", sa.Integer(), nullable=False),
        sa.CheckConstraint("searches > 0", name=op.f("ck_unmet_demand_searches")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unmet_demand")),
    )
    op.create_index(op.f("ix_unmet_demand_quarter"), "unmet_demand", ["quarter"])
    op.create_table(
        "unmet_demand_notice",
        sa.Column("demand_id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["demand_id"],
            ["unmet_demand.id"],
            name=op.f("fk_unmet_demand_notice_demand_id_unmet_demand"),
        ),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notice.id"], name=op.f("fk_unmet_demand_notice_notice_id_notice")
        ),
        sa.PrimaryKeyConstraint("demand_id", "notice_id", name=op.f("pk_unmet_demand_notice")),
    )
    op.create_index(
        op.f("ix_unmet_demand_notice_notice_id"), "unmet_demand_notice", ["notice_id"]
    )
    op.create_table(
        "ladder_step",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("dataset", sa.String(30), nullable=False),
        sa.Column("purpose", sa.String(30), nullable=False),
        sa.Column("recipient_id", sa.Integer(), nullable=False),
        sa.Column("rung", sa.String(10), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(f"dataset IN ({_DATASETS})", name=op.f("ck_ladder_step_dataset")),
        sa.CheckConstraint(f"purpose IN ({_PURPOSES})", name=op.f("ck_ladder_step_purpose")),
        sa.CheckConstraint(
            "rung IN ('few', 'some', 'many', 'most')", name=op.f("ck_ladder_step_rung")
        ),
        sa.ForeignKeyConstraint(
            ["recipient_id"],
            ["organization.id"],
            name=op.f("fk_ladder_step_recipient_id_organization"),
        ),
        sa.PrimaryKeyConstraint(
            "year", "dataset", "purpose", "recipient_id", name=op.f("pk_ladder_step")
        ),
    )
    op.create_index(op.f("ix_ladder_step_recipient_id"), "ladder_step", ["recipient_id"])


def downgrade() -> None:
    for table in ("ladder_step", "unmet_demand_notice", "unmet_demand", "unmet_search", "demand_key"):
        op.drop_table(table)
