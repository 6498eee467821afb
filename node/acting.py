"""One door for every act a program may ask for, by the act's name.

It only sorts: each act is the use case that pages call too.
"""

from collections.abc import Callable

from governance.cases import (
    Act,
    DeadlineSource,
    Kind,
    Outcome,
    Part,
    Priority,
    Sensitivity,
)
from governance.delays import Reading
from governance.errors import ChoiceInvalid, WrongState
from governance.joins import Scope
from governance.resolutions import Answer
from governance.rubric import Finding
from governance.tags import split
from node import asking, assignments, cases, resolutions, threads, together
from node.accounts.visitor import Visitor
from node.asking import Fields
from node.cases import Asked, Leaving, TriageChoice, resorting
from node.core import Node
from node.log import Ticket
from node.resolutions import Refused
from node.threads import Words, Written
from node.together import Joining

_Door = Callable[[Node, str, Fields, Visitor], Ticket]


def act(
    node: Node, reference: str, what: Act, fields: Fields, *, by: Visitor
) -> Ticket:
    """Do one act to a case; refuse what is not to be done from outside."""
    door = _DOORS.get(what)
    if door is None:
        raise WrongState(f"Nobody can ask for this as yet: {what.replace('_', ' ')}.")
    return door(node, reference, fields, by)


def say(node: Node, reference: str, words: Words, *, by: Visitor) -> Written:
    """Write in a case, in one's part: its member's words, or the desk's reply."""
    part = cases.view(node, reference, by=by).part
    written = threads.write if part is Part.MEMBER else threads.reply
    return written(node, reference, words, by=by)


def _triage(node: Node, reference: str, fields: Fields, by: Visitor) -> Ticket:
    return cases.triage(node, reference, _choice(fields), by=by)


def sort_again(node: Node, reference: str, fields: Fields, *, by: Visitor) -> Ticket:
    """Sort a case again, by what goes with triage."""
    return resorting.again(node, reference, _choice(fields), by=by)


def _choice(fields: Fields) -> TriageChoice:
    return TriageChoice(
        kind=asking.one(Kind, fields, "kind", Kind.CLAIM),
        topic=asking.need(fields, "topic"),
        priority=asking.one(Priority, fields, "priority", Priority.NORMAL),
        area=fields.get("area") or None,
        reason=fields.get("reason", ""),
        found=_found(fields),
        deadline_on=asking.plain_day(fields, "deadline_on"),
        deadline_source=asking.one_of(DeadlineSource, fields, "deadline_source"),
        language=fields.get("language", ""),
        sensitivity=asking.one(Sensitivity, fields, "sensitivity", Sensitivity.NORMAL),
        team=asking.uuid(fields, "team") if fields.get("team") else None,
        rule=fields.get("rule", ""),
        tags=split(fields.get("tags", "")),
    )


def _found(fields: Fields) -> frozenset[Finding]:
    words = ({"found": word} for word in fields.get("found", "").split())
    return frozenset(asking.one(Finding, it, "found", Finding.WAITS) for it in words)


def _assign(node: Node, reference: str, fields: Fields, by: Visitor) -> Ticket:
    if "advocate" not in fields:
        return assignments.take(node, reference, by=by)
    return assignments.assign(node, reference, asking.uuid(fields, "advocate"), by=by)


def _ask(node: Node, reference: str, fields: Fields, by: Visitor) -> Ticket:
    return threads.ask(node, reference, asking.words(node, fields), by=by).ticket


def _resolve(node: Node, reference: str, fields: Fields, by: Visitor) -> Ticket:
    obtained = fields.get("obtained", "")
    written = resolutions.resolve(
        node, reference, asking.words(node, fields), by=by, obtained=obtained
    )
    return written.ticket


def _confirm(node: Node, reference: str, fields: Fields, by: Visitor) -> Ticket:
    answer = asking.one(Answer, fields, "answer", Answer.SOLVED)
    if answer is Answer.NOT_SOLVED:
        raise ChoiceInvalid("What is not solved is disputed.")
    words = asking.maybe(node, fields)
    return resolutions.answer(node, reference, answer, by=by, words=words)


def _dispute(node: Node, reference: str, fields: Fields, by: Visitor) -> Ticket:
    words = asking.maybe(node, fields)
    return resolutions.answer(node, reference, Answer.NOT_SOLVED, by=by, words=words)


def _reopen(node: Node, reference: str, fields: Fields, by: Visitor) -> Ticket:
    return resolutions.reopen(node, reference, by=by, words=asking.maybe(node, fields))


def _appeal(node: Node, reference: str, fields: Fields, by: Visitor) -> Ticket:
    return resolutions.appeal(node, reference, by=by, words=asking.maybe(node, fields))


def _release(node: Node, reference: str, fields: Fields, by: Visitor) -> Ticket:
    leaving = Leaving(asking.need(fields, "reason"), asking.need(fields, "note"))
    return cases.release(node, reference, leaving, by=by)


def _ask_other(node: Node, reference: str, fields: Fields, by: Visitor) -> Ticket:
    asked = Asked(
        whom=asking.need(fields, "whom"),
        what=asking.need(fields, "text"),
        until=asking.day(fields, "until"),
    )
    return cases.ask_other(node, reference, asked, by=by)


def _refuse(node: Node, reference: str, fields: Fields, by: Visitor) -> Ticket:
    """Propose a refusal; or, with its number, agree to one as the second person."""
    if "proposal" in fields:
        proposal = asking.uuid(fields, "proposal")
        return resolutions.agree(node, reference, proposal, by=by)
    outcome = asking.one(Outcome, fields, "outcome", Outcome.NOT_OURS)
    refused = Refused(asking.need(fields, "text"), outcome)
    return resolutions.propose(node, reference, refused, by=by)


def _other_replied(node: Node, reference: str, fields: Fields, by: Visitor) -> Ticket:
    text = asking.need(fields, "text")
    reading = asking.one(Reading, fields, "reading", Reading.ANSWERED)
    return cases.other_replied(node, reference, text, by=by, reading=reading)


def _join(node: Node, reference: str, fields: Fields, by: Visitor) -> Ticket:
    """Go on with others; or, for who coordinates, as the member said in person."""
    agrees = ({"agrees": word} for word in fields.get("agrees", "").split())
    joining = Joining(
        matter=asking.need(fields, "matter"),
        agrees=frozenset(
            asking.one(Scope, it, "agrees", Scope.COUNTED) for it in agrees
        ),
        heard=fields.get("heard") == "yes",
        words=asking.maybe(node, fields),
    )
    return together.join(node, reference, joining, by=by)


_DOORS: dict[Act, _Door] = {
    Act.TRIAGE: _triage,
    Act.ASSIGN: _assign,
    Act.ACCEPT: lambda node, ref, _, by: assignments.accept(node, ref, by=by),
    Act.DECLINE: lambda node, ref, fields, by: assignments.decline(
        node, ref, asking.need(fields, "reason"), by=by
    ),
    Act.ASK_MEMBER: _ask,
    Act.ASK_OTHER: _ask_other,
    Act.OTHER_REPLIED: _other_replied,
    Act.FOLLOW_UP_DUE: lambda node, ref, _, by: cases.come_back(node, ref, by=by),
    Act.RESUME: lambda node, ref, fields, by: cases.resume(
        node, ref, asking.need(fields, "reason"), by=by
    ),
    Act.RELEASE: _release,
    Act.RESOLVE: _resolve,
    Act.REFUSE: _refuse,
    Act.CONFIRM: _confirm,
    Act.DISPUTE: _dispute,
    Act.REOPEN: _reopen,
    Act.APPEAL: _appeal,
    Act.DISCARD: lambda node, ref, fields, by: cases.discard(
        node, ref, asking.need(fields, "reason"), by=by
    ),
    Act.RESTORE: lambda node, ref, _, by: cases.restore(node, ref, by=by),
    Act.JOIN: _join,
    Act.WITHDRAW: lambda node, ref, _, by: cases.withdraw(node, ref, by=by),
}
#: Every act that can be asked for.
ACTS = frozenset(_DOORS)
