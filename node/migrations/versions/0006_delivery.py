"""What other nodes sent, and what is to reach them.

The previous version may run beside it: only new tables.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

#: 64 bits; in SQLite the name that makes a key the row's own number.
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "courier",
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("failures", sa.String(), nullable=False),
        sa.Column("open_until", sa.BigInteger(), nullable=True),
        sa.Column("span", NUMBER, nullable=False),
        sa.Column("silent", sa.String(), nullable=False),
        sa.Column("failed_at", sa.BigInteger(), nullable=True),
        sa.Column("next_try_at", sa.BigInteger(), nullable=True),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("lease_by", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("origin", name="pk_courier"),
    )
    op.create_index("ix_courier_next_try_at", "courier", ["next_try_at"], unique=False)
    op.create_table(
        "outgoing",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        sa.Column("activity_id", sa.String(), nullable=False),
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("context", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("oid", NUMBER, nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_outgoing"),
        sa.UniqueConstraint("activity_id", name="uq_outgoing_activity_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_outgoing_context", "outgoing", ["context", "seq"], unique=False)
    op.create_index("ix_outgoing_actor", "outgoing", ["actor", "seq"], unique=False)
    op.create_table(
        "received",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("inbox", sa.String(), nullable=False),
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("problem", sa.String(), nullable=False),
        sa.Column("profile", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_received"),
    )
    op.create_index("ix_received_origin", "received", ["origin"], unique=False)
    op.create_index("ix_received_state", "received", ["state", "at"], unique=False)
    op.create_table(
        "seen_signature",
        sa.Column("mark", sa.LargeBinary(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("mark", name="pk_seen_signature"),
    )
    op.create_index(
        "ix_seen_signature_until", "seen_signature", ["until"], unique=False
    )
    op.create_table(
        "tombstone",
        sa.Column("mark", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("mark", name="pk_tombstone"),
    )
    op.create_table(
        "target",
        sa.Column("seq", NUMBER, nullable=False),
        sa.Column("inbox", sa.String(), nullable=False),
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", NUMBER, nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("profile", sa.String(), nullable=False),
        sa.Column("next_try_at", sa.BigInteger(), nullable=False),
        sa.Column("failing_since", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["seq"], ["outgoing.seq"], name="fk_target_seq"),
        sa.PrimaryKeyConstraint("seq", "inbox", name="pk_target"),
    )
    op.create_index(
        "ix_target_open", "target", ["origin", "state", "seq"], unique=False
    )
