"""The decision classes of a bylaws document: thresholds, quorums, blocks.

No class decides with less than half of the votes or more than can be reached,
and whoever blocks or stands in the way does so openly.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from governance import floor

_HIGH = frozenset({"bylaws", "removal"})


def check_classes(document: Mapping[str, Any]) -> Iterable[str]:
    """Find decision classes outside the floor, or that contradict themselves."""
    for id_, terms in document["classes"].items():
        yield from _quorum(id_, terms)
        if "threshold" in terms:
            yield from _threshold(id_, terms)
            yield from _consent(id_, terms)
            yield from _block(id_, terms)
    bylaws = document["classes"]["bylaws"]
    if bylaws["deliberation_days"] + bylaws["open_days"] < floor.BYLAWS_DAYS_MIN:
        yield f"/classes/bylaws: takes at least {floor.BYLAWS_DAYS_MIN} days in all."


def _quorum(id_: str, terms: Mapping[str, Any]) -> Iterable[str]:
    if not 0 < Fraction(terms["quorum"]["value"]) <= floor.QUORUM_MAX:
        yield f"/classes/{id_}/quorum: more than 0, at most {floor.QUORUM_MAX}."


def _threshold(id_: str, terms: Mapping[str, Any]) -> Iterable[str]:
    least = floor.HIGH_THRESHOLD_MIN if id_ in _HIGH else floor.THRESHOLD_MIN
    threshold = Fraction(terms["threshold"])
    if not least <= threshold <= floor.THRESHOLD_MAX:
        yield f"/classes/{id_}/threshold: {least} to {floor.THRESHOLD_MAX}."
    if terms["fallback"] is None:
        return
    if terms["method"] != "consent":
        yield f"/classes/{id_}/fallback: only consent falls back to a majority."
    fallback = Fraction(terms["fallback"]["threshold"])
    if not threshold <= fallback <= floor.THRESHOLD_MAX:
        yield f"/classes/{id_}/fallback: {threshold} to {floor.THRESHOLD_MAX}."


def _consent(id_: str, terms: Mapping[str, Any]) -> Iterable[str]:
    if terms["method"] != "consent":
        return
    if terms["ballot"] != "open" or terms["quorum"]["kind"] != "participation":
        yield f"/classes/{id_}: consent is given openly, by those who take part."


def _block(id_: str, terms: Mapping[str, Any]) -> Iterable[str]:
    if terms["block"] is None:
        return
    if terms["ballot"] != "open":
        yield f"/classes/{id_}/block: whoever blocks does so openly."
    override = Fraction(terms["block"]["override"])
    if not Fraction(terms["threshold"]) <= override <= floor.BLOCK_OVERRIDE_MAX:
        most = floor.BLOCK_OVERRIDE_MAX
        yield f"/classes/{id_}/block: {terms['threshold']} to {most}."
