"""Parts of a message that are cases of their own, as programs see and make them."""

from marshmallow import fields, validate

from governance.cases import State
from governance.splits import MOST
from governance.submissions import WORDS_LIMIT
from web.schemas.api.base import Going, Moment
from web.schemas.api.coming import Coming


class PieceShown(Going):
    """The other end of a split, seen from one case."""

    id = fields.UUID()
    reference = fields.String()
    title = fields.String()
    state = fields.Enum(State, by_value=True, allow_none=True)
    at = Moment()
    by_name = fields.String()
    path = fields.String()
    undone = fields.Boolean()
    yours = fields.Boolean()


class PartsShown(Going):
    """What was made of a case's words, and of whose words it was made."""

    origin = fields.Nested(PieceShown, allow_none=True)
    pieces = fields.List(fields.Nested(PieceShown))


class NewPieces(Coming):
    """The words that are matters of their own, as they stand in the message."""

    pieces = fields.List(
        fields.String(validate=validate.Length(max=WORDS_LIMIT)),
        required=True,
        validate=validate.Length(max=MOST),
    )


class Splitted(Going):
    """The cases that were made, in the order of the pieces."""

    references = fields.List(fields.String())
