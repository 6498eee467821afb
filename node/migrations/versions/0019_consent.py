"""Records of consent with everything that happened to them.

The previous version may not run beside it: it writes no events.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("consent") as change:
        change.add_column(sa.Column("notice_hash", sa.String(), nullable=True))
        change.add_column(sa.Column("language", sa.String(), nullable=True))
        change.add_column(sa.Column("basis", sa.String(40), nullable=True))
        change.add_column(sa.Column("channel", sa.String(40), nullable=True))
        change.add_column(sa.Column("captured_by", sa.Uuid(), nullable=True))
        change.add_column(sa.Column("evidence", sa.String(40), nullable=True))
        change.add_column(sa.Column("state", sa.String(40), nullable=True))
        change.alter_column("given_at", existing_type=sa.BigInteger(), nullable=True)
    op.create_table(
        "consent_event",
        sa.Column("consent_id", sa.Uuid(), nullable=False),
        sa.Column("seq", NUMBER, autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("valid_until", sa.BigInteger(), nullable=True),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("entry_seq", NUMBER, nullable=True),
        sa.ForeignKeyConstraint(
            ["consent_id"], ["consent.id"], name="fk_consent_event_consent_id"
        ),
        sa.PrimaryKeyConstraint("consent_id", "seq", name="pk_consent_event"),
    )
    _fill()
    with op.batch_alter_table("consent") as change:
        for name in ("basis", "state"):
            change.alter_column(name, existing_type=sa.String(40), nullable=False)


def _fill() -> None:
    # How and in which language it was given, is what the case says of its telling. The
    # words themselves were not hashed then, and nobody makes that up now.
    op.execute(
        "UPDATE consent SET basis = 'explicit_consent', evidence = NULL,"
        " state = CASE WHEN withdrawn_at IS NULL THEN 'given' ELSE 'withdrawn' END,"
        ' language = (SELECT language FROM "case" c WHERE c.id = consent.case_id),'
        ' channel = (SELECT channel FROM "case" c WHERE c.id = consent.case_id)'
    )
    op.execute(
        "INSERT INTO consent_event (consent_id, seq, at, state, valid_until)"
        " SELECT id, 0, given_at, 'given', valid_until FROM consent"
    )
    op.execute(
        "INSERT INTO consent_event (consent_id, seq, at, state, valid_until)"
        " SELECT id, 1, withdrawn_at, 'withdrawn', NULL FROM consent"
        " WHERE withdrawn_at IS NOT NULL"
    )
