"""Copies of the logs that this node cosigns, and what a recovery writes down.

The previous version may run beside it, but for one thing: it does not see that a
witness made the log stop. Whoever upgrades because of that stops it first.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

#: 64 bits, on both engines.
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column(
        "ledger_head",
        sa.Column("halted", sa.String(), server_default="", nullable=False),
    )
    op.add_column("ledger_witness", sa.Column("ask_at", sa.BigInteger(), nullable=True))
    op.create_table(
        "ledger_lost",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("seq", NUMBER, autoincrement=False, nullable=False),
        sa.Column("idx", NUMBER, nullable=False),
        sa.Column("c", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "seq", name="pk_ledger_lost"),
    )
    _mirror()
    op.execute(
        "INSERT INTO mirror"
        " (origin, size, fetched, weight, url, next_at, tries, problem)"
        " SELECT origin, 0, 0, 0, url, 0, 0, '' FROM witness_log"
    )


def _mirror() -> None:
    op.create_table(
        "mirror",
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("size", NUMBER, nullable=False),
        sa.Column("fetched", NUMBER, nullable=False),
        sa.Column("weight", NUMBER, nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=False),
        sa.Column("tries", NUMBER, nullable=False),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("problem", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("origin", name="pk_mirror"),
    )
    op.create_table(
        "mirror_tile",
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("level", NUMBER, autoincrement=False, nullable=False),
        sa.Column("n", NUMBER, autoincrement=False, nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("origin", "level", "n", name="pk_mirror_tile"),
    )
    op.create_table(
        "mirror_tag",
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("tag", sa.LargeBinary(), nullable=False),
        sa.Column("idx", NUMBER, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("origin", "tag", "idx", name="pk_mirror_tag"),
        sqlite_with_rowid=False,
    )
