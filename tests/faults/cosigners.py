"""A witness that is asked from several threads, and what it remembers afterwards."""

from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from threading import Thread

from sqlalchemy import func, select

from ledger import cosignature, note
from node import start, witness
from node.core import Collision, Node
from node.log import names
from node.models.witness import WitnessEvidence, WitnessLog
from node.settings import Settings
from tests.faults.record import Pen, Record
from tests.faults.writers import ANSWERS, opened, settings_of
from tests.support.histories import MOST, Log

_THREADS = 4
ELM = Log()


def begin(folder: Path, database: str) -> "Cosigners":
    """Found a node that cosigns for a log."""
    settings = settings_of(folder, database)
    node = start.init(settings, ANSWERS)
    witness.add(node, ELM.vkey)
    node.database.close()
    return Cosigners(settings, Record(folder / "record"))


@dataclass(slots=True)
class Cosigners:
    """A witness, and the cosignatures it gave before it was killed."""

    settings: Settings
    record: Record
    given: int = 0
    #: The largest size it ever cosigned, as those who asked know it.
    largest: int = 0
    forgotten: int = 0
    signed: dict[int, bytes] = field(default_factory=dict)

    def work(self) -> None:
        """Answer several who ask at once, each for a size of its own."""
        with opened(self.settings) as node:
            pen, steps = Pen(self.record.folder), count(1)
            asking = [
                Thread(target=_ask, args=(node, pen, steps), daemon=True)
                for _ in range(_THREADS)
            ]
            for one in asking:
                one.start()
            for one in asking:
                one.join()

    def check(self) -> None:
        """Whatever was cosigned is remembered, and only one history was."""
        with opened(self.settings) as node:
            said, row = self.record.fresh(), _record(node)
            for size, raw in said:
                self.given += 1
                line = note.read_lines(b64decode(raw))[0]
                text = note.parse(ELM.signed(int(size))).text
                cosignature.verify(text, line, names.witness_signer(node).vkey)
                self.largest = max(self.largest, int(size))
            self.forgotten += (row.size or 0) < self.largest
            assert row.root == ELM.root(row.size)
            assert note.parse(row.note).text == note.parse(ELM.signed(row.size)).text
            with node.read() as tx:
                assert tx.scalar(select(func.count(WitnessEvidence.id))) == 0

    def report(self) -> dict[str, int]:
        """Return how much was cosigned, and how often the witness forgot it."""
        return {"cosignatures": self.given, "forgotten": self.forgotten}


def _record(node: Node) -> WitnessLog:
    with node.read() as tx:
        return tx.get_one(WitnessLog, ELM.origin)


def _ask(node: Node, pen: Pen, steps: "count[int]") -> None:
    # Each asks for a little more than was cosigned, and one of them gets it.
    while True:
        old = _record(node).size or 0
        size = min(old + 1 + next(steps) % 3, MOST)
        try:
            answer = witness.add_checkpoint(node, ELM.asks(old, size))
        except Collision:
            continue
        if answer.status == 200:
            pen.say(size, b64encode(answer.body).decode())
