"""Whether this person may do this, now, and by which rule.

Deny beats allow beats silence, and silence refuses. What the floor always allows
no rule takes away; what somebody has an interest in no role of theirs opens.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from governance import floor
from governance.errors import Denied, NotFound, NotYours
from governance.predicates import (
    Asked,
    Circumstance,
    Resource,
    Status,
    Subject,
    SubjectKind,
    holds,
    is_conflicted,
    is_own,
)
from governance.roles import Grant, covers
from governance.rules import Bylaws, Effect, Permission

ALWAYS: Final = "floor:always"
CONFLICT: Final = "floor:conflict"
SILENCE: Final = "silence"

#: Who counts as a member with all that belongs to it.
_STANDING: Final = frozenset({Status.PROBATION, Status.ACTIVE})
_STILL_MEMBERS: Final = _STANDING | {Status.SUSPENDED}


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided, by which rules of which bylaws, in one sentence."""

    allowed: bool
    #: The deciding rule ids, sorted.
    rules: tuple[str, ...]
    identity: str
    sentence: str


def decide(
    rules: Bylaws, who: Subject, verb: str, what: Resource, now: Circumstance
) -> Decision:
    """Decide whether somebody may do something to something now."""
    asked = Asked(who, verb, what, now)
    if _is_always_allowed(asked):
        return _decision(rules, Effect.ALLOW, ALWAYS)
    asked = replace(asked, who=_standing(who))
    found = list(_matching(rules.permissions, asked))
    denied = {row.id for row, _ in found if row.effect is Effect.DENY}
    if denied:
        return _decision(rules, Effect.DENY, *denied)
    allowed = {row.id for row, grant in found if grant is None}
    by_role = {row.id for row, grant in found if grant is not None}
    if not _is_walled(asked):
        allowed |= by_role
    if allowed:
        return _decision(rules, Effect.ALLOW, *allowed)
    return _decision(rules, Effect.DENY, CONFLICT if by_role else SILENCE)


def require(
    rules: Bylaws, who: Subject, verb: str, what: Resource, now: Circumstance
) -> Decision:
    """Return the decision that allows it, or refuse.

    To somebody with an interest in another's case it is as if it did not exist.
    """
    decision = decide(rules, who, verb, what, now)
    if decision.allowed:
        return decision
    own = is_own(Asked(who, verb, what, now))
    if decision.rules == (CONFLICT,) and own is False:
        raise NotFound("There is nothing like that here.")
    if decision.rules == (SILENCE,) and own is False:
        raise NotYours(decision.sentence)
    raise Denied(decision.sentence, rules=decision.rules)


def _is_always_allowed(asked: Asked) -> bool:
    if asked.verb in floor.ANYONE:
        return True
    if asked.verb in floor.CLAIMANT and is_own(asked):
        return True
    if asked.who.kind is not SubjectKind.MEMBER or asked.who.status is None:
        return False
    still = asked.who.status in _STILL_MEMBERS
    return asked.verb in (floor.MEMBER if still else floor.FORMER_MEMBER)


def _standing(who: Subject) -> Subject:
    if who.kind is not SubjectKind.MEMBER:
        return replace(who, grants=())
    if who.status in _STANDING:
        return who
    return replace(who, kind=SubjectKind.GUEST, grants=())


def _matching(
    permissions: Iterable[Permission], asked: Asked
) -> Iterator[tuple[Permission, Grant | None]]:
    base = {"*", str(asked.who.kind)}
    held = [grant for grant in asked.who.grants if _counts(grant, asked)]
    for row in permissions:
        if row.verb not in {"*", asked.verb}:
            continue
        # For a role that is held, all conditions hold together for one grant.
        as_whom = (
            [None] if row.role in base else [it for it in held if it.role == row.role]
        )
        yield from (
            (row, grant)
            for grant in as_whom
            if _holds(row, replace(asked, grant=grant))
        )


def _counts(grant: Grant, asked: Asked) -> bool:
    # A grant for some teams is none elsewhere, whatever a row asks for.
    in_team = covers(grant.teams, asked.what.team)
    return grant.in_force(at=asked.now.at) and bool(in_team)


def _holds(row: Permission, asked: Asked) -> bool:
    doubt = row.effect is Effect.DENY
    answers = [holds(predicate, asked) for predicate in row.when]
    return all(doubt if answer is None else answer for answer in answers)


def _is_walled(asked: Asked) -> bool:
    # The own case is a wall of its own: there a person is its claimant only.
    return is_conflicted(asked) is not False or bool(is_own(asked))


def _decision(rules: Bylaws, effect: Effect, *ids: str) -> Decision:
    allowed = effect is Effect.ALLOW
    named = tuple(sorted(ids))
    said = _SENTENCES.get(named[0]) or (_YES if allowed else _NO)
    return Decision(allowed, named, rules.identity, said.format(", ".join(named)))


_YES = "The community's rules allow this: {}."
_NO = "The community's rules do not allow this: {}."
_SENTENCES = {
    ALWAYS: "This is always allowed, whatever the community decides.",
    CONFLICT: "You have an interest in this matter, so no role of yours counts here.",
    SILENCE: "No rule of the community allows you this.",
}
