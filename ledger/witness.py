"""What a witness answers (C2SP tlog-witness): one decision, from bytes and one record.

Whoever keeps the record locks it, asks here, and stores the new record for good before
anybody hears the answer. Then no two histories of one log are ever both cosigned.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ledger import checkpoint, cosignature, note
from ledger.checkpoint import Checkpoint
from ledger.encoding import b64, number, unb64
from ledger.errors import Invalid
from ledger.note import Signer, Unchecked, VKey
from ledger.tree import EMPTY, HASH, LONGEST, fold_consistency, verify_consistency

#: The most a body may take: a note, and 63 hashes with the size before it.
LIMIT = note.LIMIT + 4_096
TEXT = "text/plain; charset=utf-8"
#: What a recorded size is answered as.
SIZE = "text/x.tlog.size"
#: What a refused body proves together with the record: two roots for one size, or a
#: tree that does not begin with the one that was signed before.
SPLIT, REWRITE = "split", "rewrite"
#: The log signed it, but the proof may be anybody's.
UNPROVEN = "unproven"
_MALFORMED = "add-checkpoint-malformed"


@dataclass(frozen=True, slots=True)
class Asked:
    """A body taken apart. Nothing in it is known to be true yet."""

    old: int
    proof: tuple[bytes, ...]
    found: Unchecked
    stated: Checkpoint


@dataclass(frozen=True, slots=True)
class Record:
    """The size and root that a witness cosigned last for one log."""

    size: int
    root: bytes


@dataclass(frozen=True, slots=True)
class Decision:
    """What is answered; and if it is 200, what must be on disk before that."""

    status: int
    content_type: str
    body: bytes
    record: Record | None = None
    #: The checkpoint with the log's signatures and ours.
    note: bytes = b""
    #: What the refused body is kept for; empty if for nothing.
    evidence: str = ""


def write(old: int, proof: Sequence[bytes], signed: bytes) -> bytes:
    """Return the body that asks for a cosignature on a checkpoint."""
    lines = [f"old {old}", *[b64(part) for part in proof], "\n"]
    return "\n".join(lines).encode() + signed


def read(body: bytes) -> Asked:
    """Take a body apart, strictly."""
    if len(body) > LIMIT:
        raise Invalid(_MALFORMED, f"A body has at most {LIMIT} bytes.")
    head, gap, signed = body.partition(b"\n\n")
    try:
        first, *lines = head.decode("ascii").split("\n")
    except UnicodeDecodeError as error:
        raise Invalid(_MALFORMED, "This asks for no cosignature.") from error
    if not gap or not first.startswith("old "):
        raise Invalid(_MALFORMED, "This asks for no cosignature.")
    if len(lines) > LONGEST:
        raise Invalid(_MALFORMED, "A proof has at most 63 hashes.")
    old = number(first.removeprefix("old "))
    proof = tuple([unb64(line) for line in lines])
    if any(len(part) != HASH for part in proof):
        raise Invalid(_MALFORMED, "A hash has 32 bytes.")
    found = note.parse(signed)
    return Asked(old, proof, found, checkpoint.parse(found.text))


def decide(
    body: bytes,
    known: Mapping[str, Sequence[VKey]],
    state: Record | None,
    signer: Signer,
    at: int,
) -> Decision:
    """Decide what a body is answered; `state` is the record of the log it is about.

    `known` holds the log keys of each origin, `at` is in seconds. Never raises.
    """
    try:
        asked = read(body)
    except Invalid as no:
        return _refused(400, no)
    origin = asked.stated.origin
    if not known.get(origin):
        return _refused(404, Invalid("log-unknown", "This log is not witnessed here."))
    try:
        checkpoint.require_log(asked.found, origin, known[origin])
    except Invalid as no:
        return _refused(403, no)
    refusal = _refusal(asked, state or Record(0, EMPTY))
    if refusal is None:
        return _cosigned(asked, known[origin], signer, at)
    if state is None:
        return refusal
    return replace(refusal, evidence=_proven(asked, state) or refusal.evidence)


def _refusal(asked: Asked, held: Record) -> Decision | None:
    stated = asked.stated
    if asked.old > stated.size:
        no = Invalid("old-size", "The old size is larger than the checkpoint's.")
        return _refused(400, no)
    if asked.old != held.size:
        return Decision(409, SIZE, b"%d\n" % held.size)
    try:
        _require_growth(asked, held)
    except Invalid as no:
        return replace(_refused(422, no), evidence=UNPROVEN)
    return None


def _require_growth(asked: Asked, held: Record) -> None:
    stated = asked.stated
    if stated.size == 0 and stated.root != EMPTY:
        raise Invalid("consistency", "A log without entries has another root.")
    if asked.old:
        verify_consistency(asked.old, stated.size, held.root, stated.root, asked.proof)
    elif asked.proof:
        raise Invalid("consistency", "From size 0 there is nothing to prove.")


def _proven(asked: Asked, held: Record) -> str:
    """Say what the log's own signatures prove, whoever sent them and in which order."""
    stated = asked.stated
    if stated.size == held.size:
        return SPLIT if stated.root != held.root else ""
    try:
        began, ended = fold_consistency(held.size, stated.size, asked.proof)
    except Invalid:
        return ""
    # The hashes of the first root are also hashed into the second, which is signed.
    return REWRITE if ended == stated.root and began != held.root else ""


def _refused(status: int, no: Invalid) -> Decision:
    return Decision(status, TEXT, f"{no.code}: {no.text}\n".encode())


def _cosigned(asked: Asked, vkeys: Sequence[VKey], signer: Signer, at: int) -> Decision:
    line = cosignature.cosign(asked.found.text, signer, at)
    by_log = [one for one in asked.found.lines if any(one.by(vkey) for vkey in vkeys)]
    return Decision(
        200,
        TEXT,
        line.encode(),
        Record(asked.stated.size, asked.stated.root),
        note.join(asked.found.text, [*by_log, line]),
    )
