"""What a verifier trusts, and what it finds.

A verdict always has nine findings. Those that could not be reached because an earlier
one failed say so and count as failed.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ledger.encoding import Json
from ledger.errors import Invalid
from ledger.note import VKey

#: The code of a check that fails although nothing is damaged: too few witnesses.
QUORUM = "quorum"
#: The code of a chain that has more entries than when it was saved.
GROWN = "grown"
#: The code of a step that could not be taken, or must not, since another one failed.
NOT_CHECKED = "not-checked"


class Level(StrEnum):
    """How much stands behind a receipt that holds."""

    RECEIVED = "received"
    WITNESSED = "witnessed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pins:
    """What the reader knows from elsewhere, besides the policy's logs and witnesses."""

    #: The node's statements keys.
    statements: tuple[VKey, ...] = ()
    #: Author keys, by id, and whose they are.
    authors: Mapping[str, str] = field(default_factory=dict)
    #: Hosts whose passkeys count; where none is given, the log's own host.
    rp: frozenset[str] = frozenset()
    #: Cosigned checkpoints that were kept, to show what a statement had seen.
    notes: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one of the nine steps; `code` is empty where it holds."""

    step: int
    name: str
    ok: bool
    text: str
    code: str = ""


def find(step: int, name: str, check: Callable[[], str]) -> Finding:
    """Take a step: the sentence it returns, or the one it refuses with."""
    try:
        return Finding(step, name, ok=True, text=check())
    except Invalid as no:
        return Finding(step, name, ok=False, text=no.text, code=no.code)


def unreached(names: Iterable[str], first: int) -> list[Finding]:
    """Return the findings of steps that could not be taken."""
    later = "Not checked, because the file cannot be read."
    return [
        Finding(step, name, ok=False, text=later, code=NOT_CHECKED)
        for step, name in enumerate(names, first)
    ]


def level_of(findings: Iterable[Finding], *, witnessed: bool) -> Level | None:
    """Return what stands behind a file, or None if something in it is wrong."""
    failed = {finding.code for finding in findings if not finding.ok}
    if failed - {QUORUM}:
        return None
    return Level.WITNESSED if witnessed and not failed else Level.RECEIVED


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a receipt proves. Trust the rest of it only where `level` is not None."""

    findings: tuple[Finding, ...]
    level: Level | None = None
    #: Whose words they are, as far as this reader can know.
    author: str = ""
    log: str = ""
    kind: str = ""
    role: str = ""
    index: int | None = None
    #: The entry's number in its chain; of a clear leaf, in the clear chain.
    seq: int | None = None
    c: bytes | None = None
    #: The node's and the author's clocks, in milliseconds. Both are claims.
    at: int | None = None
    ts: int | None = None
    #: Witnesses' clocks, in seconds.
    not_before: int | None = None
    not_after: int | None = None
    #: Names and values of the fields that are shown.
    disclosed: tuple[tuple[str, Json], ...] = ()

    @property
    def valid(self) -> bool:
        """Whether every step holds and the reader's policy is met."""
        return all(finding.ok for finding in self.findings)
