"""Looks at cases that no role opens.

The previous version may run beside it: only a new table.
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.create_table(
        "glass",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("second_id", sa.Uuid(), nullable=True),
        sa.Column("refused_at", sa.BigInteger(), nullable=True),
        sa.Column("opened_at", sa.BigInteger(), nullable=True),
        sa.Column("ends_at", sa.BigInteger(), nullable=True),
        sa.Column("sealed_until", sa.BigInteger(), nullable=True),
        sa.Column("sealed_by", sa.Uuid(), nullable=True),
        sa.Column("seal_reason", sa.LargeBinary(), nullable=True),
        sa.Column("told_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_glass_case_id"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_glass_person_id"
        ),
        sa.ForeignKeyConstraint(
            ["sealed_by"], ["person.id"], name="fk_glass_sealed_by"
        ),
        sa.ForeignKeyConstraint(
            ["second_id"], ["person.id"], name="fk_glass_second_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_glass"),
    )
    op.create_index("ix_glass_case_id", "glass", ["case_id"], unique=False)
    op.create_index("ix_glass_person_id", "glass", ["person_id"], unique=False)
