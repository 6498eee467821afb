"""Calls, letters and talks, as programs of the desk write them down."""

from marshmallow import fields, validate

from governance.threads import SPOKEN, Direction
from web.schemas.api.coming import Coming


class NewSpoken(Coming):
    """What was said, by whom of the two, by which way and when."""

    direction = fields.Enum(Direction, by_value=True, required=True)
    channel = fields.String(
        required=True, validate=validate.OneOf(sorted(it.value for it in SPOKEN))
    )
    at = fields.AwareDateTime(required=True, format="iso", default_timezone=None)
    text = fields.String(required=True, validate=validate.Length(min=1))
    whole = fields.Boolean(load_default=False)
