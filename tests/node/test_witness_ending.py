"""A log that nobody can bring back: it ends as it is, and the next one says so."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, select

from governance.errors import ChoiceInvalid, NotYours, WordsMissing
from ledger import author, entry, policy, revocation, succession
from ledger import receipt as receipts
from ledger.encoding import b64u, unb64u
from node import erasing, log, threads, vault, witness, work
from node.accounts import GUEST
from node.erasing import Level, Wish
from node.errors import NotRecovered
from node.log.chains import evidence_place
from node.models.log import LedgerChain, LedgerCheckpoint, LedgerOutbox, LedgerSeal
from node.models.witness import LedgerWitness, MirrorTile
from node.threads import Words
from tests.support import logs, members
from tests.support.clients import Program, app_of
from tests.support.commands import typed
from tests.support.device import Device
from tests.support.ending import ended
from tests.support.logs import inside, published
from tests.support.losing import BIRCH, Loss

OLD, NEW = "ash.example/ledger", "ash.example/ledger/2"
WHY = "The disk is lost, and so is the copy at Birch."


@pytest.fixture
def loss(moot):
    return Loss(moot)


@pytest.fixture
def lost(loss):
    """A log that is put back from yesterday, of which nobody has the rest."""
    loss.made = loss.tell()
    loss.save()
    loss.tell()
    loss.seen = published(loss.ash)
    with loss.birch.begin() as tx:
        tx.execute(delete(MirrorTile))
    loss.put_back(guard_too=True)
    return loss


@pytest.fixture
def steward(lost):
    person = members.join(lost.ash, "kim@ash.example", "steward")
    return members.visitor(lost.ash, person)


def end(loss, by, reason=WHY):
    return witness.end(loss.ash, witness.request_end(loss.ash), [], reason, by=by)


def opened(loss, made, seq=0):
    raw = logs.receipts(loss.ash)[made.reference, seq]
    return receipts.read(raw), log.check(loss.ash, raw)


def test_without_a_copy_it_cannot_be_recovered_but_it_can_end(lost, steward):
    assert lost.start().startswith("ledger.rollback")
    with pytest.raises(NotRecovered, match="cannot be used"):
        witness.recover(lost.ash)
    before = inside(lost.ash)

    end(lost, steward)

    assert log.origin(lost.ash) == NEW
    assert ended(lost.ash, 1) == before.leaves
    assert log.checkpoint(lost.ash, 1).startswith(before.note)
    assert list(log.fsck(lost.ash)) == []
    assert (log.read_only(lost.ash), lost.start()) == ("", "")


def test_the_next_log_admits_how_far_the_old_one_went(lost, steward):
    end(lost, steward)

    said = succession.read(inside(lost.ash).leaves[0])

    assert (said.end.size, said.end.root) == (lost.seen.size, lost.seen.root)
    assert lost.seen.size > len(ended(lost.ash, 1))
    assert BIRCH.removeprefix("https://") in said.note


def test_what_people_send_while_a_log_stands_still_is_in_the_next_one(lost, steward):
    moot, made = lost.moot, lost.made
    by = moot.guest(made)
    for text in ("Hello?", "Is anybody there?"):
        threads.write(moot.node, made.reference, Words(uuid4(), text), by=by)
    fresh = moot.tell()
    logs.announce(lost.ash)
    waiting = logs.queued(lost.ash)
    with lost.ash.read() as tx:
        seq = tx.get_one(LedgerChain, made.case_id).next_seq
    assert (waiting > 3, len(ended(lost.ash, 1))) == (True, 0)

    end(lost, steward)

    for case, number in ((made, seq - 2), (made, seq - 1), (fresh, 0)):
        receipt, verdict = opened(lost, case, number)
        assert receipt.content.entry.log == NEW
        assert verdict.valid, verdict.findings
    assert list(log.fsck(lost.ash)) == []
    assert logs.queued(lost.ash) == 0


def test_the_words_that_waited_are_the_same(lost, steward):
    fresh = lost.moot.tell()
    with lost.ash.read() as tx:
        at = select(LedgerSeal).where(LedgerSeal.case_id == fresh.case_id)
        before = tx.scalars(at.order_by(LedgerSeal.seq)).all()
        tx.expunge_all()

    end(lost, steward)

    with lost.ash.read() as tx:
        after = tx.scalars(at.order_by(LedgerSeal.seq)).all()
        for old, new in zip(before, after, strict=True):
            said, again = map(entry.read_statement, (old.stmt, new.stmt))
            assert (said.log, again.log) == (OLD, NEW)
            assert (said.fields, said.kind) == (again.fields, again.kind)
            assert (old.evidence, old.seq) == (new.evidence, new.seq)
            then, now = map(entry.read_entry, (old.entry, new.entry))
            assert (then.at, then.role) == (now.at, now.role)


def test_what_was_signed_for_the_old_log_is_kept_as_evidence(lost, steward):
    lost.start()
    device, guest = Device(), Program(app_of(lost.ash), lost.ash)
    text = "The heating is broken."
    signed = device.begin(text)
    sent = {"text": text, "signed": signed}
    told = guest.ask("POST", "/api/v1/submissions", sent, Idempotency_Key=str(uuid4()))
    assert told.status_code == 202

    end(lost, steward)

    with lost.ash.read() as tx:
        own = select(LedgerSeal).where(LedgerSeal.case_id == UUID(bytes=device.case))
        seal = tx.scalars(own.order_by(LedgerSeal.seq)).first()
        key = vault.key_of(lost.ash, tx, "case", seal.case_id)
        place = evidence_place(seal.case_id, 0)
        kept = vault.unseal(key, place, seal.evidence)
        raw = log.receipt(lost.ash, tx, seal.case_id, 0)
    assert signed["s"] in kept
    assert signed["p"] in kept
    author.verify(unb64u(signed["s"]), unb64u(signed["p"]), ())
    verdict = log.check(lost.ash, raw)
    assert verdict.valid
    assert isinstance(
        author.read(receipts.read(raw).content.raw.p).more, author.Attested
    )
    assert seal.case_id.bytes == device.case
    assert list(log.fsck(lost.ash)) == []


def test_what_was_erased_while_it_waited_stays_erased(lost, steward):
    ada = replace(lost.moot["ada"], fresh=True)
    made = lost.moot.tell(by=ada)
    wish = Wish(level=Level.ENTRY, seq=0)
    erasing.erase(lost.ash, made.reference, wish, by=ada)

    end(lost, steward)

    assert list(log.fsck(lost.ash)) == []
    with lost.ash.read() as tx, pytest.raises(log.EntryErased):
        log.receipt(lost.ash, tx, made.case_id, 0)


def test_an_old_receipt_holds_and_is_as_witnessed_as_it_was(lost, steward):
    end(lost, steward)

    receipt, verdict = opened(lost, lost.made)
    with lost.ash.read() as tx:
        stands = log.standing(lost.ash, tx, lost.made.case_id)

    assert receipt.content.entry.log == OLD
    assert verdict.valid
    assert stands.witnessed == stands.count > 0


def test_witnesses_are_asked_for_the_next_log_as_for_another(lost, steward):
    new = end(lost, steward)
    with lost.ash.read() as tx:
        [row] = tx.scalars(select(LedgerWitness)).all()
        assert (row.size, row.problem) == (0, "")

    lost.village.pass_time(minutes=11)
    work.sweep(lost.ash)
    [known] = [one for one in witness.listed(lost.ash) if one.kind == "witness"]
    assert known.problem
    assert log.status(lost.ash).witnesses == 0
    witness.add(lost.birch, str(new))
    lost.village.pass_time(hours=25)
    work.sweep(lost.ash)
    work.sweep(lost.birch)

    assert log.status(lost.ash).witnesses == 1
    found = policy.parse(log.policy(lost.ash).encode())
    assert len(found.witnesses) == 1
    assert published(lost.birch)
    by = {one.name: one for one in witness.listed(lost.birch) if one.kind == "log"}
    assert by[NEW].size == log.status(lost.ash).size
    assert by[OLD].size == lost.seen.size


def test_every_steward_is_told_and_the_ledger_holds_who_it_was(lost, steward):
    end(lost, steward)
    lost.village.work(lost.ash)

    to = [to for to, mail in lost.village.mails if "new ledger" in mail["subject"]]

    assert sorted(to) == ["dov@ash.example", "kim@ash.example"]
    with lost.ash.read() as tx:
        last = select(LedgerSeal).order_by(LedgerSeal.oid.desc())
        said = entry.read_entry(tx.scalars(last).first().entry)
    assert (said.kind, said.role, said.log) == ("status", entry.Role.STEWARD, NEW)


def test_only_a_steward_ends_a_log_and_says_why(lost, steward):
    request = witness.request_end(lost.ash)

    with pytest.raises(NotYours):
        witness.end(lost.ash, request, [], WHY, by=lost.moot["cleo"])
    with pytest.raises(NotYours):
        witness.end(lost.ash, request, [], WHY, by=GUEST)
    with pytest.raises(WordsMissing):
        witness.end(lost.ash, request, [], " ", by=steward)
    with pytest.raises(ChoiceInvalid):
        witness.end(lost.ash, b"{}", [], WHY, by=steward)
    assert log.origin(lost.ash) == OLD


def test_before_anything_is_published_the_head_is_cited(moot):
    with moot.node.begin() as tx:
        tx.execute(delete(LedgerCheckpoint))

    said = succession.read_request(witness.request_end(moot.node))

    assert said.end.size == inside(moot.node).size


def test_an_operator_ends_a_log_with_two_commands(lost, steward, tmp_path):
    moot = lost.moot
    lost.ash.database.close()

    asked = typed(moot, "ledger", "end-request")
    assert asked.exit_code == 0
    request = tmp_path / "request"
    request.write_text(asked.stdout)
    said = typed(
        moot, "ledger", "end", str(request),
        "--person", str(steward.person_id), "--reason", WHY,
    )  # fmt: skip

    assert said.exit_code == 0, said.stderr
    assert said.stdout.startswith(f"{NEW}+")
    assert "Tell everybody who knows it the new key" in said.stderr
    again = typed(
        moot, "ledger", "end", str(request),
        "--person", str(steward.person_id), "--reason", WHY,
    )  # fmt: skip
    assert again.exit_code == 1
    assert again.stderr.splitlines()[-1].startswith(
        "Error: invalid.choice: This request"
    )


def test_a_recovery_key_signs_what_it_was_shown(lost, tmp_path):
    request, key = tmp_path / "request", tmp_path / "recovery.key"
    request.write_bytes(witness.request_end(lost.ash))
    made = typed(lost.moot, "ledger", "recovery-key", str(key))

    said = typed(lost.moot, "ledger", "recovery-sign", str(request), str(key))

    assert f"follows {OLD}" in said.stderr
    public, _ = revocation.read_signature(said.stdout.encode())
    assert b64u(public) == made.stdout.strip()


def test_nothing_waits_for_a_log_that_ended(lost, steward):
    lost.moot.tell()

    end(lost, steward)

    with lost.ash.read() as tx:
        assert tx.scalars(select(LedgerOutbox)).all() == []
