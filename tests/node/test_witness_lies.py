import pytest

from federation.fetch import Answer
from ledger import checkpoint, cosignature
from node import log, witness
from tests.support.histories import witness_key
from tests.support.witnessing import KEY, POST, TEXT, cosigned, lines

SIZE = {"content-type": "text/x.tlog.size"}


def test_only_its_own_line_is_taken(oracle):
    oracle.grow()
    stranger = witness_key("fir.example/witness", seed=9)
    body = cosigned(oracle, stranger) + cosigned(oracle)
    oracle.answers[POST] = Answer(200, TEXT, body)

    oracle.feed()

    assert [line.name for line in lines(oracle.ash)[1:]] == [KEY.name]


FAR = 10**10
FAULTS = {
    "nothing": (200, TEXT, lambda _: b"", "note-malformed"),
    "a page": (200, TEXT, lambda _: b"<html>", "note-malformed"),
    "bytes": (200, TEXT, lambda _: b"\xff\n", "note-malformed"),
    "another's line": (
        200, TEXT, lambda ash: cosigned(ash, witness_key(seed=9)), "witness-silent",
    ),
    "another tree": (
        200, TEXT,
        lambda _: cosignature.cosign(
            checkpoint.text("ash.example/ledger", 8, b"a" * 32), KEY, 1
        ).encode(),
        "cosignature",
    ),
    "a time to come": (200, TEXT, lambda ash: cosigned(ash, at=FAR), "cosignature"),
    "no": (403, TEXT, lambda _: b"", "status-403"),
    "broken": (500, {}, lambda _: b"", "status-500"),
    "a size of another type": (409, TEXT, lambda _: b"8\n", "status-409"),
    "no size": (409, SIZE, lambda _: b"eight\n", "number"),
    "the same size again": (409, SIZE, lambda _: b"0\n", "status-409"),
    "a size to come": (409, SIZE, lambda _: b"99999\n", "witness-ahead"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_no_cosignature_is_not_kept_and_is_named(oracle, fault):
    status, fields, body, problem = FAULTS[fault]
    oracle.grow()
    before = log.checkpoint(oracle.ash)
    oracle.answers[POST] = Answer(status, fields, body(oracle))

    oracle.feed()

    assert log.checkpoint(oracle.ash) == before
    assert oracle.known().problem == problem
    # Who has seen more of our log than there is, is asked for it.
    asked = ["ask"] if problem == "witness-ahead" else []
    assert [name.partition("/")[0] for name in witness.due(oracle.ash)] == asked
    assert [one.problem for one in witness.listed(oracle.ash)] == [problem]
