"""People are asked too, and every event is kept: asked, expired, asked again."""

import sqlalchemy as sa
from alembic import op

from mutuali.consent.guard import STATEMENTS

revision = "0023_consent_of_people"
down_revision = "0022_reviews"

_EVENTS = "event IN ('asked', 're_asked', 'given', 'refused', 'withdrawn', 'expired')"
_ANSWERS = "answer IN ('given', 'refused', 'withdrawn')"


def upgrade() -> None:
    _drop_guards()
    with op.batch_alter_table("notice") as batch:
        batch.add_column(
            sa.Column("subject", sa.String(12), nullable=False, server_default="organization")
        )
        batch.drop_constraint(op.f("uq_notice_purpose_recipient_id_version"), type_="unique")
        batch.create_unique_constraint(
            op.f("uq_notice_subject_purpose_recipient_id_version"),
            ["subject", "purpose", "recipient_id", "version"],
        )
        batch.create_check_constraint(
            op.f("ck_notice_subject"), "subject IN ('organization', 'person')"
        )
    with op.batch_alter_table("notice") as batch:
        batch.alter_column("subject", server_default=None)
    with op.batch_alter_table("consent_event") as batch:
        batch.drop_constraint(op.f("ck_consent_event_answer"), type_="check")
        batch.drop_constraint(op.f("ck_consent_event_until"), type_="check")
        batch.drop_constraint(op.f("fk_consent_event_person_id_person"), type_="foreignkey")
        batch.alter_column("answer", new_column_name="event")
        batch.alter_column("person_id", new_column_name="said_by")
        batch.alter_column("organization_id", existing_type=sa.Integer(), nullable=True)
    with op.batch_alter_table("consent_event") as batch:
        batch.add_column(sa.Column("person_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_consent_event_said_by_person"), "person", ["said_by"], ["id"]
        )
        batch.create_foreign_key(
            op.f("fk_consent_event_person_id_person"), "person", ["person_id"], ["id"]
        )
        batch.create_check_constraint(op.f("ck_consent_event_event"), _EVENTS)
        batch.create_check_constraint(
            op.f("ck_consent_event_subject"), "(organization_id IS NULL) <> (person_id IS NULL)"
        )
        batch.create_check_constraint(
            op.f("ck_consent_event_until"), "(event = 'given') = (until IS NOT NULL)"
        )
    op.create_index("ix_consent_event_notice_person", "consent_event", ["notice_id", "person_id"])
    op.create_index("ix_consent_event_person", "consent_event", ["person_id"])
    op.add_column(
        "export",
        sa.Column("consenting_people", sa.JSON(), nullable=False, server_default="[]"),
    )
    _put_guards()


def downgrade() -> None:
    """Back to organizations and answers; what there was of people and of asking is lost."""
    _drop_guards()
    op.drop_column("export", "consenting_people")
    op.drop_index("ix_consent_event_person", "consent_event")
    op.drop_index("ix_consent_event_notice_person", "consent_event")
    op.execute(
        "DELETE FROM consent_event WHERE person_id IS NOT NULL "
        "OR event IN ('asked', 're_asked', 'expired')"
    )
    op.execute("DELETE FROM notice WHERE subject = 'person'")
    with op.batch_alter_table("consent_event") as batch:
        batch.drop_constraint(op.f("ck_consent_event_event"), type_="check")
        batch.drop_constraint(op.f("ck_consent_event_subject"), type_="check")
        batch.drop_constraint(op.f("ck_consent_event_until"), type_="check")
        batch.drop_constraint(op.f("fk_consent_event_person_id_person"), type_="foreignkey")
        batch.drop_constraint(op.f("fk_consent_event_said_by_person"), type_="foreignkey")
        batch.drop_column("person_id")
        batch.alter_column("organization_id", existing_type=sa.Integer(), nullable=False)
        batch.alter_column("event", new_column_name="answer")
    with op.batch_alter_table("consent_event") as batch:
        batch.alter_column("said_by", new_column_name="person_id")
    with op.batch_alter_table("consent_event") as batch:
        batch.create_foreign_key(
            op.f("fk_consent_event_person_id_person"), "person", ["person_id"], ["id"]
        )
        batch.create_check_constraint(op.f("ck_consent_event_answer"), _ANSWERS)
        batch.create_check_constraint(
            op.f("ck_consent_event_until"), "(answer = 'given') = (until IS NOT NULL)"
        )
    with op.batch_alter_table("notice") as batch:
        batch.drop_constraint(
            op.f("uq_notice_subject_purpose_recipient_id_version"), type_="unique"
        )
        batch.create_unique_constraint(
            op.f("uq_notice_purpose_recipient_id_version"), ["purpose", "recipient_id", "version"]
        )
        batch.drop_constraint(op.f("ck_notice_subject"), type_="check")
        batch.drop_column("subject")
    _put_guards()


def _triggers() -> list[tuple[str, str]]:
    """(name, table) of the guards that stand on these tables."""
    return [
        (words[2], words[words.index("ON") + 1])
        for words in (text.split() for text in STATEMENTS[op.get_bind().dialect.name])
        if words[1] == "TRIGGER"
    ]


def _drop_guards() -> None:
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    for name, table in _triggers():
        # Of those that stand there now: some came later.
        op.execute(f"DROP TRIGGER IF EXISTS {name}" + (f" ON {table}" if on_postgresql else ""))


def _put_guards() -> None:
    for statement in STATEMENTS[op.get_bind().dialect.name]:
        if statement.startswith("CREATE TRIGGER"):
            op.execute(sa.text(statement.replace(":", "\\:")))
