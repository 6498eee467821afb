"""What goes out about interests and walls."""

from marshmallow import fields

from governance.walls import Cause, InterestKind
from web.schemas.api.base import Going, Moment


class InterestShown(Going):
    """Something somebody has to do with."""

    id = fields.UUID()
    kind = fields.Enum(InterestKind, by_value=True)
    subject = fields.String()
    declared_at = Moment()


class Interests(Going):
    """What somebody declared."""

    items = fields.List(fields.Nested(InterestShown))


class InterestMade(Going):
    """The interest that was declared."""

    id = fields.UUID()


class WallShown(Going):
    """One wall around a case, or what somebody says about one."""

    id = fields.UUID()
    reference = fields.String()
    person = fields.String()
    cause = fields.Enum(Cause, by_value=True)
    reason = fields.String()
    raised_at = Moment()
    stands = fields.Boolean()
    stage = fields.String()
    yours = fields.Boolean()
    may_appeal = fields.Boolean()


class Walls(Going):
    """Some walls."""

    items = fields.List(fields.Nested(WallShown))
