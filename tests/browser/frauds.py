"""Fraud files, true and false, and what can happen to them."""

import json
from collections.abc import Iterator
from functools import cache

from ledger import fraud
from ledger.encoding import b64u, canonical
from tests.browser import damage
from tests.browser.damage import Reader, flipped, plain, respelled
from tests.ledger.worked import VECTORS

#: Every so many bytes of a file, one is changed.
STEP = 23
_GIVEN = json.loads((VECTORS / "folkmoot-v1/fraud-cases.json").read_text())
_LOG = f"log {_GIVEN['log_vkey']}\n"
_KNOWN = f"witness partner {_GIVEN['witness_vkey']}\nquorum partner\n"

READERS = {
    "who knows all keys": Reader(
        (_LOG + _KNOWN).encode(), statements=(_GIVEN["statements_vkey"],)
    ),
    "who knows no witness": Reader(
        f"{_LOG}quorum none\n".encode(), statements=(_GIVEN["statements_vkey"],)
    ),
    "who knows no statements": Reader((_LOG + _KNOWN).encode()),
    "who knows another log": Reader(_KNOWN.encode()),
}


@cache
def cases() -> dict[str, bytes]:
    """Return the published cases."""
    return {
        f"{number}: {case['why']}": canonical(case["fraud"], limit=fraud.LIMIT)
        for number, case in enumerate(_GIVEN["cases"])
    }


def kinds() -> dict[str, bytes]:
    """Return one that holds of each kind."""
    held = {
        case["fraud"]["kind"]: case["fraud"]
        for case in reversed(_GIVEN["cases"])
        if case["valid"]
    }
    return {name: canonical(one, limit=fraud.LIMIT) for name, one in held.items()}


@cache
def damaged() -> dict[str, bytes]:
    """Return what is left of each kind after all that can happen to it."""
    made: dict[str, bytes] = {}
    for kind, raw in kinds().items():
        for at in range(0, len(raw), STEP):
            made[f"{kind}: byte {at} flipped"] = flipped(raw, at, 1 << at % 8)
        for at in range(0, len(raw), 16 * STEP):
            made[f"{kind}: cut at {at}"] = raw[:at]
        members = json.loads(raw)
        for how, one in respelled(members, raw):
            made[f"{kind}: {how}"] = one
        made |= {f"{kind}: {how}": plain(one) for how, one in _swapped(members)}
    made["empty"] = b""
    made["too long"] = plain({"t": "x" * fraud.LIMIT})
    return made


def _swapped(members: dict) -> Iterator[tuple[str, dict]]:
    # Members that are well formed, but those of something else.
    others = {one: json.loads(raw) for one, raw in kinds().items()}
    for kind, other in others.items():
        for name in members.keys() & other.keys():
            yield f"{name} of {kind}", {**members, name: other[name]}
        yield f"with all of {kind}", {**members, **other}
        yield f"called {kind}", {**members, "kind": kind}
    for name in ("notes", "leaves", "path"):
        given = members.get(name, [])
        yield f"{name} reversed", {**members, name: given[::-1]}
        yield f"{name} once", {**members, name: given[:1]}
        yield f"{name} twice", {**members, name: [*given, *given]}
        yield f"first of {name} twice", {**members, name: given[:1] * 2}
        yield f"{name} = 64 hashes", {**members, name: [b64u(b"h" * 32)] * 64}
    for key in ("log", "statements", "witness"):
        for name in ("log_vkey", "statements_vkey", "witness_vkey"):
            yield f"{key} = {name}", {**members, key: _GIVEN[name]}
    for name in ("head", "receipt"):
        if name in members:
            for at in range(0, len(members[name]), 3 * STEP):
                text = flipped(members[name].encode(), at, 1)
                yield f"{name} {at}", {**members, name: text.decode("latin1")}
    if "receipt" in members:
        clear = damage.receipts()["clear"].decode()
        yield "a clear receipt", {**members, "receipt": clear}
