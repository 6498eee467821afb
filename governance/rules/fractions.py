"""The fractions of a bylaws document: in lowest terms, and inside the floor.

Shares are exact, never floating point, so that no rounding decides a vote.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from governance import floor


def check_fractions(document: Mapping[str, Any]) -> Iterable[str]:
    """Find fractions that can be shortened, and petitions out of reach."""
    for pointer, text in _fractions(document):
        if not _is_lowest(text):
            yield f"{pointer}: {text} is not in lowest terms."
    for pointer, text in _petitions(document):
        if Fraction(text) > floor.PETITION_MAX:
            yield f"{pointer}: a petition needs at most {floor.PETITION_MAX}."


def _fractions(document: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    params = document["params"]
    yield "/params/publication/parity_ratio", params["publication"]["parity_ratio"]
    yield "/params/publication/parity_q", params["publication"]["parity_q"]
    yield "/params/voting/stand_aside_max", params["voting"]["stand_aside_max"]
    yield "/params/budget/min_support", params["budget"]["min_support"]
    if params["voting"]["supporters"]["kind"] == "share":
        yield "/params/voting/supporters", params["voting"]["supporters"]["value"]
    yield from _petitions(document)
    for id_, terms in document["classes"].items():
        yield from _of_class(f"/classes/{id_}", terms)


def _petitions(document: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    yield "/params/voting/petition", document["params"]["voting"]["petition"]
    for id_, role in document["roles"].items():
        yield f"/roles/{id_}/recall", role["recall"]


def _of_class(pointer: str, terms: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    yield f"{pointer}/quorum/value", terms["quorum"]["value"]
    for name, inner in (("block", "override"), ("fallback", "threshold")):
        if terms.get(name):
            yield f"{pointer}/{name}/{inner}", terms[name][inner]
    if "threshold" in terms:
        yield f"{pointer}/threshold", terms["threshold"]


def _is_lowest(text: str) -> bool:
    fraction = Fraction(text)
    return text == f"{fraction.numerator}/{fraction.denominator}"
