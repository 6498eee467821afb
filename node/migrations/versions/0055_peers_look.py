"""Copies without names that two others look at, and what they find.

The previous version may run beside it: only new tables.
"""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"


def upgrade() -> None:
    op.create_table(
        "peer_copy",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("prepared_by", sa.Uuid(), nullable=False),
        sa.Column("prepared_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_peer_copy_case_id"),
        sa.ForeignKeyConstraint(
            ["prepared_by"], ["person.id"], name="fk_peer_copy_prepared_by"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_peer_copy"),
        sa.UniqueConstraint("case_id", name="uq_peer_copy_case_id"),
    )
    op.create_table(
        "peer_finding",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("copy_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("reviewer_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=True),
        sa.Column("found_at", sa.BigInteger(), nullable=True),
        sa.Column("declined_at", sa.BigInteger(), nullable=True),
        *(
            sa.ForeignKeyConstraint([column], [known], name=f"fk_peer_finding_{column}")
            for column, known in (
                ("copy_id", "peer_copy.id"),
                ("case_id", "case.id"),
                ("reviewer_id", "person.id"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name="pk_peer_finding"),
        sa.UniqueConstraint(
            "copy_id", "reviewer_id", name="uq_peer_finding_copy_id_reviewer_id"
        ),
    )
    for column in ("case_id", "reviewer_id"):
        op.create_index(
            f"ix_peer_finding_{column}", "peer_finding", [column], unique=False
        )
