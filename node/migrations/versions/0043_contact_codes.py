"""Codes by which somebody proves that they read what goes to a contact point.

The previous version may run beside it: a table that it does not know.
"""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "contact_code",
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("code_mac", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("tries_left", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("contact_id"),
    )
