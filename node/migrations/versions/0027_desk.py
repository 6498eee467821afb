"""The desk is read in the order of its promises, state by state.

The previous version may run beside it: it only reads more slowly.
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    op.drop_index("ix_case_desk", table_name="case")
    op.create_index(
        "ix_case_due",
        "case",
        [
            "state",
            sa.text("coalesce(next_due_at, 253402300799000)"),
            "received_at",
            "id",
        ],
    )
    op.create_index("ix_case_state", "case", ["state", "received_at"])
