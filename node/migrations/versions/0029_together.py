"""Common matters, who joined them, and how two cases hang together.

The previous version may run beside it: only new tables.
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    op.create_table(
        "common_matter",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("about", sa.LargeBinary(), nullable=False),
        sa.Column("opened_by", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case.id"], name="fk_common_matter_case_id"
        ),
        sa.ForeignKeyConstraint(
            ["opened_by"], ["person.id"], name="fk_common_matter_opened_by"
        ),
        sa.PrimaryKeyConstraint("case_id", name="pk_common_matter"),
    )
    op.create_table(
        "case_join",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("matter_id", sa.Uuid(), nullable=False),
        sa.Column("joined_at", sa.BigInteger(), nullable=False),
        sa.Column("left_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_case_join_case_id"),
        sa.ForeignKeyConstraint(
            ["matter_id"], ["case.id"], name="fk_case_join_matter_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_case_join"),
    )
    op.create_index("ix_case_join_case_id", "case_join", ["case_id"], unique=False)
    op.create_index("ix_case_join_matter_id", "case_join", ["matter_id"], unique=False)
    op.create_table(
        "case_bond",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("from_id", sa.Uuid(), nullable=False),
        sa.Column("to_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("merged", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("undone_by", sa.Uuid(), nullable=True),
        sa.Column("undone_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["from_id"], ["case.id"], name="fk_case_bond_from_id"),
        sa.ForeignKeyConstraint(["to_id"], ["case.id"], name="fk_case_bond_to_id"),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name="fk_case_bond_by_id"),
        sa.ForeignKeyConstraint(
            ["undone_by"], ["person.id"], name="fk_case_bond_undone_by"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_case_bond"),
    )
    op.create_index("ix_case_bond_from_id", "case_bond", ["from_id"], unique=False)
    op.create_index("ix_case_bond_to_id", "case_bond", ["to_id"], unique=False)
