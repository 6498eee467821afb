"""A log that grows, and those who are asked to witness it."""

from uuid import uuid4

from sqlalchemy import select

from federation.fetch import Answer
from governance.intake import Channel
from ledger import cosignature, note
from ledger.note import Line, Signer
from node import log, submissions, witness
from node.accounts import GUEST
from node.core import Node
from node.log import names
from node.models.witness import LedgerWitness
from node.submissions import Told
from tests.support.histories import witness_key
from tests.support.village import Village

ELM = "https://elm.example"
#: Where a stub answers who asks Elm to cosign.
POST = "POST /witness/add-checkpoint"
KEY = witness_key()
TEXT = {"content-type": "text/plain; charset=utf-8"}


class Ash:
    """Ash, whose log grows, and Elm, who answers whatever it is told to."""

    def __init__(self, village: Village) -> None:
        self.village, self.roads = village, village.roads
        self.ash = village.found("https://ash.example")
        self.answers: dict[str, Answer] = {}
        self.roads.stubs[ELM] = self.answers

    def grow(self) -> None:
        """Let somebody tell something, and publish it."""
        told = Told(
            id=uuid4(), text="No heating.", language="en", channel=Channel.API,
            source="203.0.113.9",
        )  # fmt: skip
        submissions.submit(self.ash, told, by=GUEST)
        self.village.pass_time(minutes=1)
        log.sequence(self.ash)
        log.publish(self.ash, at=self.village.now)

    def asked(self) -> list[int]:
        """Return what was answered to whatever was sent since the last time."""
        found = [one for one in self.roads.carried if one[0] == "POST"]
        self.roads.carried.clear()
        return [status for _, _, status in found]

    def feed(self) -> list[int]:
        """Ask everybody who is due, and return what they answered."""
        for name in witness.due(self.ash):
            witness.run(self.ash, name)
        return self.asked()

    def known(self) -> LedgerWitness:
        """Return what Ash remembers of its only witness."""
        with self.ash.read() as tx:
            return tx.scalars(select(LedgerWitness)).one()


class Pair(Ash):
    """Ash, and Birch, who is its witness."""

    def __init__(self, village: Village) -> None:
        super().__init__(village)
        village.postgres = ""  # Birch has a database of its own.
        self.birch = village.found("https://birch.example")
        self.key = names.witness_signer(self.birch).vkey
        self.roads.lead_to(self.birch)
        witness.add(self.birch, str(names.log_signer(self.ash).vkey))
        witness.add(self.ash, str(self.key))


def witnessed(village: Village, node: Node) -> None:
    """Publish a node's log, and let Elm cosign all of it."""
    witness.add(node, str(KEY.vkey))
    village.pass_time(minutes=1)
    log.publish(node, at=village.now)
    text = note.parse(log.checkpoint(node)).text
    line = cosignature.cosign(text, KEY, int(village.now.timestamp()))
    village.roads.stubs[ELM] = {POST: Answer(200, TEXT, line.encode())}
    for name in witness.due(node):
        witness.run(node, name)


def lines(node: Node) -> tuple[Line, ...]:
    """Return the lines under the checkpoint that a node serves."""
    return note.parse(log.checkpoint(node)).lines


def cosigned(ash: Ash, by: Signer = KEY, at: int | None = None) -> bytes:
    """Return the line by which a witness vouches for what Ash published."""
    text = note.parse(log.checkpoint(ash.ash)).text
    when = int(ash.village.now.timestamp()) if at is None else at
    return cosignature.cosign(text, by, when).encode()
