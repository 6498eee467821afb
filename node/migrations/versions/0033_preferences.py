"""How somebody wants to be told, and digests.

The previous version may run beside it: new tables, and columns it does not know.
"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "notice_hours",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("quiet_from", NUMBER, nullable=False),
        sa.Column("quiet_to", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_notice_hours_person_id"
        ),
        sa.PrimaryKeyConstraint("person_id", name="pk_notice_hours"),
    )
    op.create_table(
        "notice_pace",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("family", sa.String(40), nullable=False),
        sa.Column("pace", sa.String(40), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_notice_pace_person_id"
        ),
        sa.PrimaryKeyConstraint(
            "person_id", "channel", "family", name="pk_notice_pace"
        ),
    )
    op.create_table(
        "digest",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_digest"),
        sa.UniqueConstraint("contact_id", "due_at", name="uq_digest_contact_id_due_at"),
    )
    op.create_index("ix_digest_person_id", "digest", ["person_id"], unique=False)
    op.add_column("notice", sa.Column("digest_id", sa.Uuid(), nullable=True))
    op.add_column("notice", sa.Column("oid", NUMBER, nullable=True))
    op.create_index("ix_notice_digest_id", "notice", ["digest_id"], unique=False)
