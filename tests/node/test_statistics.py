"""How long people waited: counted once a month, and open to a test by chance."""

import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from governance.cases import State
from governance.errors import NotFound
from ledger import audit, entry, tree
from ledger.encoding import b64u, parse, unb64u
from node import log, samples, statistics, work
from node.insights import K
from node.models.log import LedgerCheckpoint, LedgerEntry, LedgerSeal
from node.models.witness import LedgerCosignature
from node.statistics import BOUNDS, Wait, histograms
from tests.support.commands import typed


def months(moot):
    """Return the body of every month that was counted."""
    log.sequence(moot.node)
    with moot.node.read() as tx:
        leaves = tx.scalars(select(LedgerEntry.leaf).order_by(LedgerEntry.idx)).all()
    read = [entry.read_leaf(leaf) for leaf in leaves]
    return [one for one in read if isinstance(one, entry.Clear) and one.kind == "stats"]


def begin(moot):
    statistics.begin(moot.node)
    work.sweep(moot.node)


def told(moot, number=12):
    for n in range(number):
        made = moot.tell()
        if n % 2:
            moot.bring(made, State.RESOLVED)
        moot.village.pass_time(minutes=11)


def pass_month(moot):
    later = moot.village.now.replace(day=1) + timedelta(days=32)
    moot.village.now = later.replace(day=1, hour=0, minute=5)
    work.sweep(moot.node)


def test_a_month_is_counted_once_when_it_is_over(moot):
    begin(moot)
    told(moot)
    assert months(moot) == []

    pass_month(moot)
    work.sweep(moot.node)
    statistics.begin(moot.node)
    statistics.count(moot.node, "2026-03")

    (body,) = (one.body for one in months(moot))
    assert body["month"] == "2026-03"
    assert body["rows"] >= 12
    counted = [n for steps in body["pledges"].values() for _, n in steps]
    assert sum(counted) == body["rows"]
    assert min(counted) >= K


def test_months_follow_each_other_though_the_node_was_away(moot):
    begin(moot)
    moot.village.now += timedelta(days=100)
    for _ in range(5):
        work.sweep(moot.node)

    assert [one.body["month"] for one in months(moot)] == [
        "2026-03",
        "2026-04",
        "2026-05",
    ]


def test_so_few_that_they_could_be_known_are_not_counted(moot):
    begin(moot)
    told(moot, number=3)

    pass_month(moot)

    (one,) = months(moot)
    assert (one.body["rows"], one.body["pledges"]) == (0, {})
    assert one.body["rows_root"] == b64u(tree.EMPTY)


def test_the_rows_are_for_nobody_until_chance_asks(moot):
    begin(moot)
    told(moot)
    pass_month(moot)
    moot.village.pass_time(minutes=2)
    log.publish(moot.node, at=moot.node.now())

    (one,) = months(moot)

    with pytest.raises(NotFound):
        log.payload(moot.node, b64u(one.payload["rows"]))
    with pytest.raises(NotFound, match="No witness"):
        samples.samples(moot.node, "2026-03", count=5)
    with pytest.raises(NotFound, match="Nothing was counted"):
        samples.samples(moot.node, "2020-01", count=5)
    assert typed(moot, "ledger", "samples", "2026-03").exit_code == 1
    for text in ("xx", "2026-13", "March"):
        said = typed(moot, "ledger", "samples", text)
        assert (said.exit_code, f"{text} is no month" in said.stderr) == (2, True)


def witnessed(moot):
    moot.village.pass_time(minutes=2)
    size = log.publish(moot.node, at=moot.node.now())
    with moot.node.begin() as tx:
        now = moot.node.now()
        line = {"size": size, "vkey": "elm", "line": b"x", "at": now}
        tx.add(LedgerCosignature(**line))
        return tx.get_one(LedgerCheckpoint, size).root


def test_the_rows_that_chance_picks_stand_under_the_root(moot):
    begin(moot)
    told(moot)
    pass_month(moot)
    root = witnessed(moot)
    (one,) = months(moot)
    rows, under = one.body["rows"], unb64u(one.body["rows_root"])

    found = samples.samples(moot.node, "2026-03", count=30)

    assert [it.number for it in found] == audit.samples(root, rows, 30)
    with moot.node.read() as tx:
        first = tx.scalars(select(LedgerSeal).where(LedgerSeal.seq == 0)).all()
    known = {b64u(entry.commit(it.nonce, it.entry)) for it in first}
    for it in found:
        proof = [unb64u(hashed) for hashed in it.proof]
        hashed = tree.leaf_hash(it.row.encode())
        tree.verify_inclusion(it.number, rows, hashed, proof, under)
        said = parse(it.row.encode())
        assert said["c"] in known
        assert said["interval"] is None or said["interval"] >= 0
    printed = typed(moot, "ledger", "samples", "2026-03", "--count", "2").stdout
    assert [json.loads(line)["number"] for line in printed.splitlines()] == [
        it.number for it in found[:2]
    ]


@given(st.lists(st.one_of(st.none(), st.integers(0, 60 * 86_400)), min_size=K))
def test_every_step_holds_ten_or_more_and_nobody_is_lost(took):
    steps = histograms([Wait(bytes(32), "triage", one) for one in took])["triage"]

    assert all(number >= K for _, number in steps)
    assert sum(number for _, number in steps) == len(took)
    assert [bound for bound, _ in steps][-1] is None
    assert [bound for bound, _ in steps[:-1]] == sorted(
        bound for bound, _ in steps[:-1]
    )
    assert {bound for bound, _ in steps} <= {*BOUNDS, None}


def test_what_took_long_or_never_came_is_in_the_step_without_a_bound():
    waits = [Wait(b"", "triage", one) for one in [60] * 12 + [None] * 6 + [10**8] * 6]

    assert histograms(waits) == {"triage": [[3600, 12], [None, 12]]}
