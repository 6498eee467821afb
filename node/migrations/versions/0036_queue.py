"""The queue is read by an index, and so is the desk of whoever has many cases.

The previous version may run beside it: what it takes in meanwhile stands at the end of
the queue until the next thing happens to it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"

QUEUED = sa.text("state = 'queued'")


def upgrade() -> None:
    op.add_column("case", sa.Column("answer_due_at", sa.BigInteger(), nullable=True))
    op.execute(
        """UPDATE "case" SET answer_due_at = (
            SELECT min(due_at) FROM pledge
            WHERE pledge.case_id = "case".id AND pledge.kind = 'first_response'
            AND pledge.state IN ('running', 'paused', 'overdue'))
        WHERE state NOT IN ('closed', 'discarded', 'erased')"""
    )
    op.create_index(
        "ix_case_queue",
        "case",
        [
            "state",
            sa.text("(priority_rank <> 0)"),
            sa.text("coalesce(answer_due_at, 253402300799000)"),
            "received_at",
            "id",
        ],
        sqlite_where=QUEUED,
        postgresql_where=QUEUED,
    )
    op.drop_index("ix_case_responsible", table_name="case")
    op.create_index(
        "ix_case_mine",
        "case",
        [
            "responsible_id",
            "state",
            sa.text("coalesce(next_due_at, 253402300799000)"),
            "received_at",
            "id",
        ],
    )
