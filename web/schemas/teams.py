"""What is sent about teams."""

from marshmallow import fields

from governance.methods import METHODS
from node.teams import Place
from web.schemas.form import FormSchema, Messages, choice, line

#: To take somebody out of a team.
OUT = "out"
_CHOOSE: Messages = {"required": "choice", "invalid_uuid": "choice"}


class Team(FormSchema):
    """What a team is for; topics and places as codes with spaces between."""

    name = line(80, required=True)
    method = choice(METHODS, required=True)
    topics = line(400)
    areas = line(2000)


class Seat(FormSchema):
    """What somebody is in a team."""

    person = fields.UUID(required=True, error_messages=_CHOOSE)
    place = choice((*Place, OUT), required=True)
