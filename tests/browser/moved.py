"""Whole cases over two logs, true and false: a second goes on where one ended."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

from ledger import entry, fraud
from ledger.included import Included
from ledger.receipt import head_note, read_head
from tests.browser.damage import flipped
from tests.browser.wholes import Whole, archived
from tests.ledger.honest import START, Chain, Moved, leaf_of, noise
from tests.ledger.worked import STATEMENTS, WITNESS

#: After both logs were signed for the last time.
LATE = (START + 1000) * 1000


def held(it: Moved, number: int, *without: int, **changes) -> Whole:
    """Return what is held of a case, and all leaves of one of its logs."""
    node = it.nodes[number]
    given = {
        "receipts": it.receipts(*without), "leaves": [*node.leaves],
        "checkpoint": node.note(at=node.now), "key": it.case.key,
        "head": it.head(number), "erased": [*without],
    }  # fmt: skip
    return Whole(**{**given, **changes})


def cases() -> Iterator[tuple[str, Whole]]:
    """Return whole cases over two logs, and what can be wrong with them."""
    for counts in ((3, 2), (2, 2, 2), (3, 0), (0, 3), (2, 0, 2)):
        for number in range(len(counts)):
            name = f"{counts} in {number}"
            it = Moved(*counts)
            yield name, held(it, number)
            yield from _erased(name, it, number)
    for number in (0, 1):
        for source in (_shown, _recorded, _said, _headed):
            for name, one in source(number):
                yield f"moved, in {number}, {name}", one

    for name, one in _between():
        yield f"between two logs, {name}", one


def _between() -> Iterator[tuple[str, Whole]]:
    # A log without an entry of the chain, between two that have some.
    it = Moved(3, 0, 3)
    honest = read_head(it.head(1), [STATEMENTS.vkey])
    for gone in ((1,), (4,), (2,), (2, 3), (0, 5), (0, 1, 2), (3, 4, 5)):
        for count in range(8):
            for last in (count - 1, 2):
                c = it.case.c(last) if 0 <= last < 6 else None
                said = replace(honest, count=count, head=c)
                head = head_note(said, STATEMENTS)
                yield f"{gone} erased, {count}, {last}", held(it, 1, *gone, head=head)


def _erased(name: str, it: Moved, number: int) -> Iterator[tuple[str, Whole]]:
    numbers = range(len(it.where) + 1)
    some = [*combinations(numbers, 1), *combinations(numbers, 2), tuple(numbers)[:-1]]
    for gone in some:
        yield f"{name} without {gone}", held(it, number, *gone, erased=[])
        yield f"{name} but {gone}, erased", held(it, number, *gone)
        yield f"{name} and {gone}, erased", held(it, number, erased=[*gone])


def _shown(number: int) -> Iterator[tuple[str, Whole]]:
    it = Moved(3, 2)
    true = held(it, number)
    yield "reversed", replace(true, receipts=true.receipts[::-1])
    for at, one in enumerate(true.receipts):
        rest = [*true.receipts[:at], *true.receipts[at + 1 :]]
        yield f"{at} twice", replace(true, receipts=[*true.receipts, one])
        for byte in range(0, len(one), 397):
            yield (
                f"{at} with byte {byte}",
                replace(true, receipts=[*rest, flipped(one, byte, 1)]),
            )
    twin = Chain("mine", it.case.entries[:2], it.case.indexes[:2])
    it.nodes[1].say(twin)
    again = it.nodes[1].receipt(twin, 2)
    for receipts in ([*true.receipts, again], [again, *true.receipts]):
        yield f"a number twice {len(receipts[0])}", held(it, number, receipts=receipts)


def _recorded(number: int) -> Iterator[tuple[str, Whole]]:
    for seq in range(6):
        it = Moved(3, 2)
        leaf = entry.sealed(entry.tag(it.case.key, seq), noise("twin"))
        it.nodes[number].put(leaf)
        yield f"tag {seq} once more", held(it, number)
        yield f"tag {seq} once more, and erased", held(it, number, seq)
        if seq < 5:
            it = Moved(3, 2)
            it.nodes[number].put(leaf_of(it.case, seq))
            yield f"leaf {seq} once more", held(it, number)
    for at in range(4):
        it = Moved(3, 2)
        it.nodes[number].leaves[at] = entry.cover(bytes(48))
        yield f"leaf {at} covered", held(it, number)
        for seq in range(5):
            yield f"leaf {at} covered, {seq} erased", held(it, number, seq)


def _said(number: int) -> Iterator[tuple[str, Whole]]:
    for where in (0, 1):
        for changes in (
            {}, {"prev": noise("else")}, {"at": 1}, {"seq": 7},
            {"seq": 1}, {"case": b"x" * 16}, {"log": "other.example/ledger"},
            {"log": "other.example/ledger/2"}, {"log": "node.example/ledger/02"},
        ):  # fmt: skip
            it = Moved(3, 2)
            it.say(where, **{"at": LATE, **changes})
            name = f"said in {where}, {changes}"
            yield name, held(it, number)
            yield f"{name}, and erased", held(it, number, 5)


def _headed(number: int) -> Iterator[tuple[str, Whole]]:
    it = Moved(3, 2)
    true = held(it, number)
    for size in range(it.nodes[number].size + 1):
        yield f"head at {size}", replace(true, head=it.head(number, size))
        for seq in (2, 3, 4):
            gone = held(it, number, seq, head=it.head(number, size))
            yield f"head at {size}, {seq} erased", gone
    yield "head of the other", replace(true, head=it.head(1 - number))
    for count in (0, 1, 3, 4):
        fewer = Moved(count) if count <= 3 else Moved(3, 1)
        log = min(number, len(fewer.nodes) - 1)
        yield f"head of {count}", replace(true, head=fewer.head(log))
    yield "no head", replace(true, head=None)
    for size in (1, 2):
        node = it.nodes[number]
        yield (
            f"at size {size}",
            replace(
                true, leaves=node.leaves[:size], checkpoint=node.note(size, at=node.now)
            ),
        )
    yield "seen late", replace(true, checkpoint=it.nodes[number].note(at=START + 10**6))
    yield "seen early", replace(true, checkpoint=it.nodes[number].note(at=START - 900))


def zipped(it: Moved, number: int, *without: int) -> bytes:
    """Return an archive of the case, with the note on it by one of the logs."""
    held = {"head": it.head(number)}
    for seq, raw in enumerate(it.receipts(*without)):
        held[f"case-{seq:04}.tlog-proof"] = raw
    return archived(held)


def frauds() -> dict[str, bytes]:
    """Return files that accuse one log by what another of the same host signed."""
    it, made = Moved(3, 2), {}
    it.nodes[1].put(entry.sealed(entry.tag(it.case.key, 0), noise("again")))
    leaves = [
        Included(index, node.leaves[index], tuple(node.proof(index)))
        for node, index in (
            (it.nodes[0], it.case.indexes[0]),
            (it.nodes[1], it.nodes[1].size - 1),
        )
    ]
    signed = [node.note(at=node.now) for node in it.nodes]
    path = fraud.explicit(2, it.nodes[0].size, it.nodes[0].read)
    for at, node in enumerate(it.nodes):
        log = node.log.vkey
        made[f"split {at}"] = fraud.split(log, *signed)
        made[f"rewrite {at}"] = fraud.rewrite(log, it.nodes[1].note(2), signed[0], path)
        for which in (0, 1):
            made[f"twin {at} {which}"] = fraud.twin(log, signed[which], *leaves)
            for count in (None, 0, 2):
                honest = read_head(it.head(which), [STATEMENTS.vkey])
                short = {} if count is None else {"count": count, "head": it.case.c(0)}
                head = head_note(replace(honest, **short, at=START + 9999), STATEMENTS)
                told, name = fraud.Told(STATEMENTS.vkey, head), f"{at} {which} {count}"
                for seq, receipt in enumerate(it.receipts()):
                    raw = fraud.withheld(log, told, receipt)
                    made[f"withheld {name} {seq}"] = raw
                raw = fraud.rollback(log, told, WITNESS.vkey, signed[0])
                made[f"rollback {name}"] = raw
    return made
