"""What waits for a member is found without going through all they told.

The previous version may run beside it: it asks the same and finds it sooner.
"""

from alembic import op

revision = "0057"
down_revision = "0056"


def upgrade() -> None:
    op.create_index("ix_case_turn", "case", ["member_id", "state", "received_at"])
