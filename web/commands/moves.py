"""The moves of a case as commands: one for each act that can be asked for.

There is one command for all of them: its options are the fields that `node.fields`
lists, and what decides is the door that the API goes through, too.
"""

from collections.abc import Callable, Mapping
from typing import Any

import click

from governance.cases import Act
from governance.errors import NotFound
from node import acting, cases
from node.fields import TAKES, Field
from node.log import Ticket
from web import casefiles
from web.commands import frame
from web.commands.frame import By
from web.schemas.api import going

_Door = Callable[[By, str, dict[str, str]], Ticket]
#: What each act is called here, where its own name is not what people say.
_NAMES = {Act.ASK_MEMBER: "ask"}
_SAYS: Mapping[Act, str] = {
    Act.TRIAGE: "Put a case that came in into the queue.",
    Act.DISCARD: "Set aside what is no case; a second person looks at it.",
    Act.ASSIGN: "Offer a case to somebody; without --advocate, take it.",
    Act.ACCEPT: "Say yes to a case that was offered.",
    Act.DECLINE: "Say no to a case that was offered.",
    Act.ASK_MEMBER: "Ask the member one thing.",
    Act.ASK_OTHER: "Write down that somebody outside was asked, and until when.",
    Act.OTHER_REPLIED: "File what somebody outside answered.",
    Act.FOLLOW_UP_DUE: "Come back to a case before its day.",
    Act.RESUME: "Go on with a case without its member's answer.",
    Act.RELEASE: "Give a case back, with a note for whoever takes over.",
    Act.RESOLVE: "Tell the member what was done.",
    Act.REFUSE: "Propose to say no; or agree to that, with --proposal.",
    Act.CONFIRM: "Say, as its member, that a case is solved.",
    Act.DISPUTE: "Say, as its member, that a case is not solved.",
    Act.REOPEN: "Open a closed case again.",
    Act.APPEAL: "Appeal, as its member, against how a case closed.",
    Act.RESTORE: "Bring back what was set aside.",
    Act.JOIN: "Go on with others who have the same matter.",
    Act.WITHDRAW: "Withdraw a case, as its member.",
}


def _command(act: Act, takes: tuple[Field, ...]) -> click.Command:
    def do(by: By, ref: str, fields: dict[str, str]) -> Ticket:
        return acting.act(by.node, ref, act, fields, by=by.who)

    return _made(called(act), _SAYS[act], takes, do)


def _again(by: By, ref: str, fields: dict[str, str]) -> Ticket:
    return acting.sort_again(by.node, ref, fields, by=by.who)


def _made(name: str, says: str, takes: tuple[Field, ...], do: _Door) -> click.Command:
    def run(by: By, ref: str, **given: Any) -> None:
        by.settled(do(by, ref, _fields(takes, given)))
        after(by, ref)

    made: Callable[..., None] = run
    for field in reversed(takes):
        for option in reversed(_options(field)):
            made = option(made)
    made = click.argument("ref")(frame.acting(made))
    return click.command(name, help=says)(made)


def called(act: str) -> str:
    """Return what an act is called on the terminal."""
    return _NAMES.get(Act(act), act.replace("_", "-"))


def _options(
    field: Field,
) -> list[Callable[[Callable[..., None]], Callable[..., None]]]:
    name = f"--{field.name}"
    if not field.words:
        kind = click.Choice(field.choices) if field.choices else None
        return [click.option(
            name, field.name, type=kind, multiple=field.several,
            required=field.needed, help=field.says,
        )]  # fmt: skip
    return [frame.spoken(field.name, field.says)]


def _fields(takes: tuple[Field, ...], given: Mapping[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    lacks = [
        it.name
        for it in takes
        if it.words and it.needed
        and given[it.name] is None and given[f"{it.name}_from"] is None
    ]  # fmt: skip
    asked = frame.asked(lacks)
    for field in takes:
        value = given[field.name]
        if field.words:
            ask = field.says if field.name == asked else ""
            source = given[f"{field.name}_from"]
            value = frame.words(field.name, value, source, ask=ask)
        elif field.several:
            value = " ".join(value)
        if value:
            found[field.name] = value
    return found


def after(by: By, ref: str) -> None:
    """Say where a case stands now; it may be out of the hands of whoever moved it."""
    try:
        view = cases.view(by.node, ref, by=by.who)
    except NotFound:
        if by.as_json:
            frame.document(None)
        else:
            click.echo(f"{ref} is out of your hands now.")
        return
    found = casefiles.shown(by.node, view, by=by.who)
    if by.gives(going.CaseShown, found) is not None:
        click.echo(f"{view.reference} is {view.state.replace('_', ' ')} now.")


#: What a case's member does; all else is the desk's.
_MEMBERS = (
    Act.CONFIRM, Act.DISPUTE, Act.REOPEN, Act.APPEAL, Act.RESTORE, Act.JOIN,
    Act.WITHDRAW,
)  # fmt: skip
SORT = _made(
    "sort", "Sort a case again; it stays where it is.", TAKES[Act.TRIAGE], _again
)
BY_THE_MEMBER = [_command(act, TAKES[act]) for act in _MEMBERS]
AT_THE_DESK = [
    _command(act, takes) for act, takes in TAKES.items() if act not in _MEMBERS
]
