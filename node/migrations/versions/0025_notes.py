"""Notes of the desk, and the reply that is being written.

The previous version may run beside it: only new tables.
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "note",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("written_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_note_case_id"),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name="fk_note_author_id"),
        sa.PrimaryKeyConstraint("id", name="pk_note"),
    )
    op.create_index("ix_note_case_id", "note", ["case_id"], unique=False)
    op.create_table(
        "message_draft",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.Column("locked_by", sa.Uuid(), nullable=False),
        sa.Column("locked_since", sa.BigInteger(), nullable=False),
        sa.Column("locked_until", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case.id"], name="fk_message_draft_case_id"
        ),
        sa.ForeignKeyConstraint(
            ["locked_by"], ["person.id"], name="fk_message_draft_locked_by"
        ),
        sa.PrimaryKeyConstraint("case_id", name="pk_message_draft"),
    )
