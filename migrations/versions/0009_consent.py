"""Tables and guards of consent."""

import sqlalchemy as sa
from alembic import op

from mutuali.consent.guard import APPEND_ONLY, STATEMENTS

revision = "0009_consent"
down_revision = "0008_agreements"


def upgrade() -> None:
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        sa.Column("purpose", sa.String(length=30), nullable=False),
        sa.Column("recipient_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text_fr", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("lasts_months", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "purpose IN ('network_statistics', 'sharing_study', 'mobility_planning')",
            name=op.f("ck_notice_purpose"),
        ),
        sa.CheckConstraint("lasts_months BETWEEN 1 AND 36", name=op.f("ck_notice_lasts_months")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_notice_version")),
        sa.ForeignKeyConstraint(
            ["recipient_id"], ["organization.id"], name=op.f("fk_notice_recipient_id_organization")
        ),
        sa.ForeignKeyConstraint(
            ["published_by"], ["person.id"], name=op.f("fk_notice_published_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("public_id", name=op.f("uq_notice_public_id")),
        sa.UniqueConstraint(
            "purpose", "recipient_id", "version", name=op.f("uq_notice_purpose_recipient_id_version")
        ),
    )
    op.create_table(
        "consent_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(length=10), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "answer IN ('given', 'refused', 'withdrawn')", name=op.f("ck_consent_event_answer")
        ),
        sa.CheckConstraint(
            "(answer = 'given') = (until IS NOT NULL)", name=op.f("ck_consent_event_until")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_consent_event_organization_id_organization"),
        ),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notice.id"], name=op.f("fk_consent_event_notice_id_notice")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_consent_event_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_event")),
    )
    op.create_index(
        "ix_consent_event_notice_organization", "consent_event", ["notice_id", "organization_id"]
    )
    op.create_index("ix_consent_event_organization", "consent_event", ["organization_id"])
    for statement in STATEMENTS[op.get_bind().dialect.name]:
        op.execute(sa.text(statement.replace(":", "\\:")))


def downgrade() -> None:
    op.drop_index("ix_consent_event_organization", table_name="consent_event")
    op.drop_index("ix_consent_event_notice_organization", table_name="consent_event")
    op.drop_table("consent_event")
    op.drop_table("notice")
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP FUNCTION {APPEND_ONLY}")
