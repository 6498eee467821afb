"""Breaches, as programs of stewards write them down and see them."""

from marshmallow import fields, validate

from governance.breaches import State, Step
from web.schemas.api.base import Going, Moment
from web.schemas.api.coming import Coming

_MOST_HOURS = 30 * 24


class BreachShown(Going):
    """One breach, and how much time is left."""

    id = fields.UUID()
    state = fields.Enum(State, by_value=True)
    found_at = Moment()
    due_at = Moment()
    late = fields.Boolean()
    people = fields.Integer(allow_none=True)
    decided_at = Moment(allow_none=True)
    people_told_at = Moment(allow_none=True)
    steps = fields.List(fields.Enum(Step, by_value=True))


class StepShown(Going):
    """One thing that was done; `step` is null for that it was found."""

    step = fields.Enum(Step, by_value=True, allow_none=True)
    name = fields.String()
    at = Moment()
    words = fields.String()


class BreachesShown(Going):
    """The newest breaches."""

    items = fields.List(fields.Nested(BreachShown))


class BreachOpened(BreachShown):
    """One breach, and everything that was done about it."""

    done = fields.List(fields.Nested(StepShown))


class BreachMade(Going):
    """The number of a breach."""

    id = fields.UUID()


class NewBreach(Coming):
    """What got where it should not, how long ago somebody knew, about how many."""

    words = fields.String(required=True, validate=validate.Length(min=1))
    hours = fields.Integer(
        load_default=0, strict=True, validate=validate.Range(0, _MOST_HOURS)
    )
    people = fields.Integer(
        load_default=None,
        allow_none=True,
        strict=True,
        validate=validate.Range(0, 10**9),
    )


class NewStep(Coming):
    """What was done about a breach, in words that say what exactly."""

    step = fields.Enum(Step, by_value=True, required=True)
    words = fields.String(required=True, validate=validate.Length(min=1))
