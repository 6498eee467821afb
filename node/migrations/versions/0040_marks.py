"""What is due when many joined a common matter, and whose member left it to them.

The previous version may run beside it: a new table, and a column it does not read.
"""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"


def upgrade() -> None:
    op.add_column("common_matter", sa.Column("left_at", sa.BigInteger(), nullable=True))
    op.create_table(
        "matter_mark",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("mark", sa.String(40), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.Column("settled_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case.id"], name="fk_matter_mark_case_id"
        ),
        sa.ForeignKeyConstraint(
            ["settled_by"], ["person.id"], name="fk_matter_mark_settled_by"
        ),
        sa.PrimaryKeyConstraint("case_id", "mark", name="pk_matter_mark"),
    )
