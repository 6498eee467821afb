"""Papers of a poll are held back until it closed; a log may sign with another key.

The previous version may run beside it: it fills neither column, and knows no papers. A
key that follows another is one it does not have, so rotate when it has stopped.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.add_column("ledger_payload", sa.Column("poll", sa.String(), nullable=True))
    op.create_index("ix_ledger_payload_poll", "ledger_payload", ["poll"], unique=False)
    op.add_column("ledger_head", sa.Column("signers", sa.String(), nullable=True))
