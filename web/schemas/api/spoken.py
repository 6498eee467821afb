"""Calls, letters and talks, as programs of the desk write them down."""

from marshmallow import fields, validate

from governance.threads import SPOKEN, Direction
from web.schemas.api.coming import Coming, said


class NewSpoken(Coming):
    """What was said, by whom of the two, by which way and when."""

    direction = fields.Enum(
        Direction,
        by_value=True,
        required=True,
        metadata=said("Whose words: `in` for the member's, `out` for the desk's."),
    )
    channel = fields.String(
        required=True,
        validate=validate.OneOf(sorted(it.value for it in SPOKEN)),
        metadata=said("By which way."),
    )
    at = fields.AwareDateTime(
        required=True,
        format="iso",
        default_timezone=None,
        metadata=said("When it was said."),
    )
    text = fields.String(
        required=True,
        validate=validate.Length(min=1),
        metadata=said("What was said.", words=True),
    )
    whole = fields.Boolean(
        load_default=False, metadata=said("It is each word, and no summary.")
    )


class NewTry(Coming):
    """By which way its member was tried to be reached."""

    channel = fields.String(
        required=True,
        validate=validate.OneOf(sorted(it.value for it in SPOKEN)),
        metadata=said("By which way."),
    )
