"""What is sent about who is on call."""

from marshmallow import fields

from governance.roster import RANKS
from web.schemas.form import FormSchema, Messages, choice, line

_CHOOSE: Messages = {"required": "choice", "invalid_uuid": "choice"}
#: The places in line, as the form has them.
PLACES = tuple(str(rank) for rank in range(1, RANKS + 1))


class Turn(FormSchema):
    """Who is on call, from when to when, and for whom."""

    person = fields.UUID(required=True, error_messages=_CHOOSE)
    first = line(40, required=True)
    until = line(40, required=True)
    rank = choice(PLACES, required=True)
    #: Empty for all.
    team = line(40)


class Offer(FormSchema):
    """Whether somebody looks for a taker of their turn."""

    wanted = choice(("yes", "no"), required=True)
