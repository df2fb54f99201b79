"""Who is in an export is kept as keyed fingerprints; what was let out is kept for comparison."""

import json

import sqlalchemy as sa
from alembic import op

from mutuali.exports.rules.lineage import Kind, fingerprints
from mutuali.web.secrets import fingerprint_key

revision = "0028_lineage"
down_revision = "0027_demand"

_ANSWERS = "'destroyed', 'never_downloaded', 'cannot'"


def upgrade() -> None:
    op.create_table(
        "export_contributor",
        sa.Column("export_id", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(10), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint(
            "export_id", "side", "fingerprint", name=op.f("pk_export_contributor")
        ),
        sa.ForeignKeyConstraint(
            ["export_id"], ["export.id"], name=op.f("fk_export_contributor_export_id_export")
        ),
    )
    op.create_index("ix_export_contributor_fingerprint", "export_contributor", ["fingerprint"])
    op.create_table(
        "export_part",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("export_id", sa.Integer(), nullable=False),
        sa.Column("table_name", sa.String(60), nullable=False),
        sa.Column("period", sa.String(10), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("behind", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export_part")),
        sa.ForeignKeyConstraint(
            ["export_id"], ["export.id"], name=op.f("fk_export_part_export_id_export")
        ),
        sa.UniqueConstraint(
            "export_id", "table_name", "period", name=op.f("uq_export_part_export_id_table_name_period")
        ),
    )
    op.create_index("ix_export_part_table_period", "export_part", ["table_name", "period"])
    op.create_table(
        "export_record",
        sa.Column("export_id", sa.Integer(), nullable=False),
        sa.Column("file_key", sa.String(80), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("export_id", name=op.f("pk_export_record")),
        sa.ForeignKeyConstraint(
            ["export_id"], ["export.id"], name=op.f("fk_export_record_export_id_export")
        ),
    )
    op.create_table(
        "export_recall",
        sa.Column("export_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("export_id", name=op.f("pk_export_recall")),
        sa.ForeignKeyConstraint(
            ["export_id"], ["export.id"], name=op.f("fk_export_recall_export_id_export")
        ),
    )
    op.create_table(
        "recall_notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("export_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("notified_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(20), nullable=True),
        sa.Column("name", sa.String(100), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recall_notice")),
        sa.ForeignKeyConstraint(
            ["export_id"],
            ["export_recall.export_id"],
            name=op.f("fk_recall_notice_export_id_export_recall"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_recall_notice_person_id_person")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_recall_notice_public_id")),
        sa.UniqueConstraint("export_id", "person_id", name=op.f("uq_recall_notice_export_id_person_id")),
        sa.CheckConstraint(
            f"answer IS NULL OR answer IN ({_ANSWERS})", name=op.f("ck_recall_notice_answer")
        ),
        sa.CheckConstraint(
            "(answer IS NULL) = (answered_at IS NULL)", name=op.f("ck_recall_notice_answered")
        ),
    )
    op.create_index(op.f("ix_recall_notice_person_id"), "recall_notice", ["person_id"])
    _fingerprint()
    with op.batch_alter_table("export") as export:
        export.drop_column("consenting")
        export.drop_column("consenting_people")


def downgrade() -> None:
    for column in ("consenting", "consenting_people"):
        op.add_column("export", sa.Column(column, sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("export") as export:
        for column in ("consenting", "consenting_people"):
            export.alter_column(column, server_default=None)
    for table in (
        *("recall_notice", "export_recall", "export_record", "export_part"),
        "export_contributor",
    ):
        op.drop_table(table)


def _fingerprint() -> None:
    """Ids become fingerprints under this instance's key. Of which side an organization was, nobody
    wrote down: it is taken to be on both."""
    bind = op.get_bind()
    rows = bind.execute(sa.text("SELECT id, consenting, consenting_people FROM export")).all()
    found = []
    for id_, organizations, people in rows:
        for kind, sides, ids in (
            (Kind.ORGANIZATION, ("lender", "borrower"), organizations),
            (Kind.PERSON, ("person",), people),
        ):
            ids = json.loads(ids) if isinstance(ids, str) else ids
            marks = fingerprints(fingerprint_key(), kind, ids or ()).values()
            found += [(id_, side, mark) for side in sides for mark in marks]
    for id_, side, mark in found:
        bind.execute(
            sa.text(
                "INSERT INTO export_contributor (export_id, side, fingerprint)"
                " VALUES (:export_id, :side, :fingerprint)"
            ),
            {"export_id": id_, "side": side, "fingerprint": mark},
        )
