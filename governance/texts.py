"""Message templates: typed variables, what is missing said by name, plain words.

A version that was approved is never changed; a new one takes its place.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final

from governance.errors import ChoiceInvalid, Invalid, Refusal


class TemplateInvalid(Invalid):
    """A template names a variable that does not exist, or cannot be sent whole."""

    code = "invalid.template"


class TemplateHard(Invalid):
    """The sentences of a template are longer than people read easily."""

    code = "invalid.template-hard"


class VariableMissing(Refusal):
    """A template needs something that this case does not have."""

    code = "template.variable-missing"


class Medium(StrEnum):
    """By which way a template's words go."""

    MAIL = "mail"
    SMS = "sms"
    VOICE = "voice"
    LETTER = "letter"


class VariableKind(StrEnum):
    """What a variable holds, and so how it is written in a language."""

    TEXT = "text"
    DAY = "day"
    MOMENT = "moment"


Value = str | datetime | None

#: Every variable there is. They hold what the case and the community say, never
#: what somebody would have to look up elsewhere.
VARIABLES: Final[Mapping[str, VariableKind]] = {
    "member_name": VariableKind.TEXT,
    "advocate_name": VariableKind.TEXT,
    "community_name": VariableKind.TEXT,
    "reference": VariableKind.TEXT,
    "area": VariableKind.TEXT,
    "received": VariableKind.DAY,
    "due": VariableKind.MOMENT,
}
#: Short texts of one's own: how many one keeps, and how long one is. The design
#: bounds them and names no number; no preset has one.
MOST_SNIPPETS: Final = 50
SNIPPET_TITLE: Final = 60
SNIPPET_TEXT: Final = 5_000
#: How many words a sentence has at most, on average.
WORDS_A_SENTENCE: Final = 20
#: Three segments of a text message: in the plain alphabet of telephones, and else.
_SMS_PLAIN, _SMS_ELSE = 459, 201
_PLAIN: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_NAME = re.compile(r"\{([^{}]*)\}")
_SENTENCES = re.compile("[.!?](?=\\s|$)|[\u3002\uff01\uff1f]|\\n\\s*\\n")


def variables(text: str) -> tuple[str, ...]:
    """Return the variables of a text, each once, or refuse what is none."""
    found = dict.fromkeys(_NAME.findall(text))
    for name in found:
        if name not in VARIABLES:
            known = ", ".join(VARIABLES)
            raise TemplateInvalid(
                f"There is no variable {name!r}. There are: {known}.", name=name
            )
    if re.search(r"[{}]", _NAME.sub("", text)):
        raise TemplateInvalid("A brace stands alone. Variables look like {reference}.")
    return tuple(found)


def check_template(text: str, medium: Medium) -> None:
    """Refuse a text that could not be filled in, read easily, or sent in one piece."""
    variables(text)
    if _average(text) > WORDS_A_SENTENCE:
        raise TemplateHard(
            f"Use shorter sentences: at most {WORDS_A_SENTENCE} words on average."
        )
    longest = _SMS_PLAIN if set(_NAME.sub("", text)) <= _PLAIN else _SMS_ELSE
    if medium is Medium.SMS and len(text) > longest:
        raise TemplateInvalid(f"A text message has at most {longest} signs.")


def check_snippet(title: str, text: str) -> str:
    """Return the title of a short text as it is kept, or refuse what is none."""
    named = " ".join(title.split())
    if not 0 < len(named) <= SNIPPET_TITLE:
        raise ChoiceInvalid("Give it a short title.", field="title")
    variables(text)
    if len(text) > SNIPPET_TEXT:
        raise TemplateInvalid(f"A short text has at most {SNIPPET_TEXT:,} signs.")
    return named


def check_room(kept: int) -> None:
    """Refuse one more short text where there are many."""
    if kept >= MOST_SNIPPETS:
        raise ChoiceInvalid(
            f"You keep {MOST_SNIPPETS} already. Delete one first.", field="title"
        )


def fill(
    text: str,
    values: Mapping[str, Value],
    write: Callable[[VariableKind, str | datetime], str],
) -> str:
    """Return a text with its variables filled in, or say which one is missing.

    Words that come from a value are not looked through for variables again.
    """
    lacking = [name for name in variables(text) if not _given(values.get(name))]
    if lacking:
        names = ", ".join(lacking)
        raise VariableMissing(f"This case has no value for: {names}.", names=names)

    def one(found: re.Match[str]) -> str:
        name = found[1]
        return write(VARIABLES[name], values[name] or "")

    return _NAME.sub(one, text)


def _given(value: Value) -> bool:
    return bool(value.strip()) if isinstance(value, str) else value is not None


def _average(text: str) -> float:
    # A variable counts as one word, whatever will stand there.
    sentences: Iterable[str] = _SENTENCES.split(_NAME.sub("x", text))
    counts = [len(one.split()) for one in sentences if one.strip()]
    return sum(counts) / len(counts) if counts else 0
