"""Who is on call, as it comes in and goes out."""

from marshmallow import fields, validate

from governance.roster import RANKS
from web.schemas.api.base import Going, Moment
from web.schemas.api.coming import Coming, said


class NewTurn(Coming):
    """Who is to be on call, and when."""

    whom = fields.UUID(
        required=True, attribute="person", metadata=said("Who is on call.")
    )
    from_at = fields.AwareDateTime(
        required=True,
        format="iso",
        default_timezone=None,
        metadata=said("From when on."),
    )
    until_at = fields.AwareDateTime(
        required=True,
        format="iso",
        default_timezone=None,
        metadata=said("Until when."),
    )
    rank = fields.Integer(
        load_default=1,
        strict=True,
        validate=validate.Range(1, RANKS),
        metadata=said("1 is called first."),
    )
    team = fields.UUID(
        load_default=None, allow_none=True, metadata=said("Only for this team.")
    )


class NewOffer(Coming):
    """Whether somebody looks for a taker."""

    wanted = fields.Boolean(load_default=True, metadata=said("False: keep it."))


class TurnMade(Going):
    """The number of a turn."""

    id = fields.UUID()


class CoverShown(Going):
    """Some time of a turn in which whoever has it is away."""

    from_at = Moment()
    until_at = Moment()
    instead = fields.String()


class TurnShown(Going):
    """Some time in which somebody is on call."""

    id = fields.UUID()
    name = fields.String()
    team = fields.String()
    from_at = Moment()
    until_at = Moment()
    rank = fields.Integer()
    offered = fields.Boolean()
    own = fields.Boolean()
    away = fields.List(fields.Nested(CoverShown))


class TurnsShown(Going):
    """One's own turns, and those that wait for a taker."""

    items = fields.List(fields.Nested(TurnShown))


class GapShown(Going):
    """Some time in which nobody is on call."""

    from_at = Moment()
    until_at = Moment()


class RosterLane(Going):
    """Who is on call for one team; without a name, for all."""

    team = fields.String()
    turns = fields.List(fields.Nested(TurnShown))
    gaps = fields.List(fields.Nested(GapShown))


class RosterShown(Going):
    """The next 14 days, lane by lane."""

    from_at = Moment()
    until_at = Moment()
    items = fields.List(fields.Nested(RosterLane), attribute="lanes")
