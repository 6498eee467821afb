"""Logs that this node cosigns, who cosigns its own, and what proves that a log lied.

The previous version may run beside it: only new tables.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

#: 64 bits, on both engines.
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "witness_log",
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("vkeys", sa.String(), nullable=False),
        sa.Column("size", NUMBER, nullable=True),
        sa.Column("root", sa.LargeBinary(), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("caught_at", sa.BigInteger(), nullable=True),
        *_visited(),
        sa.PrimaryKeyConstraint("origin", name="pk_witness_log"),
    )
    op.create_table(
        "witness_evidence",
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("held", sa.LargeBinary(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_witness_evidence"),
    )
    op.create_index(
        "ix_witness_evidence_origin", "witness_evidence", ["origin"], unique=False
    )
    op.create_table(
        "ledger_witness",
        sa.Column("vkey", sa.String(), nullable=False),
        sa.Column("size", NUMBER, nullable=False),
        sa.Column("told", NUMBER, nullable=True),
        *_visited(),
        sa.PrimaryKeyConstraint("vkey", name="pk_ledger_witness"),
    )
    op.create_table(
        "ledger_cosignature",
        sa.Column("size", NUMBER, autoincrement=False, nullable=False),
        sa.Column("vkey", sa.String(), nullable=False),
        sa.Column("line", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("size", "vkey", name="pk_ledger_cosignature"),
    )


def _visited() -> list[sa.Column[object]]:
    return [
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=False),
        sa.Column("tries", NUMBER, nullable=False),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("problem", sa.String(), nullable=False),
    ]
