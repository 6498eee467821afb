"""Why a promise was missed, as a person says it.

The previous version may run beside it: it writes nothing there.
"""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "miss_cause",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("entry_seq", NUMBER, nullable=False),
        sa.Column("pledge_id", sa.Uuid(), nullable=False),
        sa.Column("cause", sa.String(40), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_miss_cause_case_id"),
        sa.ForeignKeyConstraint(
            ["pledge_id"], ["pledge.id"], name="fk_miss_cause_pledge_id"
        ),
        sa.PrimaryKeyConstraint("case_id", "entry_seq", name="pk_miss_cause"),
    )
    op.create_index(
        "ix_miss_cause_pledge_id", "miss_cause", ["pledge_id"], unique=False
    )
