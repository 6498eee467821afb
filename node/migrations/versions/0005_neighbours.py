"""What other nodes see of this one, and what it knows of them.

The previous version may run beside it: only new tables.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

#: 64 bits; in SQLite the name that makes a key the row's own number.
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "actor_key",
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("public", sa.LargeBinary(), nullable=False),
        sa.Column("private", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("retired_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("actor", "kind", "number", name="pk_actor_key"),
    )
    op.create_table(
        "follow",
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("object", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("actor", "object", name="pk_follow"),
        sa.UniqueConstraint("id", name="uq_follow_id"),
    )
    op.create_table(
        "peer",
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("review_at", sa.BigInteger(), nullable=True),
        sa.Column("chain_id", sa.Uuid(), nullable=True),
        sa.Column("reminded_at", sa.BigInteger(), nullable=True),
        sa.Column("profile", sa.String(), nullable=False),
        sa.Column("profile_until", sa.BigInteger(), nullable=True),
        sa.Column("strikes", NUMBER, nullable=False),
        sa.Column("first_seen_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("origin", name="pk_peer"),
        sa.UniqueConstraint("chain_id", name="uq_peer_chain_id"),
    )
    op.create_table(
        "remote_actor",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("handle", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("inbox", sa.String(), nullable=False),
        sa.Column("shared_inbox", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("fetched_at", sa.BigInteger(), nullable=False),
        sa.Column("gone_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_remote_actor"),
    )
    op.create_index("ix_remote_actor_origin", "remote_actor", ["origin"], unique=False)
    op.create_table(
        "remote_case",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("chain_id", sa.Uuid(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("html", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("published_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=True),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("deleted_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_remote_case"),
        sa.UniqueConstraint("chain_id", name="uq_remote_case_chain_id"),
    )
    op.create_index("ix_remote_case_actor", "remote_case", ["actor"], unique=False)
    op.create_index(
        "ix_remote_case_received_at", "remote_case", ["received_at"], unique=False
    )
    op.create_table(
        "remote_key",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("fetched_at", sa.BigInteger(), nullable=False),
        sa.Column("doubted_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_remote_key"),
    )
    op.create_index("ix_remote_key_owner", "remote_key", ["owner"], unique=False)
    op.create_table(
        "advocate_actor",
        sa.Column("handle", sa.String(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_advocate_actor_person_id"
        ),
        sa.PrimaryKeyConstraint("handle", name="pk_advocate_actor"),
    )
    op.create_index(
        "ix_advocate_actor_person_id", "advocate_actor", ["person_id"], unique=False
    )
    op.create_table(
        "public_answer",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("remote_case", sa.String(), nullable=False),
        sa.Column("handle", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("entry_seq", NUMBER, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("approval", sa.String(), nullable=False),
        sa.Column("deleted_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["handle"], ["advocate_actor.handle"], name="fk_public_answer_handle"
        ),
        sa.ForeignKeyConstraint(
            ["remote_case"], ["remote_case.id"], name="fk_public_answer_remote_case"
        ),
        sa.PrimaryKeyConstraint("key", name="pk_public_answer"),
    )
    op.create_index(
        "ix_public_answer_case", "public_answer", ["remote_case", "at"], unique=False
    )
    op.create_table(
        "public_reply",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("in_reply_to", sa.String(), nullable=False),
        sa.Column("html", sa.String(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("activity_id", sa.String(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("entry_seq", NUMBER, nullable=True),
        sa.Column("announce_id", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case.id"], name="fk_public_reply_case_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_public_reply"),
        sa.UniqueConstraint("key", name="uq_public_reply_key"),
    )
    op.create_index(
        "ix_public_reply_case", "public_reply", ["case_id", "state", "at"], unique=False
    )
    op.create_index(
        "ix_public_reply_actor", "public_reply", ["actor", "case_id"], unique=False
    )
    op.create_table(
        "publication",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("consent_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("published_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("told_state", sa.String(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case.id"], name="fk_publication_case_id"
        ),
        sa.ForeignKeyConstraint(
            ["consent_id"], ["consent.id"], name="fk_publication_consent_id"
        ),
        sa.PrimaryKeyConstraint("case_id", name="pk_publication"),
        sa.UniqueConstraint("key", name="uq_publication_key"),
    )
    op.create_index(
        "ix_publication_published_at", "publication", ["published_at"], unique=False
    )
    op.create_table(
        "ended_publication",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_ended_publication"),
    )
    op.add_column(
        "community",
        sa.Column("followers", sa.String(), server_default="open", nullable=False),
    )
    # A community of the previous version has no keys yet: its worker makes them.
    op.execute(
        "INSERT INTO job (kind, subject, dedupe_key, run_at, attempts) "
        "VALUES ('actors.make', 'all', 'actors.make/upgrade', 0, 0)"
    )
