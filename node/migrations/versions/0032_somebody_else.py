"""When a member asked for somebody else.

The previous version may run beside it: a column that it does not fill.
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    with op.batch_alter_table("assignment") as change:
        change.add_column(sa.Column("unwanted_at", sa.BigInteger(), nullable=True))
