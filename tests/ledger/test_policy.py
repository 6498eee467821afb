import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger import policy
from ledger.errors import Invalid
from ledger.note import COSIGNATURE, ED25519, Signer
from tests.ledger.test_note import code_of
from tests.ledger.worked import EXAMPLE, LOG, WITNESS, seed

KEYS = [Signer(f"w{n}.example", COSIGNATURE, seed(n + 20)).vkey for n in range(66)]


def written(*lines, witnesses=6):
    first = [f"witness w{n} {KEYS[n]}" for n in range(witnesses)]
    return "\n".join([*first, *lines, ""]).encode()


def nested_groups(count):
    return ["group g0 any w0"] + [f"group g{n} any g{n - 1}" for n in range(1, count)]


def test_a_policy_names_logs_witnesses_groups_and_a_quorum():
    raw = f"""
# Ash trusts Birch.
log {LOG.vkey} https://node.example/ledger
  witness\tbirch  {WITNESS.vkey} https://partner.example/
witness cedar {KEYS[0]}
group both all birch cedar
quorum both
"""

    found = policy.parse(raw.encode())

    assert found.logs == (LOG.vkey,)
    assert found.witnesses == {"birch": WITNESS.vkey, "cedar": KEYS[0]}
    assert found.groups == {"both": policy.Group(2, ("birch", "cedar"))}
    assert found.quorum == "both"


def test_a_policy_without_witnesses_is_met_by_none():
    found = policy.parse(b"quorum none")

    assert found == policy.Policy()
    assert policy.evaluate(found, set())
    assert policy.tolerated(found) == -1


@pytest.mark.parametrize(
    ("k", "names", "met"),
    [
        ("any", {"w2"}, True),
        ("any", {"w3"}, False),
        ("all", {"w0", "w1"}, False),
        ("all", {"w0", "w1", "w2"}, True),
        ("2", {"w0"}, False),
        ("2", {"w0", "w2"}, True),
        ("2", {"w0", "w3", "w4"}, False),
    ],
)
def test_a_quorum_counts_the_witnesses_of_its_group(k, names, met):
    found = policy.parse(written(f"group g {k} w0 w1 w2", "quorum g"))

    assert policy.evaluate(found, names) is met


def test_groups_stand_inside_groups():
    found = policy.parse(
        written(
            "group x 2 w0 w1 w2",
            "group y any w3 w4 w5",
            "group both all x y",
            "quorum both",
        )
    )

    assert policy.evaluate(found, {"w0", "w2", "w5"})
    assert not policy.evaluate(found, {"w0", "w1", "w2"})
    assert not policy.evaluate(found, {"w0", "w3", "w4", "w5"})


def test_one_witness_may_be_the_quorum():
    found = policy.parse(written("quorum w1"))

    assert policy.evaluate(found, {"w1"})
    assert not policy.evaluate(found, {"w0"})
    assert policy.tolerated(found) == 0


@pytest.mark.parametrize(
    ("group", "liars"),
    [
        ("2 w0 w1 w2", 0),
        ("all w0 w1 w2", 2),
        ("3 w0 w1 w2 w3", 1),
        ("3 w0 w1 w2 w3 w4", 0),
        ("any w0 w1", -1),
        ("2 w0 w1 w2 w3", -1),
    ],
)
def test_fewer_liars_than_two_quorums_share_are_tolerated(group, liars):
    found = policy.parse(written(f"group g {group}", "quorum g"))

    assert policy.tolerated(found) == liars


def test_inside_groups_the_weakest_members_count():
    found = policy.parse(
        written(
            "group x all w0 w1", "group y any w2 w3", "group g 2 x y w4", "quorum g"
        )
    )

    assert policy.tolerated(found) == -1


@given(st.integers(1, 6), st.data())
def test_what_is_tolerated_is_what_every_two_quorums_share(n, data):
    k = data.draw(st.integers(1, n))
    members = " ".join(f"w{at}" for at in range(n))
    found = policy.parse(written(f"group g {k} {members}", "quorum g"))
    draw = st.sets(st.sampled_from(members.split()), min_size=k, max_size=k)
    one, other = data.draw(draw), data.draw(draw)

    assert policy.evaluate(found, one)
    assert not policy.evaluate(found, sorted(one)[1:])
    assert len(one & other) > policy.tolerated(found)


def test_names_are_octets_of_any_kind():
    raw = written(witnesses=0) + b"witness \xff\xc2\xa0 " + str(KEYS[0]).encode()
    found = policy.parse(raw + b"\nquorum \xff\xc2\xa0\n")

    assert policy.evaluate(found, found.witnesses.keys())


@pytest.mark.parametrize(
    "lines",
    [
        [],
        ["quorum none", "quorum none"],
        ["quorum nobody"],
        ["quorum"],
        ["quorum w0 w1"],
        ["group g any w0", "quorum h"],
        ["group g any", "quorum none"],
        ["group g all", "quorum none"],
        ["group g 0 w0", "quorum none"],
        ["group g 2 w0", "quorum none"],
        ["group g 01 w0", "quorum none"],
        ["group g some w0", "quorum none"],
        ["group g any w0 w0", "quorum none"],
        ["group g any later", f"witness later {KEYS[9]}", "quorum none"],
        ["group g any g", "quorum none"],
        ["group g any none", "quorum none"],
        ["group g any w0", "group h any w0", "quorum none"],
        ["group w0 any w1", "quorum none"],
        ["group none any w1", "quorum none"],
        [f"witness w0 {KEYS[9]}", "quorum none"],
        [f"witness none {KEYS[9]}", "quorum none"],
        [f"witness again {KEYS[0]}", "quorum none"],
        [f"witness log {LOG.vkey}", "quorum none"],
        [f"log {WITNESS.vkey}", "quorum none"],
        [f"log {LOG.vkey}", f"log {LOG.vkey}", "quorum none"],
        ["log x+00000000+AAAA", "quorum none"],
        ["witness a b c d", "quorum none"],
        ["speak friend", "quorum none"],
        ["quorum none\r"],
        ["quorum none\x0b"],
    ],
)
def test_a_policy_that_could_be_misread_is_refused(lines):
    codes = {"policy", "number", "vkey", "base64"}

    assert code_of(policy.parse, written(*lines)) in codes


def test_one_key_under_two_names_is_one_witness():
    twice = Signer("other.example", COSIGNATURE, seed(20)).vkey

    assert code_of(policy.parse, written(f"witness x {twice}", "quorum none")) == (
        "policy"
    )


@pytest.mark.parametrize("kind", ["log", "witness", "group"])
def test_64_of_a_kind_are_enough(kind):
    logs = [Signer(f"l{n}.example", ED25519, seed(n + 90)).vkey for n in range(65)]
    lines = {
        "log": [f"log {key}" for key in logs],
        "witness": [f"witness w{n} {KEYS[n]}" for n in range(65)],
        "group": ["group g0 any w0"]
        + [f"group g{n} any g{n - 1}" for n in range(1, 65)],
    }[kind]
    witnesses = 1 if kind == "group" else 0

    policy.parse(written(*lines[:64], "quorum none", witnesses=witnesses))
    assert (
        code_of(policy.parse, written(*lines, "quorum none", witnesses=witnesses))
        == "policy"
    )


def test_a_deep_policy_is_still_evaluated():
    found = policy.parse(written(*nested_groups(64), "quorum g63"))

    assert policy.evaluate(found, {"w0"})
    assert policy.tolerated(found) == 0


@given(st.binary(max_size=60))
def test_arbitrary_bytes_are_a_policy_or_refused(raw):
    for hostile in (raw, written() + raw, b"log " + raw, raw + b"\nquorum none"):
        try:
            found = policy.parse(hostile)
        except Invalid:
            continue
        policy.evaluate(found, [])


def test_the_worked_examples_keys_make_a_policy():
    raw = (
        f"log {EXAMPLE['log_vkey']}\n"
        f"witness partner {EXAMPLE['witness_vkey']}\nquorum partner\n"
    )

    assert policy.tolerated(policy.parse(raw.encode())) == 0
