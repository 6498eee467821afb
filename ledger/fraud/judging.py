"""Judging fraud files: an honest node can never be found guilty by one.

A file that proves nothing is an answer like any other and never an exception.
"""

from collections.abc import Callable
from dataclasses import dataclass

from ledger import checkpoint, cosignature, entry, note, tree
from ledger.checkpoint import Checkpoint
from ledger.encoding import parse
from ledger.entry import Sealed
from ledger.errors import Invalid
from ledger.fraud.files import FRAUD, LIMIT
from ledger.included import read_hashes, read_leaves
from ledger.note import VKey
from ledger.policy import Policy
from ledger.receipt import Head, Pins, Public, read_head, require
from ledger.shapes import Shape

_CODE = "fraud-malformed"
_PAIR = 2
#: Clocks may differ by so many seconds before anybody is accused.
SLACK = 300
#: The steps of checking a receipt that a withheld entry rests on.
_STEPS = frozenset({"chain", "leaf", "inclusion", "log"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a fraud file proves; `code` is empty where it holds."""

    holds: bool
    text: str
    code: str = ""
    kind: str = ""
    log: str = ""


@dataclass(frozen=True, slots=True)
class _Case:
    shape: Shape
    log: VKey
    policy: Policy
    pins: Pins

    def __post_init__(self) -> None:
        if self.log not in self.policy.logs:
            raise Invalid("log-unknown", "You do not trust this log's key.")

    def notes(self, count: int) -> list[tuple[bytes, Checkpoint]]:
        texts = [text.encode() for text in self.shape.texts("notes")]
        if len(texts) != count:
            raise Invalid(_CODE, "The file has too few notes, or too many.")
        # A key speaks for the log of its own name, and for no other.
        return [(raw, checkpoint.open(raw, [self.log])) for raw in texts]

    def head(self) -> Head:
        statements = VKey.parse(self.shape.text("statements"))
        if statements not in self.pins.statements:
            raise Invalid("statements-unknown", "You do not trust this statements key.")
        return read_head(self.shape.text("head").encode(), [statements])


def judge(raw: bytes, policy: Policy, pins: Pins) -> Verdict:
    """Say whether a fraud file proves what it claims, to a reader with these keys.

    The log's and witness's keys must be in the policy and the statements key in the
    pins. Never raises.
    """
    kind = log = ""
    try:
        shape = Shape(parse(raw, limit=LIMIT), _CODE)
        kind = shape.text("kind")
        rule = _rule(shape, kind)
        case = _Case(shape, VKey.parse(shape.text("log")), policy, pins)
        log = case.log.name
        return Verdict(holds=True, text=rule(case), kind=kind, log=log)
    except Invalid as no:
        return Verdict(holds=False, text=no.text, code=no.code, kind=kind, log=log)


def _rule(shape: Shape, kind: str) -> Callable[["_Case"], str]:
    if kind not in _KINDS:
        raise Invalid(_CODE, "There is no such kind of fraud.")
    rule, members = _KINDS[kind]
    shape.require(FRAUD, members | {"t", "kind", "log"})
    return rule


def _split(case: _Case) -> str:
    (_, one), (_, other) = case.notes(2)
    if one.size != other.size or one.root == other.root:
        raise Invalid("no-split", "These notes do not say two things about one size.")
    return f"{case.log.name} signed two roots for size {one.size}."


def _rewrite(case: _Case) -> str:
    (_, older), (_, newer) = case.notes(2)
    path = read_hashes(case.shape, "path")
    fr, sr = tree.fold_consistency(older.size, newer.size, path)
    if sr != newer.root or fr == older.root:
        raise Invalid("no-rewrite", "The path does not show that anything was changed.")
    sizes = f"{newer.size} leaves that do not begin with those of size {older.size}"
    return f"{case.log.name} signed {sizes}."


def _twin(case: _Case) -> str:
    ((_, stated),) = case.notes(1)
    leaves = read_leaves(case.shape, "leaves")
    if len(leaves) != _PAIR:
        raise Invalid(_CODE, "A twin is two leaves.")
    one, other = leaves
    tags: set[bytes] = set()
    for each in (one, other):
        each.require(stated.size, stated.root)
        match entry.read_leaf(each.leaf):
            case Sealed(tag):
                tags.add(tag)
            case _:
                raise Invalid("no-twin", "A clear entry has no tag.")
    if one.index == other.index or len(tags) != 1:
        raise Invalid("no-twin", "These are not two leaves with one tag.")
    return f"{case.log.name} recorded one entry at {one.index} and at {other.index}."


def _withheld(case: _Case) -> str:
    head = case.head()
    receipt = require(
        case.shape.text("receipt").encode(), Policy(logs=(case.log,)), _STEPS
    )
    content = receipt.content
    if isinstance(content, Public):
        raise Invalid("no-withheld", "A clear entry is of no chain.")
    e = content.entry
    c = entry.commit(content.raw.nonce, content.raw.e)
    if (head.log, head.kc) != (e.log, e.kc) or receipt.index >= head.size:
        raise Invalid("no-withheld", "The head note is not about this entry.")
    if e.seq < head.count - 1 or (e.seq, c) == (head.count - 1, head.head):
        raise Invalid("no-withheld", "The head note has room for this entry.")
    return f"{case.log.name} recorded entry {e.seq} of a chain, and signed otherwise."


def _rollback(case: _Case) -> str:
    head = case.head()
    ((raw, stated),) = case.notes(1)
    witness = VKey.parse(case.shape.text("witness"))
    if witness not in case.policy.witnesses.values():
        raise Invalid("witness-unknown", "You do not trust this witness.")
    found = note.parse(raw)
    times = [
        cosignature.verify(found.text, line, witness)
        for line in found.lines
        if line.by(witness)
    ]
    seen = min([at for at in times if at], default=head.at)
    if head.log != stated.origin or stated.size <= head.size:
        raise Invalid("no-rollback", "The node did not show a smaller log.")
    if head.at <= seen + SLACK:
        raise Invalid("no-rollback", "No witness saw the larger log early enough.")
    sizes = f"{head.size} leaves after a witness had seen {stated.size}"
    return f"{case.log.name} showed {sizes}."


#: Each kind: the rule by which it holds, and the members it has of its own.
_KINDS: dict[str, tuple[Callable[[_Case], str], frozenset[str]]] = {
    "split": (_split, frozenset({"notes"})),
    "rewrite": (_rewrite, frozenset({"notes", "path"})),
    "twin": (_twin, frozenset({"notes", "leaves"})),
    "withheld": (_withheld, frozenset({"statements", "head", "receipt"})),
    "rollback": (_rollback, frozenset({"statements", "head", "witness", "notes"})),
}
