"""Who is in a case besides its member, and what they were shown.

The previous version may run beside it: it knows no parties, and names a consent with
every disclosure.
"""

import sqlalchemy as sa
from alembic import op

revision = "0061"
down_revision = "0060"


def upgrade() -> None:
    op.create_table(
        "party",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("fields", sa.String(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("link", sa.LargeBinary(), nullable=False),
        sa.Column("named_at", sa.BigInteger(), nullable=False),
        sa.Column("named_by", sa.Uuid(), nullable=False),
        sa.Column("agreed_at", sa.BigInteger(), nullable=True),
        sa.Column("confirmed_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("ending", sa.String(length=40), nullable=True),
        *(
            sa.ForeignKeyConstraint([column], [known], name=f"fk_party_{column}")
            for column, known in (
                ("case_id", "case.id"),
                ("person_id", "person.id"),
                ("named_by", "person.id"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name="pk_party"),
        sa.UniqueConstraint("person_id", name="uq_party_person_id"),
        sa.UniqueConstraint("link", name="uq_party_link"),
    )
    op.create_index("ix_party_case_id", "party", ["case_id"], unique=False)
    op.create_table(
        "message_copy",
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("party_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["party_id"], ["party.id"], name="fk_message_copy_party_id"
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case.id"], name="fk_message_copy_case_id"
        ),
        sa.PrimaryKeyConstraint("message_id", "party_id", name="pk_message_copy"),
    )
    op.create_index("ix_message_copy_case_id", "message_copy", ["case_id"])
    with op.batch_alter_table("disclosure", copy_from=_disclosure()) as table:
        table.alter_column("consent_id", existing_type=sa.Uuid(), nullable=True)


def _disclosure() -> sa.Table:
    # As it was made: reading it back from SQLite would read the table of cases, too,
    # with indexes that cannot be read back.
    table = sa.Table(
        "disclosure",
        sa.MetaData(),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(40), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("consent_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name="fk_disclosure_case_id"),
        sa.ForeignKeyConstraint(
            ["consent_id"], ["consent.id"], name="fk_disclosure_consent_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_disclosure"),
    )
    sa.Index("ix_disclosure_case_id", table.c.case_id)
    return table
