"""How a case was handled, as programs say it and read it."""

from marshmallow import fields, validate

from governance.feedback import BEST, WORST
from governance.submissions import WORDS_LIMIT
from web.schemas.api.base import Going, Moment
from web.schemas.api.coming import Coming, said


class NewFeedback(Coming):
    """A number, and words if one likes."""

    rating = fields.Integer(
        required=True,
        strict=True,
        validate=validate.Range(WORST, BEST),
        metadata=said("How it was: from 1, bad, to 5, good."),
    )
    text = fields.String(
        load_default="",
        validate=validate.Length(max=WORDS_LIMIT),
        metadata=said("What was good, and what was not.", words=True),
    )


class NewFeedbackAnswer(Coming):
    """What is answered to it."""

    text = fields.String(
        required=True,
        validate=validate.Length(1, WORDS_LIMIT),
        metadata=said("What the member reads.", words=True),
    )


class OpinionShown(Going):
    """What was said, and what came back."""

    rating = fields.Integer()
    text = fields.String()
    given_at = Moment()
    about = fields.String()
    answer = fields.String()
    answered_by = fields.String()
    answered_at = Moment(allow_none=True)


class FeedbackShown(Going):
    """What was said about a case, and what the viewer can do about it."""

    reference = fields.String()
    own = fields.Boolean()
    said = fields.Nested(OpinionShown, allow_none=True)
    about = fields.String()
    says = fields.Boolean()
    takes_back = fields.Boolean()
    answers = fields.Boolean()
