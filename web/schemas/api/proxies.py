"""Telling something for somebody else, as programs do it."""

from marshmallow import fields, validate

from web.schemas.api.base import Going, Moment
from web.schemas.api.coming import Coming, NewSubmission, said


class NewBeside(Coming):
    """The word of whoever sits there."""

    agreed = fields.Boolean(required=True)


class BesideMade(Going):
    """A time beside somebody: what ends it, and when it ends by itself."""

    id = fields.UUID()
    ends_at = Moment()


class NewFor(NewSubmission):
    """What happened to somebody else; `beside` where they sit there."""

    beside = fields.UUID(load_default=None, allow_none=True)


class ForMade(Going):
    """What was told. What opens the case is for its member, who sits there."""

    reference = fields.String()
    words = fields.List(fields.String())
    track_url = fields.String()


class ProxyAnswer(Coming):
    """What its member says to it."""

    answer = fields.String(
        required=True,
        validate=validate.OneOf(["confirm", "object"]),
        metadata=said("What its member says to it."),
    )
