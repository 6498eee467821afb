"""Public entries: one chain without a gap, whose contents can be taken out."""

import pytest

from ledger import entry, tree
from ledger.audit import Clears, clear_chain
from ledger.encoding import b64u
from ledger.entry import Clear
from ledger.errors import Invalid
from node import log
from node.log import names
from node.models.log import LedgerPayload
from tests.support.logs import DATA, announce, grow, inside, leaves_served

DAY = 86_400_000


def say(node, **notice):
    with node.begin(sealed=True) as tx:
        return log.clear(node, tx, log.Notice(**notice))


def clears(node):
    found = [entry.read_leaf(leaf) for leaf in inside(node).leaves]
    return [leaf for leaf in found if isinstance(leaf, Clear)]


def test_clear_entries_follow_each_other_among_all_the_others(moot):
    say(moot.node, kind="policy", body={"policy": "quorum none"})
    moot.tell()
    announce(moot.node)
    moot.tell()
    last = say(moot.node, kind="epoch.end", body={"reason": "moved", "next": None})
    size = grow(moot.village, moot.node, 0)

    served = leaves_served(moot.node, size)
    end = clear_chain(served, Clears(names.origin(moot.node)))

    assert (end.seq, end.prev) == (4, last.c)
    assert served[log.wait(moot.node, last).index][0] == 0
    assert [leaf.seq for leaf in clears(moot.node)] == [0, 1, 2, 3]


def test_a_clear_entry_commits_to_what_stands_beside_it_under_a_salt(moot):
    first, second = announce(moot.node), announce(moot.node)
    log.sequence(moot.node)

    with moot.node.read() as tx:
        kept = tx.get_one(LedgerPayload, first)
        assert kept.data == DATA
        assert entry.commit_payload(kept.salt, kept.data) == first
    assert [leaf.payload for leaf in clears(moot.node)[1:]] == [
        {"event": first},
        {"event": second},
    ]
    # The same words twice do not look the same.
    assert first != second


def test_of_what_somebody_did_only_the_day_is_told(moot):
    say(moot.node, kind="gov.person", day_only=True)
    say(moot.node, kind="policy", body={"policy": "quorum none"})
    log.sequence(moot.node)

    person, policy = clears(moot.node)[-2:]
    now = int(moot.node.now().timestamp() * 1000)
    assert (person.at, policy.at) == (now - now % DAY, now)
    assert now % DAY


@pytest.mark.parametrize("kind", ["submission", "points.awarded", "surprise"])
def test_what_is_somebodys_own_never_stands_in_the_clear(moot, kind):
    before = inside(moot.node).leaves
    with pytest.raises(Invalid) as refused:
        say(moot.node, kind=kind)
    log.sequence(moot.node)

    assert refused.value.code == "kind-not-allowed"
    assert inside(moot.node).leaves == before


def test_what_only_just_fits_would_not_fit_the_next_log(moot):
    say(moot.node, kind="policy", body={"policy": "x" * 7_500})
    before = inside(moot.node).leaves

    with pytest.raises(Invalid):
        say(moot.node, kind="policy", body={"policy": "x" * (8_192 - 260)})

    assert inside(moot.node).leaves == before


def test_what_is_too_long_for_a_leaf_leaves_nothing_behind(moot):
    with pytest.raises(Invalid):
        say(
            moot.node,
            kind="policy",
            body={"policy": "x" * 8_192},
            payload={"event": log.Payload(DATA, public=True)},
        )
    announce(moot.node)
    log.sequence(moot.node)

    with moot.node.read() as tx:
        assert tx.query(LedgerPayload).count() == 1
    last = clears(moot.node)[-1]
    assert last.seq == 1
    assert b64u(last.prev) == b64u(tree.leaf_hash(inside(moot.node).leaves[0]))
