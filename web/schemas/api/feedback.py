"""How a case was handled, as programs say it and read it."""

from marshmallow import fields, validate

from governance.feedback import BEST, FINDING_LIMIT, WORST
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
    copy = fields.String()
    copied_at = Moment(allow_none=True)


class ReviewShown(Going):
    """How far others are with a copy, and what they found once all are done."""

    asked = fields.Integer()
    found = fields.Integer()
    done = fields.Boolean()
    findings = fields.List(fields.String())


class FeedbackShown(Going):
    """What was said about a case, and what the viewer can do about it."""

    reference = fields.String()
    own = fields.Boolean()
    said = fields.Nested(OpinionShown, allow_none=True)
    about = fields.String()
    says = fields.Boolean()
    takes_back = fields.Boolean()
    answers = fields.Boolean()
    copies = fields.Boolean()
    review = fields.Nested(ReviewShown, allow_none=True)


class NewCopy(Coming):
    """A copy without names, and that a person looked for some."""

    text = fields.String(
        required=True,
        validate=validate.Length(1, WORDS_LIMIT),
        metadata=said("What others read, without names.", words=True),
    )
    looked = fields.Boolean(
        required=True, metadata=said("That you looked for names yourself.")
    )


class NewFinding(Coming):
    """What somebody finds in a copy."""

    text = fields.String(
        required=True,
        validate=validate.Length(1, FINDING_LIMIT),
        metadata=said("What you find in it.", words=True),
    )


class CopyShown(Going):
    """A copy one is asked to look at, without a word of it."""

    id = fields.UUID()
    asked_at = Moment()
    done = fields.Boolean()


class CopyList(Going):
    """The copies one is asked to look at, those that wait first."""

    items = fields.List(fields.Nested(CopyShown))


class CopyOpened(CopyShown):
    """A copy with its words, and what one found in it."""

    text = fields.String()
    finding = fields.String()
