"""Turns: who is on call, and until when.

The previous version may run beside it: only a new table.
"""

import sqlalchemy as sa
from alembic import op

revision = "0059"
down_revision = "0058"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "turn",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("from_at", sa.BigInteger(), nullable=False),
        sa.Column("until_at", sa.BigInteger(), nullable=False),
        sa.Column("rank", NUMBER, nullable=False),
        sa.Column("offered_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_turn_person_id"),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name="fk_turn_team_id"),
        sa.PrimaryKeyConstraint("id", name="pk_turn"),
    )
    for column in ("person_id", "until_at"):
        op.create_index(f"ix_turn_{column}", "turn", [column], unique=False)
