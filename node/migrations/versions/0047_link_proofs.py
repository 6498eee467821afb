"""Proofs by which somebody with a link may do more than read and answer.

The previous version may run beside it: a table that it does not know.
"""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"


def upgrade() -> None:
    op.create_table(
        "link_proof",
        sa.Column("id_hash", sa.LargeBinary(), nullable=False),
        sa.Column("link_id", sa.LargeBinary(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"]),
        sa.ForeignKeyConstraint(["link_id"], ["case_link.id"]),
        sa.PrimaryKeyConstraint("id_hash"),
    )
    op.create_index("ix_link_proof_case_id", "link_proof", ["case_id"])
    op.create_index("ix_link_proof_expires_at", "link_proof", ["expires_at"])
