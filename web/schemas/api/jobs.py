"""What the node owes, as programs of stewards see it: kinds and moments only."""

from marshmallow import fields

from web.schemas.api.base import Going, Moment


class KindShown(Going):
    """What is still to be done of one kind of work."""

    name = fields.String()
    waiting = fields.Integer()
    due = fields.Integer()
    tried = fields.Integer()
    next_at = Moment()


class GivenUp(Going):
    """Work that was given up after many attempts; `problem` is a code."""

    id = fields.Integer()
    kind = fields.String()
    attempts = fields.Integer()
    dead_at = Moment()
    problem = fields.String()


class OwedShown(Going):
    """The queue as it stands; what is due waits that long."""

    oldest_seconds = fields.TimeDelta(precision="seconds", attribute="oldest")
    kinds = fields.List(fields.Nested(KindShown))
    given_up = fields.List(fields.Nested(GivenUp))
