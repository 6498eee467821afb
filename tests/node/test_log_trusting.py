import pytest

from ledger import policy, receipt
from ledger.note import VKey
from node import log, witness
from node.log import names
from node.models.witness import LedgerCosignature, LedgerWitness
from tests.support.histories import witness_key
from tests.support.logs import receipts
from tests.support.witnessing import ELM


def level(pair, raw, trusted):
    pins = receipt.Pins(statements=(names.statements_signer(pair.ash).vkey,))
    verdict = receipt.verify(raw, policy.parse(trusted.encode()), pins, None)
    return verdict.level, verdict.valid


def test_a_receipt_is_received_first_and_witnessed_later(pair):
    pair.grow()
    first, *_ = receipts(pair.ash).values()
    assert log.check(pair.ash, first).level == "received"
    assert log.policy(pair.ash).endswith("quorum none\n")

    pair.feed()

    later, *_ = receipts(pair.ash).values()
    trusted = log.policy(pair.ash)
    assert level(pair, later, trusted) == ("witnessed", True)
    assert level(pair, first, trusted) == ("received", False)
    assert log.check(pair.ash, later).level == "witnessed"
    assert log.check(pair.ash, first).valid


def test_a_receipt_shows_what_witnesses_saw_rather_than_what_is_newest(pair):
    pair.grow()
    pair.feed()
    pair.roads.away.add("https://birch.example")
    pair.grow()
    pair.feed()

    old, *_, new = [log.check(pair.ash, raw) for raw in receipts(pair.ash).values()]

    assert (old.level, new.level) == ("witnessed", "received")


@pytest.mark.parametrize(("count", "enough"), [(1, 1), (2, 2), (3, 2), (4, 3)])
def test_the_policy_asks_for_more_than_half_of_those_that_answered(pair, count, enough):
    pair.grow()
    witness.add(pair.ash, str(witness_key("never.example/w", seed=99).vkey))
    with pair.ash.begin() as tx:
        for seed in range(1, count):
            vkey = str(witness_key(seed=seed).vkey)
            row = {"vkey": vkey, "url": ELM, "next_at": pair.village.now}
            tx.add(LedgerWitness(size=8, tries=0, problem="", **row))
            tx.add(LedgerCosignature(size=8, vkey=vkey, line=b"", at=pair.village.now))
    pair.feed()

    found = policy.parse(log.policy(pair.ash).encode())

    assert found.groups["witnesses"].k == enough
    assert len(found.witnesses) == count
    assert VKey.parse(str(pair.key)) in found.witnesses.values()
