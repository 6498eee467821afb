"""What of other nodes waits for something that is not here yet.

The previous version may run beside it: only a column that may be empty.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("received", sa.Column("awaits", sa.String(), nullable=True))
    op.create_index("ix_received_awaits", "received", ["awaits"], unique=False)
