"""Check-ins by organization and month, what was decided, links of letters, who wants none."""

import sqlalchemy as sa
from alembic import op

revision = "0067_checkin"
down_revision = "0066_voices"

_KINDS = (
    *("question", "changed", "request", "ending", "reanalysis", "withdrawal"),
    *("document", "member", "action", "learning"),
)
_CHOICES = ("yes", "no", "seen", "done", "later")


def upgrade() -> None:
    op.create_table(
        "check_in",
        _of("check_in", "organization"),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True)),
        sa.Column("seen_at", sa.DateTime(timezone=True)),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("seconds >= 0", name=op.f("ck_check_in_seconds")),
        sa.PrimaryKeyConstraint("organization_id", "month", name=op.f("pk_check_in")),
    )
    op.create_table(
        "check_in_card",
        _of("check_in_card", "organization"),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("about", sa.String(60), nullable=False),
        sa.Column("choice", sa.String(5), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _one_of("check_in_card", "kind", _KINDS),
        _one_of("check_in_card", "choice", _CHOICES),
        sa.PrimaryKeyConstraint(
            "organization_id", "month", "kind", "about", name=op.f("pk_check_in_card")
        ),
    )
    op.create_table(
        "check_in_link",
        sa.Column("id", sa.Integer(), nullable=False),
        _of("check_in_link", "organization"),
        _of("check_in_link", "person"),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("about", sa.String(60), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True)),
        _one_of("check_in_link", "kind", _KINDS),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_in_link")),
        sa.UniqueConstraint(
            *("organization_id", "person_id", "month", "kind", "about"),
            name=op.f("uq_check_in_link_organization_id_person_id_month_kind_about"),
        ),
    )
    op.create_index(op.f("ix_check_in_link_person_id"), "check_in_link", ["person_id"])
    op.create_table(
        "check_in_silence",
        _of("check_in_silence", "organization"),
        _of("check_in_silence", "person"),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "person_id", name=op.f("pk_check_in_silence")),
    )
    op.create_index(op.f("ix_check_in_silence_person_id"), "check_in_silence", ["person_id"])


def _of(table: str, whose: str) -> sa.Column[int]:
    name = op.f(f"fk_{table}_{whose}_id_{whose}")
    return sa.Column(
        f"{whose}_id", sa.Integer(), sa.ForeignKey(f"{whose}.id", name=name), nullable=False
    )


def _one_of(table: str, column: str, choices: tuple[str, ...]) -> sa.CheckConstraint:
    listed = ", ".join(f"'{each}'" for each in choices)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=op.f(f"ck_{table}_{column}"))


def downgrade() -> None:
    for table in ("check_in_silence", "check_in_link", "check_in_card", "check_in"):
        op.drop_table(table)
