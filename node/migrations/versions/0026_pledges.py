"""Promises that wait, climb and have a cause; closed days; the ladder's steps.

The previous version may run beside it: new tables, and columns it does not fill. What
it promises counts by no closed days, as before.
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("pledge") as change:
        change.alter_column("due_at", existing_type=sa.BigInteger(), nullable=True)
        change.add_column(
            sa.Column("closed_days", NUMBER, nullable=False, server_default="0")
        )
        change.add_column(sa.Column("remaining_minutes", NUMBER, nullable=True))
        change.add_column(sa.Column("cause", sa.String(40), nullable=True))
        change.add_column(
            sa.Column("warned", NUMBER, nullable=False, server_default="0")
        )
        change.add_column(sa.Column("rung", NUMBER, nullable=True))
    op.create_index("ix_pledge_missed", "pledge", ["missed_at"], unique=False)
    op.create_table(
        "closed_days",
        sa.Column("version", NUMBER, nullable=False),
        sa.Column("days", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("version", name="pk_closed_days"),
    )
    op.create_table(
        "escalation",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("entry_seq", NUMBER, nullable=False),
        sa.Column("pledge_id", sa.Uuid(), nullable=False),
        sa.Column("rung", NUMBER, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("choice", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_escalation_case_id"),
        sa.ForeignKeyConstraint(
            ["pledge_id"], ["pledge.id"], name="fk_escalation_pledge_id"
        ),
        sa.PrimaryKeyConstraint("case_id", "entry_seq", name="pk_escalation"),
    )
    op.create_table(
        "contact_attempt",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("event_seq", NUMBER, nullable=False),
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case.id"], name="fk_contact_attempt_case_id"
        ),
        sa.PrimaryKeyConstraint(
            "case_id", "event_seq", "number", name="pk_contact_attempt"
        ),
    )
