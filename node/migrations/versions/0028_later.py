"""Replies that leave at a moment.

The previous version may run beside it: only a new table.
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "later_reply",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("version", NUMBER, nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("end", sa.String(40), nullable=True),
        sa.Column("why", sa.String(40), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case.id"], name="fk_later_reply_case_id"
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["person.id"], name="fk_later_reply_author_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_later_reply"),
    )
    op.create_index("ix_later_reply_case_id", "later_reply", ["case_id"], unique=False)
