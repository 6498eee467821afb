"""What was said or came on paper, who wrote it down, and what it did to promises.

The previous version may run beside it: tables that it does not know.
"""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"


def upgrade() -> None:
    op.create_table(
        "spoken",
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("captured_by", sa.Uuid(), nullable=False),
        sa.Column("happened_at", sa.BigInteger(), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("denied_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"]),
        sa.ForeignKeyConstraint(["captured_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("message_id"),
    )
    op.create_index("ix_spoken_case_id", "spoken", ["case_id"])
    op.create_table(
        "spoken_pledge",
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("pledge_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("begun", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"]),
        sa.PrimaryKeyConstraint("message_id", "pledge_id"),
    )
    op.create_index("ix_spoken_pledge_case_id", "spoken_pledge", ["case_id"])
