"""Requests for one's own data, as programs ask, see and answer them."""

from marshmallow import fields, validate

from governance.consent import Purpose
from governance.data_requests import Kind, State
from web.schemas.api.base import Going, Moment
from web.schemas.api.coming import Coming

_LONGEST_LINE = 300


class NewRequest(Coming):
    """What a member asks; an objection names the purpose."""

    kind = fields.Enum(Kind, by_value=True, required=True)
    words = fields.String(required=True, validate=validate.Length(min=1))
    purpose = fields.Enum(Purpose, by_value=True, load_default=None, allow_none=True)


class RequestMade(Going):
    """The number of a request."""

    id = fields.UUID()


class RequestLine(Going):
    """One request without a word of it."""

    id = fields.UUID()
    kind = fields.Enum(Kind, by_value=True)
    purpose = fields.Enum(Purpose, by_value=True, allow_none=True)
    state = fields.Enum(State, by_value=True)
    received_at = Moment()
    due_at = Moment()
    late = fields.Boolean()
    settled_at = Moment(allow_none=True)


class RequestShown(RequestLine):
    """One request as its member has it."""

    words = fields.String()
    answer = fields.String()
    longer = fields.String()
    complain = fields.String()


class RequestsShown(Going):
    """What a member asked, the newest first."""

    items = fields.List(fields.Nested(RequestShown))


class RequestsWaiting(Going):
    """What is to be answered, by its day, and the newest of what was."""

    open = fields.List(fields.Nested(RequestLine))
    settled = fields.List(fields.Nested(RequestLine))


class RequestOpened(RequestShown):
    """One request as whoever answers it has it."""

    person_id = fields.UUID()
    name = fields.String()
    by_name = fields.String()


class NewAnswer(Coming):
    """The answer; or why it is refused, and whom its member can complain to."""

    words = fields.String(required=True, validate=validate.Length(min=1))
    refused = fields.Boolean(load_default=False)
    complain = fields.String(
        load_default="", validate=validate.Length(max=_LONGEST_LINE)
    )


class NewLonger(Coming):
    """Why a request takes two months longer."""

    why = fields.String(required=True, validate=validate.Length(min=1))
