"""More can happen to a booking: another proposal, a longer loan, a part that comes back."""

from alembic import op

revision = "0032_more_steps"
down_revision = "0031_required_clauses"

_NAME = "ck_booking_step_step"
_BEFORE = "'request', 'approve', 'decline', 'cancel', 'expire', 'hand_over', 'take_back', 'close'"
_SINCE = "'propose', 'undo', 'extend', 'move', 'part_back', 'no_show', 'dispute'"


def upgrade() -> None:
    _check(f"step IN ({_BEFORE}, {_SINCE})")


def downgrade() -> None:
    op.execute(f"DELETE FROM booking_step WHERE step IN ({_SINCE})")
    _check(f"step IN ({_BEFORE})")


def _check(condition: str) -> None:
    with op.batch_alter_table("booking_step") as batch:
        batch.drop_constraint(op.f(_NAME), type_="check")
        batch.create_check_constraint(op.f(_NAME), condition)
