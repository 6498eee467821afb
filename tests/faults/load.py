"""Clients that tell a node things, and keep their own record of what it promised.

The record is flushed before the next request, and whatever was not answered is sent
again under the same key, as real senders do.
"""

import json
import os
import random
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from time import monotonic, sleep

_TIMEOUT = 15
_SENT = frozenset({201, 202})
_AGAIN = frozenset({409, 429, 500, 502, 503})
_PAUSE = 0.2


@dataclass(frozen=True, slots=True)
class Telling:
    """One thing somebody tells, the same bytes however often they send it."""

    key: str
    text: str
    contact: str

    @property
    def body(self) -> bytes:
        """What is sent."""
        said: dict[str, object] = {"text": self.text, "wanted_outcome": "It repaired."}
        if self.contact:
            said["contact"] = {"email": self.contact}
        return json.dumps(said).encode()


@dataclass(frozen=True, slots=True)
class Promised:
    """A positive answer, as a client has it on its own disk."""

    key: str
    reference: str
    token: str
    #: Hash of the answer's bytes: asked again, it is answered the same.
    answer: str


def tellings(count: int, seed: int, *, mail_every: int = 4) -> list[Telling]:
    """Return what is told, the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - told again for the same seed
    return [
        Telling(
            key=f"{seed}-{number}-{chance.getrandbits(64):016x}",
            text=f"No heating, number {number}. Ünïcode 🏚 {chance.random()}\r\n",
            contact=f"person{number}@mailbox.example"
            if not number % mail_every
            else "",
        )
        for number in range(count)
    ]


@dataclass(slots=True)
class Load:
    """A few clients working off one list."""

    port: int
    record: Path
    waiting: list[Telling]
    clients: int = 4
    #: Until when anybody tries; then what is unanswered stays so.
    patience: float = 150.0
    promised: dict[str, Promised] = field(default_factory=dict)
    #: Why something was sent again, and how often.
    repeats: dict[str, int] = field(default_factory=dict)
    #: What was answered instead of a promise.
    refusals: list[bytes] = field(default_factory=list)
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _threads: list[threading.Thread] = field(default_factory=list)

    def start(self) -> None:
        """Begin sending."""
        until = monotonic() + self.patience
        for number in range(self.clients):
            mine = self.waiting[number :: self.clients]
            thread = threading.Thread(target=self._work, args=(mine, until))
            thread.start()
            self._threads.append(thread)

    def reach(self, count: int) -> bool:
        """Return once so much was promised; False when nobody tries any longer."""
        with self._changed:
            return self._changed.wait_for(
                lambda: len(self.promised) >= count, self.patience
            )

    def end(self) -> list[Telling]:
        """Wait for the clients; return what was never answered."""
        for thread in self._threads:
            thread.join()
        return [one for one in self.waiting if one.key not in self.promised]

    def _work(self, mine: list[Telling], until: float) -> None:
        left = list(mine)
        while left and monotonic() < until:
            telling = left.pop(0)
            if not self.tell(telling):
                left.append(telling)

    def tell(self, telling: Telling) -> bool:
        """Send one thing; return whether it was promised, and write that down."""
        status, body = send(self.port, telling)
        if status in _SENT:
            self._keep(telling, body)
            return True
        with self._changed:
            why = str(status or "unanswered")
            self.repeats[why] = self.repeats.get(why, 0) + 1
            self.refusals.append(body)
        if status and status not in _AGAIN:
            raise AssertionError(f"answered {status}: {body[:300]!r}")
        sleep(_PAUSE)
        return False

    def _keep(self, telling: Telling, body: bytes) -> None:
        made = json.loads(body)
        kept = Promised(
            telling.key, made["case_ref"], made["token"], sha256(body).hexdigest()
        )
        with self._changed:
            with self.record.open("a") as lines:
                lines.write(json.dumps([kept.key, kept.reference]) + "\n")
                lines.flush()
                os.fsync(lines.fileno())
            self.promised[telling.key] = kept
            self._changed.notify_all()


def send(port: int, telling: Telling) -> tuple[int, bytes]:
    """Send one thing; return status and answer, or 0 if there was none."""
    headers: Mapping[str, str] = {
        "Host": f"localhost:{port}",
        "Content-Type": "application/json",
        "Idempotency-Key": telling.key,
    }
    connection = HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT)
    try:
        connection.request("POST", "/api/v1/submissions", telling.body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    except (OSError, HTTPException):
        return 0, b""
    finally:
        connection.close()
