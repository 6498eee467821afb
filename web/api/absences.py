"""Being away, for programs of those who work here."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from governance.absences import Shift
from node import absences
from node.absences import Asked, Mine, Work
from web import current
from web.api.operations import Answer, Shape, Slice, operation
from web.schemas.api import absences as shapes

slice_ = Slice("absences", "Being away: from when to when, and who stands in.")


@operation(slice_, "GET", "/absences", Shape(gives=shapes.Absences))
def mine() -> Mine:
    """List when one is away, now and to come."""
    return absences.mine(current.node(), by=current.visitor())


@operation(
    slice_,
    "POST",
    "/absences",
    Shape(gives=shapes.AbsenceMade, takes=shapes.NewAbsence, status=201),
)
def say(given: dict[str, Any]) -> Mapping[str, object]:
    """Say that one is away; on the first day one's cases go on."""
    asked = Asked(**given)
    return {"id": absences.say(current.node(), asked, by=current.visitor())}


@operation(slice_, "DELETE", "/absences/<uuid:absence_id>", Shape(status=204))
def call_off(absence_id: UUID) -> Answer:
    """Take an absence back, or be back before its end."""
    absences.call_off(current.node(), absence_id, by=current.visitor())
    return Answer()


@operation(slice_, "GET", "/me/work", Shape(gives=shapes.WorkShown))
def work() -> Work:
    """Return when one can be asked, for what, and how much at once."""
    return absences.work(current.node(), by=current.visitor())


@operation(
    slice_, "POST", "/me/work", Shape(gives=shapes.WorkShown, takes=shapes.NewWork)
)
def save(given: dict[str, Any]) -> Work:
    """Keep what one says of it; it counts for the next case."""
    node, who = current.node(), current.visitor()
    shifts = [Shift(**one) for one in given.pop("shifts")]
    absences.save(node, Work(**given, shifts=shifts), by=who)
    return absences.work(node, by=who)
