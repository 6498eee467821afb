"""What a member agreed to and could agree to, as programs read it."""

from marshmallow import fields

from governance.consent import Evidence, Purpose, Standing
from web.schemas.api.base import Going, Moment


class ConsentHappened(Going):
    """One thing that happened to a record."""

    state = fields.Enum(Standing, by_value=True)
    at = Moment()


class ConsentRecord(Going):
    """One record: for what, with whom, in which words, and what happened to it."""

    id = fields.UUID()
    purpose = fields.Enum(Purpose, by_value=True)
    recipient = fields.String()
    words = fields.String()
    wording = fields.String()
    state = fields.Enum(Standing, by_value=True)
    evidence = fields.Enum(Evidence, by_value=True, allow_none=True)
    valid_until = Moment(allow_none=True)
    events = fields.List(fields.Nested(ConsentHappened))


class ConsentOffered(Going):
    """Something that can be agreed to now, and the words to read before."""

    purpose = fields.Enum(Purpose, by_value=True)
    recipient = fields.String()
    words = fields.String()


class ConsentsShown(Going):
    """Every record of a case, the oldest first, and what can be agreed to."""

    items = fields.List(fields.Nested(ConsentRecord))
    offered = fields.List(fields.Nested(ConsentOffered))
