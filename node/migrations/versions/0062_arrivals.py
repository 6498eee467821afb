"""What came in by a channel that brings bytes, so that nothing is taken in twice.

The previous version may run beside it: it knows no arrivals, names an author with every
step of a plan, and shows a message of nobody as the program's.
"""

import sqlalchemy as sa
from alembic import op

revision = "0062"
down_revision = "0061"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "arrival",
        sa.Column("dedupe", sa.LargeBinary(), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("machine", sa.String(length=40), nullable=False),
        sa.Column("course", sa.String(length=40), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("entry_seq", NUMBER, nullable=True),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_arrival_case_id"),
        sa.PrimaryKeyConstraint("dedupe", name="pk_arrival"),
    )
    op.create_index("ix_arrival_case_id", "arrival", ["case_id"], unique=False)
    op.create_index("ix_arrival_contact_id", "arrival", ["contact_id"], unique=False)
    op.add_column("message", sa.Column("sender", sa.LargeBinary(), nullable=True))
    with op.batch_alter_table("task", copy_from=_task()) as table:
        table.alter_column("author_id", existing_type=sa.Uuid(), nullable=True)


def _task() -> sa.Table:
    # As it was made: reading it back from SQLite would read the table of cases, too,
    # with indexes that cannot be read back.
    table = sa.Table(
        "task",
        sa.MetaData(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.LargeBinary(), nullable=False),
        sa.Column("owner", sa.String(40), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.Column("done_by", sa.Uuid(), nullable=True),
        sa.Column("told_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_task_case_id"),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name="fk_task_author_id"),
        sa.ForeignKeyConstraint(["done_by"], ["person.id"], name="fk_task_done_by"),
        sa.PrimaryKeyConstraint("id", name="pk_task"),
    )
    sa.Index("ix_task_case_id", table.c.case_id)
    return table
