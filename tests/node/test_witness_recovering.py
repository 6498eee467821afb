"""A lost disk: what the mirror of a witness brings back, and what nobody can."""

from uuid import uuid4

import pytest
from sqlalchemy import select, update

from federation.fetch import Answer
from ledger import checkpoint, proof, tiles, tree
from node import log, threads, witness, work
from node.errors import NotRecovered
from node.files import Upload
from node.keys import KeysUnsafe
from node.log import guard, names
from node.log.founding import CLEAR
from node.models.cases import CaseEvent
from node.models.files import Attachment
from node.models.log import LedgerChain, LedgerHead, LedgerLost, LedgerSeal
from node.models.threads import Message
from node.models.witness import MirrorTile
from node.threads import Words
from tests.support import logs
from tests.support.histories import Log, octets
from tests.support.logs import inside, published
from tests.support.losing import BIRCH, Loss

#: What a lost day has of a case: three answers, each with the promise of the next one.
LOST = [12, 13, 14, 15, 16, 17]
NEXT = 18


@pytest.fixture
def loss(moot):
    return Loss(moot)


def reply(loss, made, text="We are on it."):
    moot = loss.moot
    words = Words(uuid4(), text)
    threads.reply(moot.node, made.reference, words, by=moot["cleo"])


def lost(loss, made):
    """Return the numbers that were lost of a case, and the next one of its chain."""
    with loss.ash.read() as tx:
        numbers = tx.scalars(
            select(LedgerLost.seq)
            .where(LedgerLost.case_id == made.case_id)
            .order_by(LedgerLost.seq)
        ).all()
        return numbers, tx.get_one(LedgerChain, made.case_id).next_seq


def lose_a_day(loss, *, guard_too=True):
    """Lose what one case was told since the backup; return it, and its receipts."""
    made = loss.tell()
    loss.save()
    for _ in range(3):
        reply(loss, made)
    loss.tell()
    given = logs.receipts(loss.ash)
    before = inside(loss.ash)
    loss.put_back(guard_too=guard_too)
    return made, given, before


@pytest.mark.parametrize("guard_too", [True, False])
@pytest.mark.parametrize("started", [True, False])
def test_what_was_lost_is_had_back_from_the_mirror(loss, guard_too, started):
    made, _, before = lose_a_day(loss, guard_too=guard_too)
    if started:
        assert loss.start()

    done = witness.recover(loss.ash)

    after = inside(loss.ash)
    assert (after.leaves, after.root) == (before.leaves, before.root)
    assert (after.size, after.edge) == (before.size, before.edge)
    assert after.note == before.note
    assert list(log.fsck(loss.ash)) == []
    assert lost(loss, made) == (LOST, NEXT)
    assert (done.lost, done.renumbered) == (len(LOST), 0)
    mark = guard.read(guard.path(loss.ash))
    assert (mark.size, mark.root) == (after.size, after.root)
    assert log.read_only(loss.ash) == "" == loss.start()
    assert log.status(loss.ash).witnesses == 1


def test_receipts_of_what_was_lost_still_verify_and_stand_in_the_log(loss):
    made, given, _ = lose_a_day(loss)
    witness.recover(loss.ash)

    for seq in LOST:
        verdict = log.check(loss.ash, given[made.reference, seq])
        assert (verdict.valid, verdict.seq) == (True, seq)
        found = proof.read(log.prove(loss.ash, verdict.index))
        stated = checkpoint.open(found.checkpoint, [names.log_signer(loss.ash).vkey])
        leaf = tree.leaf_hash(inside(loss.ash).leaves[verdict.index])
        tree.verify_inclusion(
            verdict.index, stated.size, leaf, found.hashes, stated.root
        )
    assert all(log.check(loss.ash, raw).valid for raw in given.values())


def test_the_case_counts_on_and_nobody_is_accused(loss):
    made, given, _ = lose_a_day(loss)
    witness.recover(loss.ash)

    reply(loss, made, "Where were we?")
    loss.publish()

    now = logs.receipts(loss.ash)
    assert log.check(loss.ash, now[made.reference, NEXT]).seq == NEXT
    with loss.ash.read() as tx:
        head = log.head(loss.ash, tx, made.case_id)
    assert b"\ncount 20\n" in head
    assert list(log.fsck(loss.ash)) == []
    assert log.check(loss.ash, given[made.reference, LOST[-1]]).valid


def test_a_log_goes_on_so_that_its_witness_agrees(loss):
    lose_a_day(loss)
    witness.recover(loss.ash)
    size = inside(loss.ash).size

    loss.tell()

    assert published(loss.ash).size > size
    [known] = [one for one in witness.listed(loss.birch) if one.kind == "log"]
    assert (known.size, known.problem) == (published(loss.ash).size, "")


def test_what_was_taken_in_meanwhile_is_sealed_behind_what_was_lost(loss):
    made, _, _ = lose_a_day(loss)
    moot = loss.moot
    threads.write(
        moot.node, made.reference, Words(uuid4(), "Hello?"), by=moot.guest(made)
    )
    fresh = moot.tell()

    done = witness.recover(loss.ash)
    loss.publish()

    assert done.renumbered == 1
    assert lost(loss, made) == (LOST, NEXT + 1)
    now = logs.receipts(loss.ash)
    assert log.check(loss.ash, now[made.reference, NEXT]).valid
    assert log.check(loss.ash, now[fresh.reference, 0]).valid
    with loss.ash.read() as tx:
        said = select(Message.entry_seq).where(Message.case_id == made.case_id)
        assert tx.scalars(said).all() == [NEXT]
    assert list(log.fsck(loss.ash)) == []


def test_what_waited_when_the_backup_was_made_gets_its_own_index(loss):
    made = loss.tell()
    waits = loss.moot.tell()
    reply(loss, made)
    loss.save()
    loss.publish()
    before = inside(loss.ash)
    loss.put_back(guard_too=True)

    done = witness.recover(loss.ash)

    assert (done.lost, done.renumbered) == (0, 0)
    assert inside(loss.ash).leaves == before.leaves
    now = logs.receipts(loss.ash)
    assert log.check(loss.ash, now[waits.reference, 0]).valid
    assert log.check(loss.ash, now[made.reference, LOST[0]]).valid
    assert list(log.fsck(loss.ash)) == []


def test_public_entries_count_on_too(loss):
    loss.tell()
    loss.save()
    logs.announce(loss.ash)
    loss.publish()
    loss.put_back(guard_too=True)
    loss.start()
    logs.announce(loss.ash)

    done = witness.recover(loss.ash)
    loss.publish()

    assert done.renumbered == 1
    with loss.ash.read() as tx:
        assert tx.get_one(LedgerChain, CLEAR).next_seq == 3
    assert list(log.fsck(loss.ash)) == []


def test_a_long_log_is_brought_back_in_turns(loss, monkeypatch):
    loss.tell()
    loss.save()
    logs.grow(loss.village, loss.ash, 900)
    loss.publish()
    before = inside(loss.ash)
    loss.put_back(guard_too=True)
    monkeypatch.setattr("node.log.rebuilding.MOST", 300)

    witness.recover(loss.ash)

    assert inside(loss.ash).leaves == before.leaves
    assert list(log.fsck(loss.ash)) == []


def test_recovering_twice_changes_nothing(loss):
    made, _, _ = lose_a_day(loss)
    witness.recover(loss.ash)
    before, chain = inside(loss.ash), lost(loss, made)

    done = witness.recover(loss.ash)

    assert (done.entries, done.lost, done.renumbered) == (0, 0, 0)
    assert (inside(loss.ash), lost(loss, made)) == (before, chain)


def refused(loss, **how):
    """Recover in vain; return why, after looking that nothing was changed."""
    before = inside(loss.ash)
    with pytest.raises(NotRecovered) as why:
        witness.recover(loss.ash, **how)
    assert inside(loss.ash) == before
    assert log.start_check(loss.ash) or loss.start()
    return str(why.value)


def test_without_a_copy_it_says_what_is_missing_and_changes_nothing(loss):
    _, _, before = lose_a_day(loss, guard_too=False)
    loss.roads.away.add(BIRCH)

    why = refused(loss)

    assert why.startswith(f"ledger.guard knows of {before.size} entries")
    assert "--from" in why


def test_a_copy_that_is_too_short_is_not_enough(loss):
    loss.tell()
    loss.save()
    loss.tell()
    loss.moot.tell()
    loss.village.pass_time(minutes=2)
    work.sweep(loss.ash)
    loss.put_back()

    assert "no copy has them all" in refused(loss)


@pytest.mark.parametrize("accept", [True, False])
def test_without_guard_and_witness_a_steward_decides(loss, accept):
    loss.tell()
    loss.lose_guard()
    loss.roads.away.add(BIRCH)
    assert loss.start().startswith("ledger.unguarded")

    if accept:
        witness.recover(loss.ash, accept=True)
        assert loss.start() == ""
        loss.roads.away.clear()
        loss.tell()
    else:
        assert "--accept-unwitnessed" in refused(loss)


def test_accepting_never_makes_a_log_shorter(loss):
    lose_a_day(loss)
    with loss.birch.begin() as tx:
        tx.execute(MirrorTile.__table__.delete())

    assert "cannot be used" in refused(loss, accept=True)


def test_two_histories_are_never_put_together(loss):
    lose_a_day(loss)
    loss.roads.away.add(BIRCH)
    loss.start()
    loss.moot.tell()
    log.sequence(loss.ash)
    loss.roads.away.clear()

    why = refused(loss)

    assert "another history of this log" in why
    assert "end-request" in why


def spoil(loss, level):
    """Let Birch's copy have something else than was signed."""
    with loss.birch.begin() as tx:
        row = tx.scalars(select(MirrorTile).where(MirrorTile.level == level)).first()
        row.data = row.data[:-5] + b"wrong"


@pytest.mark.parametrize("level", [-1, 0])
def test_a_damaged_copy_accuses_nobody_and_brings_nothing(loss, level):
    lose_a_day(loss)
    spoil(loss, -1)
    spoil(loss, level)

    assert "cannot be used" in refused(loss)


def test_a_copy_anywhere_can_be_named(loss):
    made, _, before = lose_a_day(loss)
    digest = witness.answering.digest_of(names.origin(loss.ash))
    shelf = loss.roads.stubs["https://static.example"] = {}
    client = loss.roads.apps[BIRCH].test_client()
    for n in range(-(-before.size // 256)):
        width = before.size - 256 * n
        path = tiles.path(-1, n, min(width, 256))
        raw = client.get(f"/mirror/{digest}/{path}", base_url=BIRCH).data
        shelf[f"/copy/{path}"] = octets(raw)
    signed = witness.mirrored_checkpoint(loss.birch, digest)
    shelf["/copy/checkpoint"] = Answer(200, {"content-type": "text/plain"}, signed)
    loss.roads.away.add(BIRCH)

    witness.recover(loss.ash, source="https://static.example/copy/")

    assert inside(loss.ash).leaves == before.leaves
    assert lost(loss, made) == (LOST, NEXT)


def test_a_node_can_be_named_by_its_address_alone(loss):
    _, _, before = lose_a_day(loss)

    witness.recover(loss.ash, source=BIRCH)

    assert inside(loss.ash).leaves == before.leaves


@pytest.mark.parametrize("shown", [b"hello", Log().signed(20), None])
def test_what_is_not_our_log_is_no_copy(loss, shown):
    lose_a_day(loss)
    shelf = loss.roads.stubs["https://static.example"] = {}
    if shown:
        shelf["/x/checkpoint"] = Answer(200, {"content-type": "text/plain"}, shown)

    why = refused(loss, source="https://static.example/x")

    assert "shows no checkpoint that this log signed" in why


def test_a_database_that_is_damaged_is_not_recovered_from_a_copy(loss):
    loss.tell()
    with loss.ash.begin() as tx:
        tx.execute(update(LedgerHead).values(root=b"r" * 32))

    assert "is damaged" in refused(loss)


def test_a_clock_that_was_set_back_sets_back_nothing_that_is_sealed(loss):
    made, _, _ = lose_a_day(loss)
    witness.recover(loss.ash)
    loss.village.pass_time(days=-400)

    with loss.ash.begin(sealed=True) as tx:
        logs.seal(loss.ash, tx, made.case_id)
    log.sequence(loss.ash)
    log.publish(loss.ash, at=loss.village.now)

    at = [verdict.at for verdict in _verdicts(loss, made)]
    assert (len(at), at) == (LOST[0] + 1, sorted(at))
    assert published(loss.ash).size == inside(loss.ash).size


def _verdicts(loss, made):
    with loss.ash.read() as tx:
        own = select(LedgerSeal.seq).where(LedgerSeal.case_id == made.case_id)
        seqs = tx.scalars(own.order_by(LedgerSeal.seq)).all()
        raws = [log.receipt(loss.ash, tx, made.case_id, seq) for seq in seqs]
    return [log.check(loss.ash, raw) for raw in raws]


def test_events_name_the_entries_that_they_named(loss):
    made = loss.tell()
    loss.save()
    reply(loss, made)
    loss.publish()
    loss.put_back(guard_too=True)
    moot = loss.moot
    brought = Upload("list.txt", "text/plain", b"Two heaters.")
    words = Words(uuid4(), "Hm.", files=(brought,))
    threads.write(moot.node, made.reference, words, by=moot.guest(made))

    witness.recover(loss.ash)

    with loss.ash.read() as tx:
        own = select(CaseEvent.entry_seq).where(CaseEvent.case_id == made.case_id)
        assert max(tx.scalars(own)) < LOST[0]
        said = select(Message.entry_seq).where(Message.case_id == made.case_id)
        assert tx.scalars(said).all() == [LOST[2]]
        files = select(Attachment.entry_seq).where(Attachment.case_id == made.case_id)
        assert tx.scalars(files).all() == [LOST[3]]


def test_a_key_that_came_after_the_backup_is_known_again(loss):
    loss.tell()
    loss.save()
    old = names.log_signer(loss.ash).vkey
    new = log.rotate(loss.ash)
    loss.publish()
    made = loss.tell()
    before, stated = inside(loss.ash), log.keys(loss.ash)
    given = logs.receipts(loss.ash)
    loss.put_back()
    assert log.keys(loss.ash)["log"] == [str(old)]

    witness.recover(loss.ash)

    assert inside(loss.ash).leaves == before.leaves
    assert log.keys(loss.ash) == stated
    assert checkpoint.open(inside(loss.ash).note, [new]).size == before.size
    loss.village.pass_time(days=31)
    loss.publish()
    loss.publish()
    assert checkpoint.open(log.checkpoint(loss.ash), [new])
    assert log.check(loss.ash, given[made.reference, 0]).valid
    assert list(log.fsck(loss.ash)) == []


def test_without_the_newest_key_file_nothing_is_recovered(loss):
    loss.tell()
    loss.save()
    log.rotate(loss.ash)
    loss.publish()
    loss.put_back()
    before = inside(loss.ash)
    for file in loss.ash.settings.keys_folder.glob("log-*"):
        file.unlink()
    loss.start()

    with pytest.raises(KeysUnsafe):
        witness.recover(loss.ash)

    assert inside(loss.ash) == before


def test_a_receipt_that_somebody_kept_brings_back_what_was_said(loss):
    made, given, _ = lose_a_day(loss)
    witness.recover(loss.ash)

    for seq in (*LOST[1:], LOST[0]):
        assert log.restore(loss.ash, given[made.reference, seq]) == seq

    assert lost(loss, made) == ([], NEXT)
    assert list(log.fsck(loss.ash)) == []
    now = logs.receipts(loss.ash)[made.reference, LOST[0]]
    told = log.check(loss.ash, given[made.reference, LOST[0]])
    assert log.check(loss.ash, now).disclosed == told.disclosed
    assert dict(told.disclosed)["text"] == "We are on it."
    reply(loss, made)
    loss.publish()
    assert list(log.fsck(loss.ash)) == []


def test_only_what_the_log_commits_to_is_taken_back(loss):
    made, given, _ = lose_a_day(loss)
    witness.recover(loss.ash)
    whole = given[made.reference, LOST[0]]
    another = given[made.reference, LOST[1]]
    log.restore(loss.ash, whole)

    for raw, says in (
        (b"hello", "does not hold"),
        (another.replace(b"index ", b"index 1"), "does not hold"),
        (whole, "Nothing of this entry is missing"),
        (given[made.reference, 0], "Nothing of this entry is missing"),
    ):
        with pytest.raises(NotRecovered, match=says):
            log.restore(loss.ash, raw)
    assert lost(loss, made) == (LOST[1:], NEXT)
