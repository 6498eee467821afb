"""Until when somebody has to act by law, and where it says so.

The previous version may run beside it: it writes nothing there.
"""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"


def upgrade() -> None:
    op.add_column("case", sa.Column("deadline_on", sa.Date(), nullable=True))
    op.add_column("case", sa.Column("deadline_source", sa.String(), nullable=True))
