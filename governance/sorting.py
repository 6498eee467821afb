"""Whether a rule of the community sorts a message without a person.

It does where nothing hints that it could be urgent, and where nothing is left to
choose. Only the message is looked at: never whose it is, nor what it is worth.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from governance import suggesting
from governance.cases import Sensitivity
from governance.errors import ChoiceInvalid
from governance.suggesting import Rule, Suggestion

#: Topics whose cases a person reads first: who may be asked is decided there.
PERSONAL: Final = frozenset({"health", "discrimination"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What a rule may know of a message."""

    text: str
    #: What whoever told it said it is about; empty where they left it open.
    topic: str = ""
    #: Whether something is there that no rule reads: a file, or later words.
    more: bool = False
    #: Why a person should look first, such as too many from one place; or empty.
    caution: str = ""
    sensitivity: Sensitivity | None = None
    deadline_on: date | None = None


def check(topic: str, typed: Iterable[str]) -> tuple[str, ...]:
    """Return the words that keep a message for a person; refuse a rule without any."""
    if topic in PERSONAL:
        raise ChoiceInvalid(
            "A person reads first what is about this: who may be asked is for them.",
            field="urgent",
        )
    found = suggesting.check(typed)
    if not found:
        raise ChoiceInvalid(
            "Name the words by which a message could be urgent. A person reads those.",
            field="urgent",
        )
    return found


def alone(message: Message, rules: Iterable[Rule]) -> Suggestion | None:
    """Return what a rule makes of a message by itself; None leaves it to a person."""
    known = tuple(rules)
    found = suggesting.matching(message.text, known)
    if len(found) != 1 or _for_a_person(message):
        return None
    (only,) = found
    if message.topic not in {"", only.topic} or only.topic in PERSONAL:
        return None
    # Words that one rule keeps for a person no other rule sorts.
    if any(suggesting.hits(message.text, rule.urgent) for rule in known):
        return None
    lets = any(rule.alone and rule.name == only.rule for rule in known)
    return only if lets else None


def _for_a_person(message: Message) -> bool:
    # A number can be a day or an hour: until when, only a person reads.
    numbered = any(sign.isnumeric() for sign in message.text)
    named = message.deadline_on is not None
    narrow = message.sensitivity not in {None, Sensitivity.NORMAL}
    return numbered or named or narrow or message.more or bool(message.caution)
