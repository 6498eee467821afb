"""Whole cases, true and false: what is held of a chain, and all leaves of its log."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field, replace
from functools import cache
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from ledger import entry
from ledger.encoding import b64u
from tests.browser.damage import Reader, flipped
from tests.ledger.honest import START, Chain, Node, following, leaf_of, noise
from tests.ledger.hostile import Hostile
from tests.ledger.test_receipt import with_extra
from tests.ledger.test_rotation import SECOND, revoked, rotated
from tests.ledger.worked import ADA, EXAMPLE, LOG, STATEMENTS, WITNESS

#: The log that begins when the first has ended, and the one after it.
LATER = following(Node()), following(following(Node()))
POLICY = "".join(
    [f"log {vkey}\n" for vkey in (LOG.vkey, *[node.log.vkey for node in LATER])]
)
POLICY += f"witness partner {WITNESS.vkey}\nquorum partner\n"
READERS = {
    "with all keys": Reader(POLICY.encode(), statements=(str(STATEMENTS.vkey),)),
    "without witnesses": Reader(
        f"log {LOG.vkey}\nquorum none\n".encode(), statements=(str(ADA.vkey),)
    ),
    "of another log": Reader(
        POLICY.replace(str(LOG.vkey), EXAMPLE["statements_vkey"]).encode()
    ),
}


@dataclass(frozen=True, kw_only=True)
class Whole:
    """What a verifier of threads is given."""

    receipts: list[bytes]
    leaves: list[bytes]
    checkpoint: bytes
    key: bytes
    head: bytes | None = None
    erased: list[int] = field(default_factory=list)


def town(node: Node | None = None) -> tuple[Node, Chain]:
    """Return a log with two cases in it, and one of them."""
    node, case, other = node or Node(), Chain("mine"), Chain("theirs")
    for chain in (case, other, case, other, case):
        node.say(chain)
        node.cover()
    return node, case


def whole(node: Node, case: Chain, **changes) -> Whole:
    """Return all that is held of a case."""
    given = {
        "receipts": node.receipts(case), "leaves": [*node.leaves],
        "checkpoint": node.note(at=node.now), "key": case.key,
        "head": node.head(case),
    }  # fmt: skip
    return Whole(**{**given, **changes})


@cache
def cases() -> dict[str, Whole]:
    """Return whole cases, and what can be wrong with them."""
    node, case = town()
    true = whole(node, case)
    made = {"true": true, "without a head": replace(true, head=None)}
    for source in (_held, _leaves, _sealed):
        made |= dict(source(node, case, true))
    made |= dict(_seen()) | dict(_grown(case)) | dict(_saved_before())
    return made | dict(_attacks())


def _held(node: Node, case: Chain, true: Whole) -> Iterator[tuple[str, Whole]]:
    for at, one in enumerate(true.receipts):
        rest = [*true.receipts[:at], *true.receipts[at + 1 :]]
        yield f"without {at}", replace(true, receipts=rest)
        yield f"{at} erased", replace(true, receipts=rest, erased=[at])
        yield f"{at} twice", replace(true, receipts=[*true.receipts, one])
        for byte in range(0, len(one), 97):
            damaged = [*rest, flipped(one, byte, 1)]
            yield f"{at} with byte {byte}", replace(true, receipts=damaged)
    yield "reversed", replace(true, receipts=true.receipts[::-1])
    yield "none", replace(true, receipts=[])
    yield "none of another", replace(true, receipts=[], key=b"k" * 32, head=None)
    yield "another key", replace(true, key=b"k" * 32)
    for erased in ([0, 1], [0, 1, 2], [3], [7], [-1], [2**53]):
        left = [one for at, one in enumerate(true.receipts) if at not in erased]
        yield f"erased {erased}", replace(true, receipts=left, erased=erased)
    yield "erased, and here", replace(true, erased=[1])
    theirs = Chain("theirs")
    node.write(theirs)
    for head in (
        node.head(case, 8), node.head(theirs), node.head(case, at=0), b"", b"hello\n",
        replace_signer(node, ADA).head(case), true.checkpoint,
    ):  # fmt: skip
        yield f"head {noise(head).hex()[:8]}", replace(true, head=head)
    for byte in range(0, len(true.head or b""), 17):
        yield f"head {byte}", replace(true, head=flipped(true.head or b"", byte, 1))
    for seq in (1, 2):
        fewer = deepcopy(case)
        del fewer.entries[seq:], fewer.indexes[seq:]
        yield f"head of {seq}", replace(true, head=node.head(fewer))


def replace_signer(node: Node, statements) -> Node:
    """Return the same node, which signs its statements with another key."""
    other = deepcopy(node)
    other.statements = statements
    return other


def _leaves(node: Node, case: Chain, true: Whole) -> Iterator[tuple[str, Whole]]:
    leaves = true.leaves
    for at, leaf in enumerate(leaves):
        before, after = leaves[:at], leaves[at + 1 :]
        yield f"leaf {at} gone", replace(true, leaves=[*before, *after])
        yield f"leaf {at} twice", replace(true, leaves=[*before, leaf, leaf, *after])
        changed = flipped(leaf, min(20, len(leaf) - 1), 1)
        yield f"leaf {at} changed", replace(true, leaves=[*before, changed, *after])
    yield "no leaves", replace(true, leaves=[])
    yield "a leaf more", replace(true, leaves=[*leaves, leaves[-1]])
    yield "many more", replace(true, leaves=leaves * 30)
    yield "leaves reversed", replace(true, leaves=leaves[::-1])
    for leaf in (b"", b"\2", b"\0{}", b"\1" * 48, leaf_of(case, 0)[:-1]):
        other = deepcopy(node)
        other.put(leaf)
        yield f"a leaf {leaf[:2].hex()}", whole(other, case)


def _sealed(node: Node, case: Chain, true: Whole) -> Iterator[tuple[str, Whole]]:
    # The signed state of the log, and what its witnesses say.
    for byte in range(0, len(true.checkpoint), 7):
        damaged = flipped(true.checkpoint, byte, 1)
        yield f"seal with byte {byte}", replace(true, checkpoint=damaged)
    yield "nobody saw it", replace(true, checkpoint=node.note())
    yield "a witness without a clock", replace(true, checkpoint=node.note(at=0))
    early = node.note(at=START - 900)
    yield "seen before it was said", replace(true, checkpoint=early)
    yield "seen late", replace(true, checkpoint=node.note(at=START + 10**6))
    for size in (1, 4, 8, 10):
        signed = node.note(size, at=START + 20)
        leaves = true.leaves[:size]
        counted = sum(index < size for index in case.indexes)
        short = replace(true, leaves=leaves, checkpoint=signed)
        yield f"at size {size}", short
        receipts = true.receipts[:counted]
        head = node.head(case, size)
        yield f"as it was at {size}", replace(short, receipts=receipts, head=head)


def _seen() -> Iterator[tuple[str, Whole]]:
    # What the author knew, and what the node says of the time.
    for at in (0, 1, (START - 100) * 1000, (START + 900) * 1000, 2**53 - 1):
        other, chain = town()
        other.say(chain, at=at)
        yield f"said at {at}", whole(other, chain)
    for changes in (
        {"prev": noise("else")}, {"seq": 5}, {"seq": 1}, {"case": b"x" * 16},
        {"kc": b"k" * 32}, {"log": "other.example/ledger"}, {"kind": "status"},
    ):  # fmt: skip
        other, chain = town()
        other.say(chain, **changes)
        yield f"with {changes}", whole(other, chain)


def _grown(case: Chain) -> Iterator[tuple[str, Whole]]:
    # Logs with more leaves, with other keys, and with tombstones.
    large, chain = Node(), Chain("mine")
    large.say(chain)
    while large.size < 530:
        large.cover()
    large.say(chain)
    yield "in a larger log", whole(large, chain)
    for name, body in {"rotated": rotated(), "revoked": revoked()}.items():
        other, own = town()
        kind = "key.rotate" if name == "rotated" else "key.revoke"
        receipts = other.receipts(own)
        other.clear(kind, body)
        before = whole(other, own, receipts=receipts)
        other.log = SECOND
        yield name, whole(other, own, receipts=receipts)
        yield f"{name}, under the old key", before
        other.log = LOG
        other.clear(kind, {**body, "overlap_until": 1})
        yield f"{name} twice", whole(other, own, receipts=receipts)
    for targets in ([b64u(case.c(1))], [b64u(b"x" * 32)], [], [1], "x", None, [None]):
        other, own = town()
        other.clear("tombstone", {"level": "entry", "targets": targets})
        receipts = [one for at, one in enumerate(other.receipts(own)) if at != 1]
        yield (
            f"a tombstone of {targets}",
            whole(other, own, receipts=receipts, erased=[1]),
        )


def gone_on(said: int) -> tuple[Node, Chain, Chain]:
    """Return a log in which a case went on, the case, and how it was when saved."""
    node, case = town()
    saved = deepcopy(case)
    for _ in range(said):
        node.say(case)
    return node, case, saved


def _saved_before() -> Iterator[tuple[str, Whole]]:
    # Cases that went on after they were saved, and what can be wrong besides.
    for said in (1, 2, 17, 20):
        node, case, saved = gone_on(said)
        then = whole(node, saved, head=node.head(saved, 11))
        yield f"{said} more since", then
        yield f"{said} more since, without a head", replace(then, head=None)
        yield f"{said} more, and a later head", replace(then, head=node.head(case))
        yield f"{said} more, nobody saw it", replace(then, checkpoint=node.note())
        for at, _ in enumerate(then.receipts):
            rest = [*then.receipts[:at], *then.receipts[at + 1 :]]
            yield f"{said} more, without {at}", replace(then, receipts=rest)
            gone = replace(then, receipts=rest, erased=[at])
            yield f"{said} more, {at} erased", gone
        node.put(leaf_of(case, 3))
        twice = node.note(at=node.now)
        yield (
            f"{said} more, one twice",
            replace(then, leaves=[*node.leaves], checkpoint=twice),
        )
        fewer = Chain("mine", saved.entries[:2], saved.indexes[:2])
        yield f"{said} more, a false head", replace(then, head=node.head(fewer, 11))


def _attacks() -> Iterator[tuple[str, Whole]]:
    def hostile() -> tuple[Hostile, Chain]:
        made, chain = town(Hostile())
        assert isinstance(made, Hostile)
        return made, chain

    bad, chain = hostile()
    shown = bad.withhold(chain)
    yield "one withheld", whole(bad, shown)
    bad, chain = hostile()
    bad.duplicate(chain, 1)
    yield "one doubled", whole(bad, chain)
    bad, chain = hostile()
    other = bad.split_keys(chain, "half")
    yield (
        "two keys",
        whole(bad, chain, receipts=bad.receipts(chain) + bad.receipts(other)),
    )
    bad, chain = hostile()
    forked = bad.fork()
    yield "forked", whole(bad, chain, leaves=forked.leaves)
    yield "rolled back", whole(bad, chain, checkpoint=bad.roll_back(5).note(at=START))
    yield "another's chain", whole(bad, chain, receipts=bad.receipts(Chain("theirs")))
    doubled = deepcopy(bad)
    doubled.put(entry.sealed(entry.tag(chain.key, 3), noise("c")))
    yield "one more in the log", whole(doubled, chain)
    far = deepcopy(bad)
    far.put(entry.sealed(entry.tag(chain.key, 20), noise("c")))
    yield "one that is far off", whole(far, chain)


# Archives


def zipped(*, way: int = ZIP_DEFLATED, **more: bytes) -> bytes:
    """Return an archive of the case, as the node packs it."""
    node, case = town()
    return archived(_files(node, case) | more, way)


def packed(
    node: Node, case: Chain, *, without: int | None = None, named: bool = False, **how
) -> bytes:
    """Return an archive of a case; `how` says what is wrong with it.

    One that was erased can be left out, and named so.
    """
    held = _files(node, case, **how)
    if without is not None:
        del held[f"case-{without:04}.tlog-proof"]
    if named:
        held["erased"] = b"%d\n" % without
    return archived(held)


def broken(node: Node, case: Chain, which: int | None) -> list[bytes]:
    """Return a case's receipts, in one of which the index is another."""
    receipts = node.receipts(case)
    if which is not None:
        index = case.indexes[which]
        receipts[which] = receipts[which].replace(
            b"\nindex %d\n" % index, b"\nindex %d\n" % (index + 1)
        )
    return receipts


def key_of(case: Chain) -> str:
    """Return a case's key as people have it."""
    return b64u(case.key)


def _files(
    node: Node, case: Chain, *, head: object = True, keyless: bool = False, **how
) -> dict[str, bytes]:
    held = {"README.txt": b"hello"}
    if head:
        held["head"] = head if isinstance(head, bytes) else node.head(case)
    for seq, raw in enumerate(broken(node, case, how.get("broken"))):
        kept = with_extra(raw, case_key=None) if keyless else raw
        held[f"case-{seq:04}.tlog-proof"] = kept
    return held


def archived(held: dict[str, bytes], way: int = ZIP_DEFLATED) -> bytes:
    """Return an archive of these files."""
    written = BytesIO()
    with ZipFile(written, "w", way) as made:
        for name, content in held.items():
            made.writestr(name, content)
    return written.getvalue()


@cache
def archives() -> dict[str, bytes]:
    """Return archives, and what can happen to them."""
    raw, stored = zipped(), zipped(way=0)
    made = {"true": raw, "stored": stored, "empty": b"", "no archive": b"hello" * 9}
    bomb = zipped(**{"a.tlog-proof": bytes(1_000_000)})
    made |= {"one that blows up": bomb, "twice": raw + raw, "a byte more": raw + b"\0"}
    made["an odd name"] = zipped(**{"é.tlog-proof": b"x"})
    made["a broken name"] = made["an odd name"].replace("é".encode(), b"\xc3\x28")
    for text in (
        "", "0\n", "0\n12\n", "1", "1\r\n", "2\n1\n", "1\n1\n", "01\n", "-1\n", "x\n",
        "\n", "²\n", f"{2**53}\n{2**53 + 1}\n", f"{2**63}\n",
    ):  # fmt: skip
        made[f"erased {text!r}"] = zipped(erased=text.encode())
    directory = raw.index(b"PK\1\2")
    for at in [*range(0, directory, 61), *range(directory, len(raw))]:
        made[f"byte {at}"] = flipped(raw, at, 1 << at % 8)
    for at in range(0, len(raw), 97):
        made[f"cut at {at}"] = raw[:at]
        made[f"byte {at} left out"] = raw[:at] + raw[at + 1 :]
    for at in range(0, len(stored), 211):
        made[f"stored, byte {at}"] = flipped(stored, at, 1 << at % 8)
    return made
