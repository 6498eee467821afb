"""A second person, people outside who were asked, notes, and events that say it all.

The previous version may run beside it: only new tables, and a column it does not fill.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "inquiry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("whom", sa.LargeBinary(), nullable=False),
        sa.Column("entry_seq", NUMBER, nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_inquiry_case_id"),
        sa.PrimaryKeyConstraint("id", name="pk_inquiry"),
    )
    op.create_index("ix_inquiry_case_id", "inquiry", ["case_id"], unique=False)
    op.create_table(
        "seconding",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("second_id", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("agreed", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["person.id"], name="fk_seconding_asked_by"
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_seconding_case_id"),
        sa.ForeignKeyConstraint(
            ["second_id"], ["person.id"], name="fk_seconding_second_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_seconding"),
    )
    op.create_index("ix_seconding_case_id", "seconding", ["case_id"], unique=False)
    op.create_index("ix_seconding_open", "seconding", ["act", "ended_at"], unique=False)
    op.add_column("assignment", sa.Column("note", sa.LargeBinary(), nullable=True))
    op.add_column("case_event", sa.Column("outcome", sa.String(40), nullable=True))
    op.add_column("case_event", sa.Column("whom", sa.Uuid(), nullable=True))
    _fill()


def _fill() -> None:
    # No case could close in more than one way between two events at one moment.
    case = sa.table("case", sa.column("id"), sa.column("outcome"))
    event = sa.table(
        "case_event",
        *map(sa.column, ("case_id", "at", "act", "to_state", "outcome", "whom")),
    )
    assignment = sa.table(
        "assignment", *map(sa.column, ("case_id", "advocate_id", "offered_at"))
    )
    ended = sa.select(case.c.outcome).where(case.c.id == event.c.case_id)
    op.execute(
        event.update()
        .where(event.c.to_state == "closed")
        .values(outcome=ended.scalar_subquery())
    )
    offered = (
        sa.select(assignment.c.advocate_id)
        .where(
            assignment.c.case_id == event.c.case_id,
            assignment.c.offered_at == event.c.at,
        )
        .limit(1)
    )
    op.execute(
        event.update()
        .where(event.c.act == "assign")
        .values(whom=offered.scalar_subquery())
    )
