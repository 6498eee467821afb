"""What an audit found: whether a log is in order, is not, or could not be read."""

from dataclasses import dataclass

from ledger.audit import Pace
from ledger.receipt import Finding

#: Codes of what is missing on the way to a log, or in what its auditor named.
_AWAY = {"not-published", "since-unknown", "log-mismatch"}
_REFUTED = "log-signature"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What an audit found; trust the numbers only where `valid`."""

    findings: tuple[Finding, ...]
    origin: str = ""
    size: int = 0
    #: The signed checkpoint, as it came: kept, it shows next time what was seen.
    note: bytes = b""
    sealed: int = 0
    clear: int = 0
    #: How often it is published; None where the log does not tell.
    pace: Pace | None = None

    @property
    def valid(self) -> bool:
        """Whether all that was looked at is in order."""
        return all(finding.ok for finding in self.findings)

    @property
    def unread(self) -> str:
        """Why nothing is said about the log: it could not be read. Else empty."""
        failed = next((one for one in self.findings if not one.ok), None)
        return failed.text if failed is not None and _tells_nothing(failed) else ""


def _tells_nothing(failed: Finding) -> bool:
    # Whatever stands under an address says nothing about a log before it shows a
    # checkpoint of one that the policy names.
    nothing = failed.name == "checkpoint" and failed.code != _REFUTED
    return nothing or failed.code in _AWAY or failed.code.startswith("egress.")
