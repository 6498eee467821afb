"""The fields `Signature-Input`, `Signature` and `Accept-Signature`, as values.

What everybody sends is one label in canonical form; it is read by one expression, as
the general reader would read it. All else goes to the general reader.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn, TypeAlias

import http_sf

from federation.errors import Unverified
from federation.signatures.message import unbase64

Parameters: TypeAlias = Mapping[str, object]

_MOST_LABELS, _LONGEST = 3, 8192
_LABEL = r"[a-z*][a-z0-9_.*-]*"
_COMPONENT = r"@?[a-z0-9!#$%&'*+.^_`|~-]+"
_VALUE = r"(?:0|[1-9][0-9]{0,14})|\"[ !#-\[\]-~]*\""
_PLAIN = re.compile(
    rf"({_LABEL})=(\((\"{_COMPONENT}\"(?: \"{_COMPONENT}\")*)\)"
    rf"((?:;{_LABEL}=(?:{_VALUE}))*))",
    re.ASCII,
)
_PARAMETER = re.compile(rf";({_LABEL})=({_VALUE})", re.ASCII)
_SIGNATURE = re.compile(rf"({_LABEL})=:([A-Za-z0-9+/]+={{0,2}}):", re.ASCII)
_NAME = re.compile(_COMPONENT, re.ASCII)


@dataclass(frozen=True, slots=True)
class Claim:
    """What one label says was signed, and how."""

    label: str
    components: tuple[str, ...]
    parameters: Parameters
    #: The parameters in their canonical form: the last line of what is signed.
    text: str


def claims(text: str) -> list[Claim]:
    """Read a field that lists components, label by label."""
    found = _PLAIN.fullmatch(text) if len(text) <= _LONGEST else None
    if found is None:
        return _general_claims(text)
    label, whole, inner, rest = found.groups()
    pairs = _PARAMETER.findall(rest)
    parameters = {name: _value(value) for name, value in pairs}
    if len(parameters) < len(pairs):
        _twice(label, "parameter")
    # It is what `canonical` would write: a property test holds the two together.
    return [_claim(label, inner[1:-1].split('" "'), parameters, whole)]


def signatures(text: str) -> dict[str, bytes]:
    """Read the field that holds the signatures themselves, by label."""
    found = _SIGNATURE.fullmatch(text) if len(text) <= _LONGEST else None
    if found:
        return {found[1]: unbase64(found[2])}
    read: dict[str, bytes] = {}
    for label, member in _dictionary(text).items():
        match member:
            case (bytes(raw), _):
                read[label] = raw
            case _:
                raise Unverified("A signature is not a byte sequence.")
    return read


def canonical(components: Iterable[str], parameters: Parameters) -> str:
    """Return an inner list as it stands in the last line of what is signed."""
    # The types of the library do not fit the shape it asks for.
    inner: Any = ([(name, {}) for name in components], dict(parameters))
    return http_sf.ser([inner])


def _general_claims(text: str) -> list[Claim]:
    read = []
    for label, member in _dictionary(text).items():
        match member:
            case (list(items), dict(parameters)):
                names = [_component(part) for part in items]
                text = canonical(names, parameters)
                read.append(_claim(label, names, parameters, text))
            case _:
                raise Unverified("A label does not list components.")
    return read


def _claim(label: str, names: list[str], parameters: Parameters, text: str) -> Claim:
    if len(set(names)) < len(names):
        raise Unverified("A component stands twice.")
    return Claim(label, tuple(names), parameters, text)


def _component(part: object) -> str:
    match part:
        case (str(name), dict(parameters)) if not parameters and _NAME.fullmatch(name):
            return name
    raise Unverified("A component is not the plain name of one.")


def _dictionary(text: str) -> Mapping[str, object]:
    if len(text) > _LONGEST:
        raise Unverified("A field of the signature is too long.")
    try:
        read = http_sf.parse(
            text.encode("ascii"), tltype="dictionary", on_duplicate_key=_twice
        )
    except ValueError as error:
        raise Unverified("A field of the signature cannot be read.") from error
    if not isinstance(read, dict) or not 1 <= len(read) <= _MOST_LABELS:
        raise Unverified("A request has one to three signatures.")
    return read


def _value(text: str) -> str | int:
    return text[1:-1] if text.startswith('"') else int(text)


def _twice(_name: str, where: str) -> NoReturn:
    raise Unverified(f"A {where} stands twice.")
