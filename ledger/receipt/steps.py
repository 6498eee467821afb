"""The steps of checking a receipt offline (ledger document, 5.2), from the second on.

A step either returns a sentence about what holds, or raises `Invalid` with one about
what does not. All are taken, whatever the others say: a reader sees all that is wrong.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from ledger import author, checkpoint, entry, rotation
from ledger.errors import Invalid
from ledger.note import VKey
from ledger.policy import Policy
from ledger.receipt.file import Opened, Public, Receipt
from ledger.receipt.verdict import Pins
from ledger.receipt.witnesses import enough, seen_by
from ledger.tree import leaf_hash, verify_inclusion


@dataclass(slots=True)
class Look:
    """One reader's look at one receipt, and what the steps learn on the way."""

    receipt: Receipt
    policy: Policy
    pins: Pins
    case_key: bytes | None
    leaf: bytes | None
    author: str = ""
    #: Witnesses of the policy, and when they first saw this checkpoint.
    times: dict[str, int] = field(default_factory=dict)
    not_before: int | None = None
    not_after: int | None = None


def _fields(look: Look) -> str:
    opened = look.receipt.content
    if isinstance(opened, Public):
        return "Everything in a clear entry is public."
    digests = [entry.digest(one) for one in opened.raw.d]
    if len(set(digests)) != len(digests):
        raise Invalid("field-twice", "A field is shown twice.")
    if not set(digests) <= set(opened.statement.fields):
        raise Invalid("field-foreign", "A field that is shown was never signed.")
    return f"Fields shown: {len(digests)} of {len(opened.statement.fields)}."


def _bound(look: Look) -> str:
    origin = look.receipt.stated.origin
    opened = look.receipt.content
    if opened.entry.log != origin:
        raise Invalid("log-mismatch", f"The entry was not made for {origin}.")
    if isinstance(opened, Public):
        return f"The entry is one of {origin}."
    _require_bound(opened)
    for key in (look.case_key, opened.raw.case_key):
        if key is not None and entry.key_commitment(key) != opened.entry.kc:
            raise Invalid("case-key", "The case key is not the one of this case.")
    return f"Statement, proof and entry belong together, in {origin}."


def _require_bound(opened: Opened) -> None:
    e, s = opened.entry, opened.statement
    if sha256(opened.raw.s).digest() != e.stmt:
        raise Invalid("statement-altered", "The statement is not the one recorded.")
    if sha256(opened.raw.p).digest() != e.proof:
        raise Invalid("proof-altered", "The author's proof is not the one recorded.")
    if (s.log, s.case, s.kc, s.kind) != (e.log, e.case, e.kc, e.kind):
        raise Invalid("chain-mismatch", "The statement was made for another chain.")
    if author.key_id(opened.proof.pub) != e.key:
        raise Invalid("key-mismatch", "The author's key is not the one recorded.")


def _signed(look: Look) -> str:
    opened = look.receipt.content
    if isinstance(opened, Public):
        if opened.entry.stmt is not None:
            look.author = "not shown"
            return "Somebody signed a statement for this entry; it is not shown here."
        look.author = "the node"
        return "A clear entry is the node's own word."
    host = look.receipt.stated.origin.partition("/")[0]
    who = author.check(opened.raw.s, opened.proof, look.pins.rp or {host})
    _require_evidence(opened, who)
    look.author, text = _known(look, who, opened.entry.role)
    return text


def _require_evidence(opened: Opened, who: author.Author) -> None:
    shown = opened.raw.evidence
    if shown is None:
        return
    held = who.attested.evidence if who.attested else None
    if author.evidence(shown.salt, shown.facts) != held:
        raise Invalid("evidence", "The evidence shown is not what was attested.")


def _known(look: Look, who: author.Author, role: entry.Role) -> tuple[str, str]:
    own = {vkey.key: vkey.name for vkey in look.pins.statements}
    if who.attested:
        if own and who.pub not in own:
            raise Invalid("attester-unknown", "Another key attested this than yours.")
        channel = who.attested.channel.value
        text = f"{_NOT_YOURS} The words came by {channel.replace('_', ' ')}, it says."
        return f"node-attested, channel {channel}", text
    if who.key in look.pins.authors:
        name = look.pins.authors[who.key]
        return f"{name}, pinned", f"Signed by {name}, whose key you know."
    if who.pub in own:
        return f"the node, {own[who.pub]}", "Signed by the node itself."
    stated = f"stated by the node to be {_ARTICLES.get(role, 'a')} {role.value}"
    return stated, f"Signed with a key {stated}."


_NOT_YOURS = "Your node made this key. You did not sign this yourself."
_ARTICLES = {entry.Role.ADVOCATE: "an", entry.Role.NODE: "the"}


def _sealed(look: Look) -> str:
    _leaf(look)
    opened = look.receipt.content
    if isinstance(opened, Public):
        return "The leaf is here, as it stands in the log."
    if _key(look, opened) is None:
        return "The leaf commits to this entry. Its chain was not checked."
    return f"The leaf commits to this entry, number {opened.entry.seq} of its chain."


def _leaf(look: Look) -> bytes:
    opened = look.receipt.content
    if isinstance(opened, Public):
        return opened.leaf
    c = entry.commit(opened.raw.nonce, opened.raw.e)
    key = _key(look, opened)
    if key is not None:
        return entry.sealed(entry.tag(key, opened.entry.seq), c)
    if look.leaf is None:
        raise Invalid("case-key-missing", "Give the case key, or the entry bundle.")
    match entry.read_leaf(look.leaf):
        case entry.Sealed(c=held) if held == c:
            return look.leaf
        case _:
            raise Invalid("leaf-foreign", "The leaf in the bundle is another entry's.")


def _key(look: Look, opened: Opened) -> bytes | None:
    return opened.raw.case_key if look.case_key is None else look.case_key


def _included(look: Look) -> str:
    receipt, stated = look.receipt, look.receipt.stated
    hashed = leaf_hash(_leaf(look))
    verify_inclusion(receipt.index, stated.size, hashed, receipt.hashes, stated.root)
    return f"It stands at index {receipt.index} of the {stated.size} in the log."


def _logged(look: Look) -> str:
    origin = look.receipt.stated.origin
    checkpoint.require_log(look.receipt.note, origin, _keys(look))
    return f"The log {origin} signed this state of itself."


def _keys(look: Look) -> Sequence[VKey]:
    content, stated = look.receipt.content, look.receipt.stated
    if isinstance(content, Public) or not content.raw.rot:
        return look.policy.logs
    indexes = [one.index for one in content.raw.rot]
    if indexes != sorted(set(indexes)):
        raise Invalid("rotation", "Changes of the key are not in the log's order.")
    for one in content.raw.rot:
        one.require(stated.size, stated.root)
    leaves = [one.leaf for one in content.raw.rot]
    return rotation.reached(look.policy.logs, stated.origin, leaves)


def _witnessed(look: Look) -> str:
    look.times = seen_by(look.receipt.note, look.policy)
    return enough(look.policy, look.times)


#: Steps 2 to 8, by the name that their findings carry.
STEPS: tuple[tuple[str, Callable[[Look], str]], ...] = (
    ("fields", _fields),
    ("chain", _bound),
    ("author", _signed),
    ("leaf", _sealed),
    ("inclusion", _included),
    ("log", _logged),
    ("witnesses", _witnessed),
)
