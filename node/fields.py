"""What goes with each act that can be asked for: the same fields for every door.

The schema of the API and the options of the commands are both read off this table.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from governance.cases import (
    Act,
    DeadlineSource,
    Kind,
    Outcome,
    Priority,
    Sensitivity,
)
from governance.delays import Reading
from governance.joins import Scope
from governance.resolutions import Answer
from governance.rubric import Finding


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that somebody says with an act."""

    name: str
    #: What it is, as a sentence.
    says: str
    #: Whether the act is refused without it.
    needed: bool = False
    #: Whether it holds somebody's words, which no list of processes may show.
    words: bool = False
    #: What can be chosen; empty for anything.
    choices: tuple[str, ...] = ()
    #: Whether several can be chosen, with spaces between.
    several: bool = False


def _words(name: str, says: str, *, needed: bool = True) -> Field:
    return Field(name, says, needed=needed, words=True)


def _listed(choices: Iterable[str]) -> tuple[str, ...]:
    # Plain strings: what shows a list of them must not take them for anything else.
    return tuple(map(str, choices))


def _one_of(name: str, says: str, choices: Iterable[str]) -> Field:
    return Field(name, says, choices=_listed(choices))


_ANSWER = _words("text", "What the member writes with it.", needed=False)

#: Of each act that can be asked for, what goes with it.
TAKES: Mapping[Act, tuple[Field, ...]] = {
    Act.TRIAGE: (
        Field("topic", "What it is about: a code, such as housing.", needed=True),
        _one_of("kind", "What it is; a claim unless said.", Kind),
        _one_of("priority", "How soon somebody must look.", Priority),
        _words("reason", "Why this priority. The member reads it.", needed=False),
        Field("area", "Where: the code of a place."),
        Field(
            "found",
            "What was found in it.",
            choices=_listed(Finding),
            several=True,
        ),
        Field("deadline_on", "The day of a legal deadline, such as 2026-03-12."),
        _one_of("deadline_source", "Where it says so.", DeadlineSource),
        Field("language", "The tag of its language, such as en."),
        _one_of("sensitivity", "How narrowly it is shown.", Sensitivity),
        Field("team", "The id of the team it comes to."),
        _words("tags", "Short words for it, with commas between.", needed=False),
        Field("rule", "The rule whose suggestion it is, such as housing.claim/3."),
    ),
    Act.DISCARD: (_words("reason", "Why it is no case. The member reads it."),),
    Act.ASSIGN: (
        Field("advocate", "Whom it is offered to: an id. Without, one takes it."),
    ),
    Act.ACCEPT: (),
    Act.DECLINE: (_words("reason", "Why not. The member reads it."),),
    Act.ASK_MEMBER: (_words("text", "The question."),),
    Act.ASK_OTHER: (
        _words("text", "What was asked."),
        _words("whom", "Who outside was asked."),
        Field("until", "The day to come back to it, such as 2026-03-12.", needed=True),
    ),
    Act.OTHER_REPLIED: (
        _words("text", "What they answered."),
        _one_of("reading", "What it comes to; an answer unless said.", Reading),
    ),
    Act.FOLLOW_UP_DUE: (),
    Act.RESUME: (_words("reason", "Why it goes on. The member reads it."),),
    Act.RELEASE: (
        _words("note", "What the next one has to know."),
        _words("reason", "Why it is given back. The member reads it."),
    ),
    Act.RESOLVE: (
        _words("text", "What was done."),
        _words("obtained", "What was obtained, such as 120.50 EUR.", needed=False),
    ),
    Act.REFUSE: (
        _words("text", "What the member will read.", needed=False),
        _one_of("outcome", "As what it closes.", (Outcome.NOT_OURS, Outcome.NO_REMEDY)),
        Field("proposal", "Agree to this proposal, as the second person: its id."),
    ),
    Act.CONFIRM: (
        _one_of("answer", "Solved unless said.", (Answer.SOLVED, Answer.PARTLY)),
        _ANSWER,
    ),
    Act.DISPUTE: (_ANSWER,),
    Act.REOPEN: (_ANSWER,),
    Act.APPEAL: (_ANSWER,),
    Act.RESTORE: (),
    Act.JOIN: (
        Field("matter", "The reference of the common matter.", needed=True),
        Field(
            "agrees",
            "What the member agrees to besides.",
            choices=_listed(Scope),
            several=True,
        ),
        _one_of("heard", "The member said so in person, to whoever acts.", ("yes",)),
        _words("text", "What the member said.", needed=False),
    ),
    Act.WITHDRAW: (),
}
