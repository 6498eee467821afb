"""The rules themselves, one for each verb. There is no other way to a yes.

An actor changes only what it owns, from the origin it lives on, whatever else is
true.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from federation import origins
from federation.policy.facts import (
    Access,
    Decision,
    Facts,
    Kind,
    Mode,
    Reason,
    Thing,
    Verb,
    strictest,
)

#: What only takes back is for everybody.
_TAKING_BACK: Final = frozenset({Verb.DELETE, Verb.UNDO, Verb.REMOVE})
_UNLIMITED: Final = _TAKING_BACK | {Verb.READ}
_FITS: Final = Decision(allowed=True, reason=Reason.FITS)


def may(actor: str | None, verb: Verb, thing: Thing | None, facts: Facts) -> Decision:
    """Decide whether an actor may do this; None is whoever does not say who it is."""
    mode = strictest(facts.modes)
    if mode is Mode.BLOCKED and verb not in _TAKING_BACK:
        return _no(Reason.BLOCKED)
    if thing is None:
        return _no(Reason.ABSENT)
    decided = _RULES[verb](_Asked(actor, thing, facts))
    if decided.allowed and mode is Mode.LIMITED and verb not in _UNLIMITED:
        return _no(Reason.LIMITED)
    return decided


@dataclass(frozen=True, slots=True)
class _Asked:
    actor: str | None
    thing: Thing
    facts: Facts


def _follow(asked: _Asked) -> Decision:
    match asked.thing.kind:
        case Kind.GROUP if asked.thing.public and not asked.thing.gone:
            return _by_access(asked.facts.followers)
        case Kind.ADVOCATE if asked.facts.consents and not asked.thing.gone:
            return _FITS
        case _:
            return _no(Reason.NOT_FOLLOWABLE)


def _reply(asked: _Asked) -> Decision:
    thing = asked.thing
    if not thing.public or thing.gone or thing.kind is not Kind.POST:
        return _no(Reason.ABSENT)
    decided = _by_access(asked.facts.replies)
    # Below what waits, everything waits.
    return _no(Reason.ASKED) if decided.allowed and thing.pending else decided


def _read(asked: _Asked) -> Decision:
    thing = asked.thing
    if not thing.public or thing.pending:
        return _no(Reason.ABSENT)
    if asked.facts.signed_get and asked.actor is None and thing.kind is not Kind.NODE:
        return _no(Reason.UNSIGNED)
    return _no(Reason.GONE) if thing.gone else _FITS


def _announce(asked: _Asked) -> Decision:
    thing = asked.thing
    if not asked.facts.is_group:
        return _no(Reason.NOT_GROUP)
    if not thing.public or thing.gone or thing.announcing:
        return _no(Reason.NOT_SHAREABLE)
    return _no(Reason.NOT_SHAREABLE) if asked.facts.owner_suspended else _FITS


def _change(asked: _Asked) -> Decision:
    actor, thing = asked.actor, asked.thing
    if actor is None or actor != thing.owner or not origins.same(actor, thing.id):
        return _no(Reason.NOT_OWNER)
    return _FITS


#: Every verb there is. `may` has no other way to say yes.
_RULES: Final[Mapping[Verb, Callable[[_Asked], Decision]]] = {
    Verb.FOLLOW: _follow,
    Verb.REPLY: _reply,
    Verb.READ: _read,
    Verb.ANNOUNCE: _announce,
    Verb.UPDATE: _change,
    Verb.DELETE: _change,
    Verb.UNDO: _change,
    Verb.ADD: _change,
    Verb.REMOVE: _change,
}


def _by_access(access: Access) -> Decision:
    match access:
        case Access.OPEN:
            return _FITS
        case Access.ASKED:
            return _no(Reason.ASKED)
        case Access.CLOSED:
            return _no(Reason.CLOSED)


def _no(reason: Reason) -> Decision:
    return Decision(allowed=False, reason=reason)
