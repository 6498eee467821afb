"""What an answer from outside comes to: an answer, a refusal, or no way there.

The previous version may run beside it: it writes nothing there.
"""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"


def upgrade() -> None:
    op.add_column("inquiry", sa.Column("reading", sa.String(40), nullable=True))
