"""Files beside words.

The previous version may run beside it: only a new table.
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "attachment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("entry_seq", NUMBER, nullable=True),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("media", sa.String(40), nullable=False),
        sa.Column("size", NUMBER, nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_attachment_case_id"),
        sa.PrimaryKeyConstraint("id", name="pk_attachment"),
    )
    op.create_index("ix_attachment_case_id", "attachment", ["case_id"], unique=False)
    op.create_index(
        "ix_attachment_created_at", "attachment", ["created_at"], unique=False
    )
