"""Teams, as programs of those who share out cases see and change them."""

from marshmallow import fields, validate

from governance.assignments import Method
from governance.methods import METHODS
from node.teams import Place
from web.schemas.api.base import Going
from web.schemas.api.coming import Coming

_LONGEST_LINE = 300


class MateShown(Going):
    """Somebody in a team."""

    id = fields.UUID()
    name = fields.String()
    place = fields.Enum(Place, by_value=True)


class TeamShown(Going):
    """A team; no topics or no areas are all of them."""

    id = fields.UUID()
    name = fields.String()
    method = fields.Enum(Method, by_value=True)
    topics = fields.List(fields.String())
    areas = fields.List(fields.String())
    people = fields.List(fields.Nested(MateShown), attribute="mates")
    lacks = fields.List(fields.Enum(Place, by_value=True))
    closed = fields.Boolean()


class TeamsShown(Going):
    """Every team, by name."""

    items = fields.List(fields.Nested(TeamShown))


class TeamMade(Going):
    """The number of a team."""

    id = fields.UUID()


class NewTeam(Coming):
    """What a team is for; without topics or areas, for all of them."""

    name = fields.String(required=True, validate=validate.Length(1, _LONGEST_LINE))
    method = fields.Enum(Method, by_value=True, load_default=METHODS[1])
    topics = fields.List(fields.String(), load_default=list)
    areas = fields.List(fields.String(), load_default=list)


class NewPlace(Coming):
    """What somebody is in a team; null takes them out."""

    place = fields.Enum(Place, by_value=True, required=True, allow_none=True)
