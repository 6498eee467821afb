"""One door for every act a program may ask for, by the act's name.

It only sorts: each act is the use case that pages call too.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from governance.cases import Act, Kind, Outcome, Priority, Sensitivity
from governance.errors import ChoiceInvalid, WrongState
from governance.joins import Scope
from governance.resolutions import Answer
from governance.rubric import Finding
from node import assignments, cases, resolutions, threads, together
from node.accounts.visitor import Visitor
from node.cases import Asked, Leaving, TriageChoice
from node.core import Node
from node.ids import new_id
from node.log import Ticket
from node.resolutions import Refused
from node.threads import Words
from node.together import Joining

Fields = Mapping[str, str]
_Choice = TypeVar("_Choice", bound=StrEnum)
_Door = Callable[[Node, str, Fields, Visitor], Ticket]


def act(
    node: Node, reference: str, what: Act, fields: Fields, *, by: Visitor
) -> Ticket:
    """Do one act to a case; refuse what is not to be done from outside."""
    door = _DOORS.get(what)
    if door is None:
        raise WrongState(f"Nobody can ask for this as yet: {what.replace('_', ' ')}.")
    return door(node, reference, fields, by)


def _triage(node: Node, reference: str, fields: Fields, by: Visitor) -> Ticket:
    choice = TriageChoice(
        kind=_one(Kind, fields, "kind", Kind.CLAIM),
        topic=_need(fields, "topic"),
        priority=_one(Priority, fields, "priority", Priority.NORMAL),
        area=fields.get("area") or None,
        reason=fields.get("reason", ""),
        found=_found(fields),
        language=fields.get("language", ""),
        sensitivity=_one(Sensitivity, fields, "sensitivity", Sensitivity.NORMAL),
        team=_uuid(fields, "team") if fields.get("team") else None,
    )
    return cases.triage(node, reference, choice, by=by)


def _found(fields: Fields) -> frozenset[Finding]:
    words = ({"found": word} for word in fields.get("found", "").split())
    return frozenset(_one(Finding, it, "found", Finding.WAITS) for it in words)


def _assign(node: Node, reference: str, fields: Fields, by: Visitor) -> Ticket:
    if "advocate" not in fields:
        return assignments.take(node, reference, by=by)
    return assignments.assign(node, reference, _uuid(fields, "advocate"), by=by)


def _ask(node: Node, reference: str, fields: Fields, by: Visitor) -> Ticket:
    return threads.ask(node, reference, _words(node, fields), by=by).ticket


def _resolve(node: Node, reference: str, fields: Fields, by: Visitor) -> Ticket:
    obtained = fields.get("obtained", "")
    written = resolutions.resolve(
        node, reference, _words(node, fields), by=by, obtained=obtained
    )
    return written.ticket


def _confirm(node: Node, reference: str, fields: Fields, by: Visitor) -> Ticket:
    answer = _one(Answer, fields, "answer", Answer.SOLVED)
    if answer is Answer.NOT_SOLVED:
        raise ChoiceInvalid("What is not solved is disputed.")
    words = _maybe(node, fields)
    return resolutions.answer(node, reference, answer, by=by, words=words)


def _dispute(node: Node, reference: str, fields: Fields, by: Visitor) -> Ticket:
    words = _maybe(node, fields)
    return resolutions.answer(node, reference, Answer.NOT_SOLVED, by=by, words=words)


def _reopen(node: Node, reference: str, fields: Fields, by: Visitor) -> Ticket:
    return resolutions.reopen(node, reference, by=by, words=_maybe(node, fields))


def _appeal(node: Node, reference: str, fields: Fields, by: Visitor) -> Ticket:
    return resolutions.appeal(node, reference, by=by, words=_maybe(node, fields))


def _release(node: Node, reference: str, fields: Fields, by: Visitor) -> Ticket:
    leaving = Leaving(_need(fields, "reason"), _need(fields, "note"))
    return cases.release(node, reference, leaving, by=by)


def _ask_other(node: Node, reference: str, fields: Fields, by: Visitor) -> Ticket:
    asked = Asked(
        whom=_need(fields, "whom"),
        what=_need(fields, "text"),
        until=_day(fields, "until"),
    )
    return cases.ask_other(node, reference, asked, by=by)


def _refuse(node: Node, reference: str, fields: Fields, by: Visitor) -> Ticket:
    """Propose a refusal; or, with its number, agree to one as the second person."""
    if "proposal" in fields:
        proposal = _uuid(fields, "proposal")
        return resolutions.agree(node, reference, proposal, by=by)
    outcome = _one(Outcome, fields, "outcome", Outcome.NOT_OURS)
    refused = Refused(_need(fields, "text"), outcome)
    return resolutions.propose(node, reference, refused, by=by)


def _join(node: Node, reference: str, fields: Fields, by: Visitor) -> Ticket:
    """Go on with others; or, for who coordinates, as the member said in person."""
    agrees = ({"agrees": word} for word in fields.get("agrees", "").split())
    joining = Joining(
        matter=_need(fields, "matter"),
        agrees=frozenset(_one(Scope, it, "agrees", Scope.COUNTED) for it in agrees),
        heard=fields.get("heard") == "yes",
        words=_maybe(node, fields),
    )
    return together.join(node, reference, joining, by=by)


def _day(fields: Fields, name: str) -> datetime | date:
    written = _need(fields, name)
    try:
        if len(written) == len("2026-03-12"):
            return date.fromisoformat(written)
        found = datetime.fromisoformat(written)
    except ValueError as error:
        raise ChoiceInvalid("Name a day, or a moment.", field=name) from error
    if found.tzinfo is None:
        raise ChoiceInvalid("Name the moment with its time zone.", field=name)
    return found


def _uuid(fields: Fields, name: str) -> UUID:
    try:
        return UUID(fields[name])
    except ValueError as error:
        raise ChoiceInvalid(f"This is no {name}.", field=name) from error


def _need(fields: Fields, name: str) -> str:
    if not fields.get(name, "").strip():
        raise ChoiceInvalid(f"This act needs: {name}.", field=name)
    return fields[name]


def _words(node: Node, fields: Fields) -> Words:
    return Words(_id(node, fields), _need(fields, "text"))


def _maybe(node: Node, fields: Fields) -> Words | None:
    text = fields.get("text", "")
    return Words(_id(node, fields), text) if text.strip() else None


def _id(node: Node, fields: Fields) -> UUID:
    return UUID(fields["id"]) if "id" in fields else new_id(node)


def _one(kind: type[_Choice], fields: Fields, name: str, usual: _Choice) -> _Choice:
    try:
        return kind(fields[name]) if name in fields else usual
    except ValueError as error:
        choices = ", ".join(kind)
        raise ChoiceInvalid(f"Choose {name} from: {choices}.", field=name) from error


_DOORS: dict[Act, _Door] = {
    Act.TRIAGE: _triage,
    Act.ASSIGN: _assign,
    Act.ACCEPT: lambda node, ref, _, by: assignments.accept(node, ref, by=by),
    Act.DECLINE: lambda node, ref, fields, by: assignments.decline(
        node, ref, _need(fields, "reason"), by=by
    ),
    Act.ASK_MEMBER: _ask,
    Act.ASK_OTHER: _ask_other,
    Act.OTHER_REPLIED: lambda node, ref, fields, by: cases.other_replied(
        node, ref, _need(fields, "text"), by=by
    ),
    Act.FOLLOW_UP_DUE: lambda node, ref, _, by: cases.come_back(node, ref, by=by),
    Act.RESUME: lambda node, ref, fields, by: cases.resume(
        node, ref, _need(fields, "reason"), by=by
    ),
    Act.RELEASE: _release,
    Act.RESOLVE: _resolve,
    Act.REFUSE: _refuse,
    Act.CONFIRM: _confirm,
    Act.DISPUTE: _dispute,
    Act.REOPEN: _reopen,
    Act.APPEAL: _appeal,
    Act.DISCARD: lambda node, ref, fields, by: cases.discard(
        node, ref, _need(fields, "reason"), by=by
    ),
    Act.RESTORE: lambda node, ref, _, by: cases.restore(node, ref, by=by),
    Act.JOIN: _join,
    Act.WITHDRAW: lambda node, ref, _, by: cases.withdraw(node, ref, by=by),
}
#: Every act that can be asked for.
ACTS = frozenset(_DOORS)
