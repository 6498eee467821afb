"""Logs that ended, each kept whole beside the one that follows it.

The previous version does not run beside it: it looks for the index of an entry that was
lost, which goes here, and would write on under the old name once a log ends.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

#: 64 bits, on both engines.
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
CLEAR = sa.text("length(leaf) != 49")
#: A leaf may only leave the log that goes on for the one that ends with it.
KEPT = (
    "EXISTS (SELECT 1 FROM ledger_past_entry p JOIN ledger_head h ON p.epoch = h.epoch"
    " WHERE p.idx = OLD.idx AND p.leaf = OLD.leaf)"
)


def upgrade() -> None:
    _past()
    op.create_index(
        "ix_ledger_past_entry_clear",
        "ledger_past_entry",
        ["epoch", "idx"],
        unique=False,
        sqlite_where=CLEAR,
        postgresql_where=CLEAR,
    )
    op.create_table(
        "ledger_past_tile",
        sa.Column("epoch", NUMBER, autoincrement=False, nullable=False),
        sa.Column("level", NUMBER, autoincrement=False, nullable=False),
        sa.Column("n", NUMBER, autoincrement=False, nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("epoch", "level", "n", name="pk_ledger_past_tile"),
    )
    _lost()
    _let_move()
    for act in ("UPDATE", "DELETE"):
        _refuse(act)


def _past() -> None:
    op.create_table(
        "ledger_past",
        sa.Column("epoch", NUMBER, autoincrement=False, nullable=False),
        sa.Column("size", NUMBER, nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.Column("seen_size", NUMBER, nullable=False),
        sa.Column("seen_note", sa.LargeBinary(), nullable=True),
        sa.Column("signers", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("epoch", name="pk_ledger_past"),
    )
    op.create_table(
        "ledger_past_entry",
        sa.Column("epoch", NUMBER, autoincrement=False, nullable=False),
        sa.Column("idx", NUMBER, autoincrement=False, nullable=False),
        sa.Column("oid", NUMBER, nullable=True),
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("epoch", "idx", name="pk_ledger_past_entry"),
        sa.UniqueConstraint("oid", name="uq_ledger_past_entry_oid"),
    )


def _lost() -> None:
    # An index is of one log only; the number that a leaf waited under stays.
    op.add_column("ledger_lost", sa.Column("oid", NUMBER, nullable=True))
    op.execute(
        "UPDATE ledger_lost SET oid ="
        " (SELECT oid FROM ledger_entry e WHERE e.idx = ledger_lost.idx)"
    )
    with op.batch_alter_table("ledger_lost") as change:
        change.alter_column("oid", existing_type=NUMBER, nullable=False)
        change.drop_column("idx")


def _let_move() -> None:
    name = "ledger_entry_no_delete"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"DROP TRIGGER {name}")
        op.execute(
            f"CREATE TRIGGER {name} BEFORE DELETE ON ledger_entry WHEN NOT {KEPT} "
            "BEGIN SELECT RAISE(ABORT, 'the log never changes'); END"
        )
        return
    op.execute(
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF {KEPT} THEN RETURN OLD; END IF; "
        "RAISE EXCEPTION 'the log never changes'; END $$"
    )


def _refuse(act: str) -> None:
    name = f"ledger_past_entry_no_{act.lower()}"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {act} ON ledger_past_entry BEGIN "
            "SELECT RAISE(ABORT, 'the log never changes'); END"
        )
        return
    op.execute(
        f"CREATE TRIGGER {name} BEFORE {act} ON ledger_past_entry "
        "FOR EACH ROW EXECUTE FUNCTION ledger_entry_no_update()"
    )
