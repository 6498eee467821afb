"""A case whose log ended, checked by somebody who has copies of both and no node."""

import pytest

from ledger import audit, checkpoint, note, policy, receipt, tiles
from ledger.note import VKey
from ledger.receipt import Held, Pins
from node import log
from tests.support import logs
from tests.support.ending import end, reply
from tests.support.rotations import grow

OLD, NEW = "ash.example/ledger", "ash.example/ledger/2"


@pytest.fixture
def moved(moot):
    """A case with entries in a log that ended, and in the one that follows it."""
    made = moot.tell()
    reply(moot, made)
    moot.village.pass_time(minutes=2)
    log.publish(moot.node, at=moot.node.now())
    end(moot)
    reply(moot, made, "Somebody comes on Monday.")
    grow(moot.village, moot.node)
    return moot, made


def copied(node, epoch):
    """Return what anybody can fetch of a log: its checkpoint and its files."""
    signed = log.checkpoint(node, epoch)
    size = checkpoint.parse(note.parse(signed).text).size
    paths = tiles.needed(0, size)
    paths += [
        tiles.path(tiles.ENTRIES, n, tiles.width(tiles.ENTRIES, n, size))
        for n in range(-(-size // tiles.FULL))
    ]
    return signed, {path: log.tile(node, path, epoch) for path in paths}


def leaves_of(files):
    names = sorted(path for path in files if path.startswith("tile/entries/"))
    return [leaf for name in names for leaf in tiles.unbundle(files[name])]


def trusted(node):
    # It has no witnesses, and suggests to ask for none.
    return policy.parse(log.policy(node).encode())


def test_an_auditor_finds_both_logs_in_order_and_that_one_follows_the_other(moved):
    moot, _ = moved
    known = trusted(moot.node)
    (old, old_files), (new, new_files) = copied(moot.node, 1), copied(moot.node, 2)

    first = audit.whole(old, old_files, known)
    second = audit.whole(new, new_files, known, leaves_of(old_files))

    assert [one.text for one in (*first.findings, *second.findings) if not one.ok] == []
    assert "follows no other" in first.findings[-1].text
    assert f"It says that it follows {OLD}" in second.findings[-1].text
    assert "nobody proves it" in second.findings[-1].text


@pytest.mark.parametrize(("epoch", "name"), [(1, OLD), (2, NEW)])
def test_a_case_is_whole_in_either_log(moved, epoch, name):
    moot, made = moved
    signed, files = copied(moot.node, epoch)
    raws = [
        raw
        for (reference, _), raw in sorted(logs.receipts(moot.node).items())
        if reference == made.reference
    ]
    head = None
    if epoch == 2:
        with moot.node.read() as tx:
            head = log.head(moot.node, tx, made.case_id)
    held = Held(
        receipts=raws,
        checkpoint=signed,
        case_key=receipt.key_among(raws),
        head=head,
    )
    pins = Pins(statements=(VKey.parse(log.keys(moot.node)["statements"]),))

    found = receipt.verify_thread(held, leaves_of(files), trusted(moot.node), pins)

    assert [one.text for one in found.findings if not one.ok] == []
    assert found.log == name
    assert found.count == len(raws)
    assert {one.log for one in found.entries} == {OLD, NEW}
    assert 0 < found.away < found.count
