"""Contact points with their source and state; who turned out to be whom.

The previous version may run beside it: new tables, and columns that fill themselves.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.add_column("person", sa.Column("alias_of", sa.Uuid(), nullable=True))
    op.create_index("ix_person_alias_of", "person", ["alias_of"], unique=False)
    for name, usual in (("provenance", "told"), ("state", "ok")):
        op.add_column(
            "contact_point",
            sa.Column(name, sa.String(40), server_default=usual, nullable=False),
        )
    op.create_table(
        "name_key",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_name_key_person_id"
        ),
        sa.PrimaryKeyConstraint("person_id", "digest", name="pk_name_key"),
    )
    op.create_index("ix_name_key_digest", "name_key", ["digest"], unique=False)
    _decisions()


def _decisions() -> None:
    op.create_table(
        "person_merge",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("from_id", sa.Uuid(), nullable=False),
        sa.Column("into_id", sa.Uuid(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("undone_by", sa.Uuid(), nullable=True),
        sa.Column("undone_at", sa.BigInteger(), nullable=True),
        *_people("person_merge", "from_id", "into_id", "by_id", "undone_by"),
        sa.PrimaryKeyConstraint("id", name="pk_person_merge"),
    )
    for name in ("from_id", "into_id"):
        op.create_index(f"ix_person_merge_{name}", "person_merge", [name], unique=False)
    op.create_table(
        "person_apart",
        sa.Column("one_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        *_people("person_apart", "one_id", "other_id", "by_id"),
        sa.PrimaryKeyConstraint("one_id", "other_id", name="pk_person_apart"),
    )


def _people(table: str, *columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([name], ["person.id"], name=f"fk_{table}_{name}")
        for name in columns
    ]
