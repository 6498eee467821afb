"""What becomes of a case, as programs ask for it and get it."""

from datetime import UTC

from marshmallow import fields, validate

from governance.retention import Choice, Due, Phase
from web.schemas.api.base import Going, Moment
from web.schemas.api.coming import Coming

_LONGEST_LINE = 300


class NewChoice(Coming):
    """What the member wants, and whether files are kept as long as a case that is.

    The four words are for whoever comes by the link.
    """

    choice = fields.Enum(Choice, by_value=True, required=True)
    files = fields.Boolean(load_default=False)
    words = fields.String(load_default="", validate=validate.Length(max=_LONGEST_LINE))


class NewHold(Coming):
    """Which case is held, why, and until when."""

    reference = fields.String(required=True, validate=validate.Length(1, _LONGEST_LINE))
    reason = fields.String(required=True, validate=validate.Length(min=1))
    until = fields.AwareDateTime(required=True, default_timezone=UTC)


class HoldShown(Going):
    """One hold: who put it up, why, until when, and who agreed."""

    id = fields.UUID()
    reference = fields.String()
    by = fields.String()
    reason = fields.String()
    since = Moment()
    until = Moment()
    asked_until = Moment()
    agreed = fields.Boolean()
    second = fields.String()


class HoldsShown(Going):
    """What is held now."""

    items = fields.List(fields.Nested(HoldShown))


class HoldMade(Going):
    """The number of a hold."""

    id = fields.UUID()


class FilesKept(Going):
    """How many files a closed case has, and when they go before it does."""

    number = fields.Integer()
    kept = fields.Boolean()
    go_at = Moment(allow_none=True)


class KeptShown(Going):
    """Where the question stands what becomes of a closed case."""

    reference = fields.String()
    phase = fields.Enum(Phase, by_value=True, allow_none=True)
    since = Moment(allow_none=True)
    next = fields.Enum(Due, by_value=True, allow_none=True)
    due_at = Moment(allow_none=True)
    kept_until = Moment()
    goes_at = Moment(allow_none=True)
    files = fields.Nested(FilesKept, allow_none=True)
    restricted_at = Moment(allow_none=True)
    holds = fields.List(fields.Nested(HoldShown))


class ChoiceMade(Going):
    """What was chosen; what went is in the ledger as soon as the answer is no 202."""

    choice = fields.Enum(Choice, by_value=True)
    index = fields.Integer(allow_none=True)
