"""What a measurement becomes: a row with its yardstick, its ratio and its gate."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One measured thing, beside what it is measured against."""

    name: str
    unit: str
    value: float
    against: str
    #: Subject by yardstick, the median over rounds.
    ratio: float
    #: The most, or with `at_least` the least, that the ratio may be; None only informs.
    gate: float | None = None
    at_least: bool = False
    p50: float | None = None
    p99: float | None = None
    cpu_us: float | None = None
    note: str = ""

    @property
    def ok(self) -> bool:
        """Whether the ratio keeps its gate."""
        if self.gate is None:
            return True
        return self.ratio >= self.gate if self.at_least else self.ratio <= self.gate

    def as_json(self) -> dict[str, object]:
        """Return the row as the report has it."""
        kept = {
            name: value for name, value in asdict(self).items() if value is not None
        }
        kept["gate"] = self.gate
        return {**kept, "ok": self.ok}


def percentile(values: list[float], share: float) -> float:
    """Return the value below which this share of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def ratio(subject: list[float], yardstick: list[float]) -> float:
    """Return the median of the rounds' ratios."""
    return median(one / other for one, other in zip(subject, yardstick, strict=True))


def alternate(
    rounds: int, subject: Callable[[], float], yard: Callable[[], float]
) -> tuple[list[float], list[float]]:
    """Measure subject and yardstick by turns, so that both see the same machine."""
    pairs = [(subject(), yard()) for _ in range(rounds)]
    return [one for one, _ in pairs], [other for _, other in pairs]


def at_least(found: tuple[list[float], list[float]], **about: Any) -> Row:
    """Return the row of what was measured by turns; more is better."""
    value, share = round(median(found[0])), round(ratio(*found), 4)
    return Row(value=value, ratio=share, at_least=True, **about)
