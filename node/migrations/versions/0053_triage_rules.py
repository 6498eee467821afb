"""Words by which triage is suggested a topic and a kind.

The previous version may run beside it: it knows nothing of the table.
"""

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "triage_rule",
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("topic", "kind", "version", name="pk_triage_rule"),
    )
