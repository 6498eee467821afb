"""Message templates, and which version a message began from.

The previous version may run beside it: a new table, and a column it does not know.
"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "text_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("medium", sa.String(40), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.BigInteger(), nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("approved_at", sa.BigInteger(), nullable=True),
        sa.Column("retired_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["person.id"], name="fk_text_version_proposed_by"
        ),
        sa.ForeignKeyConstraint(
            ["approved_by"], ["person.id"], name="fk_text_version_approved_by"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_text_version"),
        sa.UniqueConstraint(
            "name",
            "medium",
            "language",
            "version",
            name="uq_text_version_name_medium_language_version",
        ),
    )
    op.add_column("message", sa.Column("text_id", sa.Uuid(), nullable=True))
