"""Recovering a lost log, as whoever runs the node types it."""

import json

import pytest
import structlog
from sqlalchemy import select

from node import log, witness
from node.models.log import LedgerHead
from tests.support import members
from tests.support.commands import typed
from tests.support.logs import inside
from tests.support.losing import Loss


@pytest.fixture
def loss(moot):
    yield Loss(moot)
    # The lines of the log went to a runner that is gone.
    structlog.reset_defaults()


def run(loss, *words):
    loss.ash.database.close()
    return typed(loss.moot, *words)


@pytest.fixture
def unguarded(loss):
    """A log whose guard is lost, and whose witness cannot be reached."""
    loss.tell()
    loss.lose_guard()
    return loss


def test_it_says_what_is_missing_and_what_to_do(loss):
    loss.tell()
    loss.save()
    loss.tell()
    loss.put_back()

    said = run(loss, "ledger", "recover")

    assert said.exit_code == 1
    assert said.stderr.splitlines()[-1].startswith("Error: ledger.guard knows of ")
    status = json.loads(run(loss, "ledger", "status", "--json").stdout)
    assert status["stopped"].startswith("ledger.rollback")
    health = run(loss, "health")
    assert (health.exit_code, "not well" in health.stdout) == (1, True)
    reason = f"the ledger stands still: {status['stopped']}"
    assert health.stdout.splitlines() == ["not well:", f"  {reason}"]
    as_json = json.loads(run(loss, "health", "--json").stdout)
    assert (as_json["well"], as_json["reasons"]) == (False, [reason])


def test_a_log_that_lost_nothing_is_looked_at_and_goes_on(loss):
    loss.tell()

    said = run(loss, "ledger", "recover", "--accept-unwitnessed")
    assert (said.exit_code, "--person" in said.stderr) == (2, True)
    steward = members.join(loss.ash, "kim@ash.example", "steward")
    said = run(
        loss, "ledger", "recover", "--accept-unwitnessed", "--person", str(steward),
        "--reason", "Birch is gone.",
    )  # fmt: skip

    assert (said.exit_code, said.stdout) == (0, "")
    assert said.stderr.splitlines()[-2].startswith("0 entries came back.")
    assert said.stderr.splitlines()[-1] == "The log is whole."


def test_a_steward_who_accepts_it_stands_in_the_ledger_and_all_are_told(unguarded):
    loss, moot = unguarded, unguarded.moot
    steward = members.join(moot.node, "kim@ash.example", "steward")
    assert log.start_check(moot.node).startswith(log.UNGUARDED)
    loss.roads.away.add(loss.birch.settings.origin)
    size = inside(moot.node).size

    by = members.visitor(moot.node, steward)

    witness.accept(moot.node, "", "Birch is gone.", by=by)

    assert inside(moot.node).size == size + 1
    assert loss.start() == ""
    loss.village.work(loss.ash)
    told = [
        to for to, mail in loss.village.mails if "without a witness" in mail["subject"]
    ]
    assert sorted(told) == ["dov@ash.example", "kim@ash.example"]
    assert list(log.fsck(loss.ash)) == []


@pytest.mark.parametrize(
    ("who", "reason", "says"),
    [
        ("cleo", "Because.", "Stewards decide"), ("steward", " ", "Say why"),
        ("nobody", "Because.", "no account"),
    ],
)  # fmt: skip
def test_only_a_steward_accepts_it_and_says_why(unguarded, who, reason, says):
    moot = unguarded.moot
    person = {
        "cleo": moot.ids["cleo"],
        "nobody": "00000000-0000-0000-0000-000000000000",
    }.get(who) or members.join(moot.node, "kim@ash.example", "steward")

    said = run(
        unguarded, "ledger", "recover", "--accept-unwitnessed",
        "--person", str(person), "--reason", reason,
    )  # fmt: skip

    assert (said.exit_code, says in said.stderr) == (1, True)
    assert log.start_check(moot.node).startswith(log.UNGUARDED)
    with moot.node.read() as tx:
        assert tx.scalar(select(LedgerHead.halted)) == ""


def test_a_receipt_that_is_handed_in_is_taken_from_its_file(loss, tmp_path):
    kept = tmp_path / "AM-1.tlog-proof"
    kept.write_bytes(b"x" * 300_000)

    said = run(loss, "ledger", "recover", "--receipt", str(kept))

    assert said.exit_code == 1
    assert said.stderr.startswith("Error: This receipt does not hold.")
    assert len(said.stderr) < 300
