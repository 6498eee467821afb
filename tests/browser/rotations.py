"""Receipts of a log that changed its key, and what can be wrong with the change.

As in `damage`: nothing here says what is right, only what to look at.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from ledger import checkpoint, note, rotation
from ledger.encoding import b64u
from ledger.included import Included
from ledger.note import COSIGNATURE, ED25519, Signer, VKey
from tests.ledger.honest import RECOVERY, Chain, Node
from tests.ledger.test_receipt import with_checkpoint, with_extra
from tests.ledger.test_rotation import (
    SECOND,
    THIEF,
    THIRD,
    UNTIL,
    change,
    revoked,
    rotated,
)
from tests.ledger.worked import ADA, LOG, ORIGIN, WITNESS, seed

#: Points of low order, on no curve, or in a second spelling (CCTV names more).
WEAK = [
    bytes(32),
    b"\1" + bytes(31),
    b"\2" + bytes(31),
    b"\xff" * 32,
    b"\xec" + b"\xff" * 30 + b"\x7f",
    b"\xee" + b"\xff" * 30 + b"\x7f",
]


class _Odd(Node):
    # A log that begins with another word about its recovery keys.
    def __init__(self, recovery: object) -> None:
        self.recovery = recovery
        super().__init__()

    def genesis(self):
        return super().genesis() | {"recovery": self.recovery}


def _told(node: Node, *bodies: dict, by: Signer = SECOND) -> bytes:
    """Return a receipt under the key `by`, with all that the log said of its keys."""
    case = Chain("mine")
    node.say(case)
    where = [0]
    for body in bodies:
        node.cover()
        where.append(_put(node, body))
    node.say(case)
    node.log = by
    return shown(node, node.receipt(case, 1), where)


def _put(node: Node, body: dict) -> int:
    return node.clear("key.rotate" if "sig_old" in body else "key.revoke", body)


def shown(node: Node, raw: bytes, where: list[int], **changes: object) -> bytes:
    """Put leaves with their proofs beside a receipt."""
    rot = [
        {**Included(at, node.leaves[at], tuple(node.proof(at))).written, **changes}
        for at in where
    ]
    return with_extra(raw, rot=rot)


def receipts() -> dict[str, bytes]:
    """Return receipts under keys that others lead to, some of them rightly."""
    return {
        f"a log that changed its key, {name}": raw
        for source in (_changed(), _revoked(), _weak(), _respelled(), _beside())
        for name, raw in source
    }


def _changed() -> Iterator[tuple[str, bytes]]:
    yield "once", _told(Node(), rotated())
    yield "twice", _told(Node(), rotated(), rotated(SECOND, THIRD), by=THIRD)
    yield "back", _told(Node(), rotated(), rotated(SECOND, LOG), by=LOG)
    yield "to another", _told(Node(), rotated(), by=THIRD)
    yield "before the pin", _told(Node(), rotated(THIRD, LOG), by=LOG)
    yield "not", _told(Node(), by=LOG)
    keys = [LOG, *[Signer(ORIGIN, ED25519, seed(100 + n)) for n in range(65)]]
    for count in (64, 65):
        bodies = [rotated(old, new) for old, new in pairwise(keys[:count])]
        yield f"{count - 1} times", _told(Node(), *bodies, by=keys[count - 1])
    other = Signer("other.example/ledger", ED25519, seed(9))
    yield "to another log's", _told(Node(), rotated(LOG, other), by=other)
    witness = replace(WITNESS, name=ORIGIN)
    assert witness.type == COSIGNATURE
    yield "to a witness's", _told(Node(), rotated(LOG, witness))
    foreign = rotated(LOG, SECOND, log=other.name)
    yield "by words about another log", _told(Node(), foreign)


def _revoked() -> Iterator[tuple[str, bytes]]:
    yield "revoked", _told(Node(), revoked())
    yield "revoked, then changed", _told(Node(), revoked(), rotated(LOG, THIEF))
    yield "stolen", _told(Node(), rotated(LOG, THIEF), revoked(), by=THIEF)
    yield "stolen, and got back", _told(Node(), rotated(LOG, THIEF), revoked())
    yield "revoked, signed by the old one", _told(Node(), revoked(), by=LOG)
    for name, by in {
        "by nobody": [],
        "by one": RECOVERY[:1],
        "by three": RECOVERY,
        "by one twice": [RECOVERY[0]] * 2,
        "by a stranger": [RECOVERY[0], ADA],
    }.items():
        yield f"revoked {name}", _told(Node(), revoked(by=by))
    key = b64u(RECOVERY[0].vkey.key)
    for recovery in (
        {"m": 0, "keys": []},
        {"m": 1, "keys": [key]},
        {"m": 2, "keys": [key]},
        {"m": 1, "keys": [key, key]},
        {"m": 1, "keys": ["AA"]},
        {"m": -1, "keys": [key]},
        {"m": "1", "keys": [key]},
        {"m": 1, "keys": key},
        {"keys": [key]},
        {},
        None,
    ):
        raw = _told(_Odd(recovery), revoked(by=RECOVERY[:1]))
        yield f"and names {recovery}", raw


def _weak() -> Iterator[tuple[str, bytes]]:
    for key in WEAK:
        what = replace(change(), new=VKey(ORIGIN, ED25519, key))
        body = rotation.rotate(what, LOG, SECOND)
        forged = {"sig_new": b64u(key[:1] + bytes(63))}
        yield f"to {key[:2].hex()}", _told(Node(), body)
        yield f"to {key[:2].hex()}, forged", _told(Node(), body | forged)


def _respelled() -> Iterator[tuple[str, bytes]]:
    values = (None, "", "x", 0, -1, UNTIL + 1, [], {}, "A" * 86, str(THIEF.vkey))
    for kind in (rotated(), revoked()):
        for name in kind:
            rest = {key: value for key, value in kind.items() if key != name}
            if name not in {"sig_old", "signatures"}:
                yield f"without {name}", _told(Node(), rest)
            for value in values:
                yield f"{name} = {value!r}", _told(Node(), kind | {name: value})
        yield "with more", _told(Node(), kind | {"more": 1})
    one, other = revoked()["signatures"]
    for signatures in (
        [one, {**other, "sig": b64u(bytes(64))}],
        [one, {**other, "sig": ""}],
        [one, {**other, "key": "AA"}],
        [one, {"key": other["key"]}],
        [one, 1],
    ):
        body = revoked() | {"signatures": signatures}
        yield f"signed {signatures[1]}", _told(Node(), body)


def _beside() -> Iterator[tuple[str, bytes]]:
    # What stands in the receipt beside the log's own words.
    node, case = Node(), Chain("mine")
    node.say(case)
    where = node.clear("key.rotate", rotated())
    node.cover()
    node.say(case)
    node.log = SECOND
    raw = node.receipt(case, 1)
    yield "shown again", shown(node, raw, [where, where])
    yield "shown out of order", shown(node, raw, [where, 0])
    yield "beside noise", shown(node, raw, [0, where, 3])
    yield "beside itself", shown(node, raw, [1, where])
    for name, value in {
        "index": [where + 1, node.size, -1, 2**53 - 1, "2", None, True],
        "leaf": ["", "A", b64u(node.leaves[0]), None, b64u(b"\0{}"), b64u(b"\1" * 49)],
        "proof": [[], [1], ["AA"], None, ["A" * 43] * 3, ["A" * 43] * 63,
                  ["A" * 43] * 64],
        "more": [1],
    }.items():  # fmt: skip
        for one in value:
            yield f"shown with {name} {one!r}", _given(node, raw, where, name, one)
    for rot in (1, {}, [1], ["x"], [{}], [[]], []):
        yield f"rot = {rot}", with_extra(raw, rot=rot)
    older = note.sign(checkpoint.text(ORIGIN, 5, b"r" * 32), SECOND)
    yield "under another seal", with_checkpoint(shown(node, raw, [where]), older)


def _given(node: Node, raw: bytes, where: int, name: str, value: object) -> bytes:
    return shown(node, raw, [where], **{name: value})
