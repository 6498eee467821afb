"""What somebody signed with a key of their own: checked before anything is written.

An `Authored` is made here and nowhere else, so whoever holds one need not ask again
whether its signature holds. Whether it fits a chain is asked when it is written there.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from governance.errors import Refusal
from ledger import author, entry
from ledger.author import Passkey
from ledger.encoding import Json, unb64u
from ledger.entry import Statement
from ledger.errors import Invalid
from node.core import Node
from node.log import names

_KEY = 32


class ChainMismatch(Refusal):
    """A statement was signed for another log, another case, or another case key."""

    code = "chain-mismatch"


class StatementMalformed(Refusal):
    """A statement, its proof or its fields are not what the format says."""

    code = "statement-malformed"


class StatementUnsigned(Refusal):
    """The signature does not hold, or the key is not one of whoever sends it."""

    code = "statement-unsigned"


class KindNotAllowed(Refusal):
    """A statement of this kind cannot be sent here."""

    code = "kind-not-allowed"


class KeyWeak(Refusal):
    """The key could sign for anybody, so it is not taken."""

    code = "key-weak"


#: What `ledger` finds, as we say it; all else is malformed.
_REFUSED: Mapping[str, type[Refusal]] = {
    "statement-unsigned": StatementUnsigned,
    "passkey": StatementUnsigned,
    "key-mismatch": StatementUnsigned,
    "kind-not-allowed": KindNotAllowed,
    "key-weak": KeyWeak,
    "case-key": ChainMismatch,
    "chain-mismatch": ChainMismatch,
}
#: Every way to say no to a statement.
STATEMENT_REFUSALS = (
    ChainMismatch,
    StatementMalformed,
    StatementUnsigned,
    KindNotAllowed,
    KeyWeak,
)


@dataclass(frozen=True, slots=True)
class Authored:
    """A statement as it was signed, by a key whose signature holds."""

    s: bytes
    p: bytes
    d: tuple[str, ...]
    #: The chain and the key commitment it was made for.
    case: bytes
    kc: bytes
    statement: Statement
    #: The fields it shows, all of them.
    shown: Mapping[str, Json]
    #: The author's key: its name and its bytes, and whether it is a passkey.
    key: str
    pub: bytes
    passkey: bool
    #: The key of a case that begins with this.
    case_key: bytes | None = field(default=None, repr=False)


def authored(
    node: Node, *, s: str, p: str, d: Collection[str], case_key: str = ""
) -> Authored:
    """Check what somebody signed on a device of theirs, as it came in base64url."""
    try:
        return _checked(node, unb64u(s), unb64u(p), d, case_key)
    except Invalid as no:
        raise _REFUSED.get(no.code, StatementMalformed)(no.text) from no


def _checked(
    node: Node, s: bytes, p: bytes, d: Collection[str], case_key: str
) -> Authored:
    stated = entry.read_statement(s)
    if stated.log != names.origin(node):
        raise Invalid("chain-mismatch", "The statement was made for another log.")
    if stated.case is None or stated.kc is None:
        raise Invalid("statement-malformed", "A statement here belongs to a case.")
    shown = _shown(stated, d)
    proof = author.read(p)
    author.check_key(proof.pub)
    who = author.check(s, proof, {node.settings.hostname})
    if who.attested is not None:
        raise Invalid("statement-unsigned", "Nobody but the node vouches for others.")
    key = unb64u(case_key, _KEY) if case_key else None
    if key is not None and entry.key_commitment(key) != stated.kc:
        raise Invalid("case-key", "The case key is not the one that was signed.")
    return Authored(
        s=s,
        p=p,
        d=tuple(d),
        case=stated.case,
        kc=stated.kc,
        statement=stated,
        shown=shown,
        key=who.key,
        pub=who.pub,
        passkey=isinstance(proof.more, Passkey),
        case_key=key,
    )


def _shown(stated: Statement, d: Collection[str]) -> Mapping[str, Json]:
    if sum(len(one) for one in d) > entry.MOST_DISCLOSED:
        raise Invalid("statement-malformed", "The fields are too long.")
    opened = [entry.read_disclosure(one) for one in d]
    shown = {one.name: one.value for one in opened}
    digests = sorted(entry.digest(one) for one in d)
    if digests != sorted(stated.fields) or len(shown) != len(opened):
        raise Invalid(
            "statement-malformed", "Show all fields that were signed, and no others."
        )
    return shown
