"""Points: what a member sees, and what anybody they show it to can check offline."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from governance.errors import AuthRequired, NotFound
from ledger import audit, policy, telling
from ledger import receipt as receipts
from ledger.entry import KINDS, Event
from ledger.errors import Invalid
from ledger.note import VKey
from ledger.receipt import Held
from node import log, points
from node.accounts import GUEST
from node.log import Whose
from node.models.log import LedgerDisclosure, LedgerEntry
from tests.support.cast import moot_on

AT = "2026-03-02T10:00:00.000Z"
HASH = "sha256:" + "7" * 64


def award(moot, name, worth, to="ada", act="reply.confirmed_helpful"):
    public = {
        "act": act, "award": name, "deed": "d1",
        "member": str(moot.ids[to]), "points": worth, "rules": HASH,
    }  # fmt: skip
    write(moot, "points.awarded", public, to)


def annotate(moot, name, to="ada"):
    write(moot, "points.annotated", {"award": name, "appeal": "a1"}, to)


def write(moot, kind, public, to):
    event = Event(kind=kind, at=AT, actor=None, public=public, sealed=HASH)
    with moot.node.begin(sealed=True) as tx:
        log.event(moot.node, tx, event, Whose(person_id=moot.ids[to]))
    moot.village.pass_time(minutes=1)


def publish(moot):
    moot.village.pass_time(minutes=2)
    log.publish(moot.node, at=moot.node.now())


def saved(moot, name="ada"):
    """Return the files of a member's archive, by their names."""
    with ZipFile(BytesIO(points.bundle(moot.node, by=moot[name]))) as archive:
        return {one: archive.read(one) for one in archive.namelist()}


def judged(moot, files, without=()):
    """Check an archive as another node does: by its files and the log's leaves."""
    keys = log.keys(moot.node)
    own = policy.parse(f"log {keys['log'][-1]}\nquorum none\n".encode())
    pins = receipts.Pins(statements=(VKey.parse(keys["statements"]),))
    proofs = [
        raw
        for name, raw in sorted(files.items())
        if name.endswith(".tlog-proof") and name not in without
    ]
    signed = log.checkpoint(moot.node)
    size = receipts.read(proofs[0]).stated.size
    with moot.node.read() as tx:
        rows = select(LedgerEntry.leaf).where(LedgerEntry.idx < size)
        leaves = list(tx.scalars(rows.order_by(LedgerEntry.idx)))
    key = receipts.read(proofs[0]).content.raw.case_key
    held = Held(receipts=proofs, checkpoint=signed, case_key=key, head=files["head"])
    return receipts.verify_thread(held, leaves, own, pins)


def test_all_awards_are_shown_and_their_exact_sum(moot):
    award(moot, "w1", 3)
    award(moot, "w2", 4, act="shift.done")
    award(moot, "w3", 100, to="ben")
    log.sequence(moot.node)

    mine = points.mine(moot.node, by=moot["ada"])

    assert mine.total == 7
    assert [(one.act, one.points) for one in mine.awards] == [
        ("shift.done", 4),
        ("reply.confirmed_helpful", 3),
    ]
    assert all(one.seal.startswith("#") for one in mine.awards)
    assert points.mine(moot.node, by=moot["ben"]).total == 100


def test_a_note_to_an_award_marks_it_and_changes_no_sum(moot):
    award(moot, "w1", 3)
    award(moot, "w2", 4)
    annotate(moot, "w1")

    mine = points.mine(moot.node, by=moot["ada"])

    assert mine.total == 7
    assert [one.annotated for one in mine.awards] == [False, True]


def test_who_has_none_is_shown_none_and_has_nothing_to_save(moot):
    mine = points.mine(moot.node, by=moot["ada"])

    assert (mine.total, mine.awards) == (0, ())
    with pytest.raises(NotFound):
        points.bundle(moot.node, by=moot["ada"])


def test_points_are_for_their_member_alone(moot):
    for ask in (points.mine, points.bundle):
        with pytest.raises(AuthRequired):
            ask(moot.node, by=GUEST)


def test_what_is_not_in_the_ledger_yet_is_counted_and_has_no_seal(moot):
    award(moot, "w1", 3)

    mine = points.mine(moot.node, by=moot["ada"])

    assert (mine.total, mine.awards[0].seal) == (3, "")
    assert points.bundle(moot.node, by=moot["ada"]) is None


@pytest.mark.parametrize("worth", [0, -3, True, "3", None])
def test_what_would_lower_a_sum_is_never_written(moot, worth):
    award(moot, "w1", 3)
    with pytest.raises(Invalid) as no:
        award(moot, "w2", worth)

    assert no.value.code == "award-malformed"
    assert points.mine(moot.node, by=moot["ada"]).total == 3


def test_the_same_award_counts_once(moot):
    award(moot, "w1", 3)
    with pytest.raises(Invalid) as no:
        award(moot, "w1", 3)

    assert no.value.code == "award-twice"
    assert points.mine(moot.node, by=moot["ada"]).total == 3


def test_no_kind_of_entry_takes_points_away():
    of_points = {name for name in KINDS if "point" in name}

    assert of_points == {"points.awarded", "points.annotated"}


def test_an_archive_proves_the_sum_without_the_node(moot):
    award(moot, "w1", 3)
    award(moot, "w2", 4)
    annotate(moot, "w1")
    publish(moot)

    verdict = judged(moot, saved(moot))

    assert verdict.valid, verdict.findings
    assert audit.points(verdict) == points.mine(moot.node, by=moot["ada"]).total == 7
    lines = list(telling.thread_lines(verdict))
    assert lines[-1] == "  7 points, from ash.example/ledger"


def test_an_archive_from_which_an_award_was_taken_proves_nothing(moot):
    award(moot, "w1", 3)
    award(moot, "w2", 4)
    publish(moot)

    files = saved(moot)
    last = max(name for name in files if name.endswith(".tlog-proof"))
    verdict = judged(moot, files, without={last})

    assert not verdict.valid
    with pytest.raises(Invalid, match="proved whole"):
        audit.points(verdict)


def test_a_sum_with_an_award_that_is_not_shown_is_not_told(moot):
    award(moot, "w1", 3)
    publish(moot)
    with moot.node.begin() as tx:
        tx.execute(delete(LedgerDisclosure))

    lines = list(telling.thread_lines(judged(moot, saved(moot))))

    assert lines[-1] == "  The points cannot be counted: This is no award of points."
    assert points.mine(moot.node, by=moot["ada"]).total == 0


@settings(max_examples=6, deadline=None)
@given(st.lists(st.one_of(st.integers(1, 1000), st.none()), max_size=6))
def test_whatever_happens_the_sum_shown_is_that_of_the_chain(tmp_path_factory, said):
    with moot_on("", tmp_path_factory.mktemp("sum")) as moot:
        award(moot, "w", 1)
        sums = [1]
        for number, worth in enumerate(said):
            if worth is None:
                annotate(moot, "w")
            else:
                award(moot, f"w{number}", worth)
            sums.append(points.mine(moot.node, by=moot["ada"]).total)
        publish(moot)

        assert sums == sorted(sums)
        assert audit.points(judged(moot, saved(moot))) == sums[-1]
