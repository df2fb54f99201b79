"""What an agreement lets the pipeline do, its legal ground, and that it can be suspended."""

import sqlalchemy as sa
from alembic import op

revision = "0017_release_settings"
down_revision = "0016_exports_review"

_STATES = "state IN ('draft', 'proposed', 'in_force', 'ended')"
_MORE_STATES = "state IN ('draft', 'proposed', 'in_force', 'suspended', 'ended')"
_K, _K_WITHIN = "k >= 5", "k BETWEEN 5 AND 100"

#: Name, type, what agreements of before hold, what is checked. A term of before said no day of
#: destruction but its end, so theirs is the latest that may be agreed.
_COLUMNS = (
    (
        *("instrument", "VARCHAR(25)", "'organization_data'"),
        "instrument IN ('organization_data', 'personal_deidentified', 'research', 'own_study', "
        "'open')",
    ),
    ("share_percent", "INTEGER", "10", "share_percent BETWEEN 5 AND 50"),
    ("base", "INTEGER", "5", "base BETWEEN 5 AND 25"),
    (
        *("on_withdrawal", "VARCHAR(10)", "'replace'"),
        "on_withdrawal IN ('replace', 'destroy', 'stop')",
    ),
    ("days_to_act", "INTEGER", "30", "days_to_act BETWEEN 1 AND 90"),
    ("download_days", "INTEGER", "30", "download_days BETWEEN 1 AND 90"),
    ("keep_days", "INTEGER", "1095", "keep_days BETWEEN 30 AND 1095"),
    ("downloads_each", "INTEGER", "5", "downloads_each BETWEEN 1 AND 20"),
    ("years", "INTEGER", "3", "years BETWEEN 1 AND 3"),
)


#: The guard as it was written until then; the newest migration of agreements writes it anew.
_TRIGGERS = {
    "agreement": (
        *("agreement_text_fixed_update", "agreement_text_fixed_delete"),
        *("agreement_not_accepted_update", "agreement_not_accepted_insert"),
    ),
    "agreement_analyst": (
        *("agreement_analyst_added", "agreement_analyst_gone", "agreement_analyst_insert"),
        *("agreement_analyst_update", "agreement_analyst_delete"),
    ),
    "agreement_acceptance": (
        *("agreement_acceptance_added", "agreement_acceptance_gone", "agreement_acceptance_text"),
        *("agreement_acceptance_insert", "agreement_acceptance_update"),
        *("agreement_acceptance_delete", "agreement_acceptance_text_insert"),
        "agreement_acceptance_text_update",
    ),
}
_FUNCTIONS = (
    *("agreement_text_fixed", "agreement_not_accepted", "agreement_part_added"),
    *("agreement_part_gone", "agreement_other_text"),
)


def upgrade() -> None:
    _drop_guard()
    for name, kind, default, check in _COLUMNS:
        op.execute(
            f"ALTER TABLE agreement ADD COLUMN {name} {kind} DEFAULT {default} NOT NULL "
            f"CONSTRAINT ck_agreement_{name} CHECK ({check})"
        )
    op.add_column(
        "agreement",
        sa.Column("outside_quebec", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column("agreement", sa.Column("cai_sent_on", sa.Date(), nullable=True))
    _change_checks(_MORE_STATES, _K_WITHIN)


def downgrade() -> None:
    _drop_guard()
    _change_checks(_STATES, _K)
    with op.batch_alter_table("agreement") as batch:
        for name, *_ in _COLUMNS:
            batch.drop_constraint(op.f(f"ck_agreement_{name}"), type_="check")
        for name in ("cai_sent_on", "outside_quebec", *(each[0] for each in _COLUMNS)):
            batch.drop_column(name)


def _drop_guard() -> None:
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    for table, names in _TRIGGERS.items():
        for name in names:
            op.execute(f"DROP TRIGGER IF EXISTS {name}" + (f" ON {table}" if on_postgresql else ""))
    for name in _FUNCTIONS if on_postgresql else ():
        op.execute(f"DROP FUNCTION IF EXISTS {name}()")


def _change_checks(states: str, k: str) -> None:
    with op.batch_alter_table("agreement") as batch:
        for name, condition in (("state", states), ("k", k)):
            batch.drop_constraint(op.f(f"ck_agreement_{name}"), type_="check")
            batch.create_check_constraint(op.f(f"ck_agreement_{name}"), condition)
