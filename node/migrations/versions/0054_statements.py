"""Templates that speak for the community, and replies that wait for a second person.

The previous version may run beside it: it marks nothing, and what waits for somebody
has no job there.
"""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"


def upgrade() -> None:
    op.add_column(
        "text_version",
        sa.Column("community", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    for name in ("text_id", "second_id"):
        op.add_column("later_reply", sa.Column(name, sa.Uuid(), nullable=True))
