"""What comes late to a log that ended: an old backup, an old answer, an old process."""

import pytest
from sqlalchemy import event, select

from governance.errors import ChoiceInvalid
from ledger import checkpoint, note, succession
from ledger import receipt as receipts
from node import log, witness, work
from node.errors import NotRecovered, Unready
from node.log import guard, names, signing
from node.log.shapes import Ticket
from node.models.jobs import Job
from node.models.log import LedgerEntry, LedgerHead, LedgerLost, LedgerSeal
from node.models.past import LedgerPast
from node.models.witness import LedgerCosignature, LedgerWitness, MirrorTile
from tests.support import logs, members
from tests.support.ending import cited, end, ended, reply
from tests.support.logs import inside, published
from tests.support.losing import Loss
from tests.support.rotations import grow, recoverable, recovery_keys, words

OLD, NEW = "ash.example/ledger", "ash.example/ledger/2"
KEYS = recovery_keys()


@pytest.fixture
def loss(moot):
    return Loss(moot)


def test_an_old_backup_cannot_end_again_what_has_ended_since(loss):
    loss.tell()
    loss.save()
    end(loss.moot)
    loss.put_back()

    with pytest.raises(NotRecovered, match="made after that"):
        cited(loss.ash)
    assert loss.start().startswith("ledger.rollback")


def test_a_request_that_was_made_before_the_end_does_not_end_an_old_backup(loss):
    loss.tell()
    loss.save()
    request = cited(loss.ash)
    log.succeed(loss.ash, request, [], "Lost.")
    loss.put_back()

    with pytest.raises(NotRecovered, match="made after that"):
        log.succeed(loss.ash, request, [], "Lost.")


def test_each_next_log_has_a_key_that_was_never_there(moot):
    moot.tell()
    log.rotate(moot.node)
    keys = {succession.read_request(cited(moot.node)).key for _ in range(3)}

    with moot.node.read() as tx:
        known = {one.vkey.key for one in signing.known(moot.node, tx)}
    assert len({key.key for key in keys} | known) == 5


def test_a_log_that_its_request_shows_to_have_gone_further_gets_no_entry_more(loss):
    loss.tell()
    loss.save()
    loss.tell()
    seen = published(loss.ash)
    loss.put_back(guard_too=True)
    before = inside(loss.ash)
    steward = members.join(loss.ash, "kim@ash.example", "steward")
    request = witness.request_end(loss.ash)
    assert succession.read_request(request).end.size == seen.size
    loss.roads.away.add(loss.birch.settings.origin)

    by = members.visitor(loss.ash, steward)
    witness.end(loss.ash, request, [], "Lost.", by=by)

    assert ended(loss.ash, 1) == before.leaves
    assert log.checkpoint(loss.ash, 1).startswith(before.note)


def test_a_process_that_only_reads_never_speaks_of_the_old_log(moot):
    made = moot.tell()
    grow(moot.village, moot.node)
    other = moot.village.open(moot.node.settings)
    assert log.origin(other) == OLD
    end(moot)
    grow(moot.village, moot.node)

    said = []
    for speak in (log.head, log.standing):
        names.learn(other, 1)  # as it knew before
        with other.read() as tx:
            said.append(speak(other, tx, made.case_id))
    names.learn(other, 1)
    policy = log.policy(other)
    head, stands = said
    found = receipts.read_head(head, [names.statements_signer(other).vkey])

    assert (found.log, stands.log, log.status(other).origin) == (NEW, NEW, NEW)
    assert f" {other.settings.origin}/ledger/2\n" in policy


def test_a_process_that_only_reads_shows_each_log_under_its_name(moot):
    moot.tell()
    grow(moot.village, moot.node)
    other = moot.village.open(moot.node.settings)
    log.origin(other)
    end(moot)
    grow(moot.village, moot.node)

    for epoch in (1, 2):
        text = note.parse(log.checkpoint(other, epoch)).text
        assert checkpoint.parse(text).origin == names.origin(other, epoch)
    with pytest.raises(log.NotPublished):
        log.require_now(other, 1)


def test_a_line_for_the_old_log_never_stands_under_the_next_one(loss):
    loss.tell()
    made = []

    def while_asked(url, *args, **wishes):
        if url.endswith("add-checkpoint") and not made:
            size = published(loss.ash).size
            made.append(end(loss.moot))
            # As long as the old one was: only what is signed tells them apart.
            logs.grow(loss.village, loss.ash, size - inside(loss.ash).size)
            text = note.parse(log.checkpoint(loss.ash)).text
            assert checkpoint.parse(text).size == size
        return sent(url, *args, **wishes)

    sent = loss.ash.network.post
    object.__setattr__(loss.ash.network, "post", while_asked)
    logs.announce(loss.ash)
    loss.village.pass_time(minutes=11)
    work.sweep(loss.ash)

    assert made
    own = made[0]
    assert any(line.by(own) for line in note.parse(log.checkpoint(loss.ash)).lines)
    checkpoint.open(log.checkpoint(loss.ash), [own])
    with loss.ash.read() as tx:
        assert tx.scalars(select(LedgerCosignature.size)).all() == []
        assert tx.scalars(select(LedgerWitness.size)).all() == [0]


def test_an_answer_about_the_old_log_stops_no_next_one(loss):
    loss.tell()
    shown = published(loss.ash)
    end(loss.moot)

    assert log.compare(loss.ash, shown) == ""
    log.halt(loss.ash, OLD, "ledger.rollback: as somebody says")

    with loss.ash.read() as tx:
        assert tx.scalar(select(LedgerHead.halted)) == ""
    assert log.read_only(loss.ash) == ""


def test_a_change_of_key_that_waits_dies_with_its_log(either):
    elm = recoverable(either, KEYS, 2)
    grow(either, elm)
    first = names.log_signer(elm).vkey
    log.halt(elm, "elm.example/ledger", "ledger.fork: as a witness says")
    revocation = log.request_revocation(elm)
    log.revoke(elm, revocation, words(revocation, KEYS[:2]))
    request = cited(elm)

    log.succeed(elm, request, words(request, KEYS[:2]), "Forked.")

    with elm.read() as tx:
        [kept] = signing.ended(tx)
    assert (kept.vkey, kept.until, kept.revoked) == (first, None, False)
    assert all(b"key.revoke" not in leaf for leaf in inside(elm).leaves)
    assert logs.queued(elm) == 0
    assert list(log.fsck(elm)) == []


def test_the_decision_is_sealed_even_if_the_guard_cannot_be_written(moot):
    moot.tell()
    person = members.join(moot.node, "kim@ash.example", "steward")
    by, request = members.visitor(moot.node, person), witness.request_end(moot.node)
    path = guard.path(moot.node)

    def lose_it(_connection, _cursor, said, *_rest):
        if said.startswith("INSERT INTO ledger_past "):
            path.unlink(missing_ok=True)
            path.mkdir()

    event.listen(moot.node.database.engine, "before_cursor_execute", lose_it)
    with pytest.raises(Unready):
        witness.end(moot.node, request, [], "Lost.", by=by)
    path.rmdir()

    log.sequence(moot.node)
    with moot.node.read() as tx:
        last = tx.scalars(select(LedgerSeal).order_by(LedgerSeal.oid.desc())).first()
        subjects = tx.scalars(select(Job.kind).where(Job.oid == last.oid)).all()
    assert b'"kind":"status"' in last.entry
    assert NEW.encode() in last.entry
    assert subjects
    assert log.status(moot.node).origin == NEW


def test_who_waits_for_an_entry_of_the_old_log_is_told_at_once(moot):
    made = moot.tell()
    log.sequence(moot.node)
    end(moot)
    other = moot.village.open(moot.node.settings)

    found = log.wait(other, Ticket(made.ticket.oid, made.case_id, 0, made.ticket.c))

    assert found is not None
    assert found.index < len(ended(moot.node, 1))


def test_an_entry_lost_in_the_old_log_counts_before_anything_is_published(moot):
    made = moot.tell()
    log.sequence(moot.node)
    with moot.node.begin() as tx:
        of = LedgerSeal.case_id == made.case_id
        seal = tx.scalars(select(LedgerSeal).where(of).order_by(LedgerSeal.seq)).first()
        leaf = tx.scalars(
            select(LedgerEntry.leaf).where(LedgerEntry.oid == seal.oid)
        ).one()
        lost = {"case_id": seal.case_id, "seq": seal.seq, "oid": seal.oid}
        tx.add(LedgerLost(**lost, c=leaf[17:]))
        tx.delete(seal)
        count = tx.scalars(select(LedgerSeal.oid).where(of)).all()
    end(moot)

    with moot.node.read() as tx:
        head = log.head(moot.node, tx, made.case_id)

    assert f"\ncount {len(count) + 1}\n".encode() in head


def test_a_process_that_stood_still_goes_on_with_the_next_log(moot):
    moot.tell()
    other = moot.village.open(moot.node.settings)
    log.sequence(other)
    log.halt(other, OLD, "ledger.fork: as a witness says")
    assert log.read_only(other)
    end(moot)
    moot.village.pass_time(minutes=2)

    log.publish(other, at=other.now())
    log.publish(other, at=other.now())

    assert (log.read_only(other), log.origin(other)) == ("", NEW)


def test_a_copy_is_finished_before_the_next_log_is_published(moot, tmp_path):
    moot.tell()
    grow(moot.village, moot.node)
    log.publish_to(moot.node, str(tmp_path))
    end(moot)

    with pytest.raises(log.NotPublished):
        log.publish_to(moot.node, str(tmp_path))

    assert (tmp_path / "checkpoint").read_bytes() == log.checkpoint(moot.node, 1)


def test_a_failed_end_leaves_everything_as_it_was(moot):
    made = moot.tell()
    log.sequence(moot.node)
    before, request = inside(moot.node), cited(moot.node)

    def fail(_tx):
        raise ChoiceInvalid("No.")

    with pytest.raises(ChoiceInvalid):
        log.succeed(moot.node, request, [], "Hm.", fail)

    assert log.origin(moot.node) == OLD
    assert inside(moot.node) == before
    reply(moot, made)
    log.sequence(moot.node)
    logs.require_whole(moot.node)
    with moot.node.read() as tx:
        assert tx.scalars(select(LedgerPast)).all() == []


def test_a_mirror_of_the_old_log_is_no_copy_of_the_next_one(loss):
    loss.tell()
    end(loss.moot)
    with loss.birch.read() as tx:
        assert tx.scalars(select(MirrorTile.origin)).first() == OLD

    done = witness.recover(loss.ash, accept=True)

    assert (done.entries, log.origin(loss.ash)) == (0, NEW)
