"""A storm: a node is killed again and again while people tell it things.

The same plan kills at the same points of the load, in CI and in longer runs.
"""

import random
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

from tests.faults.found import Found, look, mails_left, until
from tests.faults.load import Load, Telling, send, tellings
from tests.faults.rig import Mailroom, Rig, running

#: A worker's lease, a sweep, and the time it takes.
LONGEST_LEASE = 45.0
#: Every so many tellings are sent once more when all is calm.
_SAMPLE = 20
_LONGEST_WAIT = 0.05


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is told, how often it is killed, and which of all such storms it is."""

    count: int = 200
    kills: int = 8
    seed: int = 9


@dataclass(frozen=True, slots=True)
class Report:
    """What was done and found, for one line of a log."""

    plan: Plan
    kills: int
    #: What dead processes held: requests and work.
    cut: int
    acknowledged: int
    sent_again: dict[str, int]
    mails: int
    deliveries: int
    ledger: int
    receipts: int
    slowest_start: float
    seconds: float


def survive(plan: Plan, rig: Rig, mailroom: Mailroom, folder: Path) -> Report:
    """Let a storm pass over a new node; raise if anything was lost or doubled."""
    began, told = monotonic(), tellings(plan.count, plan.seed)
    load = Load(rig.port, folder / "record", told)
    with running(rig, mailroom), look(rig.settings) as found:
        cut = _storm(plan, rig, load, found)
        assert load.end() == []
        again = _calm(found, load, mailroom)
    with look(rig.settings) as found:
        found.check_promises(told, load.promised)
        found.check_answers(again, told[::_SAMPLE], load.promised)
        found.check_effects()
        size = found.check_ledger()
        verified = found.check_receipts(load.promised)
    left, due = mails_left(mailroom.mails, told, load.promised)
    assert left == due
    return Report(
        plan=plan,
        kills=len(rig.kills),
        cut=cut,
        acknowledged=len(load.promised),
        sent_again=load.repeats,
        mails=len(mailroom.mails),
        deliveries=mailroom.deliveries,
        ledger=size,
        receipts=verified,
        slowest_start=round(max(rig.starts), 2),
        seconds=round(monotonic() - began, 1),
    )


def _storm(plan: Plan, rig: Rig, load: Load, found: Found) -> int:
    """Kill at seeded moments, each while something is on its way."""
    chance, cut = random.Random(plan.seed), 0  # noqa: S311 - again for the same seed
    load.start()
    share = plan.count / (plan.kills + 1)
    for number in range(plan.kills):
        reached = load.reach(int(share * (number + chance.random())) + 1)
        assert reached, rig.said("server")
        sleep(chance.random() * _LONGEST_WAIT)
        dead = chance.choice([("server",), ("worker",), ("server", "worker")])
        dead = dead if rig.broker_url else rig.parts
        rig.kill(*dead)
        # Inside one process, the server is the worker too.
        held = dead if rig.broker_url else ("server", "worker")
        cut += found.let_leases_end(rig.kills[-1], *held)
        rig.start()
    return cut


def _calm(found: Found, load: Load, mailroom: Mailroom) -> list[tuple[int, bytes]]:
    """Wait until nothing is owed; return what some tellings sent again are answered."""
    told: list[Telling] = load.waiting
    mails = sum(bool(one.contact) for one in told)
    until(lambda: len(mailroom.mails) >= mails, LONGEST_LEASE)
    again = [send(load.port, one) for one in told[::_SAMPLE]]
    until(lambda: not found.owed(), LONGEST_LEASE)
    return again
