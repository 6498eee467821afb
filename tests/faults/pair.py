"""Two real nodes on loopback: one tells the other, and is killed again and again."""

import random
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from time import monotonic, sleep
from uuid import uuid4

from sqlalchemy import func, select, update

from federation.delivery import State
from governance.intake import Channel
from node import follows, submissions
from node.accounts import GUEST, Visitor
from node.core import Node
from node.models.actors import ActorKey
from node.models.follows import Follow
from node.models.inbox import Received
from node.models.outbox import Courier, Outgoing, Target
from node.models.publications import Publication, RemoteCase
from node.outbox.couriers import LEASE
from node.submissions import Told
from tests.faults.found import Found, look, until
from tests.faults.rig import Mailroom, Rig, running
from tests.support import members
from tests.support.processes import free_port

_LONGEST_WAIT = 0.2
_PATIENCE = 120.0


@dataclass(slots=True)
class Neighbour(Rig):
    """One node of two: it may be reached by plain http, and reach the other so."""

    other: int = 0

    @property
    def words(self) -> dict[str, str]:
        """What the node's processes are told."""
        known = f"localhost:{self.other}"
        told = {"FOLKMOOT_FEDERATION_INSECURE_HOSTS": known}
        return Rig.words.__get__(self) | told

    def publish(self) -> None:
        """Start a process that makes what is listed public."""
        self._spawn("publisher")

    def kill_all(self) -> None:
        """End whatever runs without a word of warning."""
        self.kill(*self._running)

    def _command(self, part: str) -> list[str]:
        if part != "publisher":
            return Rig._command(self, part)  # noqa: SLF001 - its own class's
        lists = [str(self.folder / name) for name in ("listed", "record")]
        return ["-m", "tests.faults.publisher", *lists]

    @property
    def published(self) -> int:
        """How much is on the publisher's record."""
        record = self.folder / "record"
        return len(record.read_text().split()) if record.exists() else 0


@dataclass(frozen=True, slots=True)
class Run:
    """What is published, how often the sender is killed, and which run it is."""

    count: int = 40
    kills: int = 6
    seed: int = 5


@dataclass(slots=True)
class Report:
    """What was done and found, for one line of a log."""

    run: Run
    #: What dead processes held.
    cut: int = 0
    arrived: int = 0
    tries: int = 0
    seconds: float = 0.0
    began: float = field(default_factory=monotonic)


def survive(run: Run, folder: Path) -> Report:
    """Publish, kill, start again; raise if anything was lost or doubled."""
    report, ports = Report(run), (free_port(), free_port())
    ash, birch = (_rig(folder / name, *pair) for name, pair in
                  (("ash", ports), ("birch", ports[::-1])))  # fmt: skip
    with ExitStack() as stack:
        for rig in (ash, birch):
            stack.enter_context(running(rig, Mailroom(rig.smtp)))
        here, there = (stack.enter_context(look(rig.settings)) for rig in (ash, birch))
        _acquaint(here.node, there.node)
        titles = _tell(here.node, ash, run)
        _calm_first(ash, there)
        report.cut = _storm(run, ash, here)
        ash.publish()
        late = until(lambda: _arrived(there) >= run.count and _idle(here), _PATIENCE)
        assert late < _PATIENCE, (_arrived(there), ash.said("server"))
        _check(here.node, there.node, titles)
        report.arrived, report.tries = _arrived(there), _tries(here.node)
    report.seconds = round(monotonic() - report.began, 1)
    return report


def _rig(folder: Path, port: int, other: int) -> Neighbour:
    folder.mkdir()
    return Neighbour(folder, port, free_port(), other=other)


def _acquaint(ash: Node, birch: Node) -> None:
    for node in (ash, birch):
        until(lambda node=node: len(_rows(node, ActorKey.kind)) >= 5, _PATIENCE)
    slug = next(one for one in _rows(ash, ActorKey.actor) if "/ap/c/" in one)
    follows.follow(birch, f"{ash.settings.origin}{slug}", by=_steward(birch))
    until(lambda: "accepted" in _rows(birch, Follow.state), _PATIENCE)
    assert _rows(ash, Follow.state) == ["accepted"]


def _steward(node: Node) -> Visitor:
    person = members.join(node, "steward@mailbox.example", "steward")
    return members.visitor(node, person)


def _tell(node: Node, rig: Neighbour, run: Run) -> list[str]:
    listed, titles = [], [f"Number {n}" for n in range(run.count)]
    for title in titles:
        told = Told(
            id=uuid4(), text="Private words.", language="en", channel=Channel.API,
            source=f"203.0.113.{len(listed)}",
        )  # fmt: skip
        made = submissions.submit(node, told, by=GUEST)
        listed.append(f"{made.reference}\t{made.link_token}\t{title}")
    (rig.folder / "listed").write_text("\n".join(listed) + "\n")
    return titles


def _calm_first(ash: Neighbour, there: Found) -> None:
    # The other node gets to know the key before anybody is killed.
    ash.publish()
    assert until(lambda: _arrived(there) >= 1, _PATIENCE) < _PATIENCE


def _storm(run: Run, ash: Neighbour, here: Found) -> int:
    chance, cut = random.Random(run.seed), 0  # noqa: S311 - again for the same seed
    share = run.count / (run.kills + 1)
    for number in range(run.kills):
        begun = int(share * (number + chance.random())) + 1
        until(lambda begun=begun: ash.published >= begun, _PATIENCE)
        sleep(chance.random() * _LONGEST_WAIT)
        ash.kill_all()
        here.let_leases_end(ash.kills[-1], "server", "worker")
        cut += _let_couriers_end(here.node, ash.kills[-1])
        ash.start()
        ash.publish()
    ash.kill("publisher")
    return cut


def _let_couriers_end(node: Node, killed_at: datetime) -> int:
    # As time would: two minutes, which a test does not have.
    with node.begin() as tx:
        held = (
            Courier.lease_until > killed_at,
            Courier.lease_until < killed_at + LEASE,
        )
        done = tx.execute(update(Courier).where(*held).values(lease_until=killed_at))
        return done.rowcount


def _arrived(there: Found) -> int:
    return len(_rows(there.node, RemoteCase.id))


def _idle(here: Found) -> bool:
    return set(_rows(here.node, Target.state)) == {State.DONE}


def _tries(node: Node) -> int:
    return sum(_rows(node, Target.attempts))


def _rows(node: Node, column: object) -> list:
    with node.read() as tx:
        return list(tx.scalars(select(column)))


def _check(ash: Node, birch: Node, titles: list[str]) -> None:
    """Each case is there once, by one activity that was taken once."""
    assert sorted(_rows(birch, RemoteCase.name)) == sorted(titles)
    assert sorted(_rows(ash, Publication.title)) == sorted(titles)
    with ash.read() as tx:
        said = select(Outgoing.activity_id).where(Outgoing.type == "Create")
        sent = sorted(tx.scalars(said))
    with birch.read() as tx:
        took = select(Received.id).where(Received.type == "Create")
        assert sorted(tx.scalars(took)) == sent
        states = select(Received.state, func.count()).group_by(Received.state)
        assert dict(tx.execute(states).all()).keys() == {"done"}
    assert len(sent) == len(titles)
