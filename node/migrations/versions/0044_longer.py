"""Why a request about one's own data takes two months longer.

The previous version may run beside it: it writes nothing there.
"""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"


def upgrade() -> None:
    op.add_column("data_request", sa.Column("longer", sa.LargeBinary(), nullable=True))
