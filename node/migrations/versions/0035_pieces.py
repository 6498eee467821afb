"""Pieces of one message that are cases of their own.

The previous version may run beside it: only a new table.
"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "piece",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("split_id", sa.Uuid(), nullable=False),
        sa.Column("from_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("starts", NUMBER, nullable=False),
        sa.Column("ends", NUMBER, nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("entry_seq", NUMBER, nullable=False),
        sa.Column("undone_by", sa.Uuid(), nullable=True),
        sa.Column("undone_at", sa.BigInteger(), nullable=True),
        sa.Column("undone_seq", NUMBER, nullable=True),
        sa.ForeignKeyConstraint(["from_id"], ["case.id"], name="fk_piece_from_id"),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_piece_case_id"),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name="fk_piece_by_id"),
        sa.ForeignKeyConstraint(
            ["undone_by"], ["person.id"], name="fk_piece_undone_by"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_piece"),
        sa.UniqueConstraint("case_id", name="uq_piece_case_id"),
    )
    op.create_index("ix_piece_split_id", "piece", ["split_id"], unique=False)
    op.create_index("ix_piece_from_id", "piece", ["from_id"], unique=False)
