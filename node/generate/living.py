"""Living through what was made up, act by act, in the order of one clock."""

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count

from sqlalchemy import select

from governance.errors import Refusal
from node import (
    log,
    search,
)
from node.core import Node
from node.generate.copies import Copies
from node.generate.facts import Life, lives
from node.generate.together import Together
from node.generate.town import Town
from node.models.cases import Case

_SPAN = timedelta(days=365)
_HELPED = 500
#: So many cases are lived through at most; of more, so many are, and then copied.
LIVED, ORIGINALS = 10_000, 1_000
_LEAST_ADVOCATES = 3
_Say = Callable[[int], None]


class NotEmpty(Refusal):
    """Nothing made up is mixed with what members said."""

    code = "generate.not-empty"
    status = 409


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What a made-up year came to."""

    people: int
    advocates: int
    cases: int
    #: How many of them are copies: see `node.generate.copies`.
    copies: int
    #: Acts of people, the telling included.
    acts: int


def generate(
    node: Node, *, members: int, number: int, seed: int, say: _Say = lambda _: None
) -> Made:
    """Fill an empty node with a year up to now; `say` hears how many cases there are.

    More than `LIVED` are for the most part copies of those that were lived through.
    Raises `NotEmpty` where there are cases already.
    """
    with node.read() as tx:
        if tx.scalar(select(Case.id).limit(1)) is not None:
            raise NotEmpty(
                "This node has cases. Make up others in a folder of its own."
            )
    lived = number if number <= LIVED else ORIGINALS
    # Each copy comes a little after its original, and none from the future.
    until = node.now() - timedelta(milliseconds=number - lived)
    clock = _Clock(until - _SPAN - timedelta(days=1))
    together = Together(node.database, lambda: log.sequence(node))
    then = replace(node, database=together, now=lambda: clock.now, mail=None)
    town = Town(then, together.pause)
    town.settle(max(1, members), max(_LEAST_ADVOCATES, number // _HELPED))
    told = lives(seed, people=max(1, members), cases=lived, until=until, span=_SPAN)
    acts = _live(town, clock, told, until, say)
    together.close()
    log.publish(node, at=until)
    search.rebuild(node)
    if lived < number:
        Copies(node, seed=seed).grow(number, say)
    return Made(
        people=len(town.members),
        advocates=len(town.advocates),
        cases=number,
        copies=number - lived,
        acts=acts,
    )


@dataclass(slots=True)
class _Clock:
    now: datetime


def _live(
    town: Town, clock: _Clock, told: Iterator[Life], until: datetime, say: _Say
) -> int:
    """Do everybody's next act, always the earliest, until nothing is left."""
    order, done = count(), 0
    coming: list[tuple[datetime, int, Iterator[timedelta]]] = []
    life = next(told, None)
    while life is not None or coming:
        if life is not None and (not coming or life.told_at <= coming[0][0]):
            at, steps, number = life.told_at, town.live(life), life.number
            if number % 1000 == 0:
                say(number)
            life = next(told, None)
        else:
            at, _, steps = heapq.heappop(coming)
        clock.now = max(clock.now + timedelta(milliseconds=1), at)
        if clock.now > until:
            break
        wait = next(steps, None)
        town.pause()
        done += 1
        if wait is not None:
            heapq.heappush(coming, (clock.now + wait, next(order), steps))
    return done
