"""Being away, as programs tell and see it."""

from marshmallow import fields, validate

from web.schemas.api.base import Going, Moment
from web.schemas.api.coming import Coming


class NewAbsence(Coming):
    """From which day to which, both whole, and who stands in."""

    first = fields.Date(required=True)
    last = fields.Date(required=True)
    deputies = fields.List(
        fields.UUID(), load_default=list, validate=validate.Length(max=5)
    )


class AbsenceMade(Going):
    """The number of an absence."""

    id = fields.UUID()


class AbsenceShown(Going):
    """One time somebody is away."""

    id = fields.UUID()
    from_at = Moment()
    until_at = Moment()
    deputies = fields.List(fields.String())
    now = fields.Boolean()


class Absences(Going):
    """When one is away, now and to come."""

    items = fields.List(fields.Nested(AbsenceShown), attribute="away")


class ShiftTold(Coming):
    """Some hours of a weekday, Monday being 0, in minutes after midnight."""

    weekday = fields.Integer(required=True, strict=True)
    from_minute = fields.Integer(required=True, strict=True)
    to_minute = fields.Integer(required=True, strict=True)


class ShiftShown(Going):
    """Some hours of a weekday."""

    weekday = fields.Integer()
    from_minute = fields.Integer()
    to_minute = fields.Integer()


class WorkShown(Going):
    """When somebody can be asked, for what, and how much at once."""

    languages = fields.List(fields.String())
    skills = fields.List(fields.String())
    area = fields.String(allow_none=True)
    capacity = fields.Integer(allow_none=True)
    shifts = fields.List(fields.Nested(ShiftShown))


class NewWork(Coming):
    """The same, as somebody says it; what is left out is not limited."""

    languages = fields.List(fields.String(), load_default=list)
    skills = fields.List(fields.String(), load_default=list)
    area = fields.String(load_default=None, allow_none=True)
    capacity = fields.Integer(load_default=None, allow_none=True, strict=True)
    shifts = fields.List(
        fields.Nested(ShiftTold), load_default=list, validate=validate.Length(max=100)
    )
