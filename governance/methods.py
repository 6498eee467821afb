"""Whom a case is offered to, by the method its team has chosen.

Each method only puts those who can be asked into an order. What a case is worth, who
its member is to the community and how loud it is are not even known in here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from hashlib import sha256
from typing import Final
from uuid import UUID

from governance.assignments import Candidate, Matter, Method
from governance.cases import Priority

#: What a team can choose.
METHODS: Final = tuple(one for one in Method if one is not Method.SUBSTITUTE)
#: The methods by which a rule makes the offer, and nobody has to choose.
AUTOMATIC: Final = frozenset(METHODS) - {Method.MANUAL, Method.TAKE_NEXT}
#: Where no limit was set, so many cases at once count as full (casework, 6).
USUAL_CAPACITY: Final = 10

_HEAVY: Final = {Priority.URGENT: 3, Priority.HIGH: 2}
_NEVER: Final = datetime.min.replace(tzinfo=UTC)
_SEED: Final = b"folkmoot-seed/1"


@dataclass(frozen=True, slots=True)
class Choice:
    """Who was found, and how those who could be asked compared."""

    person: UUID
    #: The best first, in the method's own measure; without anybody's name.
    scores: tuple[str, ...]


def weight(priority: Priority | None) -> int:
    """Return how much a case weighs for whoever has it."""
    return _HEAVY.get(priority, 1) if priority else 1


def choose(
    method: Method, able: Sequence[Candidate], matter: Matter, *, lot: bytes = b""
) -> Choice | None:
    """Return whom the method finds among those who can be asked; None for nobody.

    `lot` is what a lottery is drawn with: see `ticket`.
    """
    if method not in AUTOMATIC:
        return None
    if method is Method.MEMBER_CHOICE:
        able = [one for one in able if one.person == matter.wished]
    if not able:
        return None
    if method is Method.LOTTERY:
        return _draw(able, lot)
    measure = _MEASURES.get(method, _alike)
    scored = {one.person: measure(one, matter) for one in able}
    first = min(able, key=lambda one: (-scored[one.person], *_turn(one)))
    return Choice(first.person, tuple(map(str, sorted(scored.values(), reverse=True))))


def ticket(checkpoint: bytes, case_id: UUID) -> bytes:
    """Return what a case's lot is drawn with.

    `checkpoint` is the text of the first one published after it was queued: until
    then nobody can know whom the lot will find.
    """
    seed = sha256(_SEED + b"\0" + sha256(checkpoint).digest()).digest()
    return seed + b"\0" + f"case:{case_id}".encode()


def _draw(able: Sequence[Candidate], lot: bytes) -> Choice:
    drawn = sorted((_lot(lot, one.person), str(one.person)) for one in able)
    first = UUID(drawn[0][1])
    return Choice(first, tuple(digest.hex()[:16] for digest, _ in drawn))


def _lot(lot: bytes, person: UUID) -> bytes:
    return sha256(lot + b"\0" + str(person).encode()).digest()


def _turn(one: Candidate) -> tuple[datetime, UUID]:
    # Whoever has waited longest for a case; then by number, which says nothing.
    return one.last_assigned_at or _NEVER, one.person


def _alike(_one: Candidate, _matter: Matter) -> Fraction:
    return Fraction(0)


def _room(one: Candidate, _matter: Matter) -> Fraction:
    return -Fraction(one.weight, one.capacity or USUAL_CAPACITY)


def _preferred(one: Candidate, matter: Matter) -> Fraction:
    return Fraction((matter.topic in one.skills) + _near(one, matter))


def _knows(one: Candidate, _matter: Matter) -> Fraction:
    return Fraction(one.helped)


def _near(one: Candidate, matter: Matter) -> Fraction:
    return Fraction(one.area is not None and one.area == matter.area)


_MEASURES: Final[dict[Method, Callable[[Candidate, Matter], Fraction]]] = {
    Method.LOAD_BALANCED: _room,
    Method.SKILL_LANGUAGE: _preferred,
    Method.STICKY: _knows,
    Method.NEIGHBOUR: _near,
}
