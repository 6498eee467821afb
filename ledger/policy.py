"""Policies (C2SP tlog-policy): which logs a reader trusts, and how many witnesses.

A reader uses a policy of its own; never one that the checked node hands over.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from ledger.encoding import number
from ledger.errors import Invalid
from ledger.note import COSIGNATURE, ED25519, ML_DSA, VKey

#: The most logs, witnesses and groups that one policy may name, of each.
MOST = 64
NONE = "none"

_ALLOWED = re.compile(rb"[\t\n\x20-\x7e\x80-\xff]*")


@dataclass(frozen=True, slots=True)
class Group:
    """At least `k` of these members must have seen a checkpoint."""

    k: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """The logs a reader trusts, the witnesses it knows, and when they are enough."""

    logs: tuple[VKey, ...] = ()
    witnesses: Mapping[str, VKey] = field(default_factory=dict)
    groups: Mapping[str, Group] = field(default_factory=dict)
    #: The witness or group that must have seen it, or `none`.
    quorum: str = NONE


@dataclass(slots=True)
class _Draft:
    logs: list[VKey] = field(default_factory=list)
    witnesses: dict[str, VKey] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    keys: set[bytes] = field(default_factory=set)
    grouped: set[str] = field(default_factory=set)
    quorum: str | None = None


def parse(raw: bytes) -> Policy:
    """Read a policy file."""
    if not _ALLOWED.fullmatch(raw):
        raise Invalid("policy", "A policy holds a character that it may not.")
    draft = _Draft()
    for line in raw.split(b"\n"):
        # Names are opaque octets; this is the decoding that loses none of them.
        match [part.decode(errors="surrogateescape") for part in line.split()]:
            case []:
                pass
            case [word, *_] if word.startswith("#"):
                pass
            case ["log", vkey] | ["log", vkey, _]:
                _log(draft, vkey)
            case ["witness", name, vkey] | ["witness", name, vkey, _]:
                _witness(draft, name, vkey)
            case ["group", name, k, *members]:
                _group(draft, name, k, members)
            case ["quorum", name]:
                _quorum(draft, name)
            case _:
                raise Invalid("policy", "A line of the policy cannot be read.")
    if draft.quorum is None:
        raise Invalid("policy", "A policy says which quorum it asks for.")
    return Policy(tuple(draft.logs), draft.witnesses, draft.groups, draft.quorum)


def _log(draft: _Draft, text: str) -> None:
    draft.logs.append(_key(draft, text, {ED25519, ML_DSA}))
    _require_few(draft.logs)


def _key(draft: _Draft, text: str, types: Collection[int]) -> VKey:
    vkey = VKey.parse(text)
    if vkey.type not in types:
        raise Invalid("policy", f"{vkey.name} has a key of another kind.")
    if vkey.key in draft.keys:
        raise Invalid("policy", f"The key of {vkey.name} stands twice.")
    draft.keys.add(vkey.key)
    return vkey


def _require_few(named: Collection[object]) -> None:
    if len(named) > MOST:
        raise Invalid("policy", f"A policy names at most {MOST} of each kind.")


def _witness(draft: _Draft, name: str, text: str) -> None:
    _require_new(draft, name)
    draft.witnesses[name] = _key(draft, text, {COSIGNATURE, ML_DSA})
    _require_few(draft.witnesses)


def _require_new(draft: _Draft, name: str) -> None:
    if name == NONE or name in draft.witnesses or name in draft.groups:
        raise Invalid("policy", "A name in the policy stands for two things.")


def _group(draft: _Draft, name: str, k: str, members: list[str]) -> None:
    _require_new(draft, name)
    known = draft.witnesses.keys() | draft.groups.keys()
    if not known.issuperset(members):
        raise Invalid("policy", "A group names a member before it is defined.")
    if len(set(members)) != len(members) or not draft.grouped.isdisjoint(members):
        raise Invalid("policy", "A member stands in two groups, or twice in one.")
    least = {"any": 1, "all": len(members)}.get(k) or number(k)
    if not 1 <= least <= len(members):
        raise Invalid("policy", "A group asks for more members than it has, or none.")
    draft.grouped.update(members)
    draft.groups[name] = Group(least, tuple(members))
    _require_few(draft.groups)


def _quorum(draft: _Draft, name: str) -> None:
    if draft.quorum is not None:
        raise Invalid("policy", "A policy has only one quorum.")
    if name not in {NONE, *draft.witnesses, *draft.groups}:
        raise Invalid("policy", "The quorum is not defined.")
    draft.quorum = name


def evaluate(policy: Policy, names: Collection[str]) -> bool:
    """Say whether the witnesses of these names, in the policy's words, are enough."""
    return policy.quorum == NONE or _met(policy, policy.quorum, names)


def _met(policy: Policy, name: str, names: Collection[str]) -> bool:
    group = policy.groups.get(name)
    if group is None:
        return name in names
    return sum(_met(policy, part, names) for part in group.members) >= group.k


def tolerated(policy: Policy) -> int:
    """Return how many dishonest witnesses cannot yet make two histories believed.

    With k of n that is 2k-n-1. It is -1 where two histories need no dishonest witness.
    """
    return -1 if policy.quorum == NONE else _shared(policy, policy.quorum) - 1


def _shared(policy: Policy, name: str) -> int:
    # The fewest witnesses that any two quorums have in common.
    group = policy.groups.get(name)
    if group is None:
        return 1
    common = max(2 * group.k - len(group.members), 0)
    return sum(sorted(_shared(policy, part) for part in group.members)[:common])
