"""Topics, as programs of those who share out cases see and change them."""

from marshmallow import fields, validate

from governance.cases import Sensitivity
from web.schemas.api.base import Going, Moment
from web.schemas.api.coming import Coming


class TakerShown(Going):
    """A team that a topic leads to."""

    id = fields.UUID()
    name = fields.String()


class TopicShown(Going):
    """One topic; a total that is withheld is null."""

    code = fields.String()
    open = fields.Integer(allow_none=True)
    to_triage = fields.Integer(allow_none=True)
    due_at = Moment(allow_none=True)
    late = fields.Boolean()
    newest_at = Moment(allow_none=True)
    sensitivities = fields.List(fields.Enum(Sensitivity, by_value=True))
    teams = fields.List(fields.Nested(TakerShown))


class TopicsShown(Going):
    """Every topic; last, what nobody sorted yet."""

    items = fields.List(fields.Nested(TopicShown))


class NewTakers(Coming):
    """Which teams take a topic from now on; all others do not."""

    teams = fields.List(fields.UUID(), required=True, validate=validate.Length(max=200))
