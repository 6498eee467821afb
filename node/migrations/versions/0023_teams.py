"""Teams, absences and hours; how a case was assigned, and what triage found.

The previous version may run beside it: only new tables, and columns it does not fill.
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
#: Columns that earlier versions leave empty.
_MORE = {
    "grant_": (
        ("teams", sa.String()),
        ("given_by", sa.Uuid()),
        ("ended_by", sa.Uuid()),
    ),
    "assignment": (("explanation", sa.String()), ("expires_at", sa.BigInteger())),
    "case": (
        ("rubric", sa.LargeBinary()),
        ("sensitivity", sa.String(40)),
        ("team_id", sa.Uuid()),
        ("wished_id", sa.Uuid()),
    ),
}


def upgrade() -> None:
    _team()
    _people()
    for table, columns in _MORE.items():
        for name, kind in columns:
            op.add_column(table, sa.Column(name, kind, nullable=True))


def _team() -> None:
    op.create_table(
        "team",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("topics", sa.String(), nullable=False),
        sa.Column("areas", sa.String(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_team"),
        sa.UniqueConstraint("name", name="uq_team_name"),
    )
    op.create_table(
        "team_member",
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_team_member_person_id"
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name="fk_team_member_team_id"
        ),
        sa.PrimaryKeyConstraint("team_id", "person_id", name="pk_team_member"),
    )
    op.create_index("ix_team_member_person_id", "team_member", ["person_id"])


def _people() -> None:
    op.create_table(
        "helper",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("languages", sa.String(), nullable=False),
        sa.Column("skills", sa.String(), nullable=False),
        sa.Column("area", sa.String(), nullable=True),
        sa.Column("capacity", NUMBER, nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_helper_person_id"
        ),
        sa.PrimaryKeyConstraint("person_id", name="pk_helper"),
    )
    op.create_table(
        "shift",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("weekday", NUMBER, nullable=False),
        sa.Column("from_minute", NUMBER, nullable=False),
        sa.Column("to_minute", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_shift_person_id"
        ),
        sa.PrimaryKeyConstraint("person_id", "weekday", "from_minute", name="pk_shift"),
    )
    op.create_table(
        "absence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("from_at", sa.BigInteger(), nullable=False),
        sa.Column("until_at", sa.BigInteger(), nullable=False),
        sa.Column("substitutes", sa.String(), nullable=False),
        sa.Column("begun_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_absence_person_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_absence"),
    )
    op.create_index("ix_absence_person", "absence", ["person_id", "until_at"])
