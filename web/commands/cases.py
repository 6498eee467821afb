"""Cases on the terminal: what lies on a desk, one case, and what is next."""

from collections.abc import Mapping
from typing import Any

import click

from governance.errors import ChoiceInvalid
from node import assignments
from node import cases as slice_
from node.assignments import Place
from web import casefiles
from web.commands import (
    bonds,
    consents,
    feedback,
    frame,
    later,
    moves,
    notes,
    owning,
    parties,
    pieces,
    plans,
    releases,
    seconding,
    together,
    writing,
)
from web.commands.frame import By
from web.commands.shelves import Shelves
from web.schemas.api import desk as shapes
from web.schemas.api import going

_DESK = ("case_ref", "state", "priority", "next_due_at", "responsible", "turn", "title")
_OWN = ("case_ref", "state", "outcome", "next_due_at", "turn", "title")
_PROMISES = ("kind", "state", "due_at", "met_at", "missed_at", "cause", "id")


@click.command("list")
@click.option("--own", is_flag=True, help="What they told themselves, not their desk.")
@click.option("--after", default="", help="Go on where the page before ended.")
@frame.acting
def cases_list(by: By, *, own: bool, after: str) -> None:
    """List what lies on somebody's desk, by next promise."""
    if own:
        before = slice_.Told.read(after)
        _require(after, before)
        told = slice_.own(by.node, by=by.who, before=before)
        shown = {"items": told.lines, "next": told.end and str(told.end)}
        by.lists(going.CaseList, shown, _OWN)
        _more(told.end)
        return
    place = Place.read(after)
    _require(after, place)
    desk = assignments.desk(by.node, by=by.who, after=place)
    by.lists(shapes.DeskShown, desk, _DESK)
    if desk.to_triage:
        click.echo(f"Waiting for triage: {desk.to_triage}.", err=True)
    _more(desk.end)


def _require(after: str, place: object) -> None:
    if after and place is None:
        raise ChoiceInvalid("No page ended there.", field="after")


def _more(end: object) -> None:
    if end:
        click.echo(f"There is more: --after {end}", err=True)


@click.command("show")
@click.argument("ref")
@frame.acting
def cases_show(by: By, ref: str) -> None:
    """Show a case: its state, what happened, what was promised."""
    view = slice_.view(by.node, ref, by=by.who)
    found = by.gives(going.CaseShown, casefiles.shown(by.node, view, by=by.who))
    if found is None:
        return
    frame.say(f"{found['case_ref']}  {found['title']}")
    for name, value in _head(found):
        frame.say(f"  {name:<8}  {value}")
    click.echo()
    for entry in found["timeline"]:
        _entry(entry)
    click.echo()
    frame.table(found["pledges"], _PROMISES)


def _head(found: Mapping[str, Any]) -> list[tuple[str, object]]:
    state = found["state"].replace("_", " ")
    closed = f", {found['outcome'].replace('_', ' ')}" if found["outcome"] else ""
    why = f", {found['priority_reason']}" if found["priority_reason"] else ""
    lines = [
        ("state", state + closed),
        ("priority", found["priority"] and f"{found['priority']}{why}"),
        ("deadline", found["deadline_on"] and _deadline(found)),
        ("place", found["place"] or found["area_name"]),
        ("with", (found["responsible"] or {}).get("name")),
        ("wanted", found["wanted_outcome"]),
        ("tags", ", ".join(found["tags"])),
        ("you may", ", ".join(moves.called(act) for act in found["acts"])),
    ]
    return [(name, value) for name, value in lines if value]


def _deadline(found: Mapping[str, Any]) -> str:
    return f"{found['deadline_on']} ({found['deadline_source']})"


def _entry(entry: Mapping[str, Any]) -> None:
    what = (entry["act"] or entry["kind"]).replace("_", " ")
    who = entry["name"] or entry["who"]
    frame.say(f"{entry['seq']:>4}  {frame.moment(entry['at'])}  {what}, {who}")
    if entry["spoken"]:
        frame.say(f"      written down as {entry['spoken']['id']}")
    for line in (entry["text"] or entry["reason"] or "").splitlines():
        frame.say(f"      {line}")


@click.command("next")
@frame.acting
def cases_next(by: By) -> None:
    """Take the next case of the queue, and print its reference."""
    ref = assignments.take_next(by.node, by=by.who)
    if by.gives(shapes.Taken, {"case_ref": ref}) is not None:
        click.echo(ref or "Nothing waits for them.", err=ref is None)


@click.command("to-triage")
@frame.acting
def cases_to_triage(by: By) -> None:
    """Show the case that has waited longest for triage."""
    item = slice_.triage_next(by.node, by=by.who)
    if by.gives(shapes.ToTriageShown, {"item": item}) is None:
        return
    if item is None:
        click.echo("Nothing waits for triage.", err=True)
        return
    frame.say(f"{item.reference}  {item.title}\n\n{item.story}")
    if item.wanted:
        frame.say(f"\nWanted: {item.wanted}")
    click.echo(f"Waiting for triage: {item.waiting}.", err=True)


_SHELVES = {
    "See what there is": (
        cases_list, cases_show, cases_to_triage, seconding.aside, seconding.behind,
        notes.notes,
    ),
    "Work on a case": (
        cases_next, *moves.AT_THE_DESK, moves.SORT, writing.reply, writing.answer_now,
        writing.spoken, writing.tried, writing.missed, notes.note, notes.tags,
        seconding.disagree, seconding.seen,
    ),
    "As the member of a case": (
        writing.tell, *moves.BY_THE_MEMBER, *owning.COMMANDS, *releases.COMMANDS,
    ),
    "What belongs to a case": (
        bonds.bonds, consents.consents, feedback.feedback, later.later,
        parties.parties, pieces.pieces, plans.plan, together.together,
    ),
}  # fmt: skip


@click.group(cls=Shelves, shelves=_SHELVES)
def cases() -> None:
    """Work on cases, in the name of one person.

    Each command acts for --person and may do what that person may, no more; what it
    reads stands in the log of reads as theirs. An act that takes words reads them from
    standard input, or from the file that --text-from names.
    """
