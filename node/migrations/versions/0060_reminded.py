"""Whoever looks at a copy is reminded once.

The previous version may run beside it: it reminds nobody.
"""

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0059"


def upgrade() -> None:
    op.add_column(
        "peer_finding", sa.Column("reminded_at", sa.BigInteger(), nullable=True)
    )
