from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger import audit, checkpoint, entry, telling, tiles
from ledger.audit import Audited, Clears
from ledger.receipt import Held, ThreadVerdict, verify_thread
from tests.ledger.honest import PINS, TRUSTED, Chain, Node, noise
from tests.ledger.test_note import code_of
from tests.ledger.test_receipt import with_extra
from tests.ledger.worked import ORIGIN

FIRST = Audited(origin=ORIGIN)
STEPS = ["growth", "bundles", "root", "tiles", "leaves", "clear"]


def grown(size=300, every=7):
    # A log in which some leaves are clear, most sealed.
    node, chain = Node(), Chain("one")
    while node.size < size:
        if node.size % every:
            node.cover()
        elif node.size % 2:
            node.clear("policy", {"policy": "quorum none\n"})
        else:
            node.say(chain)
    return node


def served(node, size=None):
    # Every file that the log serves at a size, by its path.
    size = node.size if size is None else size
    paths = {}
    for text in tiles.needed(0, size):
        tile = tiles.parse_path(text)
        paths[text] = node.read(tile.level, tile.n)[: tile.width * 32]
        if tile.level == 0:
            first = tile.n * 256
            leaves = node.leaves[first : first + tile.width]
            name = tiles.path(tiles.ENTRIES, tile.n, tile.width)
            paths[name] = tiles.bundle(leaves)
    return paths


def stated(node, size=None):
    return checkpoint.parse(node.text(size))


def wrong(findings):
    return {one.name: one.code for one in findings.findings if not one.ok}


NODE = grown()
FILES = served(NODE)


# Growth


def test_an_honest_log_is_found_in_order():
    found = audit.advance(FIRST, stated(NODE), FILES)

    assert found.valid
    assert [one.name for one in found.findings] == STEPS
    assert (found.reached.size, found.reached.root) == (300, stated(NODE).root)
    assert found.sealed + found.clear == 300
    assert found.clear == NODE.clear_seq
    assert all(one.text.endswith(".") for one in found.findings)


@pytest.mark.parametrize("older", [1, 255, 256, 257, 299, 300])
def test_an_audit_goes_on_from_where_it_was(older):
    first = audit.advance(FIRST, stated(NODE, older), served(NODE, older)).reached

    found = audit.advance(first, stated(NODE), FILES)

    assert wrong(found) == {}
    assert found.reached == audit.advance(FIRST, stated(NODE), FILES).reached
    assert found.sealed + found.clear == 300 - older


@pytest.mark.parametrize("older", [1, 255, 256, 299])
def test_an_audit_goes_on_from_a_kept_checkpoint(older):
    kept = stated(NODE, older)

    start = audit.resume(kept, stated(NODE).size, FILES)
    found = audit.advance(start, stated(NODE), FILES)

    assert wrong(found) == {}
    assert found.reached.root == stated(NODE).root


def test_a_kept_checkpoint_that_the_log_no_longer_begins_with_is_refused():
    kept = replace(stated(NODE, 200), root=b"r" * 32)

    assert code_of(audit.resume, kept, 300, FILES) == "rewrite"
    assert code_of(audit.resume, stated(NODE), 299, FILES) == "rollback"


def test_nothing_new_is_nothing_wrong():
    here = audit.advance(FIRST, stated(NODE), FILES).reached

    assert wrong(audit.advance(here, stated(NODE), {})) == {}


def test_another_root_of_the_same_size_is_found():
    here = audit.advance(FIRST, stated(NODE), FILES).reached
    other = replace(stated(NODE), root=b"r" * 32)

    assert wrong(audit.advance(here, other, {}))["root"] == "root"


def test_a_smaller_log_and_another_log_are_found_at_once():
    here = audit.advance(FIRST, stated(NODE), FILES).reached
    smaller = audit.advance(here, stated(NODE, 299), FILES)
    other = audit.advance(here, replace(stated(NODE), origin="o/ledger"), FILES)

    assert not smaller.valid
    assert wrong(smaller)["growth"] == "rollback"
    assert wrong(other)["growth"] == "log-mismatch"
    assert wrong(other)["root"] == "not-checked"
    assert smaller.reached == other.reached == here


def test_a_rewritten_prefix_does_not_lead_to_the_new_root():
    here = audit.advance(FIRST, stated(NODE, 200), served(NODE, 200)).reached
    other = grown()
    other.leaves[100] = b"\1" + b"x" * 48

    found = audit.advance(here, stated(other), served(other))

    assert wrong(found)["bundles"] == "rewrite"
    assert found.reached == here


def test_a_rewritten_full_tile_does_not_lead_to_the_new_root():
    here = audit.advance(FIRST, stated(NODE, 260), served(NODE, 260)).reached
    other = grown()
    other.leaves[100] = b"\1" + b"x" * 48

    assert "root" in wrong(audit.advance(here, stated(other), served(other)))


@pytest.mark.parametrize("path", sorted(FILES))
@pytest.mark.parametrize("how", ["missing", "short", "changed"])
def test_every_file_must_be_there_and_right(path, how):
    files = dict(FILES)
    if how == "missing":
        del files[path]
    elif how == "short":
        files[path] = files[path][:-1]
    else:
        files[path] = files[path][:-1] + bytes([files[path][-1] ^ 1])

    found = audit.advance(FIRST, stated(NODE), files)

    assert set(wrong(found).values()) & {
        "tile-missing",
        "bundle",
        "tile-wrong",
        "root",
        "rewrite",
    }
    assert found.reached == FIRST


def test_a_bundle_with_too_few_leaves_is_named():
    name = tiles.path(tiles.ENTRIES, 1, 44)
    short = tiles.bundle(NODE.leaves[256:299])

    found = audit.advance(FIRST, stated(NODE), FILES | {name: short})

    assert wrong(found)["bundles"] == "bundle"


def test_a_bundle_of_a_million_empty_leaves_is_not_unpacked():
    assert code_of(tiles.unbundle, bytes(2_000_000)) == "bundle"


@given(sizes=st.lists(st.integers(1, 300), min_size=1, max_size=4))
@settings(deadline=None, max_examples=15)
def test_an_honest_log_is_never_accused_however_often_it_is_audited(sizes):
    here = FIRST
    for size in sorted(sizes):
        found = audit.advance(here, stated(NODE, size), served(NODE, size))
        assert wrong(found) == {}
        here = found.reached


# Leaves


def test_leaves_of_an_unknown_kind_are_reported():
    node = grown(20)
    node.put(b"\2hello")
    node.put(b"")
    node.put(b"\1short")

    found = audit.advance(FIRST, stated(node), served(node))

    assert wrong(found) == {"leaves": "leaf-unknown"}
    assert found.unknown == 3
    assert "index 20" in found.findings[4].text
    assert found.reached.size == node.size


def broken(change):
    node = grown(20)
    change(node)
    node.clear("policy", {"policy": "quorum none\n"})
    found = audit.advance(FIRST, stated(node), served(node))
    return wrong(found), found.findings[5].text


def jump(node):
    node.clear_seq += 1


def forget(node):
    node.clear_prev = noise("other")


def found_again(node):
    node.clear("genesis", node.genesis())


def no_json(node):
    node.put(b"\0{}")


@pytest.mark.parametrize("change", [jump, forget, found_again, no_json])
def test_the_clear_chain_has_no_gap_no_fork_and_one_beginning(change):
    assert broken(change)[0] == {"clear": "clear-chain"}


def test_an_unbroken_clear_chain_is_counted():
    assert broken(lambda _: None) == ({}, "The clear entries follow one another.")


def test_a_log_begins_with_its_genesis():
    node = Node()
    node.leaves, node.clear_seq, node.clear_prev = [], 0, None
    node.clear("policy", {"policy": "quorum none\n"})

    found = audit.advance(FIRST, stated(node), served(node))

    assert wrong(found) == {"clear": "clear-chain"}


def test_a_clear_entry_of_another_log_is_found():
    clears = Clears("other.example/ledger")

    assert code_of(audit.clear_chain, NODE.leaves, clears) == "clear-chain"


def test_clear_entries_are_checked_on_their_own():
    clears = audit.clear_chain(NODE.leaves, Clears(ORIGIN))

    assert (clears.seq, clears.prev) == (NODE.clear_seq, NODE.clear_prev)


def test_from_the_middle_the_first_clear_entry_is_taken_as_it_is():
    clears = audit.clear_chain(NODE.leaves[50:], Clears(ORIGIN, seq=None))

    assert (clears.seq, clears.prev) == (NODE.clear_seq, NODE.clear_prev)


# Tags


def test_no_tag_stands_twice_in_an_honest_log():
    assert audit.tags(NODE.leaves, {}) is None


def test_leaves_that_are_no_sealed_ones_have_no_tag():
    odd = [b"", b"\1", b"\1" + b"t" * 47, b"\0" + b"t" * 48, b"\2" + b"t" * 48]

    assert audit.tags([*odd, *odd], {}) is None


def test_a_tag_that_stands_twice_is_found_with_both_places():
    node = grown(40)
    index = next(n for n, leaf in enumerate(node.leaves) if leaf[0] == 1)
    twin = node.put(entry.sealed(node.leaves[index][1:17], noise("other")))

    assert audit.tags(node.leaves, {}) == audit.Twin(index, twin)


def test_tags_are_looked_at_in_shares_that_fit_into_memory():
    node = grown(200)
    index = next(n for n, leaf in enumerate(node.leaves) if leaf[0] == 1)
    twin = node.put(node.leaves[index])
    found, most = [], 0

    for share in range(8):
        seen = {}
        found.append(audit.tags(node.leaves, seen, share=(share, 8)))
        most = max(most, len(seen))

    assert [one for one in found if one] == [audit.Twin(index, twin)]
    assert most < 60


def test_tags_are_compared_over_several_visits():
    node = grown(40)
    index = next(n for n, leaf in enumerate(node.leaves) if leaf[0] == 1)
    node.put(node.leaves[index])
    seen = {}

    assert audit.tags(node.leaves[:40], seen) is None
    assert audit.tags(node.leaves[40:], seen, first=40) == audit.Twin(index, 40)


# Cadence


def test_the_pace_of_a_log_is_told_in_its_witnesses_times():
    pace = audit.cadence([(8, 100), (16, 160), (32, 400), (40, 460)], cover=8)

    assert (pace.published, pace.longest, pace.uneven) == (4, 240, ())


def test_a_size_that_was_not_padded_is_named():
    assert audit.cadence([(8, 100), (17, 160)], cover=8).uneven == (17,)


def test_one_checkpoint_has_no_pace():
    assert audit.cadence([], cover=8).longest is None
    assert audit.cadence([(8, 1)], cover=8).longest is None


# Points


AWARD = {"act": "reply", "award": "a1", "deed": "d1", "member": "m", "rules": "r"}


def awarded(points, award="a1", kind="points.awarded", **event):
    public = {**AWARD, "points": points, "award": award}
    return [event.get("said", kind), "2026-11-22", None, public, None]


def member_chain(*said, show=True):
    # A member's chain with these events, verified as a whole.
    node, chain, receipts = Node(), Chain("member"), []
    for number, value in enumerate(said):
        shown = entry.disclose(noise(number)[:16], "event", value)
        kind = value[0] if value[0].startswith("points.") else "points.awarded"
        node.say(chain, kind=kind, fields=(entry.digest(shown),))
        receipts.append(shown)
    files = [
        with_extra(node.receipt(chain, seq), d=[shown] if show else [])
        for seq, shown in enumerate(receipts)
    ]
    held = Held(receipts=files, checkpoint=node.note(at=node.now), case_key=chain.key)
    return verify_thread(held, node.leaves, TRUSTED, PINS)


def test_points_are_the_exact_sum_of_all_awards():
    annotated = ["points.annotated", "2026-11-22", None, {"award": "a1"}, None]
    chain = member_chain(awarded(3), annotated, awarded(4, "a2"))

    assert chain.valid
    assert audit.points(chain) == 7
    assert audit.points(member_chain()) == 0


@given(st.lists(st.integers(1, 1000), max_size=4))
@settings(deadline=None, max_examples=10)
def test_a_further_award_never_lowers_the_points(each):
    chain = member_chain(*[awarded(one, f"a{n}") for n, one in enumerate(each)])

    assert audit.points(chain) == sum(each)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ([awarded(3), awarded(3)], "award-twice"),
        ([awarded(0)], "award-malformed"),
        ([awarded(-3)], "award-malformed"),
        ([awarded(points=True)], "award-malformed"),
        ([awarded("3")], "award-malformed"),
        ([awarded(3, said="member.joined")], "award-malformed"),
        ([["points.awarded", 1, 2]], "award-malformed"),
    ],
)
def test_an_award_that_is_none_is_refused(said, code):
    assert code_of(audit.points, member_chain(*said)) == code


def test_an_award_that_is_not_shown_is_not_counted_silently():
    assert code_of(audit.points, member_chain(awarded(3), show=False)) == (
        "award-malformed"
    )


def test_the_sum_is_said_of_a_chain_that_holds_awards():
    counted = [*telling.thread_lines(member_chain(awarded(3), awarded(4, "a2")))]
    hidden = [*telling.thread_lines(member_chain(awarded(3), show=False))]

    assert counted[-1] == f"  7 points, from {ORIGIN}"
    assert hidden[-1] == "  The points cannot be counted: This is no award of points."
    assert "points" not in "".join(telling.thread_lines(member_chain()))


def test_points_need_a_chain_that_is_proved_to_be_whole():
    assert code_of(audit.points, ThreadVerdict(findings=())) == "chain-unproved"
