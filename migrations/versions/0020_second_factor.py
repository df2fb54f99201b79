"""Second factors, recovery codes, and which logins and tokens passed one."""

import sqlalchemy as sa
from alembic import op

revision = "0020_second_factor"
down_revision = "0019_participation"

def upgrade() -> None:
    op.create_table(
        "second_factor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("sealed_secret", sa.String(length=200), nullable=True),
        sa.Column("credential_id", sa.String(length=1364), nullable=True),
        sa.Column("public_key", sa.LargeBinary(), nullable=True),
        sa.Column("counter", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('totp', 'passkey')", name=op.f("ck_second_factor_kind")),
        sa.CheckConstraint(
            "(kind = 'totp') = (sealed_secret IS NOT NULL)", name=op.f("ck_second_factor_totp")
        ),
        sa.CheckConstraint(
            "(kind = 'passkey') = (credential_id IS NOT NULL)",
            name=op.f("ck_second_factor_passkey"),
        ),
        sa.CheckConstraint(
            "(kind = 'passkey') = (public_key IS NOT NULL)",
            name=op.f("ck_second_factor_passkey_key"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_second_factor_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_second_factor")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_second_factor_credential_id")),
    )
    op.create_index(
        op.f("ix_second_factor_person_id"), "second_factor", ["person_id"], unique=False
    )
    op.create_table(
        "recovery_code",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_recovery_code_person_id_person")
        ),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_recovery_code")),
    )
    op.create_index(
        op.f("ix_recovery_code_person_id"), "recovery_code", ["person_id"], unique=False
    )
    op.create_table(
        "factor_lockout",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_failure_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_factor_lockout_person_id_person")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_factor_lockout")),
    )

    op.add_column("login", sa.Column("second_factor_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("login", sa.Column("challenge", sa.String(length=43), nullable=True))
    op.add_column(
        "login", sa.Column("challenge_until", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column(
        "api_token", sa.Column("second_factor_at", sa.DateTime(timezone=True), nullable=True)
    )

def downgrade() -> None:
    op.drop_column("api_token", "second_factor_at")
    op.drop_column("login", "challenge_until")
    op.drop_column("login", "challenge")
    op.drop_column("login", "second_factor_at")
    op.drop_table("factor_lockout")
    op.drop_index(op.f("ix_recovery_code_person_id"), table_name="recovery_code")
    op.drop_table("recovery_code")
    op.drop_index(op.f("ix_second_factor_person_id"), table_name="second_factor")
    op.drop_table("second_factor")
