"""A form as it goes back and forth: what was typed, and what is wrong with it.

Schemas name each problem with one word; the page has the sentence for it. Typed
text is never lost: a form with problems is shown again with every word in it.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, pre_load, validate

from governance.errors import CharactersInvalid, Invalid, Refusal
from governance.submissions import check_words

#: Fields that every form carries for the door, not for the view.
DOOR = frozenset({"csrf", "form_token", "website", "go", "next"})
Messages = dict[str, str | list[Any] | dict[Any, Any]]
MISSING: Messages = {
    "required": "missing",
    "null": "missing",
    "invalid": "invalid",
    "invalid_uuid": "invalid",
}
_CHOOSE: Messages = dict.fromkeys(MISSING, "choice")
_WORDS = {"invalid.words-missing": "missing", "invalid.words-too-long": "long"}
_LINE = 300
#: The place on a page for words whose field is gone.
KEPT = "kept"
#: What is said of a problem any field can have, where a page has no words of its own.
_USUAL = {"characters": "There are signs here that are no text. Remove them."}


class FormSchema(Schema):
    """A form's fields. What is not listed is an error, but for the door's own."""

    class Meta:
        """Refuse what we did not ask for."""

        unknown = RAISE

    @pre_load
    def _without_the_door(
        self, typed: Mapping[str, str], **_: object
    ) -> dict[str, str]:
        return {name: text for name, text in typed.items() if name not in DOOR}


def words(*, required: bool = False) -> fields.String:
    """Return a field for somebody's own words, kept as they are."""
    needed: dict[str, Any] = {"required": True} if required else {"load_default": ""}

    def check(text: str) -> None:
        if required or text.strip():
            _check_words(text)

    return fields.String(error_messages=MISSING, validate=check, **needed)


def _check_words(text: str) -> None:
    try:
        check_words(text)
    except Invalid as refusal:
        raise ValidationError(_WORDS.get(refusal.code, "characters")) from refusal


def line(limit: int = _LINE, *, required: bool = False) -> fields.String:
    """Return a field for one line of text."""
    checks: list[Callable[[str], object]] = [
        validate.Length(max=limit, error="long"),
        check_characters,
    ]
    if not required:
        return fields.String(load_default="", error_messages=MISSING, validate=checks)
    some = validate.Regexp(r"(?s).*\S", error="missing")
    return fields.String(
        required=True, error_messages=MISSING, validate=[some, *checks]
    )


def as_day(typed: str) -> date | None:
    """Return the day that was typed; None for none, and for what is no day."""
    try:
        day = date.fromisoformat(typed.strip())
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2199 else None  # noqa: PLR2004 - as every form


def check_characters(text: str) -> None:
    """Refuse what holds signs that are no text, however long it is."""
    try:
        check_words(text)
    except CharactersInvalid as refusal:
        raise ValidationError("characters") from refusal
    except Invalid:
        return  # A line has limits of its own.


def choice(among: Collection[str], **more: Any) -> fields.String:
    """Return a field for one of a few values."""
    one = validate.OneOf(among, error="choice")
    return fields.String(error_messages=_CHOOSE, validate=one, **more)


@dataclass(frozen=True, slots=True)
class Form:
    """What a form shows: the values to begin with, or what was typed and is wrong."""

    values: Mapping[str, str] = field(default_factory=dict)
    #: Field to the word for its problem.
    errors: Mapping[str, str] = field(default_factory=dict)
    #: What else is said about a field, for problems that only the rules know.
    sentences: Mapping[str, str] = field(default_factory=dict)

    def value(self, name: str) -> str:
        """Return what stands in a field."""
        return self.values.get(name, "")

    def said(self, name: str, words: Mapping[str, str]) -> str:
        """Return the sentence about a field's problem; empty when it has none."""
        problem = self.errors.get(name)
        if problem is None:
            return ""
        return words.get(f"{name}.{problem}") or self.sentences.get(name, problem)


@dataclass(frozen=True, slots=True)
class Read:
    """A form that was sent: what it means, or what to show again."""

    form: Form
    found: Mapping[str, Any]

    @property
    def good(self) -> bool:
        """Whether there is nothing wrong with it."""
        return not self.form.errors


def read(schema: type[Schema], typed: Mapping[str, str]) -> Read:
    """Read what was typed, or find out what is wrong with it."""
    values = {name: text for name, text in typed.items() if name not in DOOR}
    try:
        return Read(Form(values), schema().load(typed))
    except ValidationError as problem:
        errors = _first(problem)
        usual = {name: _USUAL[word] for name, word in errors.items() if word in _USUAL}
        return Read(Form(values, errors, usual), {})


def refused(values: Mapping[str, str], name: str, refusal: Refusal) -> Form:
    """Return the form again, with what the rules said at one of its fields."""
    kind = refusal.code.rpartition(".")[2]
    word = "missing" if kind.endswith("missing") else kind
    return Form(values, {name: word}, {name: refusal.reason})


def overtaken(
    values: Mapping[str, str],
    names: Sequence[str],
    refusal: Refusal,
    there: AbstractSet[str],
) -> Form:
    """Return a form that something came in the way of, with every word typed in it.

    `names` are its texts, `there` the fields its page still has: where the first text
    has no field any more, all of them stand in one to copy from.
    """
    # What is sent once more is something new, and gets a number of its own.
    typed = {name: text for name, text in values.items() if name != "id"}
    if names[0] in there:
        return refused(typed, names[0], refusal)
    texts = [typed[name] for name in names if typed.get(name, "").strip()]
    return refused({KEPT: "\n\n".join(texts)}, KEPT if texts else "main", refusal)


def _first(problem: ValidationError) -> dict[str, str]:
    messages = problem.normalized_messages()  # type: ignore[no-untyped-call]
    return {name: _word(found) for name, found in messages.items()}


def _word(found: object) -> str:
    return str(found[0]) if isinstance(found, list) else "invalid"
