"""Keys that people sign their words with, on devices of their own.

The previous version may run beside it: only a new table.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_table(
        "author_key",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("pub", sa.LargeBinary(), nullable=False),
        sa.Column("owner", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_author_key"),
    )
    op.create_index("ix_author_key_owner", "author_key", ["owner"], unique=False)
