"""All the fields of an agreement, who undertook and suspended what, amendments; the guard anew."""

import sqlalchemy as sa
from alembic import op

from mutuali.agreements.guard import RULES, STATEMENTS
from mutuali.core.period import local
from mutuali.storage import UtcDateTime

revision = "0025_agreements_whole"
down_revision = "0024_calls"

_OPEN = "state <> 'ended'"
#: Table, name, type, what rows of before hold (None: nothing), what is checked.
_COLUMNS: tuple[tuple[str, str, str, str | None, str | None], ...] = (
    ("agreement", "number", "VARCHAR(20)", "''", None),
    ("agreement", "edition", "INTEGER", "1", None),
    *(
        ("agreement", name, f"VARCHAR({length})", "''", None)
        for name, length in (
            *(("benefit", 2000), ("outputs", 2000), ("attribution", 300)),
            *(("assessment_ref", 200), ("ethics_ref", 200), ("kept_at", 200), ("measures", 200)),
        )
    ),
    *(
        ("agreement", name, "INTEGER", default, f"{name} BETWEEN {low} AND {high}")
        for name, default, low, high in (
            *(("breach_hours", "48", 1, 72), ("destroy_days", "30", 1, 90)),
            *(("review_days", "30", 1, 90), ("review_months", "12", 1, 12)),
            *(("cure_days", "30", 1, 90), ("liability_cap", None, 1000, 100000000)),
            ("insurance", None, 1000, 100000000),
        )
    ),
    ("agreement", "answered", "INTEGER", "12", None),
    ("agreement", "reminded_days", "INTEGER", None, None),
    ("agreement", "review_told_on", "DATE", None, None),
    ("agreement_analyst", "why", "VARCHAR(300)", "''", None),
    ("agreement_analyst", "starts_on", "DATE", None, None),
    ("agreement_analyst", "ends_on", "DATE", None, None),
    ("agreement_acceptance", "name", "VARCHAR(200)", "''", None),
    ("agreement_acceptance", "capacity", "VARCHAR(200)", "''", None),
    (
        *("agreement_acceptance", "method", "VARCHAR(15)", "'password'"),
        "method IN ('password', 'second_factor')",
    ),
)


def upgrade() -> None:
    for table, name, kind, default, check in _COLUMNS:
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN {name} {kind}"
            + (f" DEFAULT {default} NOT NULL" if default is not None else "")
            + (f" CONSTRAINT ck_{table}_{name} CHECK ({check})" if check else "")
        )
    op.add_column("agreement_acceptance", sa.Column("revoked_at", UtcDateTime(), nullable=True))
    _amendments()
    _tables()
    _number()
    for statement in STATEMENTS[op.get_bind().dialect.name]:
        op.execute(sa.text(statement.replace(":", "\\:")))


def downgrade() -> None:
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    for rule in RULES:
        op.execute(f"DROP TRIGGER {rule.name}" + (f" ON {rule.table}" if on_postgresql else ""))
        if on_postgresql:
            op.execute(f"DROP FUNCTION {rule.name}()")
    for table in ("agreement_suspension", "agreement_undertaking", "agreement_party"):
        op.drop_table(table)
    op.drop_index("uq_agreement_amends", "agreement")
    with op.batch_alter_table("agreement") as batch:
        batch.drop_constraint(op.f("ck_agreement_edition"), type_="check")
        batch.drop_constraint(op.f("fk_agreement_amends_id_agreement"), type_="foreignkey")
        batch.drop_column("amends_id")
        # A table that was rebuilt holds them beside its columns, and SQLite drops none of these.
        for table, name, _kind, _default, check in _COLUMNS:
            if table == "agreement" and check:
                batch.drop_constraint(op.f(f"ck_agreement_{name}"), type_="check")
    op.drop_column("agreement_acceptance", "revoked_at")
    for table, name, _kind, _default, _check in reversed(_COLUMNS):
        op.execute(f"ALTER TABLE {table} DROP COLUMN {name}")


def _amendments() -> None:
    with op.batch_alter_table("agreement") as batch:
        batch.add_column(sa.Column("amends_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_agreement_amends_id_agreement"), "agreement", ["amends_id"], ["id"]
        )
        batch.create_check_constraint(
            op.f("ck_agreement_edition"), "(edition = 1) = (amends_id IS NULL)"
        )
    op.create_index(
        "uq_agreement_amends",
        "agreement",
        ["amends_id"],
        unique=True,
        sqlite_where=sa.text(_OPEN),
        postgresql_where=sa.text(_OPEN),
    )


def _tables() -> None:
    op.create_table(
        "agreement_party",
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(length=10), nullable=False),
        sa.Column("legal_name", sa.String(length=200), nullable=False),
        sa.Column("regime", sa.String(length=10), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("contact", sa.String(length=200), nullable=False),
        sa.Column("in_charge", sa.String(length=200), nullable=False),
        sa.CheckConstraint("side IN ('operator', 'partner')", name=op.f("ck_agreement_party_side")),
        sa.CheckConstraint(
            "regime IN ('p_39_1', 'a_2_1', 'other_law')", name=op.f("ck_agreement_party_regime")
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["agreement.id"],
            name=op.f("fk_agreement_party_agreement_id_agreement"),
        ),
        sa.PrimaryKeyConstraint("agreement_id", "side", name=op.f("pk_agreement_party")),
    )
    op.create_table(
        "agreement_undertaking",
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id", "person_id"],
            ["agreement_analyst.agreement_id", "agreement_analyst.person_id"],
            name=op.f("fk_agreement_undertaking_named"),
        ),
        sa.PrimaryKeyConstraint(
            "agreement_id", "person_id", name=op.f("pk_agreement_undertaking")
        ),
    )
    op.create_table(
        "agreement_suspension",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(length=15), nullable=False),
        sa.Column("side", sa.String(length=10), nullable=True),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("lifted_at", UtcDateTime(), nullable=True),
        sa.Column("lifted_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "cause IN ('party', 'revoked', 'breach', 'failed_measure', 'incident')",
            name=op.f("ck_agreement_suspension_cause"),
        ),
        sa.CheckConstraint(
            "side IN ('operator', 'partner')", name=op.f("ck_agreement_suspension_side")
        ),
        sa.CheckConstraint(
            "(side IS NULL) = (cause NOT IN ('party', 'revoked'))",
            name=op.f("ck_agreement_suspension_asked"),
        ),
        sa.ForeignKeyConstraint(
            ["agreement_id"],
            ["agreement.id"],
            name=op.f("fk_agreement_suspension_agreement_id_agreement"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_agreement_suspension_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["lifted_by"], ["person.id"], name=op.f("fk_agreement_suspension_lifted_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_suspension")),
    )
    op.create_index(
        op.f("ix_agreement_suspension_agreement_id"), "agreement_suspension", ["agreement_id"]
    )


def _number() -> None:
    """The number that the texts of before say; the names of who signed them; their parties."""
    bind = op.get_bind()
    tables = sa.MetaData()
    tables.reflect(bind, only=("agreement",), resolve_fks=False)
    agreement = tables.tables["agreement"]
    written = sa.select(agreement.c.id, sa.type_coerce(agreement.c.created_at, UtcDateTime()))
    for id_, created_at in bind.execute(written).all():
        number = f"E-{local(created_at).year}-{id_:02d}"
        bind.execute(agreement.update().where(agreement.c.id == id_).values(number=number))
        for side in ("operator", "partner"):
            bind.execute(
                sa.text(
                    "INSERT INTO agreement_party (agreement_id, side, legal_name, regime, place, "
                    "contact, in_charge) VALUES (:id, :side, '', 'p_39_1', '', '', '')"
                ),
                {"id": id_, "side": side},
            )
    op.execute(
        "UPDATE agreement_acceptance SET name = "
        "(SELECT name FROM person WHERE person.id = agreement_acceptance.person_id)"
    )
