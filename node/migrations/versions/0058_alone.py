"""Rules of words that sort by themselves, and what they sorted.

The previous version may run beside it: it marks nothing, and sorts nothing.
"""

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0057"


def upgrade() -> None:
    no, nothing = sa.false(), sa.text("''")
    op.add_column(
        "triage_rule",
        sa.Column("alone", sa.Boolean(), server_default=no, nullable=False),
    )
    op.add_column(
        "triage_rule",
        sa.Column("urgent", sa.String(), server_default=nothing, nullable=False),
    )
    for name in ("asked_id", "second_id"):
        op.add_column("triage_rule", sa.Column(name, sa.Uuid(), nullable=True))
    op.add_column("case", sa.Column("sorted_by", sa.String(), nullable=True))
