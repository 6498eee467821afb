"""Replies that leave at a moment, as they come in and go out."""

from marshmallow import fields, validate

from governance.later import Withheld
from web.schemas.api.base import Going, Moment
from web.schemas.api.coming import Coming, said


class NewLater(Coming):
    """A reply, and when it leaves."""

    text = fields.String(
        required=True,
        validate=validate.Length(min=1),
        metadata=said("The message.", words=True),
    )
    at = fields.AwareDateTime(
        required=True,
        format="iso",
        default_timezone=None,
        metadata=said("When it leaves."),
    )


class ChangedLater(NewLater):
    """The same as it shall be, and which version of it was seen."""

    version = fields.Integer(
        required=True, strict=True, metadata=said("Which version of it was seen.")
    )


class NewStatement(Coming):
    """A reply in the community's name."""

    text = fields.String(
        required=True,
        validate=validate.Length(min=1),
        metadata=said("The message.", words=True),
    )
    template = fields.UUID(
        required=True, metadata=said("The version of a template that it began with.")
    )


class LaterShown(Going):
    """A reply that waits; `why` says what kept one back when its moment came.

    `seconds` names who can agree to one in the community's name; else it is null.
    """

    id = fields.UUID()
    text = fields.String()
    who = fields.String()
    due_at = Moment()
    version = fields.Integer()
    why = fields.Enum(Withheld, by_value=True, allow_none=True)
    yours = fields.Boolean()
    seconds = fields.List(fields.String(), allow_none=True)
    may_agree = fields.Boolean()


class LaterList(Going):
    """The replies of a case that have not left."""

    items = fields.List(fields.Nested(LaterShown))
