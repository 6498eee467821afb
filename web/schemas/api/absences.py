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
