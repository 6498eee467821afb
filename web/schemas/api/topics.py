"""Topics, as programs of those who share out cases see and change them."""

from marshmallow import fields, validate

from governance.cases import Kind, Sensitivity
from governance.suggesting import LONGEST, MOST
from node.suggesting import KINDS
from web.schemas.api.base import Going, Moment
from web.schemas.api.coming import Coming, said


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


class RuleShown(Going):
    """Words that suggest a topic and a kind at triage, by version."""

    rule = fields.String(attribute="name")
    kind = fields.Enum(Kind, by_value=True)
    words = fields.List(fields.String())
    alone = fields.Boolean()
    #: Whether it waits for a second person to agree that it sorts by itself.
    waits = fields.Function(lambda it: it.asked_by is not None)
    urgent = fields.List(fields.String())


class RulesShown(Going):
    """Every rule that suggests a topic now."""

    items = fields.List(fields.Nested(RuleShown))


class NewAlone(Coming):
    """That a rule sorts by itself; without urgent words, a person sorts again."""

    kind = fields.String(
        required=True,
        validate=validate.OneOf(tuple(map(str, KINDS))),
        metadata=said("The kind that the rule suggests."),
    )
    urgent = fields.List(
        fields.String(validate=validate.Length(1, LONGEST)),
        required=True,
        validate=validate.Length(max=MOST),
        metadata=said("Words by which a message could be urgent: a person reads it."),
    )


class Agreed(Coming):
    """The version that somebody agrees to, and no other."""

    rule = fields.String(
        required=True,
        validate=validate.Length(1, 80),
        metadata=said("Its name, such as housing.claim/3."),
    )


class NewRule(Coming):
    """The words that suggest a topic and a kind from now on; none: nothing does."""

    kind = fields.String(
        required=True,
        validate=validate.OneOf(tuple(map(str, KINDS))),
        metadata=said("What they suggest that it is."),
    )
    words = fields.List(
        fields.String(validate=validate.Length(1, LONGEST)),
        required=True,
        validate=validate.Length(max=MOST),
        metadata=said("The words; a star stands for any ending."),
    )
