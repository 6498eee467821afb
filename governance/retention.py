"""What becomes of a case after it closed: its member chooses, and silence has an end.

Kept with the name it is asked about again; without an answer it loses the name. Days
are the community's rule.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from governance.errors import ChoiceInvalid, Refusal, WrongState

#: So often somebody who does not answer is asked again before their name goes. Within
#: the time the rules give, the reminders stand at equal distances.
REMINDERS = 2
#: A reminder that was late leaves at least this part of that time to answer it.
_TO_ANSWER = 6
#: No hold is for ever: who needs it longer says so again. The bylaws name no number.
LONGEST_HOLD = timedelta(days=365)
#: So long a hold stands on one steward's word; then it needs another's.
ALONE = timedelta(days=1)


class CaseHeld(Refusal):
    """A steward holds the case for legal reasons: nothing of it goes before a day."""

    code = "case.held"


class CaseRests(Refusal):
    """The member let the case rest: it is kept, and nothing else is done with it."""

    code = "case.rests"


class Choice(StrEnum):
    """What a member wants to become of a closed case."""

    KEEP = "keep"
    NAMELESS = "nameless"
    DELETE = "delete"


class Phase(StrEnum):
    """Where the question stands."""

    ASKED = "asked"
    KEPT = "kept"
    #: The name went, or all of it.
    OVER = "over"


class Due(StrEnum):
    """What time makes due."""

    REMIND = "remind"
    ASK_AGAIN = "ask_again"
    ANONYMISE = "anonymise"


class FilesDue(StrEnum):
    """What time makes due about the files of a case that is kept."""

    TELL = "tell"
    LET_GO = "let_go"


class Days(Protocol):
    """What the bylaws say about keeping."""

    @property
    def case_closed(self) -> int:
        """Days for which a case is kept before its member is asked again."""

    @property
    def no_answer(self) -> int:
        """Days after which a case loses its name when its member never answered."""

    @property
    def attachment(self) -> int:
        """Days after closing for which files are kept that nobody asked to keep."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Where the question about one case stands."""

    phase: Phase
    #: When it was asked, or answered.
    since: datetime
    reminders: int = 0
    #: When its member was reminded last.
    reminded_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Files:
    """Where the files of one case stand: they go before the case does."""

    #: Since when it is asked about: since it closed, or since it was asked again.
    since: datetime
    #: Whether its member said that they are kept for as long as the case.
    kept: bool = False
    #: When its member was told that they go.
    told_at: datetime | None = None


def ask(at: datetime) -> Plan:
    """Begin to ask, as when a case closes."""
    return Plan(Phase.ASKED, at)


def answer(plan: Plan, choice: Choice, *, at: datetime) -> Plan:
    """Return where it stands after a member chose; also another choice than before."""
    if plan.phase is Phase.OVER:
        raise WrongState("There is nothing left to choose about.")
    return Plan(Phase.KEPT if choice is Choice.KEEP else Phase.OVER, at)


def due(plan: Plan, rules: Days) -> tuple[Due, datetime] | None:
    """Return what comes next without an answer, and when; None when nothing does."""
    if plan.phase is Phase.OVER:
        return None
    if plan.phase is Phase.KEPT:
        return Due.ASK_AGAIN, plan.since + timedelta(days=rules.case_closed)
    whole = timedelta(days=rules.no_answer)
    if plan.reminders < REMINDERS:
        at = plan.since + whole * (plan.reminders + 1) / (REMINDERS + 1)
        if plan.reminded_at is not None:
            at = max(at, plan.reminded_at + whole / _TO_ANSWER)
        return Due.REMIND, at
    return Due.ANONYMISE, last_day(plan, rules)


def last_day(plan: Plan, rules: Days) -> datetime:
    """Return until when somebody who was asked can still answer."""
    whole = timedelta(days=rules.no_answer)
    reminded = plan.reminded_at or plan.since
    return max(plan.since + whole, reminded + whole / _TO_ANSWER)


def files_due(
    files: Files, plan: Plan, rules: Days
) -> tuple[FilesDue, datetime] | None:
    """Return what comes next for the files of a case; None where they go with it."""
    if plan.phase is Phase.OVER or files.kept:
        return None
    day = files_go(files, rules)
    if plan.phase is Phase.ASKED and day >= last_day(plan, rules):
        return None
    if files.told_at is None:
        return FilesDue.TELL, day - timedelta(days=rules.attachment) / _TO_ANSWER
    return FilesDue.LET_GO, day


def files_go(files: Files, rules: Days) -> datetime:
    """Return when files go that nobody asks to keep: not before who was told late."""
    whole = timedelta(days=rules.attachment)
    told = files.told_at or files.since
    return max(files.since + whole, told + whole / _TO_ANSWER)


def happen(plan: Plan, what: Due, *, at: datetime) -> Plan:
    """Return where it stands after time did one thing."""
    if what is Due.REMIND:
        return replace(plan, reminders=plan.reminders + 1, reminded_at=at)
    return ask(at) if what is Due.ASK_AGAIN else Plan(Phase.OVER, at)


def check_hold(until: datetime, *, at: datetime) -> None:
    """Refuse to hold a case without an end that is near enough."""
    if not at < until <= at + LONGEST_HOLD:
        days = LONGEST_HOLD.days
        raise ChoiceInvalid(f"Name a day to come, within {days} days.", field="until")
