"""What organizations hold of people, who answers for it, what they publish; meetings with a helper."""

import sqlalchemy as sa
from alembic import op

revision = "0068_own_data"
down_revision = "0067_checkin"

_TEMPLATES = (
    *("volunteers", "families", "licences", "staff", "donors", "keys", "photos", "shared_phone"),
    *("mailing", "allergies", "cameras", "accidents", "sign_in", "contacts"),
)
_TERMS = (
    *("at_once", "days_7", "days_30", "months_3", "months_6", "year_1", "years_2", "years_3"),
    *("years_5", "years_7"),
)
_COUNTED_FROM = (
    *("leaving", "last_visit", "last_gift", "last_contact", "return", "activity", "accident"),
    *("arrival", "recording", "asked_off"),
)
_SENSITIVITY = ("ordinary", "private", "sensitive")
_ENDINGS = ("shred", "delete", "shred_and_delete", "by_itself", "count_only", "give_back")


def upgrade() -> None:
    op.create_table(
        "own_holding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        _to("own_holding", "organization"),
        sa.Column("template", sa.String(20)),
        *(
            sa.Column(f"{word}_{language}", sa.String(length), nullable=False)
            for word, length in (("name", 80), ("what", 200), ("why", 200))
            for language in ("fr", "en")
        ),
        *(
            sa.Column(name, sa.JSON(), nullable=False)
            for name in ("about_whom", "came_by", "kept_in", "seen_by")
        ),
        sa.Column("term", sa.String(10), nullable=False),
        sa.Column("counted_from", sa.String(20), nullable=False),
        sa.Column("sensitivity", sa.String(10), nullable=False),
        sa.Column("ending", sa.String(20), nullable=False),
        _at("created_at"),
        _at("looked_at"),
        sa.Column("version", sa.Integer(), nullable=False),
        _one_of("own_holding", "template", _TEMPLATES),
        _one_of("own_holding", "term", _TERMS),
        _one_of("own_holding", "counted_from", _COUNTED_FROM),
        _one_of("own_holding", "sensitivity", _SENSITIVITY),
        _one_of("own_holding", "ending", _ENDINGS),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_holding")),
        sa.UniqueConstraint("public_id", name=op.f("uq_own_holding_public_id")),
        sa.UniqueConstraint(
            "organization_id", "template", name=op.f("uq_own_holding_organization_id_template")
        ),
    )
    op.create_table(
        "own_officer",
        _to("own_officer", "organization"),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("how_to_reach", sa.String(200), nullable=False),
        sa.Column("delegated_on", sa.Date()),
        _at("since"),
        _to("own_officer", "person", nullable=True),
        sa.PrimaryKeyConstraint("organization_id", name=op.f("pk_own_officer")),
    )
    op.create_index(op.f("ix_own_officer_person_id"), "own_officer", ["person_id"])
    op.create_table(
        "own_policy",
        sa.Column("id", sa.Integer(), nullable=False),
        _to("own_policy", "organization"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text_fr", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=False),
        _at("published_at"),
        _to("own_policy", "person", "published_by", nullable=True),
        _at("withdrawn_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_policy")),
        sa.UniqueConstraint(
            "organization_id", "version", name=op.f("uq_own_policy_organization_id_version")
        ),
    )
    op.create_index(op.f("ix_own_policy_published_by"), "own_policy", ["published_by"])
    _one_while("own_policy", "uq_own_policy_out", "organization_id", "withdrawn_at IS NULL")
    op.create_table(
        "help_slot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        _to("help_slot", "person", "helper_id"),
        _at("starts_at"),
        sa.Column("call_at", sa.String(30), nullable=False),
        _at("created_at"),
        _at("withdrawn_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_slot")),
        sa.UniqueConstraint("public_id", name=op.f("uq_help_slot_public_id")),
        sa.UniqueConstraint(
            "helper_id", "starts_at", name=op.f("uq_help_slot_helper_id_starts_at")
        ),
    )
    op.create_index(op.f("ix_help_slot_starts_at"), "help_slot", ["starts_at"])
    op.create_table(
        "help_meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(22), nullable=False),
        _to("help_meeting", "help_slot", "slot_id"),
        _to("help_meeting", "organization"),
        _to("help_meeting", "person"),
        sa.Column("topic", sa.String(200), nullable=False),
        sa.Column("phone", sa.String(30), nullable=False),
        _at("created_at"),
        _at("cancelled_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_meeting")),
        sa.UniqueConstraint("public_id", name=op.f("uq_help_meeting_public_id")),
    )
    for column in ("slot_id", "organization_id", "person_id"):
        op.create_index(op.f(f"ix_help_meeting_{column}"), "help_meeting", [column])
    _one_while("help_meeting", "uq_help_meeting_slot", "slot_id", "cancelled_at IS NULL")


def _to(table: str, target: str, column: str = "", *, nullable: bool = False) -> sa.Column[int]:
    column = column or f"{target}_id"
    key = sa.ForeignKey(f"{target}.id", name=op.f(f"fk_{table}_{column}_{target}"))
    return sa.Column(column, sa.Integer(), key, nullable=nullable)


def _at(column: str, *, nullable: bool = False) -> sa.Column[sa.DateTime]:
    return sa.Column(column, sa.DateTime(timezone=True), nullable=nullable)


def _one_of(table: str, column: str, choices: tuple[str, ...]) -> sa.CheckConstraint:
    listed = ", ".join(f"'{each}'" for each in choices)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=op.f(f"ck_{table}_{column}"))


def _one_while(table: str, name: str, column: str, holds: str) -> None:
    op.create_index(
        name,
        table,
        [column],
        unique=True,
        postgresql_where=sa.text(holds),
        sqlite_where=sa.text(holds),
    )


def downgrade() -> None:
    for table in ("help_meeting", "help_slot", "own_policy", "own_officer", "own_holding"):
        op.drop_table(table)
