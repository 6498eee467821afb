"""A node that stands while its disk fails, told things all the time."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path

from node import log
from tests.faults.found import look, until
from tests.faults.load import Load, Promised, Telling, tellings
from tests.faults.rig import Rig

#: What a node may answer while it cannot write.
CODES = frozenset({"unready", "busy", "idempotency.running"})
_PATIENCE = 30.0


@dataclass(slots=True)
class Standing:
    """One node for many faults: what was promised in all of them must hold."""

    rig: Rig
    told: list[Telling] = field(default_factory=list)
    promised: dict[str, Promised] = field(default_factory=dict)

    def tell(self, count: int = 4, *, patience: float = 1.5) -> Load:
        """Let people tell something new; return what came of it."""
        fresh = tellings(count, len(self.told), mail_every=count + 1)
        self.told += fresh
        return self._send(fresh, patience)

    def _send(self, some: list[Telling], patience: float) -> Load:
        load = Load(self.rig.port, self.rig.folder / "record", some)
        load.patience = patience
        load.start()
        load.end()
        self.promised |= load.promised
        return load

    def recover(self) -> None:
        """Send again what was refused: the same process takes it in."""
        left = [one for one in self.told if one.key not in self.promised]
        with look(self.rig.settings) as found:
            found.let_leases_end(datetime.now(UTC), "server", "worker")
        self._send(left, _PATIENCE)
        assert [one for one in self.told if one.key not in self.promised] == []

    def read(self, path: str = "/ledger/checkpoint") -> int:
        """Return what somebody who only reads is answered."""
        connection = HTTPConnection("127.0.0.1", self.rig.port, timeout=15)
        try:
            host = {"Host": f"localhost:{self.rig.port}"}
            connection.request("GET", path, headers=host)
            return connection.getresponse().status
        finally:
            connection.close()

    def check(self) -> None:
        """Everything promised is there, once; the log is whole, and so are receipts."""
        with look(self.rig.settings) as found:
            until(lambda: not found.owed() and not found.queued(), _PATIENCE)
            found.check_promises(self.told, self.promised)
            found.check_effects()
            found.check_ledger()
            found.check_receipts(self.promised)
            assert [*log.fsck(found.node)] == []

    def exported(self) -> bool:
        """Say whether the exported files end where the published log does."""
        at = Path(self.rig.told["FOLKMOOT_LEDGER_EXPORT"]) / "checkpoint"
        with look(self.rig.settings) as found:
            return at.exists() and at.read_bytes() == log.checkpoint(found.node)


def require_reasons(load: Load) -> None:
    """See that each refusal is one with a code, and shows nothing of the inside."""
    assert set(load.repeats) <= {"503", "409"}, load.repeats
    for raw in load.refusals:
        said = json.loads(raw)
        assert said["code"] in CODES
        assert said["detail"]
        for inside in (b"Traceback", b"sqlite", b".py", b"Errno"):
            assert inside not in raw
