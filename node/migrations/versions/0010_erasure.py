"""What was erased from the ledger, chains closed for good, and when keys began.

The previous version may run beside it: it knows neither, and finds an erased chain's
keys gone.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

#: 64 bits; in SQLite the name that makes a key the row's own number.
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column(
        "ledger_chain", sa.Column("erased_at", sa.BigInteger(), nullable=True)
    )
    op.create_table(
        "ledger_erasure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("seq", NUMBER, nullable=True),
        sa.Column("n", NUMBER, nullable=True),
        sa.Column("oid", NUMBER, nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_ledger_erasure"),
    )
    op.create_table(
        "wrap_epoch",
        sa.Column("epoch", NUMBER, nullable=False),
        sa.Column("began_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("epoch", name="pk_wrap_epoch"),
    )
    op.create_index(
        "ix_ledger_erasure_case_id", "ledger_erasure", ["case_id"], unique=False
    )
