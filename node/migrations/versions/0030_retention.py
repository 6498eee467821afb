"""What becomes of closed cases, legal holds, and cases that rest.

The previous version may run beside it: only new tables, and a column it does not fill.
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("case", sa.Column("restricted_at", sa.BigInteger(), nullable=True))
    op.create_table(
        "retention",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("phase", sa.String(40), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("reminders", NUMBER, nullable=False),
        sa.Column("reminded_at", sa.BigInteger(), nullable=True),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_retention_case_id"),
        sa.PrimaryKeyConstraint("case_id", name="pk_retention"),
    )
    op.create_index("ix_retention_due_at", "retention", ["due_at"], unique=False)
    op.create_table(
        "legal_hold",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("asked_until", sa.BigInteger(), nullable=False),
        sa.Column("second_id", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name="fk_legal_hold_by_id"),
        sa.ForeignKeyConstraint(
            ["second_id"], ["person.id"], name="fk_legal_hold_second_id"
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_legal_hold_case_id"),
        sa.PrimaryKeyConstraint("id", name="pk_legal_hold"),
    )
    op.create_index("ix_legal_hold_case_id", "legal_hold", ["case_id"], unique=False)
