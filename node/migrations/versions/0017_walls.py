"""What people at the desk have to do with, and the cases they must not know of.

The previous version may run beside it: only new tables.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.create_table(
        "interest",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("subject", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("declared_at", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_interest_person_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_interest"),
    )
    op.create_index("ix_interest_person_id", "interest", ["person_id"], unique=False)
    op.create_index("ix_interest_digest", "interest", ["digest"], unique=False)
    op.create_table(
        "wall",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("cause", sa.String(40), nullable=False),
        sa.Column("raised_by", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("raised_at", sa.BigInteger(), nullable=False),
        sa.Column("stands", sa.Boolean(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("appealed_at", sa.BigInteger(), nullable=True),
        sa.Column("lifted_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_wall_case_id"),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["person.id"], name="fk_wall_decided_by"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_wall_person_id"),
        sa.ForeignKeyConstraint(["raised_by"], ["person.id"], name="fk_wall_raised_by"),
        sa.PrimaryKeyConstraint("id", name="pk_wall"),
    )
    op.create_index("ix_wall_case_id", "wall", ["case_id"], unique=False)
    op.create_index(
        "ix_wall_person", "wall", ["person_id", "stands", "case_id"], unique=False
    )
