"""Filling a template in: for a case that its reader may see, or with made-up values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.dates import format_date
from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.errors import ChoiceInvalid
from governance.texts import Medium, Value, VariableKind, fill
from node import cases, language
from node.accounts.visitor import Visitor
from node.cases import CaseView
from node.core import Node
from node.models.start import Community
from node.models.texts import TextVersion
from node.texts.versions import Shown

#: What a preview shows where no case is named.
EXAMPLE: Mapping[str, Value] = {
    "member_name": "Maria Example",
    "advocate_name": "Kim Example",
    "community_name": "Example Community",
    "reference": "AB-1234567",
    "area": "South side",
    "received": datetime(2026, 3, 2, 9, 30, tzinfo=UTC),
    "due": datetime(2026, 3, 4, 16, 0, tzinfo=UTC),
}


@dataclass(frozen=True, slots=True)
class Filled:
    """A template as it reads in one case."""

    version_id: UUID
    text: str
    language: str
    #: Whether there was none in the language of the case.
    fell_back: bool
    #: Whether a second person has to agree before what begins with it leaves.
    community: bool


def names(node: Node, medium: Medium = Medium.MAIL) -> tuple[str, ...]:
    """Return the names of the templates that are in use for one way."""
    with node.read() as tx:
        return tuple(dict.fromkeys(row.name for row in _used(tx, medium)))


def fill_in(
    node: Node,
    reference: str,
    name: str,
    *,
    by: Visitor,
    medium: Medium = Medium.MAIL,
) -> Filled:
    """Fill a template in for a case: in its language, or else the next in order.

    The order is the case's language, the community's, that of the messages, any other.
    """
    view = cases.view(node, reference, by=by)
    with node.read() as tx:
        community = tx.get_one(Community, 1)
        found = {row.language: row for row in _used(tx, medium) if row.name == name}
    if not found:
        raise ChoiceInvalid("There is no such template.", field="template")
    wishes = [view.language, community.language, language.SOURCE]
    tag = language.choose(wishes, sorted(found)) or min(found)
    row = found[tag]
    text = _written(row.text, tag, community, _values(view, community, by))
    own = language.choose([view.language], [tag]) is not None
    return Filled(row.id, text, tag, fell_back=not own, community=row.community)


def preview(node: Node, version: Shown, reference: str, *, by: Visitor) -> str:
    """Return how one version would read in a case, whether it is in use or not."""
    view = cases.view(node, reference, by=by)
    with node.read() as tx:
        community = tx.get_one(Community, 1)
    values = _values(view, community, by)
    return _written(version.text, version.language, community, values)


def own_words(node: Node, reference: str, text: str, *, by: Visitor) -> str:
    """Return words of one's own as they read in a case, in the case's language."""
    view = cases.view(node, reference, by=by)
    with node.read() as tx:
        community = tx.get_one(Community, 1)
    return _written(text, view.language, community, _values(view, community, by))


def example(node: Node, text: str, tag: str) -> str:
    """Return a template with made-up values."""
    with node.read() as tx:
        community = tx.get_one(Community, 1)
    return _written(text, tag, community, {**EXAMPLE, "community_name": community.name})


def _used(tx: Session, medium: Medium) -> list[TextVersion]:
    rows = tx.scalars(
        select(TextVersion)
        .where(
            TextVersion.medium == medium,
            TextVersion.approved_at.is_not(None),
            TextVersion.retired_at.is_(None),
        )
        .order_by(TextVersion.name, TextVersion.language, TextVersion.version)
    )
    # The last of each is the newest: it stands in for those before.
    return list({(row.name, row.language): row for row in rows}.values())


def _values(view: CaseView, community: Community, by: Visitor) -> Mapping[str, Value]:
    promise = view.next_promise
    return {
        "member_name": view.member_name,
        "advocate_name": view.responsible.name if view.responsible else by.name,
        "community_name": community.name,
        "reference": view.reference,
        "area": view.area_name,
        "received": view.received_at,
        "due": promise.due_at if promise else None,
    }


def _written(
    text: str, tag: str, community: Community, values: Mapping[str, Value]
) -> str:
    return fill(text, values, partial(_write, tag, community.zone))


def _write(tag: str, zone: str, kind: VariableKind, value: str | datetime) -> str:
    if isinstance(value, str):
        return value
    if kind is VariableKind.DAY:
        day = value.astimezone(ZoneInfo(zone)).date()
        return format_date(day, "long", locale=language.spoken(tag).locale)
    return language.moment(value, zone, tag)
