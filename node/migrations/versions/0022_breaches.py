"""Breaches, and what was done about each.

The previous version may run beside it: only new tables.
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def _number() -> sa.BigInteger:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "breach",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("found_at", sa.BigInteger(), nullable=False),
        sa.Column("people", _number(), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("people_told_at", sa.BigInteger(), nullable=True),
        sa.Column("warned", _number(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_breach"),
    )
    op.create_table(
        "breach_step",
        sa.Column("breach_id", sa.Uuid(), nullable=False),
        sa.Column("seq", _number(), nullable=False),
        sa.Column("step", sa.String(40), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["breach_id"], ["breach.id"], name="fk_breach_step_breach_id"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_breach_step_person_id"
        ),
        sa.PrimaryKeyConstraint("breach_id", "seq", name="pk_breach_step"),
    )
