"""Every kind of entry there is: on which chain, by whom, with which fields.

What is not listed cannot be written. Only governance's events need no row of their own:
any of them may stand in the clear as `gov.` and its name.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from ledger.errors import Invalid


class Chain(StrEnum):
    """Where an entry of a kind may stand."""

    CASE = "case"
    MEMBER = "member"
    CLEAR = "clear"


class Role(StrEnum):
    """What the node says the author's key is."""

    MEMBER = "member"
    GUEST = "guest"
    ADVOCATE = "advocate"
    COORDINATOR = "coordinator"
    STEWARD = "steward"
    NODE = "node"
    PARTNER = "partner"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What holds for all entries of one kind."""

    chains: frozenset[Chain]
    by: frozenset[Role]
    #: What a sealed entry discloses, or what the body of a clear leaf has.
    fields: tuple[str, ...] = ()
    #: Whether the node may write down what somebody without a key said.
    attested: bool = False


_CASE = frozenset({Chain.CASE})
_PERSON = frozenset({Chain.MEMBER})
_EITHER = _CASE | _PERSON
_CLEAR = frozenset({Chain.CLEAR})

_NODE = frozenset({Role.NODE})
_MEMBER = frozenset({Role.MEMBER})
_THEY = _MEMBER | {Role.GUEST}
_DESK = frozenset({Role.ADVOCATE, Role.COORDINATOR, Role.STEWARD})
_AT_WORK = _NODE | _DESK | {Role.PARTNER}
_PARTNERS = _NODE | {Role.PARTNER}
_TALKING = _THEY | _DESK | {Role.PARTNER}
_ALL = frozenset(Role)


def _event(chains: frozenset[Chain]) -> Kind:
    # Governance says by whom; its tuple is the one disclosure.
    return Kind(chains=chains, by=_ALL, fields=("event",))


def _public(*body: str) -> Kind:
    return Kind(chains=_CLEAR, by=_NODE, fields=body)


#: All kinds but `gov.` and the name of an event.
KINDS: dict[str, Kind] = {
    "submission": Kind(
        chains=_CASE,
        by=_THEY | {Role.ADVOCATE},
        fields=("text", "channel"),
        attested=True,
    ),
    "claim": Kind(
        chains=_CASE,
        by=_THEY | {Role.ADVOCATE},
        fields=("problem", "wanted", "value"),
        attested=True,
    ),
    "confirm": Kind(chains=_EITHER, by=_MEMBER, fields=("entries",)),
    "ack": Kind(chains=_CASE, by=_AT_WORK),
    "pledge": Kind(chains=_CASE, by=_AT_WORK, fields=("what", "due", "outcome")),
    "assign": Kind(chains=_CASE, by=_AT_WORK),
    "status": Kind(
        chains=_CASE,
        by=_AT_WORK | _THEY,
        fields=("action", "from", "to", "reason"),
    ),
    "escalate": Kind(chains=_CASE, by=_AT_WORK),
    "reply": Kind(chains=_CASE, by=_TALKING, fields=("text", "template")),
    "attach": Kind(chains=_CASE, by=_TALKING, fields=("len", "sha256", "type")),
    "refer.out": Kind(chains=_CASE, by=_PARTNERS),
    "refer.in": Kind(chains=_CASE, by=_PARTNERS, fields=("stmt", "from")),
    "deliver": Kind(
        chains=_CASE, by=_PARTNERS, fields=("to", "stmt", "receipt", "waited")
    ),
    "consent.give": Kind(
        chains=_EITHER,
        by=_THEY,
        fields=("purpose", "recipients", "fields", "until"),
        attested=True,
    ),
    "consent.revoke": Kind(
        chains=_EITHER,
        by=_THEY,
        fields=("purpose", "recipients", "fields", "until"),
        attested=True,
    ),
    "withdraw": Kind(chains=_CASE, by=_ALL, fields=("reason",), attested=True),
    "close": Kind(chains=_CASE, by=_ALL, fields=("reason",), attested=True),
    "reopen": Kind(chains=_CASE, by=_ALL, fields=("reason",), attested=True),
    "member.open": Kind(chains=_PERSON, by=_MEMBER | _NODE, fields=("key", "label")),
    "key.add": Kind(chains=_PERSON, by=_MEMBER | _NODE, fields=("key", "label")),
    # One word for two things: a person's key is revoked in their chain, the log's
    # own in the clear, where `fields` are the body's.
    "key.revoke": Kind(
        chains=_PERSON | _CLEAR, by=_MEMBER | _NODE, fields=("key", "label")
    ),
    "disclosure": Kind(chains=_CASE, by=_NODE, fields=("what", "when", "reader")),
    "breakglass": Kind(chains=_CASE, by=_NODE, fields=("what", "when", "reader")),
    "deed": Kind(chains=_PERSON, by=_NODE, fields=("act", "evidence", "at")),
    "ballot.cast": _event(_PERSON),
    "cipher.cast": _event(_PERSON),
    "objection.raised": _event(_PERSON),
    "objection.closed": _event(_PERSON),
    "points.awarded": _event(_PERSON),
    "points.annotated": _event(_PERSON),
    "delivery.cleared": _event(_CASE),
    "duty.opened": _event(_CASE),
    "duty.closed": _event(_CASE),
    "terms.proffered": _event(_EITHER),
    "terms.answered": _event(_EITHER),
    "terms.tightened": _event(_EITHER),
    "genesis": _public(
        "epoch", "keys", "statements", "witness", "rp", "recovery", "previous"
    ),
    "key.rotate": _public("old", "new", "overlap_until", "sig_old", "sig_new"),
    "policy": _public("policy"),
    "tombstone": _public("level", "basis", "count", "targets"),
    "anchor": _public("notes", "token"),
    "stats": _public("month", "pledges", "rows_root", "rows"),
    "epoch.end": _public("reason", "next"),
}

_GOVERNED = Kind(chains=_CLEAR, by=_ALL, fields=("event",))
_EVENT = re.compile(r"gov\.[a-z_]+(\.[a-z_]+)?")


def kind_of(name: str) -> Kind:
    """Return what holds for a kind, or refuse a name that is none."""
    kind = KINDS.get(name)
    if kind is None and _EVENT.fullmatch(name):
        return _GOVERNED
    if kind is None:
        raise Invalid("kind-not-allowed", "There is no such kind of entry.")
    return kind
