"""What a member sends from the pages about what they agreed to."""

from typing import Any

from marshmallow import ValidationError, fields

from governance.consent import Purpose
from governance.retention import Choice
from web.schemas.form import MISSING, FormSchema, choice, line, words


class _What(fields.Field[Any]):
    """A purpose, and whom it names: `handle_case:advocates`."""

    def _deserialize(
        self, value: object, *_: object, **__: object
    ) -> tuple[Purpose, str]:
        purpose, _colon, recipient = str(value).partition(":")
        try:
            return Purpose(purpose), recipient
        except ValueError as problem:
            raise ValidationError("choice") from problem


class Give(FormSchema):
    """What somebody agrees to."""

    what = _What(required=True, error_messages=dict.fromkeys(MISSING, "choice"))


class Keep(FormSchema):
    """What becomes of a closed case, and the four words where a link opened it."""

    files = choice(("yes", ""), load_default="")
    choice = choice(tuple(Choice), required=True)
    words = line(200)


class Rest(FormSchema):
    """Whether a case rests from now on, or goes on."""

    rest = choice(("yes", "no"), required=True)


class Hold(FormSchema):
    """Which case is held, why, and until which day."""

    reference = line(40, required=True)
    reason = words(required=True)
    until = fields.Date(
        required=True, error_messages={**dict.fromkeys(MISSING, "date")}
    )
