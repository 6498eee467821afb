"""What members say about how their cases were handled, and the answers.

The previous version may run beside it: only a new table.
"""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PEOPLE = ("about_id", "answered_by")


def upgrade() -> None:
    op.create_table(
        "feedback",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("about_id", sa.Uuid(), nullable=True),
        sa.Column("rating", sa.LargeBinary(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=True),
        sa.Column("given_at", sa.BigInteger(), nullable=False),
        sa.Column("entry_seq", NUMBER, nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.Column("answer_seq", NUMBER, nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_feedback_case_id"),
        *(
            sa.ForeignKeyConstraint([one], ["person.id"], name=f"fk_feedback_{one}")
            for one in PEOPLE
        ),
        sa.PrimaryKeyConstraint("id", name="pk_feedback"),
        sa.UniqueConstraint("case_id", name="uq_feedback_case_id"),
    )
    op.create_index("ix_feedback_about_id", "feedback", ["about_id"], unique=False)
