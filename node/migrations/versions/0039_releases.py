"""What members ask to read of the desk's notes, and what they got to read.

The previous version may run beside it: only new tables.
"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "note_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("warned", NUMBER, nullable=False),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case.id"], name="fk_note_request_case_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_note_request"),
    )
    op.create_table(
        "note_release",
        sa.Column("note_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("outcome", sa.String(40), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=False),
        *(
            sa.ForeignKeyConstraint([column], [known], name=f"fk_note_release_{column}")
            for column, known in (
                ("note_id", "note.id"),
                ("request_id", "note_request.id"),
                ("case_id", "case.id"),
                ("decided_by", "person.id"),
            )
        ),
        sa.PrimaryKeyConstraint("note_id", name="pk_note_release"),
    )
    for table, column in (
        ("note_request", "case_id"),
        ("note_release", "request_id"),
        ("note_release", "case_id"),
    ):
        op.create_index(f"ix_{table}_{column}", table, [column], unique=False)
