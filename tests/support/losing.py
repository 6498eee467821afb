"""A node with a witness, and its disk: saved every night, lost, and put back."""

import shutil
from dataclasses import replace
from pathlib import Path

from governance.cases import State
from node import log, witness, work
from node.core import Node
from node.log import guard, names
from node.submissions import Submitted
from tests.support.cast import Moot
from tests.support.engines import address, copied

ASH = "https://ash.example"
BIRCH = "https://birch.example"


class Loss:
    """A community with its cast, whose log Birch cosigns and mirrors."""

    def __init__(self, moot: Moot) -> None:
        self.moot, self.village, self.roads = moot, moot.village, moot.village.roads
        self.server = moot.node.settings.database_url
        self.village.postgres = ""  # Birch has a database of its own.
        self.birch = self.village.found(BIRCH)
        self.roads.lead_to(self.birch)
        self.roads.lead_to(self.ash)
        self.key = names.witness_signer(self.birch).vkey
        witness.add(self.birch, str(names.log_signer(self.ash).vkey))
        witness.add(self.ash, str(self.key))

    @property
    def ash(self) -> Node:
        """The node whose disk is lost."""
        return self.moot.node

    def publish(self) -> None:
        """Publish what was said, and let Birch cosign and copy it."""
        self.village.pass_time(minutes=11)
        work.sweep(self.ash)
        work.sweep(self.birch)
        assert log.status(self.ash).witnesses == 1

    def tell(self) -> Submitted:
        """Let somebody tell something that an advocate works on, and publish it."""
        made = self.moot.tell()
        self.moot.bring(made, State.WORKING)
        self.publish()
        return made

    def save(self, name: str = "yesterday") -> None:
        """Copy everything there is, as a backup does."""
        self.ash.database.close()
        kept = self.village.folder / name
        shutil.copytree(self.ash.settings.data, kept)
        if self.server:
            original = self.ash.settings.database_url.rpartition("/")[2]
            (kept / "dump").write_text(copied(self.server, original))
        self._open(self.ash.settings)

    def put_back(self, name: str = "yesterday", *, guard_too: bool = False) -> None:
        """Lose the disk, and put a copy in its place."""
        self.ash.database.close()
        kept, data = self.village.folder / name, self.ash.settings.data
        settings = self.ash.settings
        wanted = ["folkmoot.sqlite3"]
        if self.server:
            dump = copied(self.server, (kept / "dump").read_text())
            settings = replace(settings, database_url=address(self.server, dump))
            wanted = []
        for one in [*wanted, *(["ledger.guard"] if guard_too else [])]:
            _replace(data / one, kept / one)
        self._open(settings)

    def lose_guard(self) -> None:
        """Lose the one file that remembers how far the log was signed."""
        guard.path(self.ash).unlink()

    def start(self) -> str:
        """Start Ash as `serve` does; return why nothing may be signed."""
        self._open(self.ash.settings)
        return witness.start_check(self.ash)

    def _open(self, settings) -> None:
        node = self.village.open(settings)
        object.__setattr__(self.moot, "node", node)
        self.roads.lead_to(node)


def _replace(here: Path, kept: Path) -> None:
    for old in here.parent.glob(f"{here.name}*"):
        old.unlink()
    for one in kept.parent.glob(f"{kept.name}*"):
        shutil.copy(one, here.parent / one.name)
