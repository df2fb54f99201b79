"""The registers of the law and their guards."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from mutuali.governance.guard import APPEND_ONLY, STATEMENTS

revision = "0021_governance"
down_revision = "0020_second_factor"

_LEVELS = "IN ('low', 'medium', 'high')"


def _c(name: str, type_: sa.types.TypeEngine[object], *, null: bool = False) -> sa.Column[object]:
    return sa.Column(name, type_, nullable=null)


def _table(name: str, *parts: object, unique: Sequence[str] = ("public_id",)) -> None:
    op.create_table(
        name,
        *parts,  # type: ignore[arg-type]
        *(sa.UniqueConstraint(each, name=op.f(f"uq_{name}_{each}")) for each in unique),
    )


def _id(table: str) -> tuple[object, object]:
    key = sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))
    return sa.Column("id", sa.Integer(), nullable=False), key


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name)


def upgrade() -> None:
    instant, day, long, whole = sa.DateTime(timezone=True), sa.Date(), sa.Text(), sa.Integer()
    _table(
        "person_request",
        *_id("person_request"),
        _c("public_id", sa.String(22)),
        _c("person_id", whole, null=True),
        _c("reference", sa.String(60)),
        _c("kind", sa.String(15)),
        _c("words", long),
        _c("received_at", instant),
        _c("due_on", day),
        _c("reminders", whole),
        _c("identity", sa.String(10), null=True),
        _c("answer", sa.String(10), null=True),
        _c("answer_words", long),
        _c("answered_at", instant, null=True),
        _c("answered_by", whole, null=True),
        sa.CheckConstraint(
            "kind IN ('access', 'rectification', 'erasure', 'portability', 'cessation')",
            name=op.f("ck_person_request_kind"),
        ),
        sa.CheckConstraint(
            "answer IS NULL OR answer IN ('granted', 'partly', 'refused')",
            name=op.f("ck_person_request_answer"),
        ),
        sa.CheckConstraint(
            "identity IS NULL OR identity IN ('account', 'in_person', 'call_back', 'document')",
            name=op.f("ck_person_request_identity"),
        ),
        sa.CheckConstraint(
            "answer IS NULL OR identity IS NOT NULL", name=op.f("ck_person_request_identified")
        ),
        _to("person_request", "person_id", "person"),
        _to("person_request", "answered_by", "person"),
    )
    op.create_index(op.f("ix_person_request_person_id"), "person_request", ["person_id"])
    _table(
        "incident",
        *_id("incident"),
        _c("public_id", sa.String(22)),
        _c("information", long),
        _c("unknown_because", long),
        _c("circumstances", long),
        _c("started_on", day),
        _c("ended_on", day, null=True),
        _c("aware_on", day),
        _c("persons", whole, null=True),
        _c("in_quebec", whole, null=True),
        _c("sensitivity", sa.String(10)),
        _c("consequences", sa.String(10)),
        _c("likelihood", sa.String(10)),
        _c("serious", sa.Boolean()),
        _c("elements", long),
        _c("consulted_on", day, null=True),
        _c("commission_on", day, null=True),
        _c("persons_on", day, null=True),
        _c("public_notice", sa.Boolean()),
        _c("public_because", long),
        _c("measures", long),
        _c("created_at", instant),
        _c("keep_until", day),
        _c("version", whole),
        *(
            sa.CheckConstraint(f"{each} {_LEVELS}", name=op.f(f"ck_incident_{each}"))
            for each in ("sensitivity", "consequences", "likelihood")
        ),
    )
    _table(
        "anonymization_entry",
        *_id("anonymization_entry"),
        _c("export_id", whole),
        _c("what", sa.String(10)),
        _c("at", instant),
        _c("told", sa.JSON()),
        _c("tier", sa.String(10)),
        _c("analysed_on", day),
        _c("next_analysis_on", day, null=True),
        _c("supervisor_id", whole, null=True),
        sa.CheckConstraint(
            "tier IN ('low', 'medium')", name=op.f("ck_anonymization_entry_tier")
        ),
        sa.UniqueConstraint(
            "export_id", "what", name=op.f("uq_anonymization_entry_export_id_what")
        ),
        _to("anonymization_entry", "export_id", "export"),
        _to("anonymization_entry", "supervisor_id", "office_holder"),
        unique=(),
    )
    _table(
        "retention_run",
        *_id("retention_run"),
        _c("public_id", sa.String(22)),
        _c("rule", sa.String(20)),
        _c("deed", sa.String(10)),
        _c("at", instant),
        _c("person_id", whole, null=True),
        _c("certificate", sa.JSON()),
        _c("key_id", sa.String(16)),
        _c("signature", sa.String(90)),
        sa.CheckConstraint(
            "rule IN ('logins', 'links', 'attempts', 'invitations', 'unconfirmed', 'loan_people')",
            name=op.f("ck_retention_run_rule"),
        ),
        sa.CheckConstraint(
            "deed IN ('destroy', 'anonymize')", name=op.f("ck_retention_run_deed")
        ),
        _to("retention_run", "person_id", "person"),
    )
    op.create_table(
        "tombstone",
        _c("fingerprint", sa.String(64)),
        _c("at", instant),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_tombstone")),
    )
    for statement in STATEMENTS[op.get_bind().dialect.name]:
        op.execute(sa.text(statement.replace(":", "\\:")))


def downgrade() -> None:
    for table in (
        *("tombstone", "retention_run", "anonymization_entry", "incident", "person_request"),
    ):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP FUNCTION {APPEND_ONLY}")
