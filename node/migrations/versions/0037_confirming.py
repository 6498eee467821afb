"""What each claimant of a common matter says when it is said to be done.

The previous version may run beside it: only a new table.
"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "claim_answer",
        sa.Column("matter_id", sa.Uuid(), nullable=False),
        sa.Column("round", NUMBER, autoincrement=False, nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("standing", sa.String(40), nullable=False),
        sa.Column("answer", sa.String(40), nullable=True),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["matter_id"], ["case.id"], name="fk_claim_answer_matter_id"
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case.id"], name="fk_claim_answer_case_id"
        ),
        sa.PrimaryKeyConstraint(
            "matter_id", "round", "case_id", name="pk_claim_answer"
        ),
    )
    op.create_index(
        "ix_claim_answer_case_id", "claim_answer", ["case_id"], unique=False
    )
