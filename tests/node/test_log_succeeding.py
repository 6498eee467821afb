"""A log that ends, and the one that follows it: nothing is lost, nothing is hidden."""

from dataclasses import replace

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError

from governance.errors import ChoiceInvalid, WordsTooLong
from ledger import (
    checkpoint,
    cosignature,
    entry,
    note,
    policy,
    revocation,
    succession,
    tiles,
    tree,
)
from ledger import receipt as receipts
from ledger.encoding import b64u
from ledger.entry import Event
from node import log, submissions, witness
from node.accounts import GUEST
from node.core import Collision
from node.log import names, signing
from node.log.folder import Folder
from node.models.jobs import Job
from node.models.log import LedgerChain, LedgerEntry, LedgerHead, LedgerSeal
from node.models.past import LedgerPast, LedgerPastEntry, LedgerPastTile
from tests.support import logs
from tests.support.cast import told
from tests.support.ending import cited, end, ended, reply
from tests.support.histories import witness_key
from tests.support.logs import inside, root_of
from tests.support.rotations import grow, recoverable, recovery_keys, words

KEYS = recovery_keys()
OLD, NEW = "ash.example/ledger", "ash.example/ledger/2"


@pytest.fixture
def begun(moot):
    """A community whose first log has ended in good order, and a case in it."""
    made = moot.tell()
    moot.village.pass_time(minutes=2)
    log.publish(moot.node, at=moot.node.now())
    before = inside(moot.node)
    end(moot)
    return moot, made, before


def clear_of(leaf):
    found = entry.read_leaf(leaf)
    assert isinstance(found, entry.Clear)
    return found


def opened(moot, made, seq):
    raw = logs.receipts(moot.node)[made.reference, seq]
    return receipts.read(raw), log.check(moot.node, raw)


def test_a_healthy_log_says_last_that_it_ends_and_what_follows(begun):
    moot, _, before = begun

    raw = log.checkpoint(moot.node, 1)
    leaves = ended(moot.node, 1)

    stated = checkpoint.open(raw, [names.log_signer(moot.node).vkey])
    assert (stated.origin, stated.size) == (OLD, len(before.leaves) + 1)
    assert leaves[:-1] == before.leaves
    assert root_of(leaves) == stated.root
    last = clear_of(leaves[-1])
    assert last.kind == "epoch.end"
    assert last.body == {"reason": "Its key was copied.", "next": NEW}


def test_the_next_log_begins_with_what_it_follows(begun):
    moot, _, _ = begun

    first = inside(moot.node).leaves[0]

    said = succession.read(first)
    assert (said.log, said.previous) == (NEW, OLD)
    assert note.parse(said.note.encode()).text.startswith(OLD.encode())
    assert clear_of(first).body["epoch"] == 2
    assert succession.require(ended(moot.node, 1)[0], first) == 0
    assert log.origin(moot.node) == NEW


def test_receipts_of_the_old_log_still_hold(begun):
    moot, made, before = begun

    receipt, verdict = opened(moot, made, 0)

    assert receipt.content.entry.log == OLD
    assert verdict.valid
    assert receipt.index < len(before.leaves)


def test_a_case_goes_on_in_the_next_log_with_its_numbers_and_its_key(begun):
    moot, made, _ = begun
    old, _ = opened(moot, made, 0)
    with moot.node.read() as tx:
        last = tx.get_one(LedgerChain, made.case_id)
        seq, head = last.next_seq, last.head

    reply(moot, made)
    log.sequence(moot.node)

    new, verdict = opened(moot, made, seq)
    said = new.content.entry
    assert (said.log, said.seq, said.prev) == (NEW, seq, head)
    assert said.kc == old.content.entry.kc
    assert verdict.valid
    assert list(log.fsck(moot.node)) == []


def test_the_note_on_a_chain_counts_what_stands_in_both_logs(begun):
    moot, made, _ = begun
    reply(moot, made)
    grow(moot.village, moot.node)

    with moot.node.read() as tx:
        raw = log.head(moot.node, tx, made.case_id)
        count = tx.get_one(LedgerChain, made.case_id).next_seq

    found = receipts.read_head(raw, [names.statements_signer(moot.node).vkey])
    assert (found.log, found.count) == (NEW, count)


def test_how_a_case_stands_counts_its_entries_in_both_logs(begun):
    moot, made, _ = begun
    reply(moot, made)
    log.sequence(moot.node)

    with moot.node.read() as tx:
        found = log.standing(moot.node, tx, made.case_id)

    assert found.log == NEW
    assert found.sealed == found.count
    assert {one.level for one in found.entries} == {receipts.Level.RECEIVED}


def test_both_logs_can_be_read_whole(begun):
    moot, _, before = begun
    logs.grow(moot.village, moot.node, 300)
    current = inside(moot.node)

    for epoch, leaves in ((1, ended(moot.node, 1)), (2, current.leaves)):
        stated = checkpoint.parse(note.parse(log.checkpoint(moot.node, epoch)).text)
        assert stated.origin == names.origin(moot.node, epoch)
        assert stated.root == root_of(leaves[: stated.size])
        for path in tiles.needed(0, stated.size):
            asked = tiles.parse_path(path)
            assert len(log.tile(moot.node, path, epoch)) == asked.width * tree.HASH
    assert log.checkpoint(moot.node) == log.checkpoint(moot.node, 2)
    assert before.leaves


@pytest.mark.parametrize("epoch", [0, 3])
def test_a_log_that_never_was_is_not_shown(begun, epoch):
    moot, _, _ = begun
    grow(moot.village, moot.node)

    with pytest.raises(log.NotPublished):
        log.checkpoint(moot.node, epoch)
    with pytest.raises(log.NotPublished):
        log.tile(moot.node, "tile/0/000.p/1", epoch)


def test_an_old_log_has_no_larger_tile_than_it_had(begun):
    moot, _, _ = begun
    size = len(ended(moot.node, 1))

    assert log.tile(moot.node, f"tile/0/000.p/{size}", 1)
    for path in (f"tile/0/000.p/{size + 1}", "tile/0/001.p/1", "tile/1/000.p/1"):
        with pytest.raises(log.NotPublished):
            log.tile(moot.node, path, 1)


def test_the_policy_names_the_keys_of_both_logs(begun):
    moot, _, _ = begun

    found = policy.parse(log.policy(moot.node).encode())

    assert [key.name for key in found.logs] == [NEW, OLD]
    assert log.keys(moot.node)["ended"][0]["origin"] == OLD
    assert [one.origin for one in log.ended(moot.node)] == [OLD]
    assert log.ended(moot.node)[0].reason == "Its key was copied."


def test_an_old_key_never_signs_the_next_log(begun):
    moot, _, _ = begun
    old = names.log_signer(moot.node).vkey.key

    log.rotate(moot.node)

    with moot.node.read() as tx:
        every = {key.key for key in signing.ours(moot.node, tx)}
        known = {one.vkey.key for one in signing.known(moot.node, tx)}
    assert old not in every | known
    assert len(known) == 2


def test_rotations_of_the_old_log_lead_readers_of_its_receipts(moot):
    made = moot.tell()
    old = names.log_signer(moot.node).vkey
    log.rotate(moot.node)
    grow(moot.village, moot.node)
    end(moot)

    _, verdict = opened(moot, made, 0)
    raw = logs.receipts(moot.node)[made.reference, 0]
    pinned = policy.parse(f"log {old}\nquorum none\n".encode())
    statements = receipts.Pins(statements=(names.statements_signer(moot.node).vkey,))

    assert verdict.valid
    assert receipts.verify(raw, pinned, statements).valid


def test_what_waits_in_a_healthy_log_still_goes_into_it(moot):
    made = moot.tell()
    log.sequence(moot.node)
    reply(moot, made)

    end(moot)

    with moot.node.read() as tx:
        seq = tx.get_one(LedgerChain, made.case_id).next_seq - 1
    receipt, verdict = opened(moot, made, seq)
    assert (receipt.content.entry.log, verdict.valid) == (OLD, True)
    assert logs.queued(moot.node) == 0


def test_jobs_that_waited_for_an_entry_of_the_old_log_are_done(moot):
    moot.tell(by=moot["ada"])
    log.sequence(moot.node)
    with moot.node.read() as tx:
        waiting = tx.scalars(select(Job.id).where(Job.oid.is_not(None))).all()
    assert waiting

    end(moot)

    with moot.node.read() as tx:
        left = select(Job.id).where(Job.id.in_(waiting), Job.oid.is_not(None))
        assert tx.scalars(left).all() == []


def test_a_log_may_end_more_than_once(begun):
    moot, made, _ = begun
    reply(moot, made)
    end(moot, reason="Once more.")
    reply(moot, made)
    log.sequence(moot.node)

    logs_of = [
        receipts.read(raw).content.entry.log
        for (reference, _), raw in logs.receipts(moot.node).items()
        if reference == made.reference
    ]

    assert logs_of == sorted(logs_of)
    assert {*logs_of} == {OLD, NEW, "ash.example/ledger/3"}
    assert [one.origin for one in log.ended(moot.node)] == [NEW, OLD]
    assert list(log.fsck(moot.node)) == []
    old, new = ended(moot.node, 2)[0], inside(moot.node).leaves[0]
    assert succession.require(old, new) == 0


def test_another_process_finds_out_before_it_writes(moot):
    moot.tell()
    other = moot.village.open(moot.node.settings)
    assert log.origin(other) == OLD
    end(moot)

    with pytest.raises(Collision):
        submissions.submit(other, told(), by=GUEST)
    made = submissions.submit(other, told(), by=GUEST)
    log.sequence(other)

    with other.read() as tx:
        raw = log.receipt(other, tx, made.case_id, 0)
    assert receipts.read(raw).content.entry.log == NEW
    assert list(log.fsck(other)) == []


def test_another_process_finds_out_when_it_sequences(moot):
    moot.tell()
    log.sequence(moot.node)
    other = moot.village.open(moot.node.settings)
    log.sequence(other)
    end(moot)
    logs.announce(moot.node)

    log.sequence(other)

    assert log.origin(other) == NEW
    assert log.tile(moot.node, "tile/0/000.p/1", 1)
    assert list(log.fsck(other)) == []


def test_the_old_entries_can_neither_be_changed_nor_taken_out(begun):
    moot, _, _ = begun

    for act in (
        update(LedgerPastEntry).values(leaf=b""),
        delete(LedgerPastEntry),
        delete(LedgerEntry),
    ):
        with pytest.raises(DBAPIError), moot.node.begin() as tx:
            tx.execute(act.execution_options(synchronize_session=False))


@pytest.mark.parametrize(
    "harm",
    [
        update(LedgerPast).values(root=bytes(32)),
        update(LedgerPast).values(note=b"Nothing.\n"),
        update(LedgerPastTile).values(data=b"x" * 32),
        delete(LedgerPastTile),
    ],
)
def test_a_check_finds_what_was_changed_in_an_old_log(begun, harm):
    moot, _, _ = begun
    with moot.node.begin() as tx:
        tx.execute(harm)

    [found] = log.fsck(moot.node)

    assert (found.code, found.where) == ("past.differs", OLD)


def test_an_export_has_the_old_log_to_its_end_and_the_next_below_it(moot, tmp_path):
    moot.tell()
    grow(moot.village, moot.node)
    log.publish_to(moot.node, str(tmp_path))
    end(moot)
    grow(moot.village, moot.node)

    log.publish_to(moot.node, str(tmp_path))

    copy = Folder(tmp_path)
    for epoch, below in ((1, ""), (2, "2/")):
        assert copy.get(f"{below}checkpoint") == log.checkpoint(moot.node, epoch)
        size = checkpoint.parse(note.parse(log.checkpoint(moot.node, epoch)).text).size
        for path in tiles.needed(0, size):
            assert copy.get(below + path) == log.tile(moot.node, path, epoch)


def test_a_copy_that_is_further_than_what_is_left_stays_as_it_is(begun, tmp_path):
    moot, _, _ = begun
    grow(moot.village, moot.node)
    further = checkpoint.text(OLD, 10**6, bytes(32))
    kept = note.sign(further, names.log_signer(moot.node))
    Folder(tmp_path).put("checkpoint", kept)

    log.publish_to(moot.node, str(tmp_path))

    assert Folder(tmp_path).get("checkpoint") == kept
    assert Folder(tmp_path).get("2/checkpoint") == log.checkpoint(moot.node)


def test_a_request_about_another_log_is_refused(begun):
    moot, _, _ = begun
    request = cited(moot.node)
    asked = succession.read_request(request)
    for changed in (
        replace(asked, log="ash.example/ledger/4"),
        replace(asked, previous="oak.example/ledger"),
    ):
        with pytest.raises(ChoiceInvalid):
            log.succeed(moot.node, succession.request(changed), [], "Why not.")
    assert log.origin(moot.node) == NEW


def test_a_note_with_many_lines_is_cited_as_far_as_a_leaf_has_room(moot):
    moot.tell()
    grow(moot.village, moot.node)
    signed = log.checkpoint(moot.node)
    text_ = note.parse(signed).text
    keys = [witness_key(f"w{n}.example/witness", n) for n in range(1, 61)]
    lines = [cosignature.cosign(text_, key, n) for n, key in enumerate(keys, 1)]
    many = signed + b"".join(line.encode() for line in lines)

    request = log.request_succession(moot.node, many)
    log.succeed(moot.node, request, [], "é" * 500)

    found = note.parse(succession.read_request(request).note.encode())
    assert found.text == text_
    assert 20 < len(found.lines) < 60
    assert succession.read(inside(moot.node).leaves[0]).note.encode().startswith(signed)


def test_a_reason_that_is_too_long_is_refused(moot):
    moot.tell()

    with pytest.raises(WordsTooLong):
        log.succeed(moot.node, cited(moot.node), [], "x" * 501)
    assert log.origin(moot.node) == OLD


def test_a_request_counts_once(moot):
    moot.tell()
    request = cited(moot.node)
    log.succeed(moot.node, request, [], "Once.")

    with pytest.raises(ChoiceInvalid, match="not about the log that goes on"):
        log.succeed(moot.node, request, [], "Twice.")


def test_a_request_that_cites_what_the_log_never_signed_is_refused(moot):
    moot.tell()
    grow(moot.village, moot.node)
    asked = succession.read_request(cited(moot.node))
    text_ = checkpoint.text(OLD, 3, bytes(32))
    other = note.sign(text_, names.statements_signer(moot.node)).decode()

    with pytest.raises(ChoiceInvalid):
        log.succeed(
            moot.node, succession.request(replace(asked, note=other)), [], "Hm."
        )
    assert log.origin(moot.node) == OLD


def test_a_request_without_its_key_is_refused(moot):
    moot.tell()
    request = cited(moot.node)
    for path in moot.node.settings.keys_folder.glob("log-*.key"):
        path.unlink()

    with pytest.raises(ChoiceInvalid, match="key files"):
        log.succeed(moot.node, request, [], "Hm.")


@pytest.mark.parametrize("junk", [b"", b"{}", b"[]", b"\xff" * 100])
def test_what_is_no_request_is_refused(moot, junk):
    with pytest.raises(ChoiceInvalid):
        log.succeed(moot.node, junk, [], "Hm.")
    with pytest.raises(ChoiceInvalid):
        log.succeed(moot.node, cited(moot.node), [junk], "Hm.")


def test_nothing_ends_before_enough_recovery_keys_signed(either):
    elm = recoverable(either, KEYS, 2)
    grow(either, elm)
    request = cited(elm)

    for given in ([], words(request, KEYS[:1]), words(request, [KEYS[0]] * 2)):
        with pytest.raises(ChoiceInvalid):
            log.succeed(elm, request, given, "Its disk is lost.")
    assert log.origin(elm) == "elm.example/ledger"
    logs.require_whole(elm)

    log.succeed(elm, request, words(request, KEYS[1:]), "Its disk is lost.")

    first = inside(elm).leaves[0]
    assert succession.require(ended(elm, 1)[0], first) == 2
    assert (
        clear_of(first).body["recovery"] == clear_of(ended(elm, 1)[0]).body["recovery"]
    )


def test_recovery_keys_are_told_what_they_sign(moot):
    moot.tell()
    grow(moot.village, moot.node)

    said = revocation.tell(cited(moot.node))

    assert NEW in said
    assert f"follows {OLD}" in said


def test_words_of_keys_that_the_log_never_named_are_refused(moot):
    moot.tell()
    request = cited(moot.node)

    with pytest.raises(ChoiceInvalid):
        log.succeed(moot.node, request, words(request, KEYS[:1]), "Hm.")


def test_what_everybody_may_have_of_an_old_entry_is_still_shown(moot):
    kept = logs.announce(moot.node)
    grow(moot.village, moot.node)
    end(moot)

    assert log.payload(moot.node, b64u(kept)).endswith(logs.DATA)


def test_events_of_both_logs_are_told_in_their_order(moot):
    said = [
        Event(kind=kind, at=f"2026-03-0{day}T10:00:00.000Z", actor=None, public={},
              sealed=None)
        for day, kind in ((2, "poll.opened"), (3, "ballot.cast"), (4, "poll.closed"))
    ]  # fmt: skip
    owners = (log.Whose(), log.Whose(person_id=moot.ids["ada"]), log.Whose())
    for event, whose in zip(said, owners, strict=True):
        with moot.node.begin(sealed=True) as tx:
            log.event(moot.node, tx, event, whose)
        if event is said[1]:
            end(moot)
    log.sequence(moot.node)

    with moot.node.read() as tx:
        told_ = [one.event for one in log.events(moot.node, tx)]
        on_chain = log.of_chain(moot.node, tx, moot.ids["ada"])

    assert told_ == said
    assert [one.event for one in on_chain] == [said[1]]


def test_the_guard_remembers_the_next_log(begun):
    moot, _, _ = begun
    other = moot.village.open(moot.node.settings)

    assert witness.start_check(other) == ""
    with other.begin() as tx:
        tx.execute(text("UPDATE ledger_head SET epoch = 1"))
    assert witness.start_check(other).startswith("ledger.rollback")


def test_the_head_says_which_log_it_is_of(begun):
    moot, _, _ = begun
    with moot.node.read() as tx:
        head = tx.scalars(select(LedgerHead)).one()
        seal = tx.scalars(select(LedgerSeal).order_by(LedgerSeal.oid.desc())).first()

    assert (head.epoch, head.halted) == (2, "")
    stated = checkpoint.open(head.note, [signing_key(moot.node)])
    assert stated.origin == NEW
    assert seal is not None


def signing_key(node):
    with node.read() as tx:
        return signing.newest(node, tx)
