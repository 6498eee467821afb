"""Roles, as programs see, give and end them."""

from marshmallow import fields, validate

from governance.cases import Sensitivity
from web.schemas.api.base import Going, Moment
from web.schemas.api.coming import Coming

_MOST = validate.Length(max=200)


def _codes() -> fields.List[str]:
    return fields.List(fields.String(), load_default=list, validate=_MOST)


class NewGrant(Coming):
    """Who gets which role for how long; empty scopes stand for everything."""

    person = fields.UUID(required=True)
    role = fields.String(required=True, metadata={"example": "advocate"})
    days = fields.Integer(required=True, validate=validate.Range(1, 730))
    topics = _codes()
    areas = _codes()
    teams = fields.List(fields.UUID(), load_default=list, validate=_MOST)
    clearance = fields.List(
        fields.Enum(Sensitivity, by_value=True), load_default=list, validate=_MOST
    )


class GrantMade(Going):
    """The number of a grant."""

    id = fields.UUID()


class GrantShown(Going):
    """One role of one person; empty scopes stand for everything."""

    id = fields.UUID()
    person = fields.UUID()
    name = fields.String()
    role = fields.String()
    title = fields.String()
    topics = fields.List(fields.String())
    areas = fields.List(fields.String())
    teams = fields.List(fields.String())
    clearance = fields.List(fields.String())
    from_at = Moment()
    expires_at = Moment()
    giver = fields.String()
    ended = fields.Boolean()
    may_end = fields.Boolean()


class Grants(Going):
    """Who holds which role now, and the newest of what is over."""

    held = fields.List(fields.Nested(GrantShown))
    over = fields.List(fields.Nested(GrantShown))
