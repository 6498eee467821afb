"""What a round of the inbox becomes: the rows of T2 to T5."""

from statistics import median
from typing import TypeAlias

from tests.bench.rows import Row, ratio

#: What each thing cost in one round, in microseconds of processor, or its rate.
Round: TypeAlias = dict[str, float]
_NAMES = {
    "accept": "the same node that keeps nothing",
    "hello": "Flask hello",
    "hello-again": "Flask hello",
    "verify": "bare RSA verify",
}


def keeping(found_: list[Round]) -> list[Row]:
    """Return what it costs to keep what comes, and how fast that goes."""
    return [
        _row("inbox, durable accept, processor (T2)", "keep", ["accept"], 1.7, found_),
        Row(
            name="inbox, durable accept, 16 clients (T2)",
            unit="requests/s",
            value=round(median(one["keep-rate"] for one in found_)),
            against="the same node that keeps nothing",
            ratio=_ratio("keep-rate", ["accept-rate"], found_),
            gate=0.5,
            at_least=True,
        ),
    ]


def effects(found_: list[Round]) -> list[Row]:
    """Return what it costs until it has its effect, and when it comes twice."""
    both = ["hello", "verify"]
    return [
        _row("inbox, socket to stored effect (T3)", "effect", both, 5.0, found_),
        _row("inbox, verified duplicate (T4)", "again", ["accept"], 1.3, found_),
    ]


def refusals(found_: list[Round]) -> list[Row]:
    """Return what refusing costs; and the yardsticks themselves."""
    both = ["hello-again", "verify"]
    return [
        _row("inbox, bad signature of a known key (T5)", "forged", both, 1.2, found_),
        _row("inbox, unknown key, no fetch (T5)", "away", ["hello-again"], 1.1, found_),
        _row("inbox, accept-only", "accept", ["hello", "verify"], None, found_),
        _row("Flask hello, the same requests", "hello", ["hello-again"], None, found_),
    ]


def _row(
    name: str, what: str, yard: list[str], gate: float | None, found_: list[Round]
) -> Row:
    cost = median(one[what] for one in found_)
    bare = median(sum(one[name] for name in yard) for one in found_)
    return Row(
        name=name,
        unit="us",
        value=round(cost),
        against=f"{' + '.join(_NAMES[name] for name in yard)}, {round(bare)} us",
        ratio=_ratio(what, yard, found_),
        gate=gate,
        cpu_us=round(cost, 1),
    )


def _ratio(what: str, yard: list[str], found_: list[Round]) -> float:
    bare = [sum(one[name] for name in yard) for one in found_]
    return round(ratio([one[what] for one in found_], bare), 2)
