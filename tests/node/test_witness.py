from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256

import pytest
from sqlalchemy import select

from governance.errors import ChoiceInvalid, NotFound
from ledger import checkpoint, cosignature, note
from ledger import witness as decisions
from node import log, witness
from node.log import names
from node.models.witness import WitnessEvidence, WitnessLog
from node.witness import answering, knowing
from tests.support.histories import FALSE, TRUE, Log, witness_key
from tests.support.races import in_turn
from tests.support.village import MONDAY

ELM = Log()
DIGEST = sha256(ELM.origin.encode()).hexdigest()


@pytest.fixture
def ash(either):
    node = either.found("https://ash.example")
    witness.add(node, ELM.vkey)
    return node


def record(node):
    with node.read() as tx:
        return tx.get_one(WitnessLog, ELM.origin)


def evidence(node):
    with node.read() as tx:
        found = select(WitnessEvidence).order_by(WitnessEvidence.at)
        return tx.scalars(found).all()


def status(node, body):
    return witness.add_checkpoint(node, body).status


def test_what_is_cosigned_is_recorded_and_can_be_read_by_anybody(either, ash):
    answer = witness.add_checkpoint(ash, ELM.asks(0, 20))

    [line] = note.read_lines(answer.body)
    kept = note.parse(witness.latest(ash, DIGEST))
    assert checkpoint.open(witness.latest(ash, DIGEST), [ELM.signer.vkey]).size == 20
    assert kept.lines[-1] == line
    at = cosignature.verify(kept.text, line, names.witness_signer(ash).vkey)
    assert at == int(MONDAY.timestamp())
    again = either.open(ash.settings)
    assert (record(again).size, record(again).root) == (20, ELM.root(20))


def test_it_grows_by_proof_and_is_cosigned_anew_at_the_same_size(either, ash):
    assert status(ash, ELM.asks(0, 20)) == 200
    assert status(ash, ELM.asks(20, 300)) == 200
    before = witness.latest(ash, DIGEST)
    either.pass_time(hours=24)

    assert status(ash, ELM.asks(300, 300)) == 200
    assert witness.latest(ash, DIGEST) != before
    assert record(ash).size == 300


def test_no_cosignature_is_answered_before_its_record_is_flushed(village):
    node = village.found("https://ash.example")
    witness.add(node, ELM.vkey)
    writer = node.database._writer  # noqa: SLF001 - it shows nowhere else
    before = writer._sequence  # noqa: SLF001 - as above

    assert status(node, ELM.asks(0, 20)) == 200

    assert before < writer._sequence <= writer._flushed  # noqa: SLF001 - as above


def test_who_does_not_know_the_record_is_told_it(ash):
    witness.add_checkpoint(ash, ELM.asks(0, 20))

    told = witness.add_checkpoint(ash, ELM.asks(0, 300))

    assert (told.status, told.content_type) == (409, "text/x.tlog.size")
    assert told.body == b"20\n"


def test_a_log_that_nobody_named_is_unknown(ash):
    fir = Log("fir.example/ledger")

    assert status(ash, fir.asks(0, 20)) == 404
    assert status(ash, b"hello") == 400
    for digest in (sha256(fir.origin.encode()).hexdigest(), DIGEST, "0" * 64):
        with pytest.raises(NotFound):
            witness.latest(ash, digest)


def test_a_key_that_is_not_the_logs_is_refused(ash):
    other = Log(seed=9)

    assert status(ash, other.asks(0, 20)) == 403
    witness.add(ash, other.vkey)
    assert status(ash, other.asks(0, 20)) == 200
    assert status(ash, ELM.asks(20, 40)) == 200


def test_whoever_asks_at_once_never_moves_the_record_back(either, ash):
    witness.add_checkpoint(ash, ELM.asks(0, 8))
    nodes = [ash, either.open(ash.settings)]
    bodies = [ELM.asks(8, 8 + more) for more in (1, 40, 2, 92, 3, 17)]

    with ThreadPoolExecutor(6) as crowd:
        found = list(
            crowd.map(
                lambda n: witness.add_checkpoint(nodes[n % 2], bodies[n]), range(6)
            )
        )

    [won] = [one for one in found if one.status == 200]
    assert (record(ash).size, record(ash).root) == (won.record.size, won.record.root)
    size = b"%d\n" % won.record.size
    assert {one.body for one in found if one is not won} == {size}


@pytest.mark.parametrize("sizes", [(9, 100), (100, 9)])
def test_who_waits_for_the_record_is_judged_by_what_it_became(ash, sizes):
    witness.add_checkpoint(ash, ELM.asks(0, 8))
    found = []

    def ask(size):
        return lambda: found.append(witness.add_checkpoint(ash, ELM.asks(8, size)))

    row = select(WitnessLog).where(WitnessLog.origin == ELM.origin)
    in_turn(ash, row, *map(ask, sizes))

    assert sorted(one.status for one in found) == [200, 409]
    [won] = [one.record.size for one in found if one.record]
    assert (record(ash).size, record(ash).root) == (won, ELM.root(won))


def test_two_histories_are_kept_as_proof_and_end_it_for_that_log(either, ash):
    witness.add_checkpoint(ash, ELM.asks(0, 20))
    held, lie = (
        witness.latest(ash, DIGEST),
        decisions.write(20, [], ELM.signed(20, FALSE)),
    )

    assert status(ash, lie) == 422
    assert status(ash, ELM.asks(20, 30)) == 404
    assert status(ash, lie) == 404

    [kept] = evidence(ash)
    assert (kept.reason, kept.body, kept.held) == ("split", lie, held)
    assert witness.latest(ash, DIGEST) == held
    either.work(ash)
    [(to, mail)] = either.mails
    assert to == "dov@ash.example"
    assert ELM.origin in mail["Subject"]
    assert "two histories" in mail.get_content()
    assert [one.problem for one in witness.listed(ash)] == ["caught"]


def test_a_wrong_proof_is_kept_once_and_accuses_nobody(either, ash):
    witness.add_checkpoint(ash, ELM.asks(0, 20))
    wrong = decisions.write(20, [b"x" * 32], ELM.signed(30))

    assert [status(ash, wrong) for _ in range(2)] == [422, 422]

    assert [kept.reason for kept in evidence(ash)] == ["unproven"]
    assert status(ash, ELM.asks(20, 30)) == 200
    either.work(ash)
    assert either.mails == []


def test_what_anybody_can_send_fills_no_disk_and_hides_no_proof(ash, monkeypatch):
    monkeypatch.setattr(answering, "MOST", 2)
    witness.add_checkpoint(ash, ELM.asks(0, 20))
    for byte in b"abcd":
        wrong = decisions.write(20, [bytes([byte]) * 32], ELM.signed(30))
        witness.add_checkpoint(ash, wrong)
    assert len(evidence(ash)) == 2

    witness.add_checkpoint(ash, decisions.write(20, [], ELM.signed(20, FALSE)))

    assert [kept.reason for kept in evidence(ash)].count("split") == 1


def test_a_rewritten_beginning_is_kept_as_proof(ash):
    witness.add_checkpoint(ash, ELM.asks(0, 20))

    assert status(ash, ELM.asks(20, 300, FALSE)) == 422

    assert [kept.reason for kept in evidence(ash)] == ["rewrite"]
    assert status(ash, ELM.asks(20, 300, TRUE)) == 404


# Whom a steward names.


def test_a_key_says_by_its_kind_whether_it_is_a_log_or_a_witness(ash):
    key = witness_key()
    witness.add(ash, str(key.vkey))
    witness.add_checkpoint(ash, ELM.asks(0, 20))

    log, other = witness.listed(ash)

    assert (log.kind, log.name, log.size) == ("log", ELM.origin, 20)
    assert log.url == "https://elm.example/ledger"
    assert (other.kind, other.name, other.size) == ("witness", key.name, None)
    assert other.url == "https://elm.example/witness"


def test_naming_somebody_again_changes_where_they_are_asked(ash):
    witness.add_checkpoint(ash, ELM.asks(0, 20))
    for url in ("https://elm.example/log/", "https://elm.example/log"):
        witness.add(ash, ELM.vkey, url)

    [known] = witness.listed(ash)

    assert (known.url, known.size) == ("https://elm.example/log", 20)
    assert record(ash).vkeys == ELM.vkey


@pytest.mark.parametrize("vkey", ["", "hello", ELM.vkey[:-1], "a+00000000+AAAA"])
def test_what_is_no_key_is_not_taken(ash, vkey):
    with pytest.raises(ChoiceInvalid):
        witness.add(ash, vkey)


@pytest.mark.parametrize("url", ["elm.example", "ftp://elm.example", "https://[::1"])
def test_what_is_no_address_is_not_taken(ash, url):
    with pytest.raises(ChoiceInvalid):
        witness.add(ash, str(witness_key().vkey), url)


def test_nobody_is_their_own_witness(ash):
    with ash.read() as tx:
        keys = log.verifier_keys(ash, tx)
    for own in keys:
        with pytest.raises(ChoiceInvalid):
            witness.add(ash, own)


def test_there_are_no_more_witnesses_than_a_note_has_lines(ash, monkeypatch):
    monkeypatch.setattr(knowing, "MOST", 2)
    keys = [str(witness_key(seed=seed).vkey) for seed in (11, 12, 13)]
    for one in keys[:2]:
        witness.add(ash, one)

    with pytest.raises(ChoiceInvalid):
        witness.add(ash, keys[2])
    witness.add(ash, keys[1], "https://oak.example/witness")


def test_who_is_refused_waits_for_nobody_and_keeps_nobody_waiting(ash):
    status(ash, ELM.asks(0, 20))
    forged = Log(seed=9).asks(0, 20)
    bodies = [b"hello", Log("fir.example/ledger").asks(0, 20), forged, ELM.asks(7, 20)]
    with ThreadPoolExecutor() as pool, ash.begin() as tx:
        tx.get_one(WitnessLog, ELM.origin, with_for_update=True)
        answers = [pool.submit(status, ash, body).result(10) for body in bodies]

    assert answers == [400, 404, 403, 409]
