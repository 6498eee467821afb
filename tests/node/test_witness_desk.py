"""What stewards see of witnesses, whom they name, and the proofs they hand on."""

import pytest
from sqlalchemy import select

from federation.fetch import Answer
from governance.errors import ChoiceInvalid, NotFound, NotYours
from ledger import fraud, policy, receipt
from ledger import witness as decisions
from node import log, witness
from node.log import names
from node.models.witness import LedgerWitness, WitnessLog
from tests.support.histories import FALSE, Log, witness_key
from tests.support.logs import grow
from tests.support.neighbours import ASH, BIRCH, street

ELM = Log()
KEY = witness_key()
JSON = {"content-type": "application/json"}


@pytest.fixture
def lane(tmp_path):
    with street(tmp_path) as found:
        yield found


@pytest.fixture
def dov(lane):
    return lane.stewards["ash"]


def known(lane):
    with lane.ash.read() as tx:
        rows = [*tx.scalars(select(WitnessLog)), *tx.scalars(select(LedgerWitness))]
        return {(type(row).__name__, row.url) for row in rows}


def test_an_address_leads_to_both_keys_and_names_nobody_yet(lane, dov):
    found = witness.find(lane.ash, BIRCH, by=dov)

    assert [(it.kind, it.name, it.url) for it in found] == [
        ("log", "birch.example/ledger", f"{BIRCH}/ledger"),
        ("witness", "birch.example/witness", f"{BIRCH}/witness"),
    ]
    assert found[0].vkey == str(names.log_signer(lane.birch).vkey)
    assert known(lane) == set()
    assert witness.find(lane.ash, f"{BIRCH}/ledger/\n{BIRCH}", by=dov) == found


def test_keys_are_read_line_by_line_with_where_they_are_asked(lane, dov):
    text = f"{ELM.vkey}\n\n{KEY.vkey} https://elm.example/w/\n"

    found = witness.find(lane.ash, text, by=dov)

    assert [it.url for it in found] == [
        "https://elm.example/ledger", "https://elm.example/w",
    ]  # fmt: skip
    again = "\n".join(it.line for it in found)
    assert witness.find(lane.ash, again, by=dov) == found


def test_what_was_looked_at_is_named_together(lane, dov):
    witness.name(lane.ash, witness.find(lane.ash, BIRCH, by=dov), by=dov)

    assert known(lane) == {
        ("WitnessLog", f"{BIRCH}/ledger"), ("LedgerWitness", f"{BIRCH}/witness"),
    }  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["", " \n ", "hello", "https://nobody.example", "https://elm.example",
     f"{ELM.vkey} a b", f"{ELM.vkey} ftp://elm.example", "\n".join([ELM.vkey] * 11),
     "https://", "http://["],
)  # fmt: skip
def test_what_leads_nowhere_is_refused_in_a_sentence(lane, dov, text):
    lane.village.roads.stubs["https://elm.example"] = {}

    with pytest.raises(ChoiceInvalid):
        witness.find(lane.ash, text, by=dov)


@pytest.mark.parametrize(
    "said",
    [b"[]", b"{}", b"hello", b'{"log":[]}', b'{"log":["x"]}', b'{"log":{"a":1}}',
     b'{"log":["%s"]}' % Log("oak.example/ledger").vkey.encode()],
)  # fmt: skip
def test_whoever_answers_speaks_only_for_its_own_name(lane, dov, said):
    shelf = {"/ledger/keys.json": Answer(200, JSON, said)}
    lane.village.roads.stubs["https://elm.example"] = shelf

    with pytest.raises(ChoiceInvalid):
        witness.find(lane.ash, "https://elm.example", by=dov)


def test_its_own_keys_are_refused(lane, dov):
    lane.village.roads.lead_to(lane.ash)

    with pytest.raises(ChoiceInvalid, match="this node itself"):
        witness.find(lane.ash, ASH, by=dov)


@pytest.mark.parametrize("who", ["ada", "cleo"])
@pytest.mark.parametrize(
    ("ask", "given"),
    [(witness.overview, ()), (witness.find, (ELM.vkey,)), (witness.name, ([],)),
     (witness.proof, ("0" * 64,))],
)  # fmt: skip
def test_only_stewards_see_and_name_and_hand_on(lane, who, ask, given):
    with pytest.raises(NotYours):
        ask(lane.ash, *given, by=getattr(lane, who))


def both_ways(lane):
    for node, other in ((lane.ash, lane.birch), (lane.birch, lane.ash)):
        keys = log.keys(other)
        witness.add_all(node, [(keys["log"][0], ""), (keys["witness"], "")])


def sweep(lane):
    for node in (lane.ash, lane.birch):
        for name in witness.due(node):
            witness.run(node, name)


def test_both_are_shown_with_how_far_they_came_and_since_when(lane, dov):
    both_ways(lane)
    size = grow(lane.village, lane.ash, 20)
    sweep(lane)
    newer = grow(lane.village, lane.ash, 8)
    lane.village.pass_time(hours=2)

    seen = witness.overview(lane.ash, by=dov)

    [one] = seen.witnesses
    assert (one.name, one.size, one.lag) == (
        "birch.example/witness", size, newer - size,
    )  # fmt: skip
    assert one.at is not None
    assert 2 <= one.age.total_seconds() / 3600 < 3
    [other] = seen.logs
    assert (other.name, other.lag, other.caught_at) == ("birch.example/ledger", 0, None)
    theirs = witness.overview(lane.birch, by=lane.stewards["birch"]).logs
    assert (theirs[0].size, theirs[0].age) == (size, one.age)
    sweep(lane)
    theirs = witness.overview(lane.birch, by=lane.stewards["birch"]).logs
    assert theirs[0].copied > 0


def test_whoever_was_never_heard_has_no_time(lane, dov):
    witness.add_all(lane.ash, [(ELM.vkey, ""), (str(KEY.vkey), "")])

    seen = witness.overview(lane.ash, by=dov)

    for one in (*seen.witnesses, *seen.logs):
        assert (one.size, one.at, one.proofs) == (None, None, ())


def rewritten(older, newer):
    """Return a body by which a log shows another history, with its true path."""

    def read(level, n):
        return ELM.tile(level, n, FALSE[:newer])

    path = fraud.explicit(older, newer, read)
    return decisions.write(older, path, ELM.signed(newer, FALSE))


@pytest.mark.parametrize(
    ("reason", "body"),
    [
        ("split", ELM.asks(20, 20, FALSE)),
        ("rewrite", rewritten(20, 300)),
    ],
)
def test_a_log_that_was_caught_is_shown_with_a_file_that_anybody_can_judge(
    lane, dov, reason, body
):
    witness.add(lane.ash, ELM.vkey)
    witness.add_checkpoint(lane.ash, ELM.asks(0, 20))
    witness.add_checkpoint(lane.ash, body)

    [one] = witness.overview(lane.ash, by=dov).logs
    [kept] = one.proofs
    raw = witness.proof(lane.ash, kept.id, by=dov)

    assert (kept.reason, one.caught_at) == (reason, lane.ash.now())
    trusted = policy.parse(f"log {ELM.vkey}\nquorum none\n".encode())
    verdict = fraud.judge(raw, trusted, receipt.Pins())
    assert (verdict.holds, verdict.kind, verdict.log) == (True, reason, ELM.origin)


def test_what_proves_nothing_is_counted_and_not_handed_on(lane, dov):
    witness.add(lane.ash, ELM.vkey)
    witness.add_checkpoint(lane.ash, ELM.asks(0, 20))
    unfit = [bytes([at]) * 32 for at in range(6)]
    body = decisions.write(20, unfit, ELM.signed(300))
    assert witness.add_checkpoint(lane.ash, body).status == 422

    [one] = witness.overview(lane.ash, by=dov).logs

    assert (one.proofs, one.unproven, one.caught_at) == ((), 1, None)


@pytest.mark.parametrize("digest", ["0" * 64, "x" * 64, ""])
def test_a_proof_that_is_not_kept_is_not_there(lane, dov, digest):
    with pytest.raises(NotFound):
        witness.proof(lane.ash, digest, by=dov)


def test_a_log_that_was_caught_is_never_named_again(lane, dov):
    witness.add(lane.ash, ELM.vkey)
    witness.add_checkpoint(lane.ash, ELM.asks(0, 20))
    witness.add_checkpoint(lane.ash, ELM.asks(20, 20, FALSE))

    with pytest.raises(ChoiceInvalid, match="two histories"):
        witness.name(lane.ash, witness.find(lane.ash, ELM.vkey, by=dov), by=dov)

    assert witness.add_checkpoint(lane.ash, ELM.asks(20, 300)).status == 404


def vkeys(lane):
    with lane.ash.read() as tx:
        return tx.get_one(WitnessLog, ELM.origin).vkeys.split()


def test_another_key_of_a_known_log_is_shown_beside_those_we_know(lane, dov):
    fresh = Log(seed=9)
    witness.add(lane.ash, ELM.vkey)

    [found] = witness.find(lane.ash, fresh.vkey, by=dov)
    [again] = witness.find(lane.ash, ELM.vkey, by=dov)
    assert (found.others, again.others) == ((ELM.vkey,), ())

    witness.name(lane.ash, [found], by=dov)
    assert vkeys(lane) == [ELM.vkey, fresh.vkey]

    witness.name(lane.ash, [found], by=dov, only=True)
    assert vkeys(lane) == [fresh.vkey]


def test_all_are_named_or_none(lane):
    witness.add(lane.ash, ELM.vkey)
    witness.add_checkpoint(lane.ash, ELM.asks(0, 20))
    witness.add_checkpoint(lane.ash, ELM.asks(20, 20, FALSE))
    before = known(lane)

    with pytest.raises(ChoiceInvalid):
        witness.add_all(lane.ash, [(str(KEY.vkey), ""), (ELM.vkey, "")])

    assert known(lane) == before
