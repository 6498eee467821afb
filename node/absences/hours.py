"""When somebody can be asked, for what, and how much at once: in their own words."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select

from governance.absences import Shift, check_shift
from governance.errors import ChoiceInvalid
from governance.intake import check_language
from node.absences.saying import require
from node.accounts.visitor import Visitor
from node.core import Node
from node.models import teams as rows
from node.models.areas import Area
from node.topics import STARTER

_MOST_CASES = 200
_MOST_LANGUAGES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What counts when somebody is looked at for a case."""

    languages: Sequence[str] = ()
    #: The topics they are good at.
    skills: Sequence[str] = ()
    #: Where they live; None for not said.
    area: str | None = None
    #: How many cases at once; None for no limit.
    capacity: int | None = None
    #: Empty for always.
    shifts: Sequence[Shift] = ()


def work(node: Node, *, by: Visitor) -> Work:
    """Return what somebody said about their own work."""
    person = require(by)
    with node.read() as tx:
        helper = tx.get(rows.Helper, person)
        hours = tx.scalars(select(rows.Shift).where(rows.Shift.person_id == person))
        shifts = sorted((it.weekday, it.from_minute, it.to_minute) for it in hours)
        return Work(
            languages=tuple(helper.languages.split()) if helper else (),
            skills=tuple(helper.skills.split()) if helper else (),
            area=helper.area if helper else None,
            capacity=helper.capacity if helper else None,
            shifts=tuple(Shift(*one) for one in shifts),
        )


def save(node: Node, given: Work, *, by: Visitor) -> None:
    """Keep what somebody says about their own work; it counts for the next case."""
    person = require(by)
    with node.begin() as tx:
        if given.area is not None and tx.get(Area, given.area) is None:
            raise ChoiceInvalid("Choose a place from the list, or none.", field="area")
        _check(given)
        for model in (rows.Helper, rows.Shift):
            tx.execute(delete(model).where(model.person_id == person))
        tx.add(
            rows.Helper(
                person_id=person,
                languages=" ".join(given.languages),
                skills=" ".join(given.skills),
                area=given.area,
                capacity=given.capacity,
            )
        )
        for one in given.shifts:
            tx.add(
                rows.Shift(
                    person_id=person,
                    weekday=one.weekday,
                    from_minute=one.from_minute,
                    to_minute=one.to_minute,
                )
            )


def _check(given: Work) -> None:
    if not set(given.skills) <= set(STARTER):
        raise ChoiceInvalid("Choose from the list.", field="skills")
    if given.capacity is not None and not 0 <= given.capacity <= _MOST_CASES:
        raise ChoiceInvalid(f"Up to {_MOST_CASES} cases.", field="capacity")
    if len(given.languages) > _MOST_LANGUAGES:
        raise ChoiceInvalid("These are too many languages.", field="languages")
    for tag in given.languages:
        check_language(tag)
    for one in given.shifts:
        check_shift(one)
    begun = [(one.weekday, one.from_minute) for one in given.shifts]
    if len(set(begun)) != len(begun):
        raise ChoiceInvalid("Name every time of a day once.", field="shifts")
