"""Receipts and what can happen to them: the same each time, so that verifiers can be
compared on them.

Nothing here says what is right. It only says what to look at.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import pairwise

from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from ledger import author, checkpoint, entry, note, proof
from ledger.author import Channel, Proof
from ledger.cosignature import cosign
from ledger.encoding import b64, b64u, parse
from ledger.entry import Clear, Role
from ledger.note import COSIGNATURE, ML_DSA, Line, Signer
from ledger.receipt import ClearEntry, Evidence, make
from tests.ledger.test_author import PHONE_PUB, p1363, passkey_proof, signed_by_phone
from tests.ledger.test_receipt import RECEIPT, with_checkpoint, with_extra
from tests.ledger.worked import (
    ADA,
    AT,
    CASE_KEY,
    EXAMPLE,
    LOG,
    ORIGIN,
    STATEMENTS,
    VECTORS,
    WITNESS,
    published,
    receipt_of,
    sealed,
    seed,
    statement,
)

#: Every so many bytes of a receipt, one is changed.
STEP = 11

POLICY = (
    f"log {EXAMPLE['log_vkey']}\n"
    f"witness partner {EXAMPLE['witness_vkey']}\nquorum partner\n"
)


@dataclass(frozen=True)
class Reader:
    """What somebody knows who checks a receipt."""

    policy: bytes = POLICY.encode()
    statements: tuple[str, ...] = ()
    authors: tuple[tuple[str, str], ...] = ()
    hosts: tuple[str, ...] = ()
    notes: tuple[bytes, ...] = ()
    case_key: str | None = None
    bundle: bytes | None = None


SEEN = entry.Seen(b"r" * 32, 5)
_KEPT_TEXT = checkpoint.text(ORIGIN, 5, b"r" * 32)
KEPT = note.sign(_KEPT_TEXT, LOG) + cosign(_KEPT_TEXT, WITNESS, 1795370000).encode()

READERS = {
    "with a policy": Reader(),
    "without witnesses": Reader(
        f"# ours\nlog {EXAMPLE['log_vkey']}\nquorum none".encode()
    ),
    "of another log": Reader(b"quorum none\n"),
    "who knows people": Reader(
        statements=(EXAMPLE["statements_vkey"],),
        authors=((author.key_id(ADA.vkey.key), "Ada"),),
        notes=(KEPT,),
    ),
    "who knows another node": Reader(
        statements=(str(ADA.vkey),), hosts=("other.example",), notes=(KEPT[:-1],)
    ),
    "with another key": Reader(case_key=b64u(b"k" * 32)),
    "with the entries": Reader(bundle=bytes.fromhex(EXAMPLE["entry_bundle"])),
}


def receipts() -> dict[str, bytes]:
    """Return receipts of every kind, most of them true."""
    return {
        "the worked example": RECEIPT,
        "without its key": with_extra(RECEIPT, case_key=None),
        **{f"without its key, at {n}": _elsewhere(n) for n in (0, 2, 300)},
        "one field": with_extra(RECEIPT, d=[EXAMPLE["disclosures"][1]["disclosure"]]),
        **{name: receipt_of(it) for name, it in _sealed().items()},
        **dict(_clear()),
        **{f"fraud case {n}": raw for n, raw in enumerate(_frauds())},
        "not witnessed": receipt_of(_own(), at=None),
        "a witness without a clock": receipt_of(_own(), at=0),
        "after all calendars": receipt_of(_own(), at=2**62),
        "a time that is none": receipt_of(_own(), at=2**63),
    }


def _elsewhere(index: int) -> bytes:
    found = proof.read(with_extra(RECEIPT, case_key=None))
    return proof.write(found.extra, index, found.hashes, found.checkpoint)


def _own(s: bytes = b"", **changes):
    s = s or statement()
    return sealed(s, author.sign(s, ADA), **changes)


def _sealed():
    s, held = statement(), author.evidence(b"s" * 32, b'{"id":"a"}')
    plain = author.message(s)
    phone = Proof("es256", PHONE_PUB, p1363(signed_by_phone(plain)))
    attested = sealed(s, author.attest(s, Channel.PHONE, held, STATEMENTS))
    ack = statement(kind="ack", ts=AT - 600_001)
    return {
        "a passkey": sealed(s, passkey_proof(s=s)),
        "a passkey of Ed25519": sealed(s, passkey_proof(s=s, alg="webauthn-ed25519")),
        "a passkey that nobody unlocked": sealed(s, passkey_proof(s=s, flags=1)),
        "a passkey of another site": sealed(s, passkey_proof(s=s, rp="other.example")),
        "a passkey for another statement": sealed(s, passkey_proof(s=plain)),
        "a passkey that was made": sealed(
            s, passkey_proof(s=s, type="webauthn.create")
        ),
        "a phone": sealed(s, author.write(phone)),
        "a phone that signed nothing": sealed(
            s, author.write(replace(phone, sig=b"\1" * 64))
        ),
        "a key on no curve": sealed(
            s, author.write(replace(phone, pub=b"\4" + b"\5" * 64))
        ),
        "a compressed key": sealed(
            s, author.write(replace(phone, pub=b"\2" + PHONE_PUB[1:33]))
        ),
        "a short signature": sealed(s, author.write(replace(phone, sig=b"\1" * 63))),
        "a short key": sealed(s, author.write(Proof("ed25519", b"k" * 31, b"s" * 64))),
        "a forged one": sealed(
            s, author.write(Proof("ed25519", ADA.vkey.key, b"x" * 64))
        ),
        "attested": attested,
        "attested, by pigeon": replace(
            attested, p=attested.p.replace(b'"phone"', b'"pigeon"')
        ),
        "attested, with evidence": replace(
            attested, evidence=Evidence(b"s" * 32, b'{"id":"a"}')
        ),
        "attested, other evidence": replace(
            attested, evidence=Evidence(b"s" * 32, b'{"id":"b"}')
        ),
        "evidence for nothing": replace(_own(), evidence=Evidence(b"s" * 32, b"{}")),
        "the node itself": sealed(
            ack, author.sign(ack, STATEMENTS), role=Role.NODE, seq=1, prev=b"p" * 32
        ),
        "an advocate": _own(role=Role.ADVOCATE),
        "another chain": _own(case=b"x" * 16),
        "another key": _own(kc=b"x" * 32),
        "another kind": _own(kind="claim"),
        "another statement": _own(stmt=b"x" * 32),
        "another proof": _own(proof=b"x" * 32),
        "another author": _own(key=b64u(b"x" * 16)),
        "another log": _own(statement(log="other.example/ledger")),
        "with what its author had seen": _own(statement(seen=SEEN)),
        "a statement without a chain": _own(statement(case=None, kc=None)),
    }


def _clear() -> Iterator[tuple[str, bytes]]:
    plain = Clear(
        log=ORIGIN, seq=3, prev=b"p" * 32, at=AT, kind="policy",
        body={"policy": "quorum none\n"}, payload={"event": b"e" * 32},
    )  # fmt: skip
    for name, leaf in {
        "clear": plain,
        "clear and signed": replace(plain, stmt=b"s" * 32, proof=b"p" * 32),
        "clear, of governance": replace(plain, kind="gov.rule.adopted"),
        "clear, of another log": replace(plain, log="other.example/ledger"),
    }.items():
        yield name, _of_leaf(entry.clear(leaf))
    data, hash_ = entry.clear(plain), f'"{b64u(b"p" * 32)}"'.encode()
    for old, new in {
        b'"kind":"policy"': b'"kind":"submission"',
        b'"proof":null': b'"proof":' + hash_,
        b'"stmt":null': b'"stmt":' + hash_,
        b'"payload":{"event":"': b'"payload":{"event":"A',
        b'"at":1': b'"at":-1',
        b'"seq":3': b'"seq":"3"',
    }.items():
        yield f"clear, {new.decode()}", _of_leaf(data.replace(old, new))
    genesis = bytes.fromhex(EXAMPLE["leaves"][0])
    found = proof.read(RECEIPT)
    for leaf in (genesis, bytes.fromhex(EXAMPLE["leaves"][1]), b"\2", b""):
        name = f"a leaf that begins with {leaf[:1].hex()}"
        clear = with_extra(
            RECEIPT, leaf=b64u(leaf),
            **dict.fromkeys(("e", "s", "p", "nonce", "d", "case_key", "vkeys")),
        )  # fmt: skip
        yield (
            name,
            proof.write(proof.read(clear).extra, 0, found.hashes, found.checkpoint),
        )


def _of_leaf(data: bytes) -> bytes:
    hashes, signed = published(data)
    return make(ClearEntry(data), 1, hashes, signed)


def _frauds() -> Iterator[bytes]:
    # What the other vectors hold: receipts, and notes that can stand in one.
    frauds = json.loads((VECTORS / "folkmoot-v1/fraud-cases.json").read_text())
    notes = set()
    for case in frauds["cases"]:
        fraud = case["fraud"]
        notes |= {*fraud.get("notes", []), fraud.get("head", KEPT.decode())}
        if "receipt" in fraud:
            yield fraud["receipt"].encode()
    witness = json.loads((VECTORS / "folkmoot-v1/witness-cases.json").read_text())
    for case in witness["cases"]:
        notes.add(case["body"].partition("\n\n")[2])
    for one in sorted(notes):
        yield with_checkpoint(RECEIPT, one.encode())


def damaged() -> dict[str, bytes]:
    """Return what is left of the worked receipt after all that can happen to it."""
    made: dict[str, bytes] = {}
    for at in range(0, len(RECEIPT), STEP):
        made[f"byte {at} flipped"] = flipped(RECEIPT, at, 1 << at % 8)
    for at in range(0, len(RECEIPT), 8 * STEP):
        made[f"cut at {at}"] = RECEIPT[:at]
        made[f"byte {at} left out"] = RECEIPT[:at] + RECEIPT[at + 1 :]
        made[f"byte {at} twice"] = RECEIPT[: at + 1] + RECEIPT[at:]
    return made | dict(_lines()) | dict(_parts()) | dict(_inside()) | dict(_rest())


def flipped(raw: bytes, at: int, bit: int) -> bytes:
    """Return bytes, one of which has some bits turned round."""
    return raw[:at] + bytes([raw[at] ^ bit]) + raw[at + 1 :]


def _lines() -> Iterator[tuple[str, bytes]]:
    lines = RECEIPT.split(b"\n")
    for at, line in enumerate(lines):
        before, after = lines[:at], lines[at + 1 :]
        yield f"line {at} dropped", b"\n".join([*before, *after])
        yield f"line {at} twice", b"\n".join([*before, line, line, *after])
        yield f"line {at} indented", b"\n".join([*before, b" " + line, *after])
        yield f"line {at} with a return", b"\n".join([*before, line + b"\r", *after])
    for at, (one, other) in enumerate(pairwise(lines)):
        swapped = [*lines[:at], other, one, *lines[at + 2 :]]
        yield f"lines {at} and {at + 1} swapped", b"\n".join(swapped)


def _parts() -> Iterator[tuple[str, bytes]]:
    mine = proof.read(RECEIPT)
    hashes = mine.hashes
    theirs = proof.read(receipt_of(_own(statement(nonce=b"o" * 16))))
    yield (
        "their proof",
        proof.write(mine.extra, theirs.index, theirs.hashes, theirs.checkpoint),
    )
    yield "their entry", proof.write(theirs.extra, 1, hashes, mine.checkpoint)
    yield "their checkpoint", with_checkpoint(RECEIPT, theirs.checkpoint)
    for name, index, other in (
        *[(f"index {n}", n, hashes) for n in (0, 2, 7, 8, 9, 2**53, 2**63 - 1, 2**63)],
        ("no hashes", 1, ()),
        ("hashes reversed", 1, hashes[::-1]),
        ("a hash more", 1, (*hashes, hashes[0])),
        ("63 hashes", 1, hashes[:1] * 63),
        ("64 hashes", 1, hashes[:1] * 64),
        ("a short hash", 1, (hashes[0][:31], *hashes[1:])),
    ):
        yield name, proof.write(mine.extra, index, other, mine.checkpoint)
    for extra in (None, b"", b"hello", b"null", b"[]", b"{}", b"\xff", b'"text"'):
        yield f"extra {extra!r}", proof.write(extra, 1, hashes, mine.checkpoint)
    deep = b"[" * 60_000 + b"]" * 60_000
    yield "far too deep", proof.write(deep, 1, hashes, mine.checkpoint)
    for size in (b"1", b"7", b"08", b"-8", b"8.0", b"9223372036854775808", b""):
        other = mine.checkpoint.replace(b"\n8\n", b"\n" + size + b"\n")
        yield f"size {size.decode()}", with_checkpoint(RECEIPT, other)
    for root in (b"AAAA", b"A" * 44, b"A" * 43 + b"="):
        at = mine.checkpoint.index(b"\n8\n") + 3
        other = mine.checkpoint[:at] + root + mine.checkpoint[at + 44 :]
        yield f"root {root.decode()}", with_checkpoint(RECEIPT, other)
    for origin in (b"other.example/ledger", b"", "nö.example/ledger".encode()):
        other = mine.checkpoint.replace(b"node.example/ledger", origin)
        yield f"origin {origin!r}", with_checkpoint(RECEIPT, other)


def _inside() -> Iterator[tuple[str, bytes]]:
    # Below base64: bytes of the parts, flipped, and members that do not belong.
    members = parse(proof.read(RECEIPT).extra, limit=proof.LIMIT)
    raws = {
        "e": EXAMPLE["entry_utf8"].encode(),
        "s": EXAMPLE["statement_utf8"].encode(),
        "p": EXAMPLE["proof_utf8"].encode(),
        "nonce": bytes.fromhex(EXAMPLE["nonce"]),
        "case_key": CASE_KEY,
    }
    for name, raw in raws.items():
        for at in range(0, len(raw), 2 * STEP):
            damage = b64u(flipped(raw, at, 4))
            yield f"{name} byte {at}", with_extra(RECEIPT, **{name: damage})
        yield f"{name} left out", with_extra(RECEIPT, **{name: None})
        yield f"{name} empty", with_extra(RECEIPT, **{name: ""})
        yield f"{name} a number", with_extra(RECEIPT, **{name: 1})
    for name in ("e", "s", "p"):
        for how, raw in respelled(json.loads(raws[name]), raws[name]):
            yield f"{name} {how}", with_extra(RECEIPT, **{name: b64u(raw)})
    for at, shown in enumerate(_shown(members["d"])):
        yield f"fields {at}", with_extra(RECEIPT, d=shown)
    for name, value in {
        "t": "folkmoot.receipt/2", "more": 1, "rot": [], "vkeys": 1, "ev": 1,
        "leaf": b64u(b"\1" * 49),
    }.items():  # fmt: skip
        yield f"member {name}", with_extra(RECEIPT, **{name: value})
    short = {"salt": b64u(b"s"), "json": b64u(b"{}")}
    for ev in ({}, short, {"salt": b64u(b"s" * 32), "json": b64u(b"{}"), "x": 1}):
        yield f"evidence {len(str(ev))}", with_extra(RECEIPT, ev=ev)


def respelled(members, raw: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield what is left of a JSON object after all that can happen to it."""
    yield "with a space", raw.replace(b",", b", ", 1)
    yield "out of order", json.dumps(dict(reversed(members.items()))).encode()
    yield "a member twice", raw[:-1] + b',"t":"folkmoot.statement/1"}'
    yield "a fraction", raw.replace(b"}", b',"z":1.0}')
    yield "an exponent", raw.replace(b"}", b',"z":1e3}')
    yield "not a number", raw.replace(b"}", b',"z":NaN}')
    yield "minus nothing", raw.replace(b"}", b',"z":-0}')
    yield "a large number", raw.replace(b"}", b',"z":9007199254740992}')
    yield "half a character", raw.replace(b"}", b',"z":"\\ud800"}')
    yield "an escape", raw.replace(b"folkmoot", b"\\u0066olkmoot")
    yield "too deep", raw.replace(b"}", b',"z":' + b"[" * 8 + b"]" * 8 + b"}")
    yield "an odd name", raw.replace(b"}", b',"\xc3\xa9":1}')
    yield "a constructor", raw.replace(b"}", b',"__proto__":{}}')
    yield "too long", raw.replace(b"}", b',"z":"' + b"x" * 8192 + b'"}')
    yield "a mark before it", b"\xef\xbb\xbf" + raw
    yield "no UTF-8", raw.replace(b"folkmoot", b"\xff")
    yield "cut", raw[:-1]
    yield "twice", raw + raw
    yield "a list", b"[" + raw + b"]"
    root = b64u(b"r" * 32)
    for seen in (
        {"root": root},
        {"root": root, "size": 5, "x": 1},
        {"root": root, "size": 5},
    ):
        yield f"seen = {seen}", plain({**members, "seen": seen})
    for count in (64, 65):
        many = sorted(b64u(bytes([n]) * 32) for n in range(count))
        yield f"{count} fields", plain({**members, "fields": many})
    fields = members.get("fields", [])
    yield "fields out of order", plain({**members, "fields": fields[::-1]})
    yield "a field twice", plain({**members, "fields": fields[:1] * 2})
    for name in members:
        rest = {key: value for key, value in members.items() if key != name}
        yield f"without {name}", plain(rest)
        for value in (None, "", 0, -1, True, [], {}, "é", "A" * 43):
            yield f"{name} = {value!r}", plain({**members, name: value})


def plain(members) -> bytes:
    """Spell JSON as ours is spelled, also where our profile would refuse it."""
    return json.dumps(
        members, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    ).encode()


def _shown(fields) -> Iterator[list[object]]:
    one = fields[0]
    yield [one, one]
    yield [*reversed(fields)]
    yield [one[:-1]]
    yield [one + "="]
    yield [entry.disclose(b"s" * 16, "text", "All is well")]
    yield [b64u(b'["c2hvcnQ","text","x"]')]
    yield [b64u(b'["AAAAAAAAAAAAAAAAAAAAAA","text"]')]
    yield [b64u(b'"abc"')]
    yield [b64u(b"null")]
    yield [b64u(plain(["AAAAAAAAAAAAAAAAAAAAAA", "text", "x" * 4095]))]
    yield [entry.disclose(bytes([n]) * 16, "a", "x" * 4000) for n in range(13)]
    yield ["é" * 30_000] * 3
    yield [1]


def _rest() -> Iterator[tuple[str, bytes]]:
    text = note.parse(proof.read(RECEIPT).checkpoint).text
    yield "empty", b""
    yield "a letter with an accent", RECEIPT.replace(b"extra e", "extra é".encode())
    signed = proof.read(RECEIPT).checkpoint.removeprefix(text)
    yield "a long note", with_checkpoint(RECEIPT, text + b"x" * 2**16 + b"\n" + signed)
    yield "too long", RECEIPT + b"x" * proof.LIMIT
    yield "its hash", sha256(RECEIPT).hexdigest().encode()
    line = cosign(text, WITNESS, 5000).encode()
    yield "an earlier witness", RECEIPT + line
    yield "a broken witness", RECEIPT + flipped(line, len(line) - 12, 2)
    for size in (1, 7, 8, 71, 73):
        short = Line(WITNESS.name, WITNESS.vkey.id, b"\1" * size).encode()
        yield f"a witness of {size} bytes", RECEIPT + short
    empty = f"\N{EM DASH} s {b64(b'1234')}\n".encode()
    yield "a signature of no bytes", RECEIPT + empty
    yield "a stranger", RECEIPT + Line("stranger.example", b"1234", b"x" * 72).encode()
    yield "64 strangers", RECEIPT + Line("s", b"1234", b"x").encode() * 62
    yield "65 strangers", RECEIPT + Line("s", b"1234", b"x").encode() * 63
    for name in ("a\N{NO-BREAK SPACE}b", "a+b", "a\u0085b", "a\ufeffb", "\N{EM DASH}"):
        raw = f"\N{EM DASH} {name} AAAAAAAA\n".encode()
        yield f"a witness named {name!r}", RECEIPT + raw
    yield (
        "a log that signs twice",
        RECEIPT + flipped(note.sign(text, LOG).removeprefix(text + b"\n"), 40, 1),
    )


def of_tomorrow() -> tuple[bytes, dict[str, Reader]]:
    """Return a receipt with signatures of ML-DSA, and who has the keys of those."""
    key = MLDSA44PrivateKey.from_seed_bytes(b"s" * 32)
    log, witness = Signer(ORIGIN, ML_DSA, key), Signer("pq.example", ML_DSA, key)
    text = note.parse(proof.read(RECEIPT).checkpoint).text
    lines = [cosign(text, signer, 5000).encode() for signer in (log, witness)]
    readers = {
        "log": Reader(f"log {log.vkey}\n{POLICY}".encode()),
        "witnesses": Reader(f"witness pq {witness.vkey}\n{POLICY}".encode()),
    }
    return RECEIPT + b"".join(lines), readers


def policies() -> dict[str, bytes]:
    """Return policies, good and bad."""
    log, ours = f"log {EXAMPLE['log_vkey']}", f"witness a {EXAMPLE['witness_vkey']}"
    keys = [Signer(f"w{n}.example", COSIGNATURE, seed(n + 20)).vkey for n in range(66)]
    three = "\n".join([f"witness w{n} {keys[n]}" for n in range(3)])
    strong = MLDSA44PrivateKey.from_seed_bytes(b"s" * 32)
    pq = Signer("pq.example", ML_DSA, strong).vkey
    name, id_, rest = str(LOG.vkey).split("+", 2)
    groups = ("any", "all", "1", "2", "3", "4", "0", "01", "x", "constructor")
    texts = {
        "whole": POLICY,
        "with an address": f"{log}\thttps://node.example/ledger\n\n#\nquorum none",
        "with tabs": f"\t{log}  \n  {ours} https://a.example\t\nquorum a",
        "no quorum": f"{log}\n",
        "two quorums": "quorum none\nquorum none\n",
        "an unknown quorum": "quorum a\n",
        "a return": f"{log}\r\nquorum none\r\n",
        "a word more": f"{log} a b\nquorum none",
        "a word less": "log\nquorum none",
        "another word": "trust everybody\nquorum none",
        "the log twice": f"{log}\n{log}\nquorum none",
        "a witness named none": f"witness none {EXAMPLE['witness_vkey']}\nquorum none",
        "a key under two names": f"{ours}\n{ours.replace(' a ', ' b ')}\nquorum a",
        "a log as a witness": f"witness a {EXAMPLE['log_vkey']}\nquorum a",
        "a witness as a log": f"log {EXAMPLE['witness_vkey']}\nquorum none",
        "ML-DSA": f"log {pq}\nquorum none",
        "no vkey": "log a\nquorum none",
        "another id": f"log {name}+00000000+{rest}\nquorum none",
        "capitals": f"log {name}+{id_.upper()}+{rest}\nquorum none",
        "another name": f"log x{name}+{id_}+{rest}\nquorum none",
        "a short key": f"log {name}+{id_}+{rest[:-4]}\nquorum none",
        "no base64": f"log {name}+{id_}+{rest[:-1]}\nquorum none",
        "an odd name": f"log n\N{NO-BREAK SPACE}{name}+{id_}+{rest}\nquorum none",
        "a key that is too short": _odd_key(b"\1" + b"k" * 31),
        "a key of no kind": _odd_key(b"\2" + b"k" * 32),
        "64 witnesses": _many(keys[:64]),
        "65 witnesses": _many(keys[:65]),
        "an empty group": "group g all\nquorum g",
        "a group of strangers": "group g any a b\nquorum g",
        "a group of itself": f"{three}\ngroup g any g\nquorum g",
        "twice in a group": f"{three}\ngroup g any w0 w0\nquorum g",
        "in two groups": f"{three}\ngroup g any w0\ngroup h any w0\nquorum g",
        "groups in a group": f"{three}\ngroup g any w0 w1\ngroup h all g w2\nquorum h",
        **{
            f"a group of {k}": f"{three}\ngroup g {k} w0 w1 w2\nquorum g"
            for k in groups
        },
    }
    raws = {name: text.encode() for name, text in texts.items()}
    odd = b"witness \xff\xfe " + EXAMPLE["witness_vkey"].encode() + b"\nquorum \xff\xfe"
    return raws | {"odd names": odd, "no text": b"\0", "no UTF-8": b"log \xff+1+AA==\n"}


def _odd_key(raw: bytes) -> str:
    id_ = sha256(b"n\n" + raw).hexdigest()[:8]
    return f"log n+{id_}+{b64(raw)}\nquorum none"


def _many(keys) -> str:
    rows = [f"witness w{n} {key}" for n, key in enumerate(keys)]
    return "\n".join([*rows, "quorum w0"])
