"""A booking's units can change: once more among what can happen to it."""

from alembic import op

revision = "0046_step_of_units"
down_revision = "0045_calendar_feeds"

_STEP = "ck_booking_step_step"
_BEFORE = (
    "'request', 'approve', 'decline', 'cancel', 'expire', 'hand_over', 'take_back', 'close',"
    " 'propose', 'undo', 'extend', 'move', 'part_back', 'no_show', 'dispute', 'first_yes',"
    " 'turn_down', 'lapse', 'ask_longer', 'not_longer', 'shorten'"
)


def upgrade() -> None:
    _steps(f"step IN ({_BEFORE}, 'units')")


def downgrade() -> None:
    op.execute("DELETE FROM booking_step WHERE step = 'units'")
    _steps(f"step IN ({_BEFORE})")


def _steps(condition: str) -> None:
    with op.batch_alter_table("booking_step") as batch:
        batch.drop_constraint(op.f(_STEP), type_="check")
        batch.create_check_constraint(op.f(_STEP), condition)
