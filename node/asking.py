"""What comes with an act as text: read once, by the name of its field, or refused."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from governance.errors import ChoiceInvalid
from governance.later import local_moment
from node.core import Node
from node.ids import new_id
from node.threads import Words

Fields = Mapping[str, str]
_Choice = TypeVar("_Choice", bound=StrEnum)


def day(fields: Fields, name: str) -> datetime | date:
    """Return a day or a moment that came as text, or refuse it."""
    written = need(fields, name)
    try:
        if len(written) == len("2026-03-12"):
            return date.fromisoformat(written)
        found = datetime.fromisoformat(written)
    except ValueError as error:
        raise ChoiceInvalid("Name a day, or a moment.", field=name) from error
    if found.tzinfo is None:
        raise ChoiceInvalid("Name the moment with its time zone.", field=name)
    return found


def plain_day(fields: Fields, name: str) -> date | None:
    """Return a day, if one came; refuse what is none."""
    found = day(fields, name) if fields.get(name) else None
    if isinstance(found, datetime):
        raise ChoiceInvalid("Name a day, without a time.", field=name)
    return found


def moment(typed: str, zone: ZoneInfo, field: str) -> datetime:
    """Return a moment by the clocks of a zone, unless it names another; or refuse."""
    try:
        found = datetime.fromisoformat(typed)
    except ValueError as error:
        raise ChoiceInvalid("Choose a day and a time.", field=field) from error
    if found.tzinfo is not None:
        return found.astimezone(UTC)
    return local_moment(found, zone)


def uuid(fields: Fields, name: str) -> UUID:
    """Return an id that came as text, or refuse it."""
    try:
        return UUID(fields[name])
    except ValueError as error:
        raise ChoiceInvalid(f"This is no {name}.", field=name) from error


def need(fields: Fields, name: str) -> str:
    """Return a field that an act cannot do without, or refuse."""
    if not fields.get(name, "").strip():
        raise ChoiceInvalid(f"This act needs: {name}.", field=name)
    return fields[name]


def words(node: Node, fields: Fields) -> Words:
    """Return what somebody wants to send."""
    return Words(_id(node, fields), need(fields, "text"))


def maybe(node: Node, fields: Fields) -> Words | None:
    """Return what somebody wants to send; None where they say nothing."""
    text = fields.get("text", "")
    return Words(_id(node, fields), text) if text.strip() else None


def _id(node: Node, fields: Fields) -> UUID:
    return UUID(fields["id"]) if "id" in fields else new_id(node)


def one(kind: type[_Choice], fields: Fields, name: str, usual: _Choice) -> _Choice:
    """Return one of a closed list, or refuse what is not in it."""
    try:
        return kind(fields[name]) if name in fields else usual
    except ValueError as error:
        choices = ", ".join(kind)
        raise ChoiceInvalid(f"Choose {name} from: {choices}.", field=name) from error


def one_of(kind: type[_Choice], fields: Fields, name: str) -> _Choice | None:
    """Return one of a closed list, if one came; refuse what is not in it."""
    return one(kind, fields, name, next(iter(kind))) if fields.get(name) else None
