"""Short words on a case, sealed.

The previous version may run beside it: it writes nothing there.
"""

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0055"


def upgrade() -> None:
    op.add_column("case", sa.Column("tags", sa.LargeBinary(), nullable=True))
