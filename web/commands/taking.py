"""What goes with a command, read off the schema that the API takes.

Both doors have the same fields, limits and choices, because there is one table of them.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from enum import Enum
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

import click
from marshmallow import Schema, ValidationError, fields, validate

from governance.errors import Invalid
from node import asking, start
from web.commands import frame
from web.commands.frame import By

#: So many choices are shown where a command is used; more are shown when one is wrong.
_FEW = 5
_Command = Callable[..., None]
_Fields = Mapping[str, fields.Field[Any]]
_MOMENTS = (
    "By the community's clock, such as 2026-03-12T09:00, unless it ends in +01:00."
)


def taking(
    shape: type[Schema],
    *arguments: str,
    without: Collection[str] = (),
    asks: str = "",
) -> Callable[[_Command], _Command]:
    """Give a command what the API takes, as `given`; some of it as arguments.

    Words that it needs, or that `asks` names, come from standard input if not typed.
    """
    parts = {
        name: it for name, it in shape().load_fields.items() if name not in without
    }

    def give(command: _Command) -> _Command:
        @wraps(command)
        def run(by: By, **more: Any) -> None:
            said = _said(by, parts, more, asks)
            try:
                given = shape().load(said)
            except ValidationError as error:
                raise Invalid("; ".join(_wrong(error.messages))) from error
            command(by, **more, given=given)

        made: _Command = run
        for name, field in reversed(parts.items()):
            made = _option(name, field, argument=name in arguments)(made)
        return made

    return give


def _option(
    name: str, field: fields.Field[Any], *, argument: bool
) -> Callable[[_Command], _Command]:
    says, kind = _says(field), _kind(field)
    if argument:
        many = isinstance(kind, click.Choice) and len(kind.choices) > _FEW
        return click.argument(name, type=kind, metavar=name.upper() if many else None)
    if field.metadata.get("words"):
        return frame.spoken(name, says)
    named = f"--{name.replace('_', '-')}"
    if isinstance(field, fields.Boolean):
        return click.option(named, name, is_flag=True, help=says)
    return click.option(named, name, type=kind, required=field.required, help=says)


def _says(field: fields.Field[Any]) -> str:
    says = str(field.metadata.get("description", ""))
    return f"{says} {_MOMENTS}" if isinstance(field, fields.AwareDateTime) else says


def _kind(field: fields.Field[Any]) -> click.ParamType[Any] | None:
    if isinstance(field, fields.Enum):
        return click.Choice([str(_value(one)) for one in field.enum])
    for check in field.validators:
        if isinstance(check, validate.OneOf):
            return click.Choice([*map(str, check.choices)])
    if isinstance(field, fields.UUID):
        return click.UUID
    return click.INT if isinstance(field, fields.Integer) else None


def _value(one: Enum) -> object:
    return one.value


def _said(by: By, parts: _Fields, more: dict[str, Any], asks: str) -> dict[str, object]:
    """Return what was typed as a program would have sent it; take it out of `more`."""
    needed = {name for name, it in parts.items() if it.required or name == asks}
    lacks = [name for name in parts if name in needed and _lacks(parts, name, more)]
    asked, said = frame.asked(lacks), dict[str, object]()
    for name, field in parts.items():
        value = more.pop(name)
        if field.metadata.get("words"):
            ask = _says(field) if name == asked else ""
            value = frame.words(name, value, more.pop(f"{name}_from"), ask=ask)
        # What is left out is what the schema says it is then.
        if field.required or value not in {None, "", False}:
            said[name] = _sent(by, name, field, value)
    return said


def _lacks(parts: _Fields, name: str, given: Mapping[str, Any]) -> bool:
    words = bool(parts[name].metadata.get("words"))
    return words and given[name] is None and given[f"{name}_from"] is None


def _sent(by: By, name: str, field: fields.Field[Any], value: object) -> object:
    if isinstance(field, fields.AwareDateTime):
        zone = ZoneInfo(start.community(by.node).zone)
        return asking.moment(str(value), zone, name).isoformat()
    return str(value) if isinstance(field, fields.UUID) else value


def _wrong(messages: object, name: str = "") -> Iterator[str]:
    if isinstance(messages, Mapping):
        for below, found in messages.items():
            yield from _wrong(found, name or str(below))
        return
    for each in messages if isinstance(messages, list) else [messages]:
        yield f"{name}: {each}"
