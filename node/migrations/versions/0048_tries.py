"""Which entry of a chain says that somebody tried to reach a member.

The previous version may run beside it: it writes nothing there.
"""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("contact_attempt", sa.Column("entry_seq", NUMBER, nullable=True))
