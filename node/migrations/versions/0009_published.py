"""The published log: its tags by prefix, and what clear entries only commit to.

The previous version may run beside it: it publishes without filling the tags, so the
next publication of this version fills in what is missing.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

#: 64 bits; in SQLite the name that makes a key the row's own number.
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "ledger_payload",
        sa.Column("commitment", sa.LargeBinary(), nullable=False),
        sa.Column("oid", NUMBER, nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("commitment", name="pk_ledger_payload"),
    )
    op.create_table(
        "ledger_tag",
        sa.Column("tag", sa.LargeBinary(), nullable=False),
        sa.Column("idx", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("tag", name="pk_ledger_tag"),
        sa.UniqueConstraint("idx", name="uq_ledger_tag_idx"),
    )
    clear = sa.text("length(leaf) != 49")
    op.create_index(
        "ix_ledger_entry_clear",
        "ledger_entry",
        ["idx"],
        sqlite_where=clear,
        postgresql_where=clear,
    )
    op.create_index("ix_ledger_payload_oid", "ledger_payload", ["oid"], unique=False)
