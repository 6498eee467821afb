"""The activities that nodes exchange: which row, which lane, and who may.

The lane is computed from what a document is and never from what it says of itself.
What looks private in any part never counts as public.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from federation.activities import Document, embedded
from federation.inbox.shapes import (
    activity_type,
    has,
    layers,
    types_of,
)
from federation.inbox.table import FORMS, OTHER, PRIVATE_KEYS, Form, Lane

_PREFIX: Final = "fm:"
#: To undo one of these is to share more, not less.
_TAKING_BACK: Final = frozenset({"Block", "Delete", "Reject", "Undo"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where an activity stands in the catalogue."""

    row: int
    lane: Lane


class Change(StrEnum):
    """What an activity does to how much is shared."""

    MORE = "more"
    LESS = "less"


def place(document: Document) -> Place:
    """Return the activity's row and lane."""
    named = activity_type(document)
    among = (form for form in FORMS if named in form.types)
    found = next((form for form in among if _fits(form, document)), None)
    if found is not None and found.lane is not Lane.PUBLIC:
        return Place(found.row, found.lane)
    if _looks_private(document):
        return Place(OTHER, Lane.PRIVATE)
    return Place(found.row if found else OTHER, Lane.PUBLIC)


def lane(document: Document) -> Lane:
    """Return the lane an activity belongs in."""
    return place(document).lane


def change(document: Document) -> Change:
    """Say whether an activity can only reduce what is shared."""
    inner = document.get("object")
    match activity_type(document):
        case "Delete" | "Reject":
            return Change.LESS
        case "Undo" if not _TAKING_BACK & set(types_of(inner)):
            return Change.LESS
        case "Update" if "fm:Standing" in types_of(inner) and _suspends(inner):
            return Change.LESS
        case _:
            return Change.MORE


def _suspends(standing: object) -> bool:
    match embedded(standing):
        case {"fm:agreementStatus": "fm:suspended" | "fm:windingDown" | "fm:ended"}:
            return True
        case _:
            return False


def _fits(form: Form, document: Document) -> bool:
    about = document.get("object")
    return (
        _is_of(form.object, about)
        and _is_of(form.result, document.get("result"))
        and all(has(document, key) for key in form.having)
        and all(has(embedded(about), key) for key in form.within)
    )


def _is_of(types: frozenset[str] | None, value: object) -> bool:
    if types is None:
        return True
    # What is only named has no type yet: "" stands for it in the table.
    return bool(types & set(types_of(value) or ("",)))


def _looks_private(document: Document) -> bool:
    beside = (embedded(document.get(key)) for key in ("result", "target"))
    parts = [*layers(document), *(part for part in beside if part)]
    return any(_is_ours_alone(part) for part in parts)


def _is_ours_alone(part: Document) -> bool:
    return any(has(part, key) for key in PRIVATE_KEYS) or any(
        each.startswith(_PREFIX) for each in types_of(part)
    )
